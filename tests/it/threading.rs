//! Which ticket, and who is it: every rule and every attack.

use jiff::SignedDuration;

use crate::harness::mail::{Letter, from};
use crate::harness::world::{Sent, World};

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const BERTA: &str = "Berta Lang <berta@customer.test>";
const MALLORY: &str = "Mallory <mallory@elsewhere.test>";
const ERKKI: &str = "Erkki Virtanen <erkki@example.test>";

/// A ticket of Anna's and the mails it caused: her acknowledgement and Erkki's notification.
async fn opened() -> (World, Sent, Sent) {
    let mut world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    let settled = world.receive(&from(ANNA, "a1@customer.test")).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("opened", 1));
    let mut sent = world.sent().await;
    assert_eq!(sent.len(), 2);
    let notification = sent.pop().unwrap();
    let acknowledgement = sent.pop().unwrap();
    assert_eq!(
        (acknowledgement.notice.as_str(), acknowledgement.recipient.as_str()),
        ("acknowledgement", "anna@customer.test")
    );
    assert_eq!((notification.notice.as_str(), notification.recipient.as_str()), ("new_ticket", "erkki@example.test"));
    (world, acknowledgement, notification)
}

fn reply(sender: &str, id: &str) -> Letter {
    from(sender, id).subject("Re: something").text("It works again, thank you very much for your help.")
}

/// The ways in which Anna's client may name her ticket; each of them threads.
#[tokio::test(flavor = "multi_thread")]
async fn a_requester_is_recognised_by_each_rule() {
    let (mut world, ack, _) = opened().await;
    let cases = [
        ("token", reply(ANNA, "r1@customer.test").to(ack.reply_to())),
        ("token", reply(ANNA, "r2@customer.test").header("Delivered-To", ack.reply_to())),
        ("token", reply(ANNA, "r3@customer.test").answering(ack.message_id())),
        (
            "token",
            reply(ANNA, "r4@customer.test")
                .header("References", &format!("<x@y.test> <{}> <z@y.test>", ack.message_id())),
        ),
        ("references", reply(ANNA, "r5@customer.test").answering("a1@customer.test")),
        ("references", reply(ANNA, "r6@customer.test").header("References", "<a1@customer.test>")),
        // As Python's email package writes an id that is too long for a line.
        (
            "references",
            reply(ANNA, "r7@customer.test")
                .header("In-Reply-To", "=?utf-8?q?=3Ca1=40custom?=\r\n =?utf-8?q?er=2Etest=3E?="),
        ),
        (
            "references",
            reply(ANNA, "r10@customer.test").header("References", "<x@y> =?utf-8?q?=3Ca1=40customer=2Etest=3E?="),
        ),
        ("subject", reply(ANNA, "r7@customer.test").subject("AW: [case-1] the printer")),
    ];
    for (rule, letter) in cases {
        let settled = world.receive(&letter).await;
        assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 1), "{letter:?}");
        assert_eq!(settled.reason, format!("CASE-1 by {rule}"), "{letter:?}");
        assert_eq!(world.notices().await, ["customer_reply → erkki@example.test"], "{letter:?}");
    }
    assert_eq!(world.ticket(1, "status").await, "new", "nobody answered yet");
}

