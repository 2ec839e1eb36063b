//! Mail in other people's names: what it makes us send them is little, and bears no word of who wrote it.

use std::fmt::Write;
use std::io::Cursor;

use caseway::intake::pipe::{self, Format, Input};
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::harness::mail::{Letter, from};
use crate::harness::world::{Sent, World};

/// What an attacker wants people to read; no letter of ours may have any of it.
const WORDS: [&str; 5] = ["voucher", "evil.test", "Bargain", "claim", "+1 900"];

/// A request in the name of somebody who never wrote.
fn forged(number: usize) -> Letter {
    let subject =
        ["Your voucher https://evil.test/claim", "Gutschein: voucher +1 900 555", "Voucher / evil.test"][number % 3];
    let letter =
        from(&format!("Bargain voucher {number} <victim{number}@victims.test>"), &format!("f{number}@victims.test"))
            .subject(subject)
            .text("Please claim your voucher at https://evil.test/claim or call +1 900 555 today.");
    match number % 3 {
        0 => letter,
        1 => letter.on_top("Authentication-Results", "mx.example.test; dmarc=none header.from=victims.test"),
        _ => letter.on_top(
            "Authentication-Results",
            "mx.example.test; spf=pass smtp.mailfrom=evil.test; dkim=pass header.d=evil.test",
        ),
    }
}

async fn desk() -> World {
    let world = World::with(|config| config.limits = caseway::config::Limits::default()).await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world
}

fn impersonal(mail: &Sent) {
    let raw = String::from_utf8_lossy(&mail.raw).to_lowercase();
    let head = raw.split_once("\r\n\r\n").unwrap().0;
    for word in WORDS {
        assert!(!mail.mail.text.to_lowercase().contains(&word.to_lowercase()), "{word}: {}", mail.mail.text);
        assert!(!mail.mail.subject.to_lowercase().contains(&word.to_lowercase()), "{word}: {}", mail.mail.subject);
        assert!(!head.contains(&word.to_lowercase()), "{word}: {head}");
        assert!(!mail.mail.html.as_deref().unwrap_or_default().to_lowercase().contains(&word.to_lowercase()), "{word}");
    }
    assert!(mail.mail.attachments.is_empty());
}

/// 2,000 of them; as many as `CASEWAY_FORGED` says where it is set.
#[tokio::test(flavor = "multi_thread")]
async fn a_wave_of_forged_first_contacts_is_a_few_mails_without_a_word_of_it() {
    let mails: usize = std::env::var("CASEWAY_FORGED").map_or(2_000, |many| many.parse().unwrap());
    let mut world = desk().await;
    let mut mbox = String::new();
    for number in 0..mails {
        let mail = String::from_utf8(forged(number).bytes()).unwrap();
        write!(mbox, "From victim@victims.test Mon Mar  2 09:00:00 2026\n{mail}\n").unwrap();
    }
    let input = Input::Stream { name: "a wave".to_owned(), read: Box::new(Cursor::new(mbox)) };
    pipe::take(&world.app.intake(&CancellationToken::new()), "support", input, Format::Mbox).await.unwrap();
    world.process().await;

    let sent = world.sent().await;
    let strangers: Vec<&Sent> = sent.iter().filter(|mail| mail.recipient.ends_with("victims.test")).collect();
    assert_eq!(strangers.len(), 40);
    strangers.iter().for_each(|mail| impersonal(mail));
    let told = sent.iter().filter(|mail| mail.notice == "first_contacts").count();
    assert_eq!(told, 1, "the engineer hears of it once");
    assert_eq!(sent.len(), 40 + 40 + 1, "and of those before each by itself");
    assert_eq!(usize::try_from(world.count("SELECT COUNT(*) FROM ticket").await).unwrap(), mails, "nothing is lost");

    // Who is vouched for is served as always meanwhile.
    let pass = [
        "dmarc=pass header.from=customer.test",
        "spf=pass smtp.mailfrom=anna@customer.test",
        "dkim=pass header.d=customer.test",
    ];
    for (number, pass) in pass.iter().enumerate() {
        let letter = from(&format!("Anna <anna{number}@customer.test>"), &format!("a{number}@customer.test"))
            .subject("Our scanner")
            .on_top("Authentication-Results", &format!("mx.example.test; {pass}"));
        world.receive(&letter).await;
        let sent = world.sent().await;
        assert_eq!(sent.len(), 2, "{pass}");
        let ack = sent.iter().find(|mail| mail.notice == "acknowledgement").unwrap();
        assert!(ack.mail.subject.ends_with("Our scanner"), "{}", ack.mail.subject);
    }
    // When it is over, others are acknowledged again.
    world.pass(SignedDuration::from_mins(61));
    world.receive(&from("Berta <berta@other.test>", "b1@other.test")).await;
    assert_eq!(world.notices().await, ["acknowledgement → berta@other.test", "new_ticket → erkki@example.test"]);
}

