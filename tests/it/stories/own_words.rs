//! Forms in people's own words: IDs that nearly fit, several people, corrections at any stage.

use super::*;

/// An ID that nearly fits is completed, and the letter says how it was understood.
#[tokio::test(flavor = "multi_thread")]
async fn a_completed_id_is_said_in_the_letter() {
    let cases = [
        ("I am Anna Schmidt and need a login. Our account is AC 1001.", "AC-1001 (you wrote AC 1001)"),
        ("Anna Schmidt here, please give me an account. Account number 1001, I think.", "AC-1001 (you wrote 1001)"),
        ("First name: Anna\nLast name: Schmidt\nAccount ID: ac1oo1", "AC-1001 (you wrote ac1oo1)"),
    ];
    for (text, said) in cases {
        let mut world = desk().await;
        receive(&world, "registration", &registration("r1@customer.test", text)).await;
        let sent = world.sent().await;
        let received = only(&sent, "form_received");
        assert!(received.mail.text.contains(said), "{text}: {}", received.mail.text);
        assert_eq!(form(&world, 1).await.0, "sent", "{text}");
    }
}

/// An ID in whatever letters, and one that stands whole in a longer line, needs no such word.
#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_fits_is_not_said_twice() {
    for id in ["AC-1001", "ac-1001", "AC-1001, thanks!"] {
        let mut world = desk().await;
        let text = format!("First name: Anna\nLast name: Schmidt\nAccount ID: {id}");
        receive(&world, "registration", &registration("r1@customer.test", &text)).await;
        let sent = world.sent().await;
        let text = &only(&sent, "form_received").mail.text;
        assert!(text.contains("AC-1001") && !text.contains("you wrote"), "{id}: {text}");
    }
}

/// Where two IDs compete, none is taken.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_ids_none_is_taken() {
    for text in [
        "I am Anna Schmidt and need a login. Our account is AC 1001 or AC 1002, the print is bad.",
        "Anna Schmidt needs a login for herself. One letter says AC-1001, the other AC-1002.",
        "First name: Anna\nLast name: Schmidt\nAccount ID: AC-1001\nAccount ID: AC-1002",
    ] {
        let mut world = desk().await;
        receive(&world, "registration", &registration("r1@customer.test", text)).await;
        let sent = world.sent().await;
        let question = only(&sent, "form_question");
        assert!(question.mail.text.contains("AC-1001 / AC-1002"), "{text}: {}", question.mail.text);
        assert_eq!(world.count("SELECT COUNT(*) FROM directory_task").await, 0, "{text}");
    }
}

/// Each of several people gets a form of their own, the writer among them where they say so.
#[tokio::test(flavor = "multi_thread")]
async fn several_people_are_several_forms() {
    let cases = [
        (
            "Please register Ben Braun (ben@customer.test) and Eva Lange (eva@customer.test), account AC-1001.",
            ["ben", "eva"],
        ),
        (
            "Two accounts please: one for me, Anna Schmidt, and one for Ben Braun, ben@customer.test. We are AC-1001.",
            ["anna", "ben"],
        ),
        (
            "Name; E-mail; Account ID\nBen Braun; ben@customer.test; AC-1001\nEva Lange; eva@customer.test; AC-1001",
            ["ben", "eva"],
        ),
    ];
    for (text, people) in cases {
        let mut world = desk().await;
        receive(&world, "registration", &registration("r1@customer.test", text)).await;
        assert_eq!(world.count("SELECT COUNT(*) FROM form").await, 2, "{text}");
        let sent = world.sent().await;
        let mut invited: Vec<&str> =
            sent.iter().filter(|mail| mail.notice == "activation").map(|mail| mail.recipient.as_str()).collect();
        invited.sort_unstable();
        let wanted = people.map(|name| format!("{name}@customer.test"));
        assert_eq!(invited, wanted.each_ref().map(String::as_str), "{text}: {:?}", notices(&sent));
    }
}

/// What somebody corrects while the form asks is taken with the rest of the answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_correction_while_the_form_asks() {
    let mut world = desk().await;
    let text = "First name: Ana\nLast name: Schmidt\nE-mail: anna@customer.test";
    receive(&world, "registration", &registration("r1@customer.test", text)).await;
    let question = world.sent().await.pop().unwrap();
    let answer = from(ANNA, "r2@customer.test").to(question.reply_to()).answering(question.message_id());
    let answer = answer.text("It is AC-1001. And my first name has two n:\nFirst name: Anna");
    receive(&world, "registration", &answer).await;
    let sent = world.sent().await;
    let received = only(&sent, "form_received");
    assert!(received.mail.text.contains("Anna") && !received.mail.text.contains("Ana\n"), "{}", received.mail.text);
}

/// A form that engineers have goes on by itself once the customer says what was missing.
#[tokio::test(flavor = "multi_thread")]
async fn a_correction_while_an_engineer_has_the_form() {
    for late in [
        "Found it: Account ID: AC-1001\nFirst name: Anna\nLast name: Schmidt",
        "I am Anna Schmidt, and the account is AC 1001.",
    ] {
        let mut world = desk().await;
        receive(&world, "registration", &registration("r1@customer.test", "Please give me an account.")).await;
        let mut reply_to = String::new();
        for round in 0..3 {
            let sent = world.sent().await;
            let question = only(&sent, "form_question");
            reply_to = question.reply_to().to_owned();
            let answer = from(ANNA, &format!("a{round}@customer.test")).to(&reply_to).text("I do not have that.");
            receive(&world, "registration", &answer).await;
        }
        assert_eq!(form(&world, 1).await.0, "engineer", "{late}");
        world.sent().await;
        let answer = from(ANNA, "late@customer.test").to(&reply_to).text(late);
        receive(&world, "registration", &answer).await;
        let sent = world.sent().await;
        assert!(notices(&sent).contains(&"activation → anna@customer.test".to_owned()), "{late}: {:?}", notices(&sent));
        assert_eq!(form(&world, 1).await.0, "sent", "{late}");
    }
}