/// What a stranger may know or guess; none of it lets words onto the ticket.
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_held_on_a_ticket_of_his_own() {
    let (mut world, ack, _) = opened().await;
    let attacks = [
        ("guessed case number", reply(MALLORY, "m1@elsewhere.test").subject("[CASE-1] send me the password")),
        ("stolen reply address", reply(MALLORY, "m2@elsewhere.test").to(ack.reply_to())),
        ("stolen Message-ID", reply(MALLORY, "m3@elsewhere.test").answering(ack.message_id())),
        ("known Message-ID of the customer", reply(MALLORY, "m4@elsewhere.test").answering("a1@customer.test")),
    ];
    for (number, (attack, letter)) in attacks.into_iter().enumerate() {
        let settled = world.receive(&letter).await;
        let ticket = number as i64 + 2;
        assert_eq!((settled.verdict.as_str(), settled.ticket), ("held", ticket), "{attack}");
        assert_eq!(world.ticket(ticket, "status").await, "held", "{attack}");
        assert_eq!(world.ticket(ticket, "linked_to").await, "1", "{attack}");
        let notices = world.notices().await;
        assert_eq!(notices, ["acknowledgement → mallory@elsewhere.test", "held → erkki@example.test"], "{attack}");
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM message WHERE ticket_id = 1 AND direction = 'inbound'").await, 1);
    assert_eq!(world.ticket(1, "status").await, "new");
}

/// From alone never gives an engineer's authority.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_engineer_is_held_and_the_engineer_is_told() {
    let (mut world, ack, notification) = opened().await;
    let attacks = [
        ("From and a case number", reply(ERKKI, "f1@elsewhere.test").subject("[CASE-1] your new password")),
        ("From and the customer's Message-ID", reply(ERKKI, "f2@elsewhere.test").answering("a1@customer.test")),
        ("From and the customer's token", reply(ERKKI, "f3@elsewhere.test").to(ack.reply_to())),
        (
            "Authentication-Results of another server",
            reply(ERKKI, "f4@elsewhere.test")
                .subject("[CASE-1] hi")
                .on_top("Authentication-Results", "mx.elsewhere.test; dmarc=pass header.from=example.test"),
        ),
        (
            "forged results below our server's own",
            reply(ERKKI, "f5@elsewhere.test")
                .subject("[CASE-1] hi")
                .on_top("Authentication-Results", "mx.example.test; dmarc=pass header.from=example.test")
                .on_top("Authentication-Results", "mx.example.test; dmarc=none header.from=example.test"),
        ),
        (
            "a pass about another domain",
            reply(ERKKI, "f6@elsewhere.test")
                .subject("[CASE-1] hi")
                .on_top("Authentication-Results", "mx.example.test; dmarc=pass header.from=elsewhere.test"),
        ),
    ];
    for (attack, letter) in attacks {
        let settled = world.receive(&letter).await;
        assert_eq!(settled.verdict, "held", "{attack}");
        assert_eq!(settled.proof, "", "{attack}");
        assert_eq!(world.notices().await, ["unproven → erkki@example.test"], "{attack}");
    }
    assert_eq!(world.ticket(1, "assignee_id").await, "");
    let genuine = reply(ERKKI, "e1@example.test").to(notification.reply_to());
    assert_eq!(world.receive(&genuine).await.proof, "token");
    assert_eq!(world.notices().await, ["answer → anna@customer.test"]);
}

/// The proofs that suffice.
#[tokio::test(flavor = "multi_thread")]
async fn an_engineer_is_proved_by_token_or_by_our_servers_word() {
    let (mut world, _, notification) = opened().await;
    let pass = "mx.example.test; spf=pass smtp.mailfrom=example.test; dmarc=pass header.from=example.test";
    let cases = [
        ("token", reply(ERKKI, "e1@example.test").to(notification.reply_to())),
        ("token", reply(ERKKI, "e2@example.test").answering(notification.message_id())),
        (
            "dmarc",
            reply(ERKKI, "e3@example.test").subject("Re: [CASE-1] printer").on_top("Authentication-Results", pass),
        ),
    ];
    for (proof, letter) in cases {
        let settled = world.receive(&letter).await;
        assert_eq!((settled.verdict.as_str(), settled.ticket, settled.proof.as_str()), ("threaded", 1, proof));
        assert_eq!(world.notices().await, ["answer → anna@customer.test"], "{proof}");
    }
}

/// The sender's own domain says that it did not send the mail.
#[tokio::test(flavor = "multi_thread")]
async fn a_dmarc_fail_joins_no_ticket_and_is_not_answered() {
    let (mut world, ack, _) = opened().await;
    let fail = "mx.example.test; dmarc=fail header.from=customer.test";
    let letter = reply(ANNA, "d1@customer.test").to(ack.reply_to()).on_top("Authentication-Results", fail);
    let settled = world.receive(&letter).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("held", 2));
    assert_eq!(world.notices().await, ["held → erkki@example.test"]);
}

/// A colleague in Cc belongs to the conversation; the requester stays who it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_in_cc_becomes_a_participant() {
    let mut world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world.receive(&from(ANNA, "a1@customer.test").header("Cc", BERTA)).await;
    world.sent().await;
    let settled = world.receive(&reply(BERTA, "b1@customer.test").answering("a1@customer.test")).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 1));
    let notification = world.sent().await.pop().unwrap();
    world.receive(&reply(ERKKI, "e1@example.test").to(notification.reply_to())).await;
    let answers = world.sent().await;
    let to: Vec<&str> = answers.iter().map(|mail| mail.recipient.as_str()).collect();
    assert_eq!(to, ["anna@customer.test", "berta@customer.test"]);
    for answer in &answers {
        assert_eq!(answer.mail.to[0].email, "anna@customer.test");
        assert_eq!(answer.mail.cc[0].email, "berta@customer.test");
        assert!(!String::from_utf8_lossy(&answer.raw).contains("erkki@"), "the engineer's address is nowhere");
    }
    assert_eq!(answers[0].mail.in_reply_to, ["b1@customer.test"]);
    assert_ne!(answers[0].reply_to(), answers[1].reply_to(), "each has a token of his own");
}

