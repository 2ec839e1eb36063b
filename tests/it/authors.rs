//! Whose words a mail brings when nobody stands behind From, and where answers go.

use crate::harness::mail::{Letter, from};
use crate::harness::world::{Sent, World};

const ERKKI: &str = "Erkki Virtanen <erkki@example.test>";
const DORA: &str = "Dora Berg <dora@kunde.test>";
const PASS: &str = "mx.example.test; dmarc=pass header.from=example.test";

async fn desk() -> World {
    let world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world
}

fn told(sent: &[Sent]) -> Vec<String> {
    sent.iter().map(|mail| format!("{} → {}", mail.notice, mail.recipient)).collect()
}

/// An engineer's answer to the new ticket among these mails; what went out then, in alphabetical order.
async fn answer(world: &mut World, sent: &[Sent]) -> Vec<String> {
    let new = sent.iter().find(|mail| mail.notice == "new_ticket").unwrap();
    let answer = from(ERKKI, "e1@example.test").to(new.reply_to()).on_top("Authentication-Results", PASS);
    assert_eq!(world.receive(&answer.text("It is on its way.")).await.verdict, "threaded");
    let mut notices = world.notices().await;
    notices.sort();
    notices
}

/// Mails that somebody wrote and another address sent.
fn named() -> Vec<(&'static str, Letter)> {
    let list = |letter: Letter| letter.header("List-Post", "<mailto:support@example.test>");
    vec![
        ("a form", from("Website <noreply@www.company.test>", "n1@company.test").header("Reply-To", DORA)),
        (
            "a form that writes as the desk",
            from("Support <support@example.test>", "n2@company.test").header("Reply-To", DORA),
        ),
        (
            "a Google Group",
            list(from("'Dora Berg' via Support <support@example.test>", "n3@kunde.test"))
                .header("X-Original-From", DORA)
                .header("X-Original-Sender", "dora@kunde.test")
                .header("X-Google-Group-Id", "1"),
        ),
        (
            "Mailman, answers to the list first",
            list(from("Dora Berg via Support <support@example.test>", "n4@kunde.test"))
                .header("Reply-To", "support@example.test, Dora Berg <dora@kunde.test>"),
        ),
        (
            "an address made up by a list",
            list(from("Dora Berg <dora=40kunde.test@dmarc.lists.test>", "n5@kunde.test"))
                .header("X-Original-From", DORA),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_author_is_whom_another_header_names() {
    for (what, letter) in named() {
        let mut world = desk().await;
        let letter = letter.subject("BUY THIS https://bad.test");
        assert_eq!(world.receive(&letter).await.verdict, "opened", "{what}");
        let sent = world.sent().await;
        assert_eq!(told(&sent), ["acknowledgement → dora@kunde.test", "new_ticket → erkki@example.test"], "{what}");
        // Anybody can name anybody: the acknowledgement says nothing of the mail.
        assert!(!sent[0].mail.text.contains("bad.test") && !sent[0].mail.subject.contains("bad.test"), "{what}");
        let words = sent[1].mail.text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("Only a header of the email names the author"), "{what}: {words}");
        assert_eq!(answer(&mut world, &sent).await, ["answer → dora@kunde.test"], "{what}");
        let reply = from(DORA, "d2@kunde.test").subject("Re: [CASE-1] x").text("When will it be here?");
        assert_eq!(world.receive(&reply).await.verdict, "threaded", "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_speaks_for_themselves() {
    for letter in [
        from("Anna <anna@customer.test>", "a1@customer.test").header("X-Original-From", DORA),
        from("Shop <noreply@shop.test>", "a2@shop.test").header("Reply-To", "noreply@shop.test, support@example.test"),
        from("Support <support@example.test>", "a3@shop.test").header("Reply-To", "support@example.test"),
    ] {
        let mut world = desk().await;
        world.receive(&letter).await;
        assert!(world.notices().await.iter().all(|notice| !notice.contains("dora")));
    }
}

/// However well known the named person is, what a stranger wrote in their name is not said to them.
#[tokio::test(flavor = "multi_thread")]
async fn a_named_author_is_a_first_contact_and_no_engineer() {
    let mut world = desk().await;
    world.known("dora@kunde.test").await;
    let form =
        from("Website <noreply@evil.test>", "n1@evil.test").header("Reply-To", DORA).subject("BUY https://bad.test");
    let form = form.on_top("Authentication-Results", "mx.example.test; dmarc=pass header.from=evil.test");
    world.receive(&form).await;
    let sent = world.sent().await;
    assert!(!sent[0].mail.text.contains("bad.test") && !sent[0].mail.subject.contains("bad.test"));
    // Even with the engineer's own reply address.
    let forged = from("Website <noreply@evil.test>", "n2@evil.test").header("Reply-To", ERKKI).to(sent[1].reply_to());
    let forged = forged.on_top("Authentication-Results", "mx.example.test; dmarc=pass header.from=evil.test");
    assert_eq!(world.receive(&forged.text("Please call +1 900.")).await.verdict, "held");
    assert!(world.notices().await.iter().all(|notice| !notice.contains("dora")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_counts_authors() {
    let mut world = desk().await;
    for number in 0..40 {
        let form = from("Website <noreply@www.company.test>", &format!("n{number}@company.test"));
        let form = form.header("Reply-To", &format!("Person <p{number}@kunde{number}.test>"));
        assert_eq!(world.receive(&form.text(&format!("My question {number}."))).await.verdict, "opened", "{number}");
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 40);
    world.sent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_reply_to_is_where_answers_go() {
    let mut world = desk().await;
    let letter = from("Gerda Vogt <gerda@private.test>", "g1@private.test");
    world.receive(&letter.header("Reply-To", "Team Vogt <team@vogt.test>, support@example.test")).await;
    let sent = world.sent().await;
    assert_eq!(told(&sent), ["acknowledgement → team@vogt.test", "new_ticket → erkki@example.test"]);
    assert!(sent[1].mail.text.contains("team@vogt.test"));
    let reply =
        from("Team Vogt <team@vogt.test>", "t1@vogt.test").answering(sent[0].message_id()).text("It fails for Hans.");
    assert_eq!(world.receive(&reply).await.verdict, "threaded");
    world.sent().await;
    assert_eq!(answer(&mut world, &sent).await, ["answer → gerda@private.test", "answer → team@vogt.test"]);
}

/// A case number and a From can be guessed: together they bring nobody in by Reply-To.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_reply_brings_nobody_in_by_reply_to() {
    let mut world = desk().await;
    world.receive(&from("Anna <anna@customer.test>", "a1@customer.test")).await;
    let sent = world.sent().await;
    let forged =
        from("Anna <anna@customer.test>", "x1@evil.test").subject("Re: [CASE-1] x").text("Send the password again.");
    world.receive(&forged.header("Reply-To", "Anna <anna@evil.test>")).await;
    world.sent().await;
    assert_eq!(answer(&mut world, &sent).await, ["answer → anna@customer.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_reads_is_told() {
    for sender in ["Shop <noreply@shop.test>", "Support <support@example.test>"] {
        let mut world = desk().await;
        world.receive(&from(sender, "n1@shop.test")).await;
        let sent = world.sent().await;
        let notices = answer(&mut world, &sent).await;
        assert!(notices.contains(&"not_passed_on → erkki@example.test".to_owned()), "{sender}: {notices:?}");
        assert_eq!(world.ticket(1, "status").await, "open", "{sender}");
    }
}
