//! The sequence, and what stops or restarts it.

use caseway::config::Queue;
use jiff::SignedDuration;

use super::{DAY, after, answer, reply, waiting, waiting_with};
use crate::harness::mail::from;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_customer_is_reminded_told_and_let_go() {
    let mut world = waiting().await;
    let nothing: [&str; 0] = [];
    assert_eq!(after(&mut world, DAY * 3 - MINUTE).await, nothing);
    assert_eq!(after(&mut world, MINUTE).await, ["waiting_reminder → anna@customer.test"]);
    assert_eq!(world.ticket(1, "status").await, "waiting");
    assert_eq!(after(&mut world, DAY * 4 - MINUTE).await, nothing);
    assert_eq!(after(&mut world, MINUTE).await, ["closing → anna@customer.test"]);
    assert_eq!(after(&mut world, DAY * 3 - MINUTE).await, nothing);
    assert_eq!(after(&mut world, MINUTE).await, ["closed → anna@customer.test"]);
    assert_eq!(world.ticket(1, "status").await, "closed");
    assert_eq!(world.count("SELECT COUNT(*) FROM follow_up").await, 0);
    assert_eq!(after(&mut world, DAY * 365).await, nothing);
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
    let told = from("Erkki Virtanen <erkki@engineers.test>", "e3@engineers.test")
        .header("Authentication-Results", "mx.example.test; dmarc=pass header.from=engineers.test")
        .subject("Re: [CASE-1] The printer is broken")
        .text("I forgot: open the lid first.");
    assert_eq!(world.receive(&told).await.verdict, "threaded");
    assert_eq!(world.notices().await, ["answer → anna@customer.test"]);
    let nothing: [&str; 0] = [];
    assert_eq!(after(&mut world, DAY * 3 - MINUTE).await, nothing);
    assert_eq!(after(&mut world, MINUTE).await, ["waiting_reminder → anna@customer.test"]);
}
