//! The sequence, and what stops or restarts it.

use caseway::config::Queue;
use jiff::SignedDuration;

use super::{ANNA, DAY, MINUTE, NOTHING, after, another_answer, answer, reply, waiting, waiting_with};
use crate::harness::mail::from;
use crate::views::run;

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_customer_is_reminded_told_and_let_go() {
    let mut world = waiting().await;
    assert_eq!(after(&mut world, DAY * 3 - MINUTE).await, NOTHING);
    assert_eq!(after(&mut world, MINUTE).await, ["waiting_reminder → anna@customer.test"]);
    assert_eq!(world.ticket(1, "status").await, "waiting");
    assert_eq!(after(&mut world, DAY * 4 - MINUTE).await, NOTHING);
    assert_eq!(after(&mut world, MINUTE).await, ["closing → anna@customer.test"]);
    assert_eq!(after(&mut world, DAY * 3 - MINUTE).await, NOTHING);
    assert_eq!(after(&mut world, MINUTE).await, ["closed → anna@customer.test"]);
    assert_eq!(world.ticket(1, "status").await, "closed");
    assert_eq!(world.count("SELECT COUNT(*) FROM follow_up").await, 0);
    assert_eq!(after(&mut world, DAY * 365).await, NOTHING);
    assert_eq!(world.events(1).await, ["opened", "assigned", "status", "reminded", "closing_announced", "status"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mails_are_in_the_customers_language() {
    let greetings = [
        ("en", "Hello, the printer on the second floor does not print any more."),
        ("de", "Guten Tag, der Drucker im zweiten Stock druckt leider nicht mehr und blinkt nur noch."),
        ("fi", "Hei, toisen kerroksen tulostin ei enää tulosta mitään ja vilkkuu vain koko ajan."),
    ];
    for (language, words) in greetings {
        let mut world = waiting_with(Queue::default(), words).await;
        for (step, days) in [("reminder", 3), ("announcement", 4), ("closing", 3)] {
            world.pass(DAY * days);
            world.tick().await;
            let mut sent = world.sent().await;
            let mail = sent.pop().unwrap();
            assert_eq!((sent.len(), mail.recipient.as_str()), (0, "anna@customer.test"));
            assert_eq!(mail.mail.headers.first("Auto-Submitted"), Some("auto-generated"));
            assert_eq!(mail.mail.headers.first("X-Auto-Response-Suppress"), Some("All"));
            assert_eq!(mail.mail.in_reply_to, ["a1@customer.test"]);
            assert!(mail.return_path.starts_with("support+b1"), "{}", mail.return_path);
            let shown = format!("Subject: {}\n\n{}", mail.mail.subject, mail.mail.text.replace("-- \n", "--␠\n"));
            insta::assert_snapshot!(format!("follow_up_{step}_{language}"), shown);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_of_the_customer_ends_it_and_an_answer_begins_it_anew() {
    let mut world = waiting().await;
    assert_eq!(after(&mut world, DAY * 3).await, ["waiting_reminder → anna@customer.test"]);
    world.receive(&reply("a2@customer.test", "It does not help, the light is still red.")).await;
    assert_eq!(world.ticket(1, "status").await, "open");
    assert_eq!(world.count("SELECT COUNT(*) FROM follow_up").await, 0);
    assert_eq!(after(&mut world, DAY * 30).await, ["customer_reply → erkki@engineers.test"]);
    world.receive(&reply("a3@customer.test", "And the paper is blue.")).await;
    answer(&mut world, "e2@engineers.test").await;
    assert_eq!(after(&mut world, DAY * 3).await, ["waiting_reminder → anna@customer.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_further_answer_gives_the_customer_the_whole_time_again() {
    let mut world = waiting().await;
    world.receive(&reply("a2@customer.test", "It is still red.")).await;
    answer(&mut world, "e2@engineers.test").await;
    world.pass(DAY * 2);
    assert_eq!(world.receive(&another_answer("e3@engineers.test")).await.verdict, "threaded");
    assert_eq!(world.notices().await, ["answer → anna@customer.test"]);
    assert_eq!(after(&mut world, DAY * 3 - MINUTE).await, NOTHING);
    assert_eq!(after(&mut world, MINUTE).await, ["waiting_reminder → anna@customer.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_while_a_step_is_due_puts_it_off() {
    let mut world = waiting().await;
    world.pass(DAY * 3);
    world.receive(&another_answer("e2@engineers.test")).await;
    assert_eq!(world.notices().await, ["answer → anna@customer.test"]);
    assert_eq!(after(&mut world, DAY * 3 - MINUTE).await, NOTHING);
    assert_eq!(after(&mut world, MINUTE).await, ["waiting_reminder → anna@customer.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn times_may_be_seconds_and_reminders_several() {
    let seconds = |seconds| Some(SignedDuration::from_secs(seconds));
    let queue = Queue { remind_after: seconds(5), reminders: 2, announce_after: seconds(6), close_after: seconds(7) };
    let mut world = waiting_with(queue, "Hello, the printer on the second floor does not print any more.").await;
    let mut told = Vec::new();
    for second in 1..=30 {
        for notice in after(&mut world, SignedDuration::from_secs(1)).await {
            told.push(format!("{second}: {}", notice.split(' ').next().unwrap()));
        }
    }
    assert_eq!(told, ["5: waiting_reminder", "10: waiting_reminder", "16: closing", "23: closed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_off_does_not_happen() {
    let words = "Hello, the printer on the second floor does not print any more.";
    let default = Queue::default();
    let cases: [(Queue, &[&str]); 4] = [
        (Queue::OFF, &[]),
        (Queue { close_after: None, ..default }, &["waiting_reminder"]),
        (Queue { announce_after: None, ..default }, &["waiting_reminder", "closed"]),
        (Queue { remind_after: None, ..default }, &["closing", "closed"]),
    ];
    for (queue, expected) in cases {
        let mut world = waiting_with(queue, words).await;
        let mut told = Vec::new();
        for _ in 0..20 {
            let notices = after(&mut world, DAY).await;
            told.extend(notices.iter().map(|notice| notice.split(' ').next().unwrap().to_owned()));
        }
        assert_eq!(told, expected, "{queue:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_and_bounces_end_nothing() {
    let mut world = waiting().await;
    world.pass(DAY * 3);
    world.tick().await;
    let reminder = world.sent().await.pop().unwrap();
    let away = from(ANNA, "v1@customer.test")
        .to(reminder.reply_to())
        .answering(reminder.message_id())
        .header("Auto-Submitted", "auto-replied")
        .text("I am out of the office until Friday.");
    assert_eq!(world.receive(&away).await.verdict, "auto-reply");
    let bounce = from("Mail Delivery System <mailer-daemon@mx.customer.test>", "b1@mx.customer.test")
        .to(&reminder.return_path)
        .header("Return-Path", "<>")
        .subject("Undelivered Mail Returned to Sender")
        .header("Content-Type", "multipart/report; report-type=delivery-status; boundary=b1")
        .text(
            "--b1\nContent-Type: text/plain\n\nThe mail could not be delivered.\n--b1\nContent-Type: message/delivery-status\n\n\
             Reporting-MTA: dns; mx.customer.test\n\nFinal-Recipient: rfc822; anna@customer.test\nAction: failed\n\
             Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n\n--b1--",
        );
    assert_eq!(world.receive(&bounce).await.verdict, "bounce");
    assert_eq!(world.notices().await, ["delivery_failed → erkki@engineers.test"]);
    assert_eq!(world.ticket(1, "status").await, "waiting");
    // Nothing more goes to that address; the history says so, and the time goes on.
    assert_eq!(after(&mut world, DAY * 4).await, NOTHING);
    assert_eq!(after(&mut world, DAY * 3).await, NOTHING);
    assert_eq!(world.ticket(1, "status").await, "closed");
    let events = world.events(1).await;
    assert_eq!(events.iter().filter(|kind| *kind == "suppressed").count(), 2, "{events:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_ticket_has_none() {
    let mut world = waiting().await;
    world.receive(&from("Bo <bo@customer.test>", "b1@customer.test").subject("The same printer")).await;
    world.execute("UPDATE ticket SET status = 'merged', merged_into = 2 WHERE id = 1").await;
    world.notices().await;
    assert_eq!(after(&mut world, DAY * 30).await, NOTHING);
    assert_eq!(world.count("SELECT COUNT(*) FROM follow_up").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_step_is_shown() {
    let world = waiting().await;
    let shown = run(&world, 80, &["ticket", "show", "1"]).out;
    let next = shown.lines().find(|line| line.starts_with("Next")).unwrap();
    assert_eq!(next, "Next       remind the customer, 2026-03-05 11:00");
    let json = run(&world, 80, &["ticket", "show", "1", "--json"]).json();
    let expected = serde_json::json!([
        { "kind": "waiting_reminder", "due_at": "2026-03-05T09:00:00Z", "set_aside": false, "detail": "1" }
    ]);
    assert_eq!(json[0]["follow_ups"], expected);
}