/// Closed tickets reopen within the grace time; later a reply opens a new, linked one.
#[tokio::test(flavor = "multi_thread")]
async fn a_closed_ticket_reopens_within_the_grace_time() {
    let (world, ack, _) = opened().await;
    world.execute("UPDATE ticket SET status = 'closed', closed_at = updated_at").await;
    world.pass(SignedDuration::from_hours(13 * 24));
    let settled = world.receive(&reply(ANNA, "r1@customer.test").to(ack.reply_to()).text("It is broken again.")).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 1));
    assert_eq!(world.ticket(1, "status").await, "open");
    world.execute("UPDATE ticket SET status = 'closed', closed_at = updated_at").await;
    world.pass(SignedDuration::from_hours(15 * 24));
    let settled = world.receive(&reply(ANNA, "r2@customer.test").to(ack.reply_to()).text("It is broken again.")).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("opened", 2));
    assert_eq!(world.ticket(2, "linked_to").await, "1");
    assert_eq!(world.ticket(1, "status").await, "closed");
}

/// A merged ticket forwards to the one it was merged into.
#[tokio::test(flavor = "multi_thread")]
async fn a_merged_ticket_forwards() {
    let (mut world, _, _) = opened().await;
    let second = from(ANNA, "a2@customer.test").subject("Another printer");
    assert_eq!(world.receive(&second).await.ticket, 2);
    world.sent().await;
    world.execute("UPDATE ticket SET status = 'merged', merged_into = 2 WHERE id = 1").await;
    let settled = world.receive(&reply(ANNA, "r1@customer.test").subject("Re: [CASE-1] printer")).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 2));
}

/// The same mail twice is one message; the same Message-ID with other words is two.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_mail_is_taken_once() {
    let (mut world, _, _) = opened().await;
    let again = world
        .receive(&from(ANNA, "a1@customer.test").on_top("Received", "from a by b; Mon, 2 Mar 2026 09:00:02 +0000"))
        .await;
    assert_eq!((again.verdict.as_str(), again.ticket), ("duplicate", 1));
    assert!(world.notices().await.is_empty());
    let other =
        world.receive(&from(ANNA, "a1@customer.test").text("Something quite different under a reused id.")).await;
    assert_ne!(other.verdict, "duplicate");
    let nameless = Letter::bytes(&from(ANNA, "x"))
        .split(|b| *b == b'\n')
        .filter(|l| !l.starts_with(b"Message-ID"))
        .map(<[u8]>::to_vec)
        .collect::<Vec<_>>()
        .join(&b'\n');
    assert_eq!(world.receive_raw(&nameless).await.verdict, "opened");
    assert_eq!(world.receive_raw(&nameless).await.verdict, "duplicate");
}

/// Works where the provider has no plus-addressing: the Message-ID carries the token.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_travel_in_message_ids_without_plus_addressing() {
    let mut world = World::with(|config| config.mailboxes.get_mut("support").unwrap().plus_addressing = false).await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world.receive(&from(ANNA, "a1@customer.test")).await;
    let sent = world.sent().await;
    assert_eq!(sent[0].reply_to(), "support@example.test");
    assert_eq!(sent[0].return_path, "", "automatic mail without a return path of its own has the null one");
    let settled = world.receive(&reply(ERKKI, "e1@example.test").answering(sent[1].message_id())).await;
    assert_eq!((settled.verdict.as_str(), settled.proof.as_str()), ("threaded", "token"));
    let answer = world.sent().await.pop().unwrap();
    assert_eq!(answer.return_path, "support@example.test");
    let settled = world.receive(&reply(ANNA, "r1@customer.test").answering(answer.message_id())).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 1));
}

/// A forged From and a guessed number may add words; they bring nobody in.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_number_alone_copies_nobody_in() {
    let (world, ack, _) = opened().await;
    let forged = reply(ANNA, "c1@elsewhere.test").subject("[CASE-1] please copy my friend").header("Cc", MALLORY);
    assert_eq!(world.receive(&forged).await.verdict, "threaded");
    assert_eq!(world.count("SELECT COUNT(*) FROM participant").await, 0);
    world.receive(&reply(ANNA, "c2@customer.test").to(ack.reply_to()).header("Cc", BERTA)).await;
    assert_eq!(world.count("SELECT COUNT(*) FROM participant").await, 1);
}

/// One server checked one author, we read another.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_from_proves_nothing() {
    let (mut world, _, _) = opened().await;
    let pass = "mx.example.test; dmarc=pass header.from=example.test";
    let two = reply(ERKKI, "f1@elsewhere.test")
        .subject("[CASE-1] hi")
        .on_top("From", ERKKI)
        .on_top("Authentication-Results", pass);
    assert_eq!(world.receive(&two).await.verdict, "held");
    assert_eq!(world.notices().await, ["unproven → erkki@example.test"]);
}
