//! From mails to pages and back: what a link leads to, and what follows from what somebody does there.

use jiff::SignedDuration;

use super::*;
use crate::harness::browser::{PASSWORD, Site, account, code_of, shown_secret};

const OTHER: &str = "marble otter under the bridge";

#[tokio::test(flavor = "multi_thread")]
async fn from_a_registration_by_mail_to_an_answer_on_the_page() {
    let mut world = desk().await;
    let site = Site::of(&world).await;
    let mut anna = site.browser();
    receive(&world, "registration", &registration("r1@customer.test", COMPLETE)).await;
    let sent = world.sent().await;
    let page = format!("/activate/{}", token(only(&sent, "activation"), "activate"));
    let set = anna.submit(&page, &page, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!(set.location(), "/sign-in?news=password_set");
    world.settle().await;
    assert_eq!(world.notices().await, ["welcome → anna@customer.test"]);
    assert_eq!(anna.sign_in("anna@customer.test", PASSWORD).await.location(), "/cases");

    receive(&world, "support", &from(ANNA, "m1@customer.test").subject("The scan never ends")).await;
    world.sent().await;
    let case = anna.get("/cases/CASE-2").await;
    let (csrf, once) = (case.hidden("csrf"), case.hidden("once"));
    let parts: [(&str, &str, &[u8]); 3] =
        [("csrf", "", csrf.as_bytes()), ("once", "", once.as_bytes()), ("text", "", b"It still runs.")];
    assert_eq!(anna.post_parts("/cases/CASE-2", &parts).await.status, 303);
    world.process().await;
    let told = world.notices().await;
    assert_eq!(told, ["customer_reply → erkki@example.test", "customer_reply → liisa@example.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_set_anew_by_whoever_reads_the_mailbox_alone() {
    let mut world = desk().await;
    let site = Site::of(&world).await;
    let mut anna = site.browser();
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    anna.submit("/forgot", "/forgot", &[("email", "nobody@customer.test")]).await;
    world.settle().await;
    assert_eq!(world.notices().await, [""; 0], "an unknown address got a mail");
    anna.submit("/forgot", "/forgot", &[("email", "Anna@customer.test")]).await;
    world.settle().await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["password_reset → anna@customer.test"]);
    let page = format!("/reset/{}", token(&sent[0], "reset"));
    anna.submit(&page, &page, &[("password", OTHER), ("again", OTHER)]).await;
    world.settle().await;
    assert_eq!(world.notices().await, ["password_changed → anna@customer.test"]);
    assert_eq!(anna.sign_in("anna@customer.test", OTHER).await.location(), "/cases");
}

/// Whoever takes an account over must not do it unnoticed.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_set_up_or_removed_on_the_page_is_told() {
    let mut world = desk().await;
    let site = Site::of(&world).await;
    account(&world.app, "anna@customer.test", Some(PASSWORD)).await;
    let mut anna = site.browser();
    anna.sign_in("anna@customer.test", PASSWORD).await;
    let page = "/profile/factor";
    let secret = shown_secret(&anna.get(page).await);
    let on = anna.submit(page, page, &[("password", PASSWORD), ("code", &code_of(&secret, &world))]).await;
    assert_eq!(on.location(), "/profile?news=factor_on");
    assert_eq!(world.notices().await, ["second_factor_changed → anna@customer.test"]);
    let wrong = anna.submit(page, page, &[("password", PASSWORD), ("code", "000000")]).await;
    assert_eq!((wrong.status, world.notices().await), (422, Vec::new()));
    world.pass(SignedDuration::from_secs(30));
    let off = anna.submit(page, page, &[("password", PASSWORD), ("code", &code_of(&secret, &world))]).await;
    assert_eq!(off.location(), "/profile?news=factor_off");
    assert_eq!(world.notices().await, ["second_factor_removed → anna@customer.test"]);
    assert_eq!((world.ticket(1, "status").await, world.ticket(2, "status").await), ("closed".into(), "closed".into()));
}
