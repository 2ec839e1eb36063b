//! Engineers answer from their own client; customers get answers, and nobody gets what they wrote.

use caseway::desk::event::Event;
use caseway::desk::id::TicketId;
use caseway::store::operator;

use crate::harness::mail::{Letter, from};
use crate::harness::world::{Sent, World};

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const ERKKI: &str = "Erkki Virtanen <erkki.private@example.test>";
const LIISA: &str = "Liisa Korhonen <liisa@example.test>";

/// A desk of two engineers and a ticket of Anna's: its acknowledgement and two notifications.
async fn opened(letter: &Letter) -> (World, Vec<Sent>) {
    let mut world = World::new().await;
    world.engineer("erkki.private@example.test", "Erkki Virtanen").await;
    world.engineer("liisa@example.test", "Liisa Korhonen").await;
    assert_eq!(world.receive(letter).await.verdict, "opened");
    let sent = world.sent().await;
    (world, sent)
}

fn recipients(sent: &[Sent]) -> Vec<String> {
    sent.iter().map(|mail| format!("{} → {}", mail.notice, mail.recipient)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_acknowledged_and_told_to_every_engineer() {
    let (_, sent) = opened(&from(ANNA, "a1@customer.test")).await;
    assert_eq!(
        recipients(&sent),
        [
            "acknowledgement → anna@customer.test",
            "new_ticket → erkki.private@example.test",
            "new_ticket → liisa@example.test"
        ]
    );
    let ack = &sent[0].mail;
    assert!(ack.subject.contains("[CASE-1]"), "{}", ack.subject);
    assert_eq!(ack.in_reply_to, ["a1@customer.test"]);
    assert_eq!(ack.headers.first("Auto-Submitted"), Some("auto-replied"));
    assert_eq!(ack.headers.first("X-Auto-Response-Suppress"), Some("All"));
    assert!(ack.text.contains("+358 9 1234 5678") && ack.text.contains("9:00–17:00"), "{}", ack.text);
    let notification = &sent[1].mail;
    assert!(notification.text.contains("the printer on the second floor"), "{}", notification.text);
    assert!(notification.text.contains("anna@customer.test"), "{}", notification.text);
    assert_ne!(sent[1].reply_to(), sent[2].reply_to(), "each engineer has a token of their own");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_reaches_the_customer_as_a_persons_mail() {
    let (mut world, sent) = opened(&from(ANNA, "a1@customer.test")).await;
    let answer = from(ERKKI, "e1@mail.example.test")
        .to(sent[1].reply_to())
        .answering(sent[1].message_id())
        .subject("Re: [CASE-1] New: The printer is broken")
        .text("Please switch it off and on again.\n\n-- \nErkki Virtanen, room 12\n\nOn Mon, 2 Mar 2026 Anna wrote:\n> Hello, the printer does not print.");
    let settled = world.receive(&answer).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 1));
    let sent = world.sent().await;
    assert_eq!(recipients(&sent), ["answer → anna@customer.test"]);
    let mail = &sent[0].mail;
    let from = mail.from.clone().unwrap();
    assert_eq!((from.name.as_str(), from.email.as_str()), ("Erkki Virtanen", "support@example.test"));
    assert_eq!(mail.in_reply_to, ["a1@customer.test"]);
    assert!(mail.text.contains("switch it off and on again"), "{}", mail.text);
    assert!(mail.text.contains("> Hello, the printer on the second floor"), "the quoted tail is ours: {}", mail.text);
    for robot in ["Auto-Submitted", "X-Auto-Response-Suppress", "Precedence", "X-Caseway"] {
        assert_eq!(mail.headers.first(robot), None, "{robot}");
    }
    let raw = String::from_utf8_lossy(&sent[0].raw).to_lowercase();
    assert!(!raw.contains("erkki.private"), "the engineer's address appears nowhere");
    assert_eq!(world.ticket(1, "status").await, "waiting");
    assert_eq!(world.events(1).await, ["opened", "assigned", "status"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_answer_takes_the_ticket_and_replies_go_to_the_assignee() {
    let (mut world, sent) = opened(&from(ANNA, "a1@customer.test")).await;
    world.receive(&from(LIISA, "l1@example.test").to(sent[2].reply_to()).text("I look into it.")).await;
    let answer = world.sent().await.pop().unwrap();
    world
        .receive(&from(ANNA, "a2@customer.test").answering(answer.message_id()).text("Thank you, I wait for you."))
        .await;
    assert_eq!(world.notices().await, ["customer_reply → liisa@example.test"]);
    // A colleague answers too: the customer hears it, the assignee knows, the ticket keeps its assignee.
    world.receive(&from(ERKKI, "e1@example.test").to(sent[1].reply_to()).text("It is the fuse.")).await;
    assert_eq!(world.notices().await, ["answer → anna@customer.test", "customer_reply → liisa@example.test"]);
    let assignee = world.count("SELECT assignee_id FROM ticket WHERE id = 1").await;
    assert_eq!(world.count("SELECT id FROM person WHERE email = 'liisa@example.test'").await, assignee);
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_travel_both_ways() {
    let boundary = "Content-Type: multipart/mixed; boundary=b1";
    let body = |words: &str, name: &str| {
        format!(
            "--b1\nContent-Type: text/plain; charset=utf-8\n\n{words}\n--b1\nContent-Type: application/pdf; name=\"{name}\"\n\
             Content-Disposition: attachment; filename=\"{name}\"\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n--b1--"
        )
    };
    let with_file = |letter: Letter, words: &str, name: &str| {
        letter.header("Content-Type", boundary.trim_start_matches("Content-Type: ")).text(&body(words, name))
    };
    let request = with_file(from(ANNA, "a1@customer.test"), "See the photo of the printer, please.", "photo.pdf");
    let (mut world, sent) = opened(&request).await;
    assert_eq!(sent[1].mail.attachments[0].filename, "photo.pdf");
    assert_eq!(sent[1].mail.attachments[0].content, b"%PDF-1.4\n");
    assert!(sent[0].mail.attachments.is_empty(), "the customer has the file already");
    let answer = with_file(from(ERKKI, "e1@example.test").to(sent[1].reply_to()), "Here is the manual.", "manual.pdf");
    world.receive(&answer).await;
    let sent = world.sent().await;
    assert_eq!(sent[0].mail.attachments[0].filename, "manual.pdf");
}

#[tokio::test(flavor = "multi_thread")]
async fn automatic_mail_is_never_acknowledged() {
    let (mut world, sent) = opened(&from(ANNA, "a1@customer.test")).await;
    let vacation = from(ANNA, "v1@customer.test")
        .answering(sent[0].message_id())
        .subject("Automatic reply: [CASE-1]")
        .header("Auto-Submitted", "auto-replied")
        .text("I am out of the office until Friday.");
    let settled = world.receive(&vacation).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("auto-reply", 1));
    assert_eq!(world.ticket(1, "status").await, "new");
    let stray = from("Robot <robot@elsewhere.test>", "v2@elsewhere.test").header("Auto-Submitted", "auto-replied");
    assert_eq!(world.receive(&stray).await.verdict, "dropped");
    let list = from("News <news@elsewhere.test>", "n1@elsewhere.test")
        .header("Precedence", "bulk")
        .header("List-Unsubscribe", "<mailto:off@elsewhere.test>");
    assert_eq!(world.receive(&list).await.verdict, "opened");
    let notices = world.notices().await;
    assert!(!notices.iter().any(|notice| notice.starts_with("acknowledgement")), "{notices:?}");
}

/// Two gateways that write to each other: each one's mail goes into the other until nobody has anything to say.
#[tokio::test(flavor = "multi_thread")]
async fn two_gateways_facing_each_other_stop() {
    let mut ours = World::new().await;
    let mut theirs =
        World::with(|config| config.mailboxes.get_mut("support").unwrap().address = "help@other.test".to_owned()).await;
    let first =
        from("Other Support <help@other.test>", "o1@other.test").text("Our own system asks for help with yours.");
    ours.receive(&first).await;
    let mut exchanged = 0;
    for _ in 0..20 {
        let mails = ours.sent().await;
        for mail in &mails {
            theirs.receive_raw(&mail.raw).await;
        }
        let answers = theirs.sent().await;
        for mail in &answers {
            ours.receive_raw(&mail.raw).await;
        }
        if mails.is_empty() && answers.is_empty() {
            break;
        }
        exchanged += mails.len() + answers.len();
    }
    assert_eq!(exchanged, 1, "the acknowledgement, which nobody answers");
}

/// A robot that looks like a person ends in the cap, and the ticket's history says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_loop_ends_in_the_cap() {
    let mut world = World::with(|config| config.limits.per_recipient[0].1 = 3).await;
    for number in 0..6 {
        let letter = from(ANNA, &format!("l{number}@customer.test")).subject(&format!("Request {number}"));
        assert_eq!(world.receive(&letter).await.verdict, "opened");
    }
    assert_eq!(world.sent().await.len(), 3);
    assert_eq!(world.events(4).await, ["opened", "suppressed"]);
    world.pass(jiff::SignedDuration::from_hours(2));
    world.receive(&from(ANNA, "l9@customer.test").subject("Request 9")).await;
    assert_eq!(world.sent().await.len(), 1, "the window has passed");
}

/// The caps hold within one batch as they do between batches.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_in_one_batch_ends_in_the_cap() {
    let mut world = World::with(|config| config.limits.per_recipient[0].1 = 3).await;
    for number in 0..20 {
        world
            .store_raw(&from(ANNA, &format!("l{number}@customer.test")).subject(&format!("Request {number}")).bytes())
            .await;
    }
    world.process().await;
    assert_eq!(world.sent().await.len(), 3);
}

/// An opener, its reply and the reply's copy arrive in one batch.
#[tokio::test(flavor = "multi_thread")]
async fn mails_of_one_batch_know_each_other() {
    let mut world = World::new().await;
    let opener = from(ANNA, "a1@customer.test").bytes();
    let reply = from(ANNA, "a2@customer.test").answering("a1@customer.test").text("One more thing about it.").bytes();
    let ids = [world.store_raw(&opener).await, world.store_raw(&reply).await, world.store_raw(&reply).await];
    world.process().await;
    let mut verdicts = Vec::new();
    for id in ids {
        let settled = world.settled(id).await;
        verdicts.push((settled.verdict, settled.ticket));
    }
    assert_eq!(verdicts, [("opened".to_owned(), 1), ("threaded".to_owned(), 1), ("duplicate".to_owned(), 1)]);
    assert_eq!(world.notices().await, ["acknowledgement → anna@customer.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_finds_its_mail_and_tells_the_engineers() {
    let (mut world, sent) = opened(&from(ANNA, "a1@customer.test")).await;
    let report = |to: &str, original: &str, id: &str| {
        from("Mail Delivery System <MAILER-DAEMON@mx.customer.test>", id)
            .to(to)
            .subject("Undelivered Mail Returned to Sender")
            .on_top("Return-Path", "<>")
            .header("Auto-Submitted", "auto-replied")
            .header("Content-Type", "multipart/report; report-type=delivery-status; boundary=b1")
            .text(&format!(
                "--b1\nContent-Type: text/plain\n\nI could not deliver your mail.\n--b1\nContent-Type: message/delivery-status\n\n\
                 Reporting-MTA: dns; mx.customer.test\n\nFinal-Recipient: rfc822; anna@customer.test\nAction: failed\nStatus: 5.1.1\n\
                 Diagnostic-Code: smtp; 550 5.1.1 no such user\n--b1\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{original}>\n\
                 Subject: x\n--b1--"
            ))
    };
    let forged = report("support@example.test", "guess@example.test", "b0@mx.customer.test");
    let settled = world.receive(&forged).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("bounce", 0));
    assert!(world.notices().await.is_empty());
    let genuine = report(&sent[0].return_path, "whatever@example.test", "b1@mx.customer.test");
    let settled = world.receive(&genuine).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("bounce", 1));
    assert_eq!(
        world.notices().await,
        ["delivery_failed → erkki.private@example.test", "delivery_failed → liisa@example.test"]
    );
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE state = 'failed'").await, 1);
    // No further automatic mail goes there, until a mail comes from there.
    assert_eq!(world.count("SELECT suppressed FROM person WHERE email = 'anna@customer.test'").await, 1);
    world.receive(&from(ANNA, "a2@customer.test").subject("I am back")).await;
    assert_eq!(world.count("SELECT suppressed FROM person WHERE email = 'anna@customer.test'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_customers_language_is_detected_and_remembered() {
    let mut world = World::new().await;
    let german = from(ANNA, "a1@customer.test").subject("Drucker").text(
        "Guten Tag, unser Drucker im zweiten Stock druckt seit gestern leider nicht mehr. Können Sie uns bitte helfen?",
    );
    world.receive(&german).await;
    let ack = world.sent().await.pop().unwrap();
    assert_eq!(world.ticket(1, "language").await, "de");
    assert!(ack.mail.text.contains("Sie"), "{}", ack.mail.text);
    world.receive(&from(ANNA, "a2@customer.test").subject("ok").text("ok")).await;
    assert_eq!(world.ticket(2, "language").await, "de", "remembered where the text does not tell");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_oversize_mail_opens_a_ticket_and_its_sender_is_told() {
    let mut world = World::with(|config| config.limits.mail_size = 20_000).await;
    let letter = from(ANNA, "a1@customer.test").text(&"A very long log of the printer.\n".repeat(1_000));
    let settled = world.receive(&letter).await;
    assert_eq!(settled.verdict, "opened");
    let sent = world.sent().await;
    assert_eq!(recipients(&sent), ["oversize → anna@customer.test"]);
    assert!(sent[0].mail.text.contains("20 KB"), "{}", sent[0].mail.text);
    assert_eq!(world.events(1).await, ["opened", "oversize"]);
}

/// An engineer forwards a mail that a customer sent to them directly: the ticket is the customer's.
#[tokio::test(flavor = "multi_thread")]
async fn a_verified_engineers_forward_belongs_to_the_customer() {
    let mut world = World::new().await;
    world.engineer("erkki.private@example.test", "Erkki Virtanen").await;
    let forward = |id: &str| {
        from(ERKKI, id).subject("Fwd: The scanner is slow").text(
            "This came to me directly.\n\n---------- Forwarded message ---------\nFrom: Anna Schmidt <anna@customer.test>\n\
             Date: Mon, 2 Mar 2026 at 08:12\nSubject: The scanner is slow\nTo: Erkki Virtanen <erkki.private@example.test>\n\n\
             Hello Erkki, our scanner takes a minute for every page since the update.\n",
        )
    };
    let pass = "mx.example.test; dmarc=pass header.from=example.test";
    let copied = forward("f1@example.test").header("Cc", "wife@private.test");
    let settled = world.receive(&copied.on_top("Authentication-Results", pass)).await;
    assert_eq!(settled.verdict, "opened");
    let sent = world.sent().await;
    assert_eq!(recipients(&sent), ["acknowledgement → anna@customer.test"]);
    assert_eq!(world.count("SELECT COUNT(*) FROM person WHERE email = 'wife@private.test'").await, 0);
    assert!(
        !String::from_utf8_lossy(&sent[0].raw).contains("f1@example.test"),
        "the forward's id is not the customer's"
    );
    assert_eq!(world.ticket(1, "subject").await, "The scanner is slow");
    assert_eq!(world.count("SELECT COUNT(*) FROM participant WHERE role = 'follower'").await, 1);
    // Without proof it stays the mail of who sent it.
    assert_eq!(world.receive(&forward("f2@example.test").subject("Fwd: Something else")).await.verdict, "opened");
    assert_eq!(world.notices().await, ["acknowledgement → erkki.private@example.test"]);
}

/// A customer who is known already, and an engineer's cover note: the ticket is the customer's, the note stays inside.
#[tokio::test(flavor = "multi_thread")]
async fn a_forward_of_a_known_customer_keeps_its_cover_note_inside() {
    let mut world = World::new().await;
    world.engineer("erkki.private@example.test", "Erkki Virtanen").await;
    world.engineer("liisa@example.test", "Liisa Korhonen").await;
    world.receive(&from(ANNA, "a1@customer.test")).await;
    let pass = "mx.example.test; dmarc=pass header.from=example.test";
    let forward = from(ERKKI, "f1@example.test").subject("Fwd: The scanner").on_top("Authentication-Results", pass).text(
        "Between us: she is a difficult one.\n\n---------- Forwarded message ---------\nFrom: Anna Schmidt <anna@customer.test>\n\
         Date: Mon, 2 Mar 2026 at 08:12\nSubject: The scanner\nTo: Erkki Virtanen <erkki.private@example.test>\n\n\
         Hello Erkki, our scanner takes a minute for every page since the update.\n",
    );
    let settled = world.receive(&forward).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("opened", 2));
    let notification = world
        .sent()
        .await
        .into_iter()
        .find(|mail| mail.mail.subject.contains("CASE-2") && mail.recipient == "liisa@example.test")
        .unwrap();
    world.receive(&from(LIISA, "l1@example.test").to(notification.reply_to()).text("Which update was that?")).await;
    let answer = world.sent().await.into_iter().find(|mail| mail.notice == "answer").unwrap();
    assert_eq!(answer.recipient, "anna@customer.test");
    assert!(answer.mail.text.contains("> Hello Erkki, our scanner"), "{}", answer.mail.text);
    for secret in ["difficult", "erkki.private", "f1@example.test"] {
        assert!(!String::from_utf8_lossy(&answer.raw).contains(secret), "{secret}");
    }
}

/// An engineer's vacation notice is not an answer, and takes no ticket.
#[tokio::test(flavor = "multi_thread")]
async fn an_engineers_automatic_mail_is_not_passed_on() {
    let (mut world, sent) = opened(&from(ANNA, "a1@customer.test")).await;
    for (id, kind) in [("v1@example.test", "auto-replied"), ("v2@example.test", "auto-generated")] {
        let absent =
            from(ERKKI, id).to(sent[1].reply_to()).header("Auto-Submitted", kind).text("I am away until Friday.");
        assert_eq!(world.receive(&absent).await.verdict, "auto-reply", "{kind}");
    }
    assert!(world.notices().await.is_empty());
    assert_eq!(world.ticket(1, "assignee_id").await, "");
}

/// Somebody who left the desk hears nothing any more, and the desk hears what was meant for them.
#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_of_somebody_who_left_is_the_queues() {
    let (mut world, sent) = opened(&from(ANNA, "a1@customer.test")).await;
    world.receive(&from(ERKKI, "e1@example.test").to(sent[1].reply_to()).text("I look into it.")).await;
    world.sent().await;
    world
        .execute(
            "DELETE FROM engineer WHERE person_id = (SELECT id FROM person WHERE email = 'erkki.private@example.test')",
        )
        .await;
    world.receive(&from(ANNA, "a2@customer.test").answering("a1@customer.test").text("It still blinks.")).await;
    assert_eq!(world.notices().await, ["customer_reply → liisa@example.test"]);
    let stale =
        world.receive(&from(ERKKI, "e2@example.test").to(sent[1].reply_to()).text("Let me add something.")).await;
    assert_eq!(stale.verdict, "held");
}

/// Who answers a colleague's case hears of the customer's reply, as the colleague does.
#[tokio::test(flavor = "multi_thread")]
async fn who_answers_a_colleagues_case_follows_it() {
    let (mut world, sent) = opened(&from(ANNA, "a1@customer.test")).await;
    world.receive(&from(ERKKI, "e1@example.test").to(sent[1].reply_to()).text("I look into it.")).await;
    let assignee = world.ticket(1, "assignee_id").await;
    world.receive(&from(LIISA, "l1@example.test").to(sent[2].reply_to()).text("It is the cable, I think.")).await;
    assert!(!assignee.is_empty() && world.ticket(1, "assignee_id").await == assignee, "the case stays the first one's");
    let answer = world.sent().await.into_iter().rev().find(|mail| mail.notice == "answer").unwrap();
    world
        .receive(&from(ANNA, "a2@customer.test").answering(answer.message_id()).text("Which cable do you mean?"))
        .await;
    assert_eq!(
        world.notices().await,
        ["customer_reply → erkki.private@example.test", "customer_reply → liisa@example.test"]
    );
    assert!(world.events(1).await.contains(&"joined".to_owned()));
}

/// Who leaves one queue and stays in another has none of its tickets any more: the queue hears the customer.
#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_somebody_left_has_its_tickets_back() {
    let (mut world, sent) = opened(&from(ANNA, "a1@customer.test")).await;
    world
        .execute("INSERT INTO engineer (person_id, queue, added_at) SELECT person_id, 'sales', 0 FROM engineer LIMIT 1")
        .await;
    world.receive(&from(ERKKI, "e1@example.test").to(sent[1].reply_to()).text("I look into it.")).await;
    world.sent().await;
    let (store, now) = (&world.app.store, world.now());
    let removed = operator::remove_engineer(store, "erkki.private@example.test", Some("support"), now).await.unwrap();
    assert_eq!((removed.queues, removed.given_back), (vec!["support".to_owned()], 1));
    world.receive(&from(ANNA, "a2@customer.test").answering("a1@customer.test").text("It still blinks.")).await;
    assert_eq!(world.notices().await, ["customer_reply → liisa@example.test"]);
    assert!(world.events(1).await.contains(&"unassigned".to_owned()));
}

/// News of a mail that could not be delivered is not itself news when it cannot be delivered.
#[tokio::test(flavor = "multi_thread")]
async fn undeliverable_news_of_undeliverable_mail_ends() {
    let (mut world, _) = opened(&from(ANNA, "a1@customer.test")).await;
    world
        .execute("UPDATE outbox SET state = 'failed', last_error = '550 no such user' WHERE notice = 'acknowledgement'")
        .await;
    world.process().await;
    assert_eq!(world.notices().await.len(), 2, "both engineers hear it");
    world.execute("UPDATE outbox SET state = 'failed', last_error = '550 no' WHERE notice = 'delivery_failed'").await;
    world.process().await;
    assert!(world.notices().await.is_empty());
    assert_eq!(world.events(1).await, ["opened", "failed", "failed", "failed"]);
}

/// Whatever a desk's own templates name: an engineer's address stays among engineers.
#[tokio::test(flavor = "multi_thread")]
async fn no_template_tells_a_customer_an_engineers_address() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mail/closed/en.hbs");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(
        &file,
        "Subject: {{case_id}}\n\nAsk {{person assignee}} or {{assignee.name}} <{{assignee.email}}>.\n",
    )
    .unwrap();
    let mut world = World::with(|config| config.templates = Some(folder.path().to_owned())).await;
    world.engineer("erkki.private@example.test", "Erkki Virtanen").await;
    world.receive(&from(ANNA, "a1@customer.test")).await;
    let answer =
        from(ERKKI, "e1@mail.example.test").subject("Re: [CASE-1] The printer").text("Switch it off.").proven();
    assert_eq!(world.receive(&answer).await.verdict, "threaded");
    world.sent().await;
    let close = Event::Close { ticket: TicketId(1), by: None };
    world.app.process.act.events(&[close]).await.unwrap();
    let closed = world.sent().await;
    assert_eq!(recipients(&closed), ["closed → anna@customer.test"]);
    let text = String::from_utf8_lossy(&closed[0].raw);
    assert!(text.contains("Erkki Virtanen") && !text.contains("erkki.private"), "{text}");
}
