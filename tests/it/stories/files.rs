//! Forms that an engineer carries out: the registration file, and any other.

use jiff::SignedDuration;

use super::*;

const OFFLINE: &str =
    "Account name: Customer Oy\nCustomer ID: C54321\nLicence expiry date: 2026-06-30\nPlatform: linux";

async fn asked(world: &mut World) -> Vec<Sent> {
    let mail = from(ANNA, "o1@customer.test").subject("Offline registration").text(OFFLINE);
    receive(world, "support", &mail).await;
    let sent = world.sent().await;
    assert_eq!(
        notices(&sent),
        [
            "form_received → anna@customer.test",
            "form_handover → erkki@example.test",
            "form_handover → liisa@example.test"
        ]
    );
    sent
}

/// An engineer's answer with a file.
fn with_file(handover: &Sent, id: &str, words: &str, file: &str) -> Letter {
    let body = format!(
        "--b\nContent-Type: text/plain; charset=utf-8\n\n{words}\n--b\nContent-Type: application/json\n\
         Content-Disposition: attachment; filename=\"registration.json\"\n\n{file}\n--b--"
    );
    from(ERKKI, id).to(handover.reply_to()).header("Content-Type", "multipart/mixed; boundary=b").text(&body)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_goes_out_with_the_steps_and_its_end_is_remembered() {
    let mut world = desk().await;
    let handover = asked(&mut world).await.remove(1);
    let settled =
        receive(&world, "support", &with_file(&handover, "e1@example.test", "Here it is.", "{\"key\": 1}")).await;
    assert_eq!(settled.verdict, "threaded");
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["registration_file → anna@customer.test"]);
    let mail = &sent[0].mail;
    assert_eq!(mail.attachments.iter().map(|file| file.filename.as_str()).collect::<Vec<_>>(), ["registration.json"]);
    assert!(mail.text.contains("Here it is.") && mail.text.to_lowercase().contains("linux"), "{}", mail.text);
    assert_eq!(mail.headers.first("Auto-Submitted"), None, "an engineer's mail is a person's");
    world.pass(SignedDuration::from_hours(24 * 30));
    world.tick().await;
    world.sent().await;
    world.pass(SignedDuration::from_hours(24 * 77));
    world.tick().await;
    let sent = world.sent().await;
    let reminder = only(&sent, "licence_reminder");
    let words: Vec<&str> = reminder.mail.text.split_whitespace().collect();
    assert!(words.join(" ").contains("30 June 2026"), "{}", reminder.mail.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_json_is_not_sent() {
    let mut world = desk().await;
    let handover = asked(&mut world).await.remove(1);
    receive(&world, "support", &with_file(&handover, "e1@example.test", "Here it is.", "{\"key\": ")).await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["command_result → erkki@example.test"]);
    assert!(sent[0].mail.text.contains("registration.json"), "{}", sent[0].mail.text);
    assert_eq!(form(&world, 1).await.0, "engineer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_for_an_engineer_comes_complete() {
    let mut world = desk().await;
    let text = "Product: endpoint protection\nDetection IDs: D-7, D-8\nReason: our own tool";
    let mail = from(ANNA, "f1@customer.test").subject("False positive").text(text);
    receive(&world, "support", &mail).await;
    let question = world.sent().await.pop().unwrap();
    assert_eq!(question.notice, "form_question");
    let answer = from(ANNA, "f2@customer.test").to(question.reply_to()).text("Detection IDs: D-7, D-8, D-9");
    receive(&world, "support", &answer).await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent).len(), 3, "{}", sent[0].mail.text);
    let handover = sent.iter().find(|mail| mail.recipient == "erkki@example.test").unwrap();
    for value in ["Endpoint Protection", "D-9", "our own tool"] {
        assert!(handover.mail.text.contains(value), "{value}: {}", handover.mail.text);
    }
}
