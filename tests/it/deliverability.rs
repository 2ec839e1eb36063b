//! What servers say of an address when they refuse it, and what follows for the next mails to it.

use crate::harness::mail::from;
use crate::harness::post::send_by;
use crate::harness::smtp_script::{Abilities, SmtpScript, Step, say};
use crate::harness::world::World;

const ANNA: &str = "Anna Schmidt <anna@customer.test>";

/// A desk with one engineer, and the server its mails go to.
async fn desk() -> (World, SmtpScript) {
    let world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    (world, SmtpScript::start().await)
}

/// Anna's score, and whether automatic mail to her is suppressed.
async fn standing(world: &World) -> (i64, i64) {
    let score = world.count("SELECT bounce_score FROM person WHERE email = 'anna@customer.test'").await;
    (score, world.count("SELECT suppressed FROM person WHERE email = 'anna@customer.test'").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_the_server_does_not_know_gets_no_more_automatic_mail() {
    let (mut world, server) = desk().await;
    server.recipient(
        "anna@customer.test",
        say("550 5.1.1 <anna@customer.test>: Recipient address rejected: User unknown"),
    );
    world.receive(&from(ANNA, "a1@customer.test")).await;
    world.sent().await;
    send_by(&world, &server).await;
    assert_eq!(standing(&world).await, (100, 1));
    assert_eq!(world.events(1).await, ["opened", "failed"]);
    let told = world.sent().await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].notice.as_str(), told[0].recipient.as_str()), ("delivery_failed", "erkki@example.test"));
    assert!(told[0].mail.text.contains("does not exist"), "{}", told[0].mail.text);

    // An engineer passes on another request of hers: nothing automatic goes to her.
    let pass = "mx.example.test; dmarc=pass header.from=example.test";
    let forward = from("Erkki Virtanen <erkki@example.test>", "f1@example.test")
        .subject("Fwd: The scanner")
        .on_top("Authentication-Results", pass)
        .text(
            "---------- Forwarded message ---------\nFrom: Anna Schmidt <anna@customer.test>\nDate: Mon, 2 Mar 2026 at 08:12\n\
             Subject: The scanner\nTo: Erkki Virtanen <erkki@example.test>\n\nOur scanner takes a minute for every page.\n",
        );
    world.receive(&forward).await;
    assert!(!world.notices().await.iter().any(|notice| notice.ends_with("anna@customer.test")));
    assert!(world.events(2).await.contains(&"suppressed".to_owned()));

    // A mail from there lifts it.
    world.receive(&from(ANNA, "a2@customer.test").subject("I am back")).await;
    assert_eq!(standing(&world).await, (0, 0));
    assert!(world.notices().await.contains(&"acknowledgement → anna@customer.test".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_by_a_rule_counts_little_and_one_of_ourselves_nothing() {
    let cases = [
        (Step::Rcpt, "550 5.7.1 blocked by policy", (25, 0)),
        (Step::Dot, "554 5.7.1 this looks like spam", (25, 0)),
        (Step::Dot, "550 5.1.1 no such user here", (100, 1)),
        (Step::Mail, "550 5.7.1 your domain is not welcome", (0, 0)),
        (Step::Data, "554 5.5.1 not today", (0, 0)),
    ];
    for (step, reply, expected) in cases {
        let (world, server) = desk().await;
        world.receive(&from(ANNA, "a1@customer.test")).await;
        // Her acknowledgement goes first.
        server.once(step, say(reply));
        send_by(&world, &server).await;
        assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE state = 'failed'").await, 1, "{reply}");
        assert_eq!(standing(&world).await, expected, "{reply}");
        assert_eq!(world.events(1).await, ["opened", "failed"], "{reply}");
    }
}

/// A report of a mail that was refused already says nothing new.
#[tokio::test(flavor = "multi_thread")]
async fn one_mail_is_counted_once() {
    let (mut world, server) = desk().await;
    server.recipient("anna@customer.test", say("550 5.7.1 blocked by policy"));
    world.receive(&from(ANNA, "a1@customer.test")).await;
    let ack = world.sent().await.remove(0);
    send_by(&world, &server).await;
    world.process().await;
    assert_eq!(standing(&world).await, (25, 0));
    let report = from("Mail Delivery System <MAILER-DAEMON@mx.customer.test>", "b1@mx.customer.test")
        .to(&ack.return_path)
        .subject("Undelivered Mail Returned to Sender")
        .on_top("Return-Path", "<>")
        .text("<anna@customer.test>: 550 5.7.1 blocked by policy");
    assert_eq!(world.receive(&report).await.verdict, "bounce");
    assert_eq!(standing(&world).await, (25, 0));
}

/// Whoever follows a ticket hears what its assignee hears.
#[tokio::test(flavor = "multi_thread")]
async fn followers_hear_of_a_failure_as_well() {
    let (mut world, server) = desk().await;
    world.engineer("liisa@example.test", "Liisa Korhonen").await;
    world.engineer("matti@example.test", "Matti Niemi").await;
    server.recipient("anna@customer.test", say("550 5.7.1 blocked by policy"));
    world.receive(&from(ANNA, "a1@customer.test")).await;
    world.execute("UPDATE ticket SET assignee_id = (SELECT id FROM person WHERE email = 'erkki@example.test')").await;
    world
        .execute("INSERT INTO participant SELECT 1, id, 'follower', 0 FROM person WHERE email = 'liisa@example.test'")
        .await;
    world.sent().await;
    send_by(&world, &server).await;
    assert_eq!(world.notices().await, ["delivery_failed → erkki@example.test", "delivery_failed → liisa@example.test"]);
}

/// What the engineers read of a mail that was not delivered, on one line.
async fn told(world: &mut World) -> String {
    let sent = world.sent().await;
    let told = sent.iter().find(|mail| mail.notice == "delivery_failed").expect("nobody was told");
    told.mail.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Each end of a mail has words of its own: only a refusal for good is called one.
#[tokio::test(flavor = "multi_thread")]
async fn engineers_read_why_a_mail_did_not_arrive() {
    for (step, reply, words) in [
        (Step::Rcpt, "550 5.1.1 <anna@customer.test>: User unknown", "The address or its server does not exist."),
        (Step::Rcpt, "552 5.2.2 mailbox full", "Their server refused it: a full mailbox"),
        (Step::Mail, "550 5.7.1 this sender may not send here", "The server on the way refused it for good."),
    ] {
        let (mut world, server) = desk().await;
        server.always(step, say(reply));
        world.receive(&from(ANNA, "a1@customer.test")).await;
        world.execute("UPDATE outbox SET state = 'cancelled' WHERE notice = 'new_ticket'").await;
        world.sent().await;
        send_by(&world, &server).await;
        let told = told(&mut world).await;
        assert!(told.contains(words), "{reply}: {told}");
    }
}

/// A mail that nobody took for days was not refused: neither where each attempt was put off, nor where the server could not
/// even be reached, so that the mails waited in the outbox.
#[tokio::test(flavor = "multi_thread")]
async fn engineers_read_that_a_mail_was_given_up() {
    for step in [Step::Rcpt, Step::Greeting] {
        let (mut world, server) = desk().await;
        server.always(step, say("421 4.3.2 try again later"));
        world.receive(&from(ANNA, "a1@customer.test")).await;
        world.sent().await;
        for _ in 0..60 {
            send_by(&world, &server).await;
            world.pass(jiff::SignedDuration::from_hours(4));
        }
        let told = told(&mut world).await;
        assert!(told.contains("for as long as we try"), "{step:?}: {told}");
    }
}

/// A clock that was ahead for a while delays no mail until that time comes again, and uses up nobody's caps.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_ahead_holds_no_mail_back() {
    let year = jiff::SignedDuration::from_hours(365 * 24);
    let mut world = World::with(|config| config.limits.per_recipient[0].1 = 3).await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    let server = SmtpScript::start().await;
    world.set_clock(year);
    server.once(Step::Rcpt, say("450 4.2.1 mailbox busy"));
    for number in 0..5 {
        world.receive(&from(ANNA, &format!("a{number}@customer.test")).subject(&format!("Request {number}"))).await;
    }
    send_by(&world, &server).await;
    world.set_clock(-year);
    send_by(&world, &server).await;
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE state <> 'sent'").await, 0);
    world.sent().await;
    world.receive(&from(ANNA, "b1@customer.test").subject("Another one")).await;
    assert!(world.notices().await.contains(&"acknowledgement → anna@customer.test".to_owned()));
}

/// A picture of a million octets, as a phone sends it.
fn with_a_photo(id: &str) -> Vec<u8> {
    let photo = "AAAA".repeat(18) + "\r\n";
    format!(
        "From: {ANNA}\r\nTo: support@example.test\r\nSubject: Photos\r\nMessage-ID: <{id}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nThe machine is broken.\r\n--b\r\n\
         Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename=photo.jpg\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}--b--\r\n",
        photo.repeat(20_000)
    )
    .into_bytes()
}

/// A server that says how much it takes, one that says no to the size it is told, one that says no to what it has read, and Gmail, which
/// does not like the file.
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_too_large_for_the_server_goes_out_without_its_files_and_names_them() {
    let announcing = || Abilities { announced: vec!["PIPELINING", "SIZE 500000"], ..Abilities::default() };
    let cases = [
        (announcing(), None),
        (Abilities::default(), Some((Step::Mail, "552 5.3.4 Message size exceeds fixed maximum message size"))),
        (Abilities::default(), Some((Step::Dot, "552 5.3.4 Message size exceeds file system imposed limit"))),
        (
            Abilities::default(),
            Some((Step::Dot, "552-5.7.0 This message was blocked because its content\r\n552 5.7.0 is bad")),
        ),
    ];
    for (abilities, refusal) in cases {
        let world = World::new().await;
        world.engineer("erkki@example.test", "Erkki Virtanen").await;
        let server = SmtpScript::with(abilities).await;
        world.receive_raw(&with_a_photo("a1@customer.test")).await;
        world
            .execute("DELETE FROM outbox_spare WHERE outbox_id IN (SELECT id FROM outbox WHERE notice <> 'new_ticket')")
            .await;
        world.execute("UPDATE outbox SET state = 'cancelled' WHERE notice <> 'new_ticket'").await;
        if let Some((step, reply)) = refusal {
            server.once(step, say(reply));
        }
        send_by(&world, &server).await;
        let received = server.received();
        assert_eq!(received.len(), 1, "{refusal:?}");
        let mail = caseway::mail::read(&received[0].bytes);
        assert!(mail.attachments.is_empty());
        assert!(
            mail.text.contains("photo.jpg (1 MB) – too large to attach; kept in the desk's records"),
            "{}",
            mail.text
        );
        assert!(mail.text.contains("The machine is broken."));
        assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE state = 'sent' AND attempts = 2").await, 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM outbox_spare").await, 0);
        assert_eq!(world.events(1).await, ["opened"], "nothing failed");
    }
}

