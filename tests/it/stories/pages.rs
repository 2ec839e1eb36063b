//! From mails to pages and back: what a link leads to, and what follows from what somebody does there.

use super::*;
use crate::harness::browser::{PASSWORD, Site};

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
