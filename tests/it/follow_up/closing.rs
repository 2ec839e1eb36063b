//! Closing, and what a reply to a closed ticket does.

use caseway::desk::event::Event;
use caseway::desk::id::{PersonId, TicketId};
use jiff::SignedDuration;

use super::{DAY, NOTHING, after, reply, waiting};
use crate::harness::world::World;

/// Closed by the clock; what was sent is forgotten.
async fn closed() -> World {
    let mut world = waiting().await;
    for days in [3, 4, 3] {
        after(&mut world, DAY * days).await;
    }
    assert_eq!(world.ticket(1, "status").await, "closed");
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn thanks_leave_a_ticket_closed() {
    let mut world = closed().await;
    let thanks = reply("a2@customer.test", "Thank you Erkki, it works now!\n\nBest regards\nAnna");
    let settled = world.receive(&thanks).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 1));
    assert_eq!(settled.reason, "thanks for CASE-1, which stays closed");
    assert_eq!(world.notices().await, NOTHING);
    assert_eq!(world.ticket(1, "status").await, "closed");
    assert_eq!(world.events(1).await.last().unwrap(), "thanks");
    assert_eq!(world.count("SELECT COUNT(*) FROM message WHERE ticket_id = 1 AND direction = 'inbound'").await, 2);
    // However late they come.
    world.pass(DAY * 100);
    assert_eq!(world.receive(&reply("a3@customer.test", "Vielen Dank!")).await.ticket, 1);
    assert_eq!(world.notices().await, NOTHING);
}

#[tokio::test(flavor = "multi_thread")]
async fn anything_else_reopens_it() {
    for words in ["Thanks, but it still fails.", "Thank you. And the other printer?", "Thanks, the second one stopped."]
    {
        let mut world = closed().await;
        world.receive(&reply("a2@customer.test", words)).await;
        assert_eq!(world.ticket(1, "status").await, "open", "{words}");
        assert_eq!(world.notices().await, ["customer_reply → erkki@engineers.test"]);
        assert_eq!(after(&mut world, DAY * 30).await, NOTHING, "nobody waits for the customer");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thanks_before_closing_are_read_and_change_nothing() {
    let mut world = waiting().await;
    world.receive(&reply("a2@customer.test", "Thanks, it works now.")).await;
    assert_eq!(world.notices().await, ["customer_reply → erkki@engineers.test"]);
    assert_eq!(world.ticket(1, "status").await, "waiting");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_reopens_for_as_long_as_the_letter_said() {
    let world = closed().await;
    world.pass(DAY * 14);
    assert_eq!(world.receive(&reply("a2@customer.test", "It is broken again.")).await.ticket, 1);
    assert_eq!(world.ticket(1, "status").await, "open");
    let mut world = closed().await;
    world.pass(DAY * 14 + SignedDuration::from_secs(1));
    let settled = world.receive(&reply("a2@customer.test", "It is broken again.")).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("opened", 2));
    assert_eq!(world.ticket(2, "linked_to").await, "1");
    assert_eq!(world.ticket(1, "status").await, "closed");
    assert_eq!(world.notices().await, ["acknowledgement → anna@customer.test", "new_ticket → erkki@engineers.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_closes_a_ticket_once() {
    let mut world = waiting().await;
    let act = world.app.process.act.clone();
    let erkki = PersonId(world.count("SELECT id FROM person WHERE email = 'erkki@engineers.test'").await);
    let close = Event::Close { ticket: TicketId(1), by: Some(erkki) };
    assert_eq!(act.events(&[close]).await.unwrap()[0].letters, 1);
    assert_eq!(act.events(&[close]).await.unwrap()[0].letters, 0);
    let sent = world.sent().await;
    assert_eq!(sent.len(), 1);
    assert!(sent[0].mail.text.contains("We have closed case CASE-1.\n"), "{}", sent[0].mail.text);
    assert_eq!(world.count("SELECT COUNT(*) FROM follow_up").await, 0);
    assert_eq!(after(&mut world, DAY * 30).await, NOTHING);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_closes_their_own_ticket_is_not_told() {
    let mut world = waiting().await;
    let anna = PersonId(world.count("SELECT id FROM person WHERE email = 'anna@customer.test'").await);
    let close = Event::Close { ticket: TicketId(1), by: Some(anna) };
    assert_eq!(world.app.process.act.events(&[close]).await.unwrap()[0].letters, 0);
    assert_eq!(world.ticket(1, "status").await, "closed");
    assert_eq!(world.notices().await, NOTHING);
}
