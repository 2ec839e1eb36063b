//! Downtime, a clock that jumps, a database that refuses, two workers: nothing is lost and nothing happens twice.

use std::time::Duration;

use caseway::app::App;
use caseway::clock::FollowUps;
use caseway::desk::event::Event;
use caseway::desk::follow_up::due::Due;
use caseway::desk::follow_up::kind::Kind;
use caseway::desk::id::TicketId;
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use super::{DAY, MINUTE, NOTHING, after, another_answer, waiting};
use crate::harness::mail::from;
use crate::harness::world::World;
use crate::views::run;

const REMINDED: [&str; 1] = ["waiting_reminder → anna@customer.test"];

/// A gateway that starts on the same database.
async fn restarted(world: &World) -> App {
    App::build((*world.app.config).clone(), world.app.clock.clone()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_downtime_is_one_late_step() {
    let mut world = waiting().await;
    world.pass(DAY * 30);
    restarted(&world).await.follow_ups.drain(&CancellationToken::new()).await.unwrap();
    assert_eq!(world.notices().await, REMINDED);
    assert_eq!(after(&mut world, DAY * 4 - MINUTE).await, NOTHING);
    assert_eq!(after(&mut world, DAY * 8).await, ["closing → anna@customer.test"], "a week late");
    assert_eq!(after(&mut world, DAY * 3 - MINUTE).await, NOTHING);
    assert_eq!(after(&mut world, MINUTE).await, ["closed → anna@customer.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_repeats_nothing_and_delays_nothing_for_long() {
    let mut world = waiting().await;
    // The clock was a year ahead when the reminder went out.
    assert_eq!(after(&mut world, DAY * 365).await, REMINDED);
    assert_eq!(after(&mut world, -DAY * 364).await, NOTHING);
    assert_eq!(after(&mut world, DAY * 4 - MINUTE).await, NOTHING);
    assert_eq!(after(&mut world, MINUTE).await, ["closing → anna@customer.test"]);
    assert_eq!(after(&mut world, -MINUTE).await, NOTHING);
    assert_eq!(after(&mut world, DAY * 3).await, ["closed → anna@customer.test"]);
    assert_eq!(after(&mut world, -DAY).await, NOTHING);
    assert_eq!(world.ticket(1, "status").await, "closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_and_its_mail_are_one_transaction() {
    let mut world = waiting().await;
    world
        .execute(
            "CREATE TRIGGER full BEFORE INSERT ON outbox WHEN NEW.notice = 'waiting_reminder'
             BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
        )
        .await;
    assert_eq!(after(&mut world, DAY * 3).await, NOTHING);
    assert_eq!(world.count("SELECT COUNT(*) FROM follow_up WHERE kind = 'waiting_reminder' AND attempts = 1").await, 1);
    assert!(!world.events(1).await.contains(&"reminded".to_owned()));
    world.execute("DROP TRIGGER full").await;
    // Not at once: whoever refused may refuse again.
    assert_eq!(after(&mut world, MINUTE - SignedDuration::from_secs(1)).await, NOTHING);
    assert_eq!(after(&mut world, SignedDuration::from_secs(1)).await, REMINDED);
    assert_eq!(after(&mut world, MINUTE).await, NOTHING);
}

/// A row that leads nowhere is no reason to do nothing silently: it is tried as often as others, and then told.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_on_a_ticket_that_leads_nowhere_is_set_aside() {
    let mut world = waiting().await;
    world.execute("UPDATE ticket SET merged_into = 1").await;
    for _ in 0..10 {
        assert_eq!(after(&mut world, DAY * 3).await, NOTHING);
    }
    assert_eq!(
        world.count("SELECT COUNT(*) FROM follow_up WHERE kind = 'waiting_reminder' AND set_aside = 1").await,
        1
    );
    assert_eq!(world.events(1).await.last().unwrap(), "follow_up_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_row_stops_no_other_and_is_set_aside_in_the_end() {
    let mut world = waiting().await;
    world.receive(&from("Bo <bo@customer.test>", "b1@customer.test").subject("The scanner")).await;
    world.notices().await;
    let answer = another_answer("e2@engineers.test").subject("Re: [CASE-2] The scanner");
    assert_eq!(world.receive(&answer).await.ticket, 2);
    world.notices().await;
    world
        .execute(
            "CREATE TRIGGER bad BEFORE INSERT ON outbox WHEN NEW.ticket_id = 1
             BEGIN SELECT RAISE(ABORT, 'not this one'); END",
        )
        .await;
    assert_eq!(after(&mut world, DAY * 3).await, ["waiting_reminder → bo@customer.test"]);
    for _ in 0..9 {
        assert_eq!(after(&mut world, SignedDuration::from_mins(100)).await, NOTHING);
    }
    assert_eq!(world.events(1).await.last().unwrap(), "follow_up_failed");
    let shown = run(&world, 80, &["ticket", "show", "1"]).out;
    assert!(shown.contains("Next       remind the customer (failed too often: tried no more)\n"), "{shown}");
    world.execute("DROP TRIGGER bad").await;
    assert_eq!(after(&mut world, DAY).await, NOTHING);
    // An engineer's next answer begins anew.
    world.receive(&another_answer("e3@engineers.test")).await;
    assert_eq!(world.notices().await, ["answer → anna@customer.test"]);
    let notices = after(&mut world, DAY * 3).await;
    assert!(notices.contains(&REMINDED[0].to_owned()), "{notices:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_workers_one_carries_it_out() {
    let mut world = waiting().await;
    let other = restarted(&world).await;
    world.pass(DAY * 3);
    let stop = CancellationToken::new();
    let (one, two) = tokio::join!(world.app.follow_ups.drain(&stop), other.follow_ups.drain(&stop));
    one.unwrap();
    two.unwrap();
    assert_eq!(world.notices().await, REMINDED);
    // Both have claimed it before either began.
    world.pass(DAY * 4);
    let due = Due { ticket: TicketId(1), kind: Kind::WaitingAnnouncement, attempts: 1 };
    let events = [Event::Due(&due)];
    let (one, two) = tokio::join!(world.app.process.act.events(&events), other.process.act.events(&events));
    let happened = [one.unwrap(), two.unwrap()].concat().iter().filter(|caused| caused.happened).count();
    assert_eq!(happened, 1);
    assert_eq!(world.notices().await, ["closing → anna@customer.test"]);
}

/// The worker itself: woken by what is set, ended by the shutdown.
#[tokio::test(flavor = "multi_thread")]
async fn the_worker_is_woken_and_stops() {
    let mut world = waiting().await;
    let worker = FollowUps { settle: Duration::ZERO, ..world.app.follow_ups.clone() };
    let stop = CancellationToken::new();
    let story = async {
        let posted = world.app.process.posted.notified();
        world.pass(DAY * 3);
        world.app.process.act.follow_up_set.notify_waiters();
        posted.await;
        stop.cancel();
    };
    tokio::join!(worker.run(stop.clone()), story);
    assert_eq!(world.notices().await, REMINDED);
}
