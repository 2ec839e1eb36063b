//! What never ends by itself: floods from one address, gateways that answer each other, responders that answer
//! everything.

use jiff::SignedDuration;

use crate::harness::mail::{Letter, from};
use crate::harness::world::World;

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const BERTA: &str = "Berta Lang <berta@customer.test>";
const MONITOR: &str = "Monitor <monitor@machines.test>";
const MALLORY: &str = "Mallory <mallory@elsewhere.test>";

/// A new request of somebody's, unlike every other.
fn request(sender: &str, number: u32) -> Letter {
    let domain = sender.rsplit_once('@').unwrap().1.trim_end_matches('>');
    from(sender, &format!("request-{number}@{domain}"))
        .subject(&format!("Alert {number}"))
        .text(&format!("The disk of machine {number} is full, please look at it today."))
}

/// A desk with one engineer where a sender may open three tickets an hour and five a day.
async fn desk() -> World {
    let world = World::with(|config| {
        config.limits.per_sender = vec![(SignedDuration::from_hours(1), 3), (SignedDuration::from_hours(24), 5)];
    })
    .await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world
}

async fn flood_events(world: &World, ticket: i64) -> Vec<String> {
    let rows = sqlx::query_scalar("SELECT detail FROM event WHERE kind = 'flood' AND ticket_id = $1 ORDER BY id");
    rows.bind(ticket).fetch_all(world.app.store.reader()).await.unwrap()
}

/// With the limits of a configuration that says nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_mails_from_one_address_are_one_ticket_with_a_count() {
    let mut world = World::with(|config| {
        config.limits.per_sender = caseway::config::Limits::default().per_sender;
    })
    .await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    for number in 0..1_000 {
        let mut letter = request(MONITOR, number);
        if number % 2 == 0 {
            letter = letter.header("Auto-Submitted", "auto-generated");
        }
        world.store_raw(&letter.bytes()).await;
    }
    world.process().await;

    assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 20);
    assert_eq!(world.count("SELECT COUNT(*) FROM ledger WHERE state = 'done' AND verdict = 'opened'").await, 20);
    assert_eq!(world.count("SELECT COUNT(*) FROM ledger WHERE state = 'done' AND verdict = 'threaded'").await, 980);
    assert_eq!(world.count("SELECT COUNT(*) FROM message WHERE ticket_id = 20 AND ledger_id IS NOT NULL").await, 981);
    assert_eq!(world.ticket(20, "flooded").await, "980");
    assert_eq!(
        flood_events(&world, 20).await,
        [1, 10, 100]
            .map(|count| format!("{count} more of monitor@machines.test: 20 new tickets of one sender within 1h"))
    );
    let notices = world.notices().await;
    let how_many = |start: &str| notices.iter().filter(|notice| notice.starts_with(start)).count();
    assert_eq!((how_many("new_ticket"), how_many("acknowledgement"), how_many("customer_reply")), (20, 10, 1));
    assert_eq!(notices.len(), 31);
    let last = world.settled(1_000).await;
    assert_eq!(
        (last.verdict.as_str(), last.ticket, last.reason.as_str()),
        ("threaded", 20, "one of a flood (20 new tickets of one sender within 1h): filed on CASE-20, not acknowledged")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_told_once_and_explained() {
    let mut world = desk().await;
    for number in 0..3 {
        assert_eq!(world.receive(&request(ANNA, number)).await.verdict, "opened");
    }
    world.sent().await;
    let settled = world.receive(&request(ANNA, 3)).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 3));
    let sent = world.sent().await;
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].notice.as_str(), sent[0].recipient.as_str()), ("customer_reply", "erkki@example.test"));
    for words in ["machine 3 is full", "anna@customer.test has opened more cases", "on CASE-3"] {
        assert!(sent[0].mail.text.contains(words), "{words}: {}", sent[0].mail.text);
    }
    assert_eq!(world.receive(&request(ANNA, 4)).await.ticket, 3);
    assert!(world.notices().await.is_empty());
    let trace: String =
        sqlx::query_scalar("SELECT trace FROM ledger WHERE id = 5").fetch_one(world.app.store.reader()).await.unwrap();
    let trace: serde_json::Value = serde_json::from_str(&trace).unwrap();
    let steps: Vec<String> = trace["steps"]
        .as_array()
        .unwrap()
        .iter()
        // What the mail seems to want is learnt, and may be learnt anew.
        .filter(|step| step["step"] != "wish")
        .map(|step| format!("{} {}: {}", step["step"], step["result"], step["detail"]).replace('"', ""))
        .collect();
    insta::assert_snapshot!(steps.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_senders_flood_is_nobody_elses() {
    let world = desk().await;
    for number in 0..6 {
        world.receive(&request(MONITOR, number)).await;
        if number % 2 == 0 {
            assert_eq!(world.receive(&request(BERTA, number)).await.verdict, "opened");
        }
    }
    let settled = world.receive(&request(ANNA, 0)).await;
    assert_eq!(settled.verdict, "opened");
    assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 7);
    assert_eq!(world.count("SELECT CAST(SUM(flooded) AS BIGINT) FROM ticket").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_joins_its_ticket_in_the_middle_of_a_flood() {
    let world = desk().await;
    for number in 0..5 {
        world.receive(&request(ANNA, number)).await;
    }
    let reply = from(ANNA, "reply@customer.test").answering("request-1@customer.test").text("It is empty again.");
    let settled = world.receive(&reply).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 2));
    assert_eq!(settled.reason, "CASE-2 by references");
    // One that answers a mail of the flood goes where that one is.
    let reply = from(ANNA, "again@customer.test").answering("request-4@customer.test").text("That one is done too.");
    assert_eq!(world.receive(&reply).await.ticket, 3);
    assert_eq!(world.ticket(3, "flooded").await, "2", "replies are no flood");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_window_a_sender_opens_tickets_again() {
    let mut world = desk().await;
    for number in 0..4 {
        world.receive(&request(ANNA, number)).await;
    }
    world.pass(SignedDuration::from_hours(1));
    world.sent().await;
    let settled = world.receive(&request(ANNA, 4)).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("opened", 4));
    assert!(world.notices().await.contains(&"acknowledgement → anna@customer.test".to_owned()));
    world.receive(&request(ANNA, 5)).await;
    // The longer window holds as well.
    let settled = world.receive(&request(ANNA, 6)).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 5));
    assert!(settled.reason.contains("5 new tickets of one sender within 24h"), "{}", settled.reason);
    world.pass(SignedDuration::from_hours(24));
    assert_eq!(world.receive(&request(ANNA, 7)).await.verdict, "opened");
}

