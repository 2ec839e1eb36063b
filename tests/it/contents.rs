//! What mails bring besides plain words, on its way to who reads it.

use caseway::mail::Mail;

use crate::harness::mail::{Letter, from};
use crate::harness::world::World;

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const ERKKI: &str = "Erkki Virtanen <erkki@example.test>";
/// A picture of one pixel, as PNG.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

async fn desk() -> World {
    let world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world
}

fn html(letter: Letter, html: &str) -> Letter {
    letter.header("Content-Type", "text/html; charset=utf-8").text(html)
}

/// The mail that went to this person.
async fn letter(world: &mut World, to: &str) -> Mail {
    world.sent().await.into_iter().find(|mail| mail.recipient == to).unwrap().mail
}

fn files(mail: &Mail) -> Vec<(&str, &str)> {
    mail.attachments.iter().map(|file| (file.filename.as_str(), file.content_type.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_pasted_into_the_html_are_files_in_both_directions() {
    let mut world = desk().await;
    for (number, picture) in [
        format!("<p>See:</p><img alt=\"\" src=\"data:image/png;base64,{PNG}\">"),
        format!("<p>See:</p><img src='data:image/png;charset=utf-8;base64,{}\n{}'>", &PNG[..40], &PNG[40..]),
        format!("<p>See:</p><div style=\"background-image:url(&quot;data:image/png;base64,{PNG}&quot;)\">x</div>"),
    ]
    .iter()
    .enumerate()
    {
        world.receive(&html(from(ANNA, &format!("a{number}@customer.test")), picture)).await;
        let told = letter(&mut world, "erkki@example.test").await;
        assert_eq!(files(&told), [("image-1.png", "image/png")]);
        assert!(told.text.contains("- image-1.png"), "{}", told.text);
        let answer = from(ERKKI, &format!("e{number}@example.test")).to(&told.reply_to[0].email).proven();
        world.receive(&html(answer, picture)).await;
        assert_eq!(files(&letter(&mut world, "anna@customer.test").await), [("image-1.png", "image/png")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_from_right_to_left_are_shown_so() {
    let mut world = desk().await;
    for (number, words) in [
        "\u{5e9}\u{5dc}\u{5d5}\u{5dd} (E-52)",
        "\u{645}\u{631}\u{62d}\u{628}\u{627}\n\nprinter",
        "Hello\n\n\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
    ]
    .iter()
    .enumerate()
    {
        world.receive(&from(ANNA, &format!("a{number}@customer.test")).text(words)).await;
        let told = letter(&mut world, "erkki@example.test").await;
        let paragraphs = words.split("\n\n").count();
        let has = |mail: &Mail| mail.html.as_ref().unwrap().matches("<p dir=\"auto\">").count();
        assert_eq!(has(&told), paragraphs);
        let answer = from(ERKKI, &format!("e{number}@example.test")).to(&told.reply_to[0].email).proven();
        world.receive(&answer.text(words)).await;
        assert!(has(&letter(&mut world, "anna@customer.test").await) >= paragraphs);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_an_invitation_and_how_is_told() {
    let mut world = desk().await;
    world.receive(&from(ANNA, "a1@customer.test")).await;
    let ack = letter(&mut world, "anna@customer.test").await;
    for (method, attendee, told) in [
        ("REPLY", "ATTENDEE;PARTSTAT=DECLINED:mailto:anna@customer.test", "Declined by anna@customer.test: Session"),
        (
            "REPLY",
            "ATTENDEE;PARTSTAT=ACCEPTED;CN=Anna:mailto:anna@customer.test",
            "Accepted by Anna <anna@customer.test>: Session",
        ),
        (
            "REPLY",
            "ATTENDEE;CN=\"A; B\";PARTSTAT=TENTATIVE:MAILTO:anna@customer.test",
            "Tentatively accepted by A; B <anna@customer.test>: Session",
        ),
        (
            "COUNTER",
            "ATTENDEE;PARTSTAT=TENTATIVE:mailto:anna@customer.test",
            "Another time proposed by anna@customer.test: Session",
        ),
        ("CANCEL", "ATTENDEE:mailto:erkki@example.test", "Cancelled: Session"),
    ] {
        let body = format!(
            "--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: text/calendar; charset=utf-8; method={method}\n\nBEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\nUID:7\n{attendee}\nDTSTART:20261201T100000Z\nSUMMARY:Session\nEND:VEVENT\nEND:VCALENDAR\n--b--"
        );
        let answer = from(ANNA, &format!("{told}@customer.test").replace([' ', ';', '<', '>', ':'], ""));
        let answer = answer.to(&ack.reply_to[0].email).answering(ack.message_id.as_deref().unwrap());
        let answer =
            answer.subject("Session").header("Content-Type", "multipart/alternative; boundary=\"b\"").text(&body);
        world.receive(&answer).await;
        let letter = letter(&mut world, "erkki@example.test").await;
        assert!(letter.text.contains(told), "{}", letter.text);
    }
}

/// The first words in a list of mails are not the line above which people reply.
#[tokio::test(flavor = "multi_thread")]
async fn lists_of_mails_show_what_a_letter_says() {
    let mut world = desk().await;
    world.receive(&from(ANNA, "a1@customer.test")).await;
    let ack = letter(&mut world, "anna@customer.test").await;
    let body = ack.html.unwrap();
    let body = body.split_once("<body").unwrap().1;
    let (unseen, seen) = body.split_once("##-").unwrap();
    assert!(unseen.contains("display:none") && unseen.contains("Hello, Thank you for writing to us."), "{unseen}");
    assert!(!body.contains("<title>") && seen.contains("Thank you for writing to us."));
    // A client that shows what is hidden quotes it above the line: it is no word of the reply.
    let preview = unseen.split_once("\">").unwrap().1.split("</div>").next().unwrap();
    let preview = preview.rsplit('>').next().unwrap();
    for (mark, number) in [("", 1), ("> ", 2)] {
        let lines = [preview, ""].into_iter().chain(ack.text.lines().take(8));
        let quoted: String = lines.map(|line| format!("{mark}{line}\n")).collect();
        let reply = from(ANNA, &format!("r{number}@customer.test")).to(&ack.reply_to[0].email);
        let reply = reply.text(&format!("It prints again.\n\n{quoted}"));
        world.receive(&reply).await;
        let told = letter_words(&mut world).await;
        assert!(told.contains("It prints again.") && !told.contains("Thank you for writing"), "{told}");
    }
}

async fn letter_words(world: &mut World) -> String {
    letter(world, "erkki@example.test").await.text
}