/// It threads in the customer's client and names the case; the words are ours alone, in the customer's language.
#[tokio::test(flavor = "multi_thread")]
async fn a_first_acknowledgement_threads_and_says_nothing_of_the_request() {
    for (language, text) in [
        ("en", "Please claim your voucher today, the printer on the second floor does not print any more."),
        ("de", "Guten Tag, bitte holen Sie den Voucher heute ab, unser Drucker druckt seit gestern nicht mehr."),
        ("fi", "Hei, tulostin ei ole toiminut eilisen jälkeen, voisitteko auttaa meitä ja hakea voucher-kupongin?"),
    ] {
        let mut world = desk().await;
        let letter = forged(0).text(text).answering("earlier@victims.test");
        world.receive(&letter).await;
        let ack = world.sent().await.into_iter().find(|mail| mail.notice == "acknowledgement").unwrap();
        impersonal(&ack);
        assert_eq!(world.ticket(1, "language").await, language);
        assert_eq!(ack.mail.in_reply_to, ["f0@victims.test"]);
        assert!(ack.mail.subject.starts_with("[CASE-1] "), "{}", ack.mail.subject);
        let known = from("Bargain voucher <victim0@victims.test>", "f1@victims.test").to(ack.reply_to());
        assert_eq!(world.receive(&known).await.proof, "token", "who answers is the one who got it");
        let next = from("Victor <victim0@victims.test>", "f2@victims.test").subject("The scanner");
        world.receive(&next).await;
        let ack = world.sent().await.into_iter().find(|mail| mail.notice == "acknowledgement").unwrap();
        assert!(ack.mail.subject.ends_with("The scanner"), "{}", ack.mail.subject);
    }
}

/// Whom an engineer answered is known, and so is who was known before.
#[tokio::test(flavor = "multi_thread")]
async fn whom_an_engineer_answered_is_known() {
    let mut world = desk().await;
    world.receive(&from("Anna <anna@customer.test>", "a1@customer.test")).await;
    let notification = world.sent().await.into_iter().find(|mail| mail.notice == "new_ticket").unwrap();
    let answer = from("Erkki <erkki@example.test>", "e1@example.test")
        .to(notification.reply_to())
        .on_top("Authentication-Results", "mx.example.test; dmarc=pass header.from=example.test")
        .text("Please restart the print server.");
    world.receive(&answer).await;
    world.sent().await;
    world.receive(&from("Anna <anna@customer.test>", "a2@customer.test").subject("Our scanner")).await;
    let ack = world.sent().await.into_iter().find(|mail| mail.notice == "acknowledgement").unwrap();
    assert!(ack.mail.subject.ends_with("Our scanner"), "{}", ack.mail.subject);
}

/// What claims a case of somebody else's is answered no differently, and counts as well.
#[tokio::test(flavor = "multi_thread")]
async fn claims_in_many_names_are_held_back_too() {
    let mut world = desk().await;
    world.receive(&from("Anna <anna@customer.test>", "a1@customer.test")).await;
    for number in 0..120 {
        let claim = forged(number).subject("Re: [CASE-1] your voucher").header("X-Number", &number.to_string());
        assert_eq!(world.receive(&claim).await.verdict, "held");
    }
    let sent = world.sent().await;
    let strangers: Vec<&Sent> = sent.iter().filter(|mail| mail.recipient.ends_with("victims.test")).collect();
    assert_eq!(strangers.len(), 39, "with Anna's forty");
    strangers.iter().for_each(|mail| impersonal(mail));
    assert_eq!(sent.iter().filter(|mail| mail.notice == "first_contacts").count(), 1);
}