/// What comes to a ticket that is done is work again: it must not lie where nobody looks.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_opens_the_ticket_it_goes_to() {
    let world = desk().await;
    for number in 0..3 {
        world.receive(&request(MONITOR, number)).await;
    }
    world.execute("UPDATE ticket SET status = 'closed', closed_at = 1772442000000000 WHERE id = 3").await;
    assert_eq!(world.receive(&request(MONITOR, 3)).await.ticket, 3);
    assert_eq!(world.ticket(3, "status").await, "open");
}

/// Somebody who guesses case numbers all day is held on one ticket, and no ticket of anybody else's is touched; the
/// genuine owner of a forged address still opens tickets.
#[tokio::test(flavor = "multi_thread")]
async fn held_mails_are_a_flood_of_their_own() {
    let world = desk().await;
    world.receive(&request(ANNA, 0)).await;
    for number in 0..6 {
        let guess = request(MALLORY, number).subject(&format!("Re: [CASE-1] {number}"));
        let expected = if number < 3 { ("held", i64::from(number) + 2) } else { ("threaded", 4) };
        let settled = world.receive(&guess).await;
        assert_eq!((settled.verdict.as_str(), settled.ticket), expected);
    }
    assert_eq!(world.events(1).await, ["opened", "claimed", "claimed", "claimed"]);
    assert_eq!(world.ticket(4, "status").await, "held");
    let fail = "mx.example.test; dmarc=fail header.from=customer.test";
    for number in 10..16 {
        let settled = world.receive(&request(ANNA, number).on_top("Authentication-Results", fail)).await;
        assert_eq!(world.ticket(settled.ticket, "status").await, "held", "{settled:?}");
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM message WHERE ticket_id = 7 AND visibility = 'note'").await, 3);
    let settled = world.receive(&request(ANNA, 1)).await;
    assert_eq!(settled.verdict, "opened");
}

/// What a gateway that knows nothing of headers would make of a mail: an answer of its own, never in a thread.
fn deaf_answer(number: usize, sender: &str, to: &str) -> Letter {
    from(sender, &format!("deaf-{number}@other.test"))
        .to(to)
        .subject(&format!("Ticket {number} was received"))
        .text("Thank you for writing to us. Our team will look at what you wrote and answer you soon.")
}

/// The other side answers every mail with one that has no mark of a machine and names no mail of ours.
#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_marks_nothing_ends_in_the_cap() {
    let mut world = World::with(|config| {
        config.limits.per_sender = caseway::config::Limits::default().per_sender;
    })
    .await;
    let other = "Other Support <help@other.test>";
    let mut waiting = vec![deaf_answer(0, other, "support@example.test")];
    let mut written = 1;
    let mut ours = 0;
    while let Some(letter) = waiting.pop() {
        world.receive(&letter).await;
        for mail in world.sent().await {
            assert_eq!(mail.recipient, "help@other.test");
            ours += 1;
            // It answers to the address in From, as if nobody had written before.
            waiting.push(deaf_answer(written, other, "support@example.test"));
            written += 1;
        }
        assert!(written < 200, "no end");
    }
    assert_eq!(ours, 10, "the acknowledgements that one address gets in an hour");
    assert_eq!(world.events(11).await, ["opened", "suppressed"]);
}

