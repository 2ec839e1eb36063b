//! What is missing is asked for, in one mail, and only so often.

use jiff::SignedDuration;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_asked_and_the_answer_completes_it() {
    let mut world = desk().await;
    let text = "Hello, please register me.\nE-mail: anna@customer.test\nFirst name: Anna\nLast name: Schmidt";
    receive(&world, "registration", &registration("r1@customer.test", text)).await;
    let question = world.sent().await.pop().unwrap();
    assert_eq!((question.notice.as_str(), question.recipient.as_str()), ("form_question", "anna@customer.test"));
    assert!(question.mail.text.contains("Account ID:"), "the block to fill in: {}", question.mail.text);
    assert_eq!((form(&world, 1).await.0.as_str(), world.ticket(1, "status").await.as_str()), ("asking", "waiting"));
    let quoted: String = question.mail.text.lines().map(|line| format!("> {line}\n")).collect();
    let answer = from(ANNA, "r2@customer.test")
        .to(question.reply_to())
        .answering(question.message_id())
        .text(&format!("Account ID: ac-1001\n\nOn Mon, 2 Mar 2026, Example Support wrote:\n{quoted}"));
    receive(&world, "registration", &answer).await;
    assert_eq!(world.notices().await, ["form_received → anna@customer.test", "activation → anna@customer.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_value_is_asked_again_and_never_taken() {
    let mut world = desk().await;
    let text = COMPLETE.replace("AC-1001", "12345678");
    receive(&world, "registration", &registration("r1@customer.test", &text)).await;
    let question = world.sent().await.pop().unwrap();
    assert!(question.mail.text.contains("12345678"), "{}", question.mail.text);
    assert_eq!(world.count("SELECT COUNT(*) FROM directory_task").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_rounds_an_engineer_gets_it() {
    let mut world = desk().await;
    receive(&world, "registration", &registration("r1@customer.test", "Please give me an account.")).await;
    for round in 0..3 {
        let sent = world.sent().await;
        let question = only(&sent, "form_question");
        let answer = from(ANNA, &format!("a{round}@customer.test")).to(question.reply_to()).text("I do not have that.");
        receive(&world, "registration", &answer).await;
    }
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["form_handover → erkki@example.test", "form_handover → liisa@example.test"]);
    assert_eq!((form(&world, 1).await.0.as_str(), world.ticket(1, "status").await.as_str()), ("engineer", "open"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_back_is_for_a_person() {
    let mut world = desk().await;
    receive(&world, "registration", &registration("r1@customer.test", "Please give me an account.")).await;
    let question = world.sent().await.pop().unwrap();
    let answer =
        from(ANNA, "a1@customer.test").to(question.reply_to()).text("What is an account ID, and who knows it?");
    receive(&world, "registration", &answer).await;
    let sent = world.sent().await;
    let handover = sent.iter().find(|mail| mail.recipient == "erkki@example.test").unwrap();
    assert!(handover.mail.text.contains("who knows it?"), "{}", handover.mail.text);
    assert_eq!(sent.len(), 2, "{:?}", notices(&sent));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_is_reminded_and_then_an_engineer_gets_it() {
    let mut world = desk().await;
    receive(&world, "registration", &registration("r1@customer.test", "Please give me an account.")).await;
    world.sent().await;
    world.pass(SignedDuration::from_hours(49));
    world.tick().await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["form_question → anna@customer.test"]);
    assert!(sent[0].mail.subject.contains("Reminder"), "{}", sent[0].mail.subject);
    world.pass(SignedDuration::from_hours(49));
    world.tick().await;
    assert_eq!(world.notices().await, ["form_handover → erkki@example.test", "form_handover → liisa@example.test"]);
    world.pass(SignedDuration::from_hours(24 * 30));
    world.tick().await;
    assert_eq!(world.notices().await, [""; 0]);
}

/// A colleague's vacation notice is no answer to our question.
#[tokio::test(flavor = "multi_thread")]
async fn a_robot_fills_in_nothing() {
    let mut world = desk().await;
    receive(&world, "registration", &registration("r1@customer.test", "Please give me an account.")).await;
    let question = world.sent().await.pop().unwrap();
    let robot = from(ANNA, "a1@customer.test")
        .to(question.reply_to())
        .header("Auto-Submitted", "auto-replied")
        .text("I am away. Account ID: AC-1001");
    receive(&world, "registration", &robot).await;
    assert_eq!(world.notices().await, [""; 0]);
    assert_eq!(form(&world, 1).await.0, "asking");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_cannot_smuggle_headers_into_mails() {
    let mut world = desk().await;
    let text = COMPLETE.replace("First name: Anna", "First name: Anna\u{b}Bcc: victim@evil.test");
    receive(&world, "registration", &registration("r1@customer.test", &text)).await;
    for mail in world.sent().await {
        let (head, _) = mail.mail.headers.all("Bcc").fold((0, 0), |(count, _), _| (count + 1, 0));
        assert_eq!(head, 0, "{}", String::from_utf8_lossy(&mail.raw));
    }
}
