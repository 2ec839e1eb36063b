//! A new password: a link to the address on record, the same answer to everybody.

use caseway::desk::directory::AccountState;
use caseway::desk::portal::PortalEvent;
use jiff::SignedDuration;

use super::*;

fn forgot(sender: &str, id: &str) -> Letter {
    from(sender, id)
        .subject("Help")
        .text(&format!("Hello, I forgot my password.\nE-mail: {}", sender.rsplit(['<', '>']).nth(1).unwrap_or(sender)))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_goes_to_the_address_on_record_and_the_answer_is_the_same_for_all() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    receive(&world, "support", &forgot(ANNA, "p1@customer.test")).await;
    let known = world.sent().await;
    assert_eq!(notices(&known), ["form_received → anna@customer.test", "password_reset → anna@customer.test"]);
    assert_eq!(token(&known[1], "reset").len(), 32);
    receive(&world, "support", &forgot("Bob <bob@nowhere.test>", "p2@nowhere.test")).await;
    let unknown = world.sent().await;
    assert_eq!(notices(&unknown), ["form_received → bob@nowhere.test"]);
    let same = |mail: &Sent| {
        mail.mail
            .text
            .replace("CASE-1", "CASE")
            .replace("CASE-2", "CASE")
            .replace("anna@customer.test", "ADDRESS")
            .replace("bob@nowhere.test", "ADDRESS")
    };
    assert_eq!(same(&known[0]), same(&unknown[0]));
    assert_eq!(world.ticket(2, "status").await, "waiting");
}

/// Who asks for somebody else's password gets the same words, and the link goes to whom it belongs.
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_learns_nothing_and_gets_nothing() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    let mail = from("Mallory <mallory@evil.test>", "m1@evil.test")
        .subject("reset my password")
        .text("Please reset my password.\nE-mail: anna@customer.test");
    receive(&world, "support", &mail).await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["form_received → mallory@evil.test", "password_reset → anna@customer.test"]);
    assert!(!sent[0].mail.text.contains("/reset/"), "{}", sent[0].mail.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_asks_by_the_same_way() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    for email in ["nobody@nowhere.test", "anna@customer.test"] {
        portal(&world, PortalEvent::Forgotten { email: email.to_owned() }).await;
    }
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["password_reset → anna@customer.test"]);
    portal(&world, PortalEvent::PasswordChanged { email: "anna@customer.test".to_owned() }).await;
    assert_eq!(world.notices().await, ["password_changed → anna@customer.test"]);
    assert_eq!(world.ticket(1, "status").await, "closed");
    // A change that nobody asked for by mail is told as well.
    portal(&world, PortalEvent::PasswordChanged { email: "anna@customer.test".to_owned() }).await;
    assert_eq!(world.notices().await, ["password_changed → anna@customer.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_person_gets_the_activation_instead() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Invited, false).await;
    receive(&world, "support", &forgot(ANNA, "p1@customer.test")).await;
    assert_eq!(world.notices().await, ["form_received → anna@customer.test", "activation → anna@customer.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_to_one_address_are_capped_whoever_asks() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    for _ in 0..20 {
        portal(&world, PortalEvent::Forgotten { email: "anna@customer.test".to_owned() }).await;
    }
    let sent = world.sent().await;
    assert_eq!(sent.iter().filter(|mail| mail.notice == "password_reset").count(), 4, "{:?}", notices(&sent));
    world.pass(SignedDuration::from_hours(2));
    portal(&world, PortalEvent::Forgotten { email: "anna@customer.test".to_owned() }).await;
    assert_eq!(world.notices().await, ["password_reset → anna@customer.test"]);
}

/// However often a page is asked, there is one case of it, and one mail when the password is set.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_asked_again_and_again_makes_one_case() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    for _ in 0..20 {
        portal(&world, PortalEvent::Forgotten { email: "anna@customer.test".to_owned() }).await;
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 1);
    world.sent().await;
    portal(&world, PortalEvent::PasswordChanged { email: "anna@customer.test".to_owned() }).await;
    assert_eq!(world.notices().await, ["password_changed → anna@customer.test"]);
}

/// The case of an unknown address looks and ends like any other.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_does_not_tell_whether_the_address_is_known() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    receive(&world, "support", &forgot(ANNA, "p1@customer.test")).await;
    receive(&world, "support", &forgot("Bob <bob@nowhere.test>", "p2@nowhere.test")).await;
    world.sent().await;
    assert_eq!(world.ticket(1, "status").await, world.ticket(2, "status").await);
    world.pass(SignedDuration::from_hours(73));
    world.tick().await;
    assert_eq!((world.ticket(1, "status").await, world.ticket(2, "status").await), ("closed".into(), "closed".into()));
    assert_eq!(world.notices().await, [""; 0]);
}