/// Where the text alone is too large, too, it has failed, and is not tried for ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_is_too_large_even_without_its_files_fails() {
    let world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    let server = SmtpScript::with(Abilities { announced: vec!["SIZE 100"], ..Abilities::default() }).await;
    world.receive_raw(&with_a_photo("a1@customer.test")).await;
    send_by(&world, &server).await;
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE state = 'failed'").await, 2);
    assert!(server.received().is_empty());
}

/// Whoever looks after a ticket and cannot be reached: somebody else has to hear of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_to_an_engineer_that_fails_is_told_to_another_one() {
    let (mut world, server) = desk().await;
    world.engineer("bea@example.test", "Bea Vogt").await;
    world.receive(&from(ANNA, "a1@customer.test")).await;
    world.execute("UPDATE ticket SET assignee_id = (SELECT id FROM person WHERE email = 'erkki@example.test')").await;
    world.sent().await;
    world.execute("UPDATE outbox SET state = 'cancelled' WHERE recipient <> 'erkki@example.test'").await;
    server.recipient("erkki@example.test", say("550 5.2.1 mailbox disabled"));
    send_by(&world, &server).await;
    assert_eq!(world.notices().await, ["delivery_failed → bea@example.test"]);
    // The only engineer of the queue who is left may be of another one.
    world.execute("UPDATE engineer SET queue = 'sales' WHERE person_id <> (SELECT assignee_id FROM ticket)").await;
    world.execute("UPDATE outbox SET state = 'queued', failure_told = 0 WHERE recipient = 'erkki@example.test'").await;
    world.execute("UPDATE outbox SET next_attempt_at = 0 WHERE recipient = 'erkki@example.test'").await;
    send_by(&world, &server).await;
    assert_eq!(world.notices().await, ["delivery_failed → bea@example.test"]);
}
