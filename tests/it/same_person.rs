//! One person, several addresses; one desk, several addresses.

use crate::harness::mail::{Letter, from};
use crate::harness::world::{Sent, World};

const ERKKI: &str = "Erkki Virtanen <erkki@example.test>";

async fn desk() -> World {
    let world = World::with(|config| {
        let support = config.mailboxes.get_mut("support").unwrap();
        support.aliases = vec!["help@brand-b.test".to_owned(), "hilfe@example.test".to_owned()];
    })
    .await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world
}

async fn sent(world: &mut World, notice: &str) -> Sent {
    world.sent().await.into_iter().find(|mail| mail.notice == notice).unwrap()
}

fn reply(who: &str, number: usize, ack: &Sent) -> Letter {
    from(who, &format!("r{number}@customer.test")).answering(ack.message_id()).text("It fails again.")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_providers_other_names_are_one_person() {
    for (number, (one, other)) in [
        ("gus@gmail.com", "gus@googlemail.com"),
        ("g.us@googlemail.com", "gus+x@gmail.com"),
        ("lee@me.com", "lee@icloud.com"),
        ("lee@icloud.com", "lee@mac.com"),
        ("joerg@xn--mller-kva.test", "joerg@m\u{fc}ller.test"),
        ("pat@pm.me", "pat@proton.me"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut world = desk().await;
        world.receive(&from(&format!("X <{one}>"), "q@customer.test")).await;
        let ack = sent(&mut world, "acknowledgement").await;
        let got = world.receive(&reply(&format!("X <{other}>"), number, &ack).to(ack.reply_to())).await;
        assert_eq!((got.verdict.as_str(), got.ticket), ("threaded", 1), "{one} {other}: {}", got.reason);
        assert_eq!(world.notices().await, ["customer_reply → erkki@example.test"]);
        // By the case number alone, as well.
        let named = from(&format!("X <{other}>"), "n@customer.test").subject("Re: [CASE-1] The printer");
        assert_eq!(world.receive(&named).await.verdict, "threaded");
        // The address on record gets the answer, once.
        let told = sent(&mut world, "customer_reply").await;
        world.receive(&from(ERKKI, "e@example.test").to(told.reply_to()).proven().text("Please restart it.")).await;
        assert_eq!(world.notices().await, [format!("answer → {one}")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_is_one_person_with_a_token_alone_and_proves_nothing() {
    for (one, other) in [
        ("kim+desk@private.test", "kim@private.test"),
        ("kim@private.test", "kim+new@private.test"),
        ("kim+a@private.test", "kim+b@private.test"),
    ] {
        let mut world = desk().await;
        world.receive(&from(&format!("Kim <{one}>"), "q@private.test")).await;
        let ack = sent(&mut world, "acknowledgement").await;
        let other = format!("Kim <{other}>");
        let answer = reply(&other, 1, &ack).to(ack.reply_to()).header("Cc", "Mallory <mallory@evil.test>");
        let got = world.receive(&answer).await;
        assert_eq!((got.verdict.as_str(), got.ticket, got.proof.as_str()), ("threaded", 1, ""), "{one} {other}");
        assert_eq!(world.count("SELECT COUNT(*) FROM participant").await, 0);
        // A case number or a Message-ID that others saw leads nowhere.
        let named = from(&other, "n@private.test").subject("Re: [CASE-1] The printer");
        assert_eq!(world.receive(&named).await.verdict, "held");
        let referred = from(&other, "m@private.test").answering("q@private.test");
        assert_eq!(world.receive(&referred).await.verdict, "held");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engineer_is_the_very_address() {
    let mut world = desk().await;
    world.receive(&from("Anna <anna@customer.test>", "q@customer.test")).await;
    let told = sent(&mut world, "new_ticket").await;
    for (number, who) in ["erkki+x@example.test", "erkki@EXAMPLE.test.evil.test"].into_iter().enumerate() {
        let forged = reply(&format!("Erkki Virtanen <{who}>"), number, &told).to(told.reply_to());
        assert_eq!(world.receive(&forged).await.verdict, "held");
        assert!(world.notices().await.iter().all(|letter| !letter.ends_with("anna@customer.test")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_to_an_alias_is_answered_from_it() {
    for (number, to, own) in [
        (1, "help@brand-b.test", "help@brand-b.test"),
        (2, "Bob <bob@other.test>, Hilfe <Hilfe@example.test>", "hilfe@example.test"),
        (3, "support@example.test, help@brand-b.test", "support@example.test"),
        (4, "list@other.test", "support@example.test"),
        (5, "nobody@brand-b.test", "support@example.test"),
    ] {
        let mut world = desk().await;
        world.receive(&from("Anna <anna@customer.test>", &format!("q{number}@customer.test")).to(to)).await;
        let letters = world.sent().await;
        let ack = letters.iter().find(|mail| mail.notice == "acknowledgement").unwrap();
        assert_eq!(ack.mail.from.as_ref().unwrap().email, own, "{to}");
        let (local, domain) = own.split_once('@').unwrap();
        let is_own =
            |address: &str| address.starts_with(&format!("{local}+")) && address.ends_with(&format!("@{domain}"));
        assert!(is_own(ack.reply_to()) && is_own(&ack.return_path), "{} {}", ack.reply_to(), ack.return_path);
        assert!(ack.mail.text.contains(own));
        // The answers by both ways come back to the case, and the engineer's is from there as well.
        let got = world.receive(&reply("Anna <anna@customer.test>", number, ack).to(ack.reply_to())).await;
        assert_eq!((got.verdict.as_str(), got.proof.as_str()), ("threaded", "token"));
        let told = letters.iter().find(|mail| mail.notice == "new_ticket").unwrap();
        world.receive(&from(ERKKI, &format!("e{number}@example.test")).to(told.reply_to()).proven().text("Yes.")).await;
        assert_eq!(sent(&mut world, "answer").await.mail.from.unwrap().email, own);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_has_an_address_of_its_own() {
    let mut world = World::with(|config| {
        config.mailboxes.get_mut("support").unwrap().aliases = vec!["help@brand-b.test".to_owned()];
        config.queue_addresses = [("support".to_owned(), "help@brand-b.test".to_owned())].into();
    })
    .await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world.receive(&from("Anna <anna@customer.test>", "q@customer.test")).await;
    let ack = sent(&mut world, "acknowledgement").await;
    assert_eq!(ack.mail.from.as_ref().unwrap().email, "help@brand-b.test");
    let raw = String::from_utf8(ack.raw.clone()).unwrap();
    assert!(raw.contains("\r\nX-MS-Reactions: disallow\r\n"));
}
