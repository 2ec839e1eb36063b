//! A case is closed before its form is at its end: who asks again begins anew.

use caseway::desk::event::Event;
use caseway::desk::id::{PersonId, TicketId};
use caseway::desk::inbound::page::PortalEvent;
use caseway::desk::seal::link::LinkHash;
use caseway::store::link;
use jiff::SignedDuration;

use super::*;

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn cannot_sign_in(id: &str) -> Letter {
    from(ANNA, id).subject("Help").text("I cannot sign in.\nE-mail: anna@customer.test")
}

/// The clock goes on, day by day.
async fn days(world: &World, days: i32) {
    for _ in 0..days {
        world.pass(DAY);
        world.tick().await;
    }
}

/// Its requester presses "Close the case".
async fn close(world: &World, ticket: i64) {
    let requester = world.ticket(ticket, "requester_id").await.parse().unwrap();
    let close = Event::Close { ticket: TicketId(ticket), by: Some(PersonId(requester)) };
    world.app.process.act.events(&[close]).await.unwrap();
}

/// Within the time in which a reply reopens a case, and after it.
#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_sign_in_again_gets_the_steps_again() {
    for later in [1, 30] {
        let mut world = desk().await;
        person(&world, "anna@customer.test", AccountState::Active, false).await;
        receive(&world, "support", &cannot_sign_in("i1@customer.test")).await;
        days(&world, 10).await;
        assert_eq!(
            (form(&world, 1).await.0.as_str(), world.ticket(1, "status").await.as_str()),
            ("declined", "closed")
        );
        days(&world, later).await;
        world.sent().await;
        let settled = receive(&world, "support", &cannot_sign_in("i2@customer.test")).await;
        assert_eq!((settled.verdict.as_str(), settled.ticket), ("opened", 2), "{}", settled.reason);
        assert_eq!(world.notices().await, ["sign_in_help → anna@customer.test"]);
        assert_eq!(world.ticket(1, "status").await, "closed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_to_the_steps_after_all_is_for_an_engineer() {
    let mut world = desk().await;
    receive(&world, "support", &cannot_sign_in("i1@customer.test")).await;
    let steps = world.sent().await.pop().unwrap();
    days(&world, 10).await;
    world.sent().await;
    let answer = from(ANNA, "i2@customer.test").to(steps.reply_to()).text("That did not help at all.");
    assert_eq!(receive(&world, "support", &answer).await.ticket, 1);
    assert_eq!(world.notices().await, ["customer_reply → erkki@example.test", "customer_reply → liisa@example.test"]);
    assert_eq!(world.ticket(1, "status").await, "open");
}

/// A link that worked without its request would make an account without its portal.
#[tokio::test(flavor = "multi_thread")]
async fn a_registration_that_its_requester_closes_ends_with_its_link() {
    let mut world = desk().await;
    receive(&world, "registration", &registration("r1@customer.test", COMPLETE)).await;
    let first = world.sent().await;
    close(&world, 1).await;
    let old = link::find(&world.app.store, LinkHash::of(token(&first[1], "activate"))).await.unwrap().unwrap();
    assert!(!old.is_good(world.now()));
    let settled = receive(&world, "registration", &registration("r2@customer.test", COMPLETE)).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("opened", 2), "{}", settled.reason);
    let second = world.sent().await;
    assert_eq!(notices(&second), ["form_received → anna@customer.test", "activation → anna@customer.test"]);
    let new = link::find(&world.app.store, LinkHash::of(token(&second[1], "activate"))).await.unwrap().unwrap();
    assert!(new.is_good(world.now()));
    assert_eq!((form(&world, 1).await.0.as_str(), form(&world, 2).await.0.as_str()), ("declined", "sent"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_reopens_no_closed_case() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    portal(&world, PortalEvent::Forgotten { email: "anna@customer.test".to_owned(), by_owner: false }).await;
    close(&world, 1).await;
    world.sent().await;
    portal(&world, PortalEvent::Forgotten { email: "anna@customer.test".to_owned(), by_owner: false }).await;
    assert_eq!(world.notices().await, ["password_reset → anna@customer.test"]);
    assert_eq!((world.ticket(1, "status").await, world.ticket(2, "status").await), ("closed".into(), "waiting".into()));
}

/// Steps for a second factor, closed while they were not answered yet.
#[tokio::test(flavor = "multi_thread")]
async fn the_steps_for_a_second_factor_come_again() {
    let mut world = desk().await;
    let asks = |id: &str| {
        let text = "I lost my authenticator.\nE-mail: anna@customer.test\nOld device at hand: yes";
        from(ANNA, id).subject("2FA").text(text)
    };
    receive(&world, "support", &asks("s1@customer.test")).await;
    close(&world, 1).await;
    world.sent().await;
    assert_eq!(receive(&world, "support", &asks("s2@customer.test")).await.ticket, 2);
    assert_eq!(world.notices().await, ["second_factor_self_service → anna@customer.test"]);
}

/// Nobody tries to take an account over: a case was closed.
#[tokio::test(flavor = "multi_thread")]
async fn what_engineers_had_to_decide_is_closed_without_an_alarm() {
    let mut world = desk().await;
    let text = COMPLETE.replace("anna@customer.test", "anna@freelance.test");
    receive(&world, "registration", &registration("r1@customer.test", &text)).await;
    assert_eq!(form(&world, 1).await.0, "approval");
    world.sent().await;
    close(&world, 1).await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["form_handover → erkki@example.test", "form_handover → liisa@example.test"]);
    assert!(sent[0].mail.subject.contains("Closed"), "{}", sent[0].mail.subject);
    let text = &sent[0].mail.text;
    assert!(text.contains("closed before") && !text.contains("take over"), "{text}");
    assert!(!text.contains("#approve") && !text.contains("#reject"), "{text}");
    assert_eq!(form(&world, 1).await.0, "declined");
}

/// An engineer rejects what still asks its requester: nobody asks any more, and the case is the engineers' again.
#[tokio::test(flavor = "multi_thread")]
async fn what_an_engineer_rejects_waits_for_nobody() {
    for (words, status) in [("#reject", "open"), ("#reject\nWe need a signed order first.", "waiting")] {
        let mut world = desk().await;
        receive(&world, "registration", &registration("r1@customer.test", "First name: Anna")).await;
        assert_eq!(form(&world, 1).await.0, "asking");
        assert_eq!(world.ticket(1, "status").await, "waiting");
        world.sent().await;
        let reject = from(ERKKI, "e1@example.test").subject("Re: [CASE-1] Portal account").proven().text(words);
        receive(&world, "support", &reject).await;
        let at = (form(&world, 1).await.0, world.ticket(1, "status").await);
        assert_eq!(at, ("declined".to_owned(), status.to_owned()), "{words}");
        assert_eq!(world.count("SELECT COUNT(*) FROM follow_up WHERE kind = 'form_reminder'").await, 0, "{words}");
        world.sent().await;
        days(&world, 1).await;
        assert!(!world.notices().await.iter().any(|notice| notice.starts_with("form_question")), "{words}");
    }
}

/// Nobody gets what they wrote: an engineer who cannot sign in is helped by the others, where there are any.
#[tokio::test(flavor = "multi_thread")]
async fn an_engineer_who_asks_for_help_is_helped_by_another() {
    for (alone, told) in [(false, "form_handover → liisa@example.test"), (true, "form_handover → erkki@example.test")]
    {
        let mut world = desk().await;
        if alone {
            let leave =
                "DELETE FROM engineer WHERE person_id = (SELECT id FROM person WHERE email = 'liisa@example.test')";
            world.execute(leave).await;
        }
        let asks = from(ERKKI, "e1@example.test").subject("Help").text("I cannot sign in.\nE-mail: erkki@example.test");
        receive(&world, "support", &asks).await;
        let steps = world.sent().await.pop().unwrap();
        let answer = from(ERKKI, "e2@example.test").to(steps.reply_to()).text("That did not help at all.");
        receive(&world, "support", &answer).await;
        assert_eq!(world.notices().await, [told]);
    }
}
