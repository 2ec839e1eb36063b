//! What one mail can make the gateway load, before anything shows that its sender may.

use caseway::desk::arrival::author;
use caseway::desk::event::Event;
use caseway::desk::facts::Facts;
use caseway::desk::inbound::arrival::Arrival;
use caseway::desk::seal::link::Entropy;
use caseway::desk::seal::secret::Unseen;
use caseway::desk::seal::secret::known::Known;
use caseway::mail;
use caseway::store::facts;

use crate::harness::mail::{Letter, from};
use crate::harness::world::World;

const ERKKI: &str = "Erkki Virtanen <erkki.private@example.test>";
const PASS: &str = "mx.example.test; dmarc=pass header.from=example.test";

/// A desk with an engineer and forty tickets of forty customers, each with a mail of some size.
async fn desk() -> World {
    let world = World::new().await;
    world.engineer("erkki.private@example.test", "Erkki Virtanen").await;
    for number in 0..40 {
        let customer = format!("Customer <c{number}@customer.test>");
        world
            .store_raw(&from(&customer, &format!("c{number}@customer.test")).text(&"A long log.\n".repeat(500)).bytes())
            .await;
    }
    world.process().await;
    assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 40);
    world
}

/// What deciding these mails would load.
async fn loaded(world: &World, letters: &[Letter]) -> Facts {
    let batch: Vec<Arrival> = letters
        .iter()
        .enumerate()
        .map(|(number, letter)| {
            let mail = Unseen::of(mail::read(&letter.bytes())).shown(&Known::default());
            Arrival {
                ledger: 1_000 + i64::try_from(number).unwrap(),
                mailbox: "support".to_owned(),
                folder: String::new(),
                message_id: mail.message_id.clone().unwrap_or_default(),
                author: author::of(&world.app.process.act.rules, &mail),
                mail,
                content_hash: [7; 32],
                body_hash: [7; 32],
                oversize: None,
                received_at: world.now(),
                attempts: 1,
                dkim_verified: Vec::new(),
                past: None,
            }
        })
        .collect();
    let mut tx = world.app.store.write().await.unwrap();
    let rules = &world.app.process.act.rules;
    let events: Vec<Event<'_>> = batch.iter().map(Event::Arrived).collect();
    facts::load(&mut tx, rules, &events, Entropy::new([1; 32]), world.now()).await.unwrap()
}

fn naming_all(sender: &str) -> Letter {
    let cases: Vec<String> = (1..=40).map(|number| format!("[CASE-{number}]")).collect();
    from(sender, "n1@elsewhere.test").subject(&cases.join(" "))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subject_names_a_few_cases_and_an_unproven_engineer_makes_us_read_none() {
    let world = desk().await;
    for sender in ["Mallory <mallory@evil.test>", ERKKI] {
        let facts = loaded(&world, &[naming_all(sender)]).await;
        assert_eq!((facts.tickets.len(), facts.last_words.len()), (5, 0), "{sender}");
    }
    let many: Vec<Letter> = (0..200).map(|_| naming_all(ERKKI)).collect();
    assert_eq!(loaded(&world, &many).await.last_words.len(), 0);
    let proven = naming_all(ERKKI).on_top("Authentication-Results", PASS);
    let facts = loaded(&world, &[proven]).await;
    assert_eq!(facts.last_words.len(), 1, "the one case that an answer goes to");
}

/// The answer still quotes the customer.
#[tokio::test(flavor = "multi_thread")]
async fn a_proven_answer_quotes_the_case_that_it_goes_to() {
    let mut world = desk().await;
    world.sent().await;
    let answer = from(ERKKI, "e1@example.test").subject("Re: [CASE-7] [CASE-8]").on_top("Authentication-Results", PASS);
    assert_eq!(world.receive(&answer.text("Please send the file as well.")).await.ticket, 7);
    let sent = world.sent().await;
    assert_eq!(sent[0].recipient, "c6@customer.test");
    assert!(sent[0].mail.text.contains("> A long log."), "{}", sent[0].mail.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn recipients_references_and_copies_of_a_mail_are_bounded() {
    let world = desk().await;
    let all: Vec<String> = (0..400).map(|number| format!("c{}@customer.test", number % 40)).collect();
    let strangers: Vec<String> = (0..400).map(|number| format!("s{number}@elsewhere.test")).collect();
    let crowd = from("Mallory <mallory@evil.test>", "m1@evil.test").header("Cc", &strangers.join(", "));
    assert_eq!(world.receive(&crowd).await.verdict, "opened");
    assert!(world.count("SELECT COUNT(*) FROM person").await <= 40 + 3 + 100, "each address became a person");
    let crowd = from("Mallory <mallory@evil.test>", "m2@evil.test").header("Cc", &[strangers, all].concat().join(", "));
    assert!(loaded(&world, &[crowd]).await.people.len() <= 110);

    let references: Vec<String> = (0..40).map(|number| format!("<c{number}@customer.test>")).collect();
    let long = from("Mallory <mallory@evil.test>", "m3@evil.test").header("References", &references.join(" "));
    assert!(loaded(&world, &[long]).await.tickets.len() <= 25);

    // One Message-ID, sent again and again with other words, is one row of what a reply to it loads.
    for number in 0..10 {
        let sender = format!("Mallory <m{number}@evil.test>");
        world.receive(&from(&sender, "same@evil.test").text(&format!("Number {number}."))).await;
    }
    let reply = from("Mallory <mallory@evil.test>", "m4@evil.test").answering("same@evil.test");
    assert_eq!(loaded(&world, &[reply]).await.tickets.len(), 1);
}