/// Two of our own kind whose mails lose every mark on the way: real bytes of the outbox, in both directions.
#[tokio::test(flavor = "multi_thread")]
async fn two_gateways_whose_marks_get_lost_end_in_the_cap() {
    let mut ours = World::new().await;
    let mut theirs =
        World::with(|config| config.mailboxes.get_mut("support").unwrap().address = "help@other.test".to_owned()).await;
    ours.receive(&from("Other Support <help@other.test>", "o1@other.test")).await;
    let (mut exchanged, mut round) = (0, 0);
    loop {
        let mails = ours.sent().await;
        for mail in &mails {
            theirs.receive_raw(&unmarked(&mail.raw)).await;
        }
        let answers = theirs.sent().await;
        for mail in &answers {
            ours.receive_raw(&unmarked(&mail.raw)).await;
        }
        exchanged += mails.len() + answers.len();
        if mails.is_empty() && answers.is_empty() {
            break;
        }
        round += 1;
        assert!(round < 100, "no end");
    }
    assert_eq!(exchanged, 20, "ten to each side, then the cap holds");
    let suppressed = ours.count("SELECT COUNT(*) FROM event WHERE kind = 'suppressed'").await
        + theirs.count("SELECT COUNT(*) FROM event WHERE kind = 'suppressed'").await;
    assert_eq!(suppressed, 1, "and the history says so");
}

/// A mail as a careless relay hands it on: without the headers that mark machines, threads and our desk, and without the
/// case ID in its subject.
fn unmarked(raw: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(raw.to_vec()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let lost = ["auto-submitted", "precedence", "x-", "in-reply-to", "references", "reply-to", "list-", "feedback-id"];
    let mut keep = true;
    let mut out = String::new();
    for line in head.split("\r\n") {
        if !line.starts_with([' ', '\t']) {
            keep = !lost.iter().any(|name| line.to_ascii_lowercase().starts_with(name));
        }
        if keep {
            out.push_str(line);
            out.push_str("\r\n");
        }
    }
    format!("{out}\r\n{body}").replace("[CASE-", "[").into_bytes()
}

/// A vacation responder that follows RFC 3834 answers the acknowledgement once and is filed; one that follows nothing
/// answers every mail, in the thread, and gets nothing back.
#[tokio::test(flavor = "multi_thread")]
async fn a_vacation_responder_gets_no_answer() {
    let mut world = World::new().await;
    world.receive(&from(ANNA, "a1@customer.test")).await;
    let ack = world.sent().await.remove(0);
    let polite = from(ANNA, "v1@customer.test")
        .answering(ack.message_id())
        .subject("Out of office: The printer is broken")
        .header("Auto-Submitted", "auto-replied (vacation)")
        .text("I am away until Monday.");
    assert_eq!(world.receive(&polite).await.verdict, "auto-reply");
    let rude = from(ANNA, "v2@customer.test")
        .to(ack.reply_to())
        .subject(&format!("Re: {}", ack.mail.subject))
        .text("Dear sender, your message has reached me. I will read it when I find the time for it.");
    let settled = world.receive(&rude).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 1));
    assert!(world.notices().await.is_empty());
    assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 1);
}

/// A responder that writes a fresh mail each time, with no sign of what it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_responder_that_answers_out_of_thread_ends_in_the_cap() {
    let mut world = World::new().await;
    world.receive(&from(ANNA, "a1@customer.test")).await;
    let mut answered = 0;
    while !world.sent().await.is_empty() {
        answered += 1;
        assert!(answered < 100, "no end");
        let words = "I have got your mail and will read it when I find the time for it, thank you.";
        world.receive(&from(ANNA, &format!("v{answered}@customer.test")).subject("Your mail").text(words)).await;
    }
    assert_eq!(answered, 10, "the cap of an hour");
}
