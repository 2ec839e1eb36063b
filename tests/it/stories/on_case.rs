//! What participants want on a case apart from adding to it, in their own words: how far it is, to be heard sooner, to have it
//! closed; and thanks.

use caseway::desk::directory::AccountState;
use jiff::SignedDuration;

use super::*;

const BERTA: &str = "Berta Lang <berta@customer.test>";
const MALLORY: &str = "Mallory <mallory@elsewhere.test>";

/// Anna's case; the mail of it that she answers.
async fn opened() -> (World, Sent) {
    let mut world = desk().await;
    let text = "Since the update the console shows the wrong licence on all machines.";
    receive(&world, "support", &from(ANNA, "a1@customer.test").subject("Wrong licence").text(text)).await;
    let sent = world.sent().await;
    let acknowledgement = sent.into_iter().find(|mail| mail.notice == "acknowledgement").unwrap();
    (world, acknowledgement)
}

/// The same, answered by Erkki: it waits for Anna.
async fn answered() -> (World, Sent) {
    let (mut world, _) = opened().await;
    let order = from(ERKKI, "e1@example.test").subject("Re: [CASE-1] Wrong licence").proven();
    receive(&world, "support", &order.text("Please press Refresh in Settings.")).await;
    let answer = world.sent().await.into_iter().find(|mail| mail.notice == "answer").unwrap();
    assert_eq!(world.ticket(1, "status").await, "waiting");
    (world, answer)
}

fn says(id: &str, to: &Sent, text: &str) -> Letter {
    from(ANNA, id).to(to.reply_to()).subject("Re: [CASE-1] Wrong licence").text(text)
}

/// Bare case IDs lead who takes part to the case, and nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn a_bare_case_id_leads_its_participant_to_the_case() {
    let (world, _) = opened().await;
    for (number, subject) in
        ["Re: CASE-1", "Status of CASE-1?", "case-1", "AW: Case‑1 und noch etwas"].into_iter().enumerate()
    {
        let id = format!("b{number}@customer.test");
        let letter = from(ANNA, &id).subject(subject).text("The machines in Turku show it as well.");
        let settled = receive(&world, "support", &letter).await;
        assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 1), "{subject}");
    }
    for (number, subject) in ["CASE-1", "SHOWCASE-1", "CASE-1-2", "CASE-19"].into_iter().enumerate() {
        let id = format!("m{number}@elsewhere.test");
        let settled = receive(&world, "support", &from(MALLORY, &id).subject(subject).text("A question.")).await;
        assert_eq!(settled.verdict, "opened", "{subject}: somebody else's number may be like ours");
    }
    let erkki = from(ERKKI, "e1@example.test").subject("CASE-1").proven().text("A note on the printer.");
    assert_eq!(receive(&world, "support", &erkki).await.verdict, "opened", "brackets make an answer to the customer");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_is_told_once_an_hour() {
    let (mut world, acknowledgement) = opened().await;
    let ask =
        |id: &str| says(id, &acknowledgement, "Hello, is there any news on my request? When can I expect an answer?");
    receive(&world, "support", &ask("s1@customer.test")).await;
    let sent = world.sent().await;
    assert_eq!(
        notices(&sent),
        [
            "case_status → anna@customer.test",
            "customer_reply → erkki@example.test",
            "customer_reply → liisa@example.test"
        ]
    );
    insta::assert_snapshot!("status_new_en", sent[0].mail.text);
    insta::assert_snapshot!("status_engineer_en", sent[1].shown());
    receive(&world, "support", &ask("s2@customer.test")).await;
    assert_eq!(
        world.notices().await,
        ["customer_reply → erkki@example.test", "customer_reply → liisa@example.test"],
        "the engineers hear of it all the same"
    );
    world.pass(SignedDuration::from_mins(61));
    world.tick().await;
    receive(&world, "support", &ask("s3@customer.test")).await;
    assert_eq!(only(&world.sent().await, "case_status").recipient, "anna@customer.test");
}

/// A case that waits for the customer waits on when they ask where it is.
#[tokio::test(flavor = "multi_thread")]
async fn who_asks_while_we_wait_for_them_hears_that() {
    for (language, text) in [
        ("en", "Any news on my case? I have not heard anything since last week."),
        ("de", "Gibt es schon etwas Neues zu meiner Anfrage? Wie ist der Stand?"),
        ("fi", "Onko asiasta mitään uutta? Missä vaiheessa pyyntöni on?"),
    ] {
        let (mut world, answer) = answered().await;
        receive(&world, "support", &says("s1@customer.test", &answer, text)).await;
        let sent = world.sent().await;
        assert_eq!(
            notices(&sent),
            ["case_status → anna@customer.test", "customer_reply → erkki@example.test"],
            "{text}"
        );
        insta::assert_snapshot!(format!("status_waiting_{language}"), sent[0].mail.text);
        assert_eq!(world.ticket(1, "status").await, "waiting");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_to_be_heard_sooner_is() {
    for (language, text) in [
        ("en", "This takes far too long. Please escalate it, I want to talk to a manager today."),
        ("de", "Das dauert viel zu lange. Bitte eskalieren Sie den Fall, ich möchte mit Ihrem Vorgesetzten sprechen."),
        ("fi", "Tämä kestää aivan liian kauan. Eskaloikaa asia, haluan puhua esimiehen kanssa."),
    ] {
        let (mut world, acknowledgement) = opened().await;
        receive(&world, "support", &says("s1@customer.test", &acknowledgement, text)).await;
        assert_eq!(world.ticket(1, "priority").await, "high", "{text}");
        let sent = world.sent().await;
        let told = sent.iter().find(|mail| mail.recipient == "erkki@example.test").unwrap();
        let top = told.mail.text.find("asks to be heard sooner").unwrap();
        let words: String = text.chars().take(20).collect();
        assert!(top < told.mail.text.find(&words).unwrap(), "{}", told.mail.text);
        insta::assert_snapshot!(format!("escalated_{language}"), only(&sent, "case_status").mail.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_closes_their_case_in_their_own_words() {
    for (language, reason, text) in [
        ("en", "asked", "It works again, you can close this case. Thanks!"),
        ("de", "asked", "Hat sich gelöst, Sie können den Fall schließen. Danke!"),
        ("fi", "asked", "Asia on kunnossa, tapauksen voi sulkea. Kiitos!"),
        ("en", "withdrawn", "Never mind, please cancel my request, we no longer need it."),
    ] {
        let (mut world, answer) = answered().await;
        receive(&world, "support", &says("c1@customer.test", &answer, text)).await;
        assert_eq!(world.ticket(1, "status").await, "closed", "{text}");
        let sent = world.sent().await;
        insta::assert_snapshot!(format!("closed_{reason}_{language}"), only(&sent, "closed").mail.text);
        assert_eq!(only(&sent, "customer_reply").recipient, "erkki@example.test");
        let again = says("c2@customer.test", &answer, "It is back, the licence is wrong on two machines.");
        receive(&world, "support", &again).await;
        assert_eq!(world.ticket(1, "status").await, "open", "an answer opens it again");
    }
}

/// Only who opened a case can close it, and nobody who is not sure to mean it does.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_elses_words_close_a_case() {
    let (mut world, answer) = answered().await;
    let copied = says("c0@customer.test", &answer, "I add Berta, she sees it on her machine as well.");
    receive(&world, "support", &copied.header("Cc", BERTA).proven()).await;
    let berta = from(BERTA, "b1@customer.test").subject("Re: [CASE-1] Wrong licence");
    receive(&world, "support", &berta.text("It works again, you can close this case. Thanks!")).await;
    assert_ne!(world.ticket(1, "status").await, "closed");
    for (number, text) in [
        "You can close the window now, but the licence is still wrong.",
        "Please do not close this, it still fails.",
        "Why did you close the other case? This one is not solved.",
        "It works on one machine. The other three still show the error.",
    ]
    .into_iter()
    .enumerate()
    {
        receive(&world, "support", &says(&format!("n{number}@customer.test"), &answer, text)).await;
        assert_ne!(world.ticket(1, "status").await, "closed", "{text}");
    }
    world.sent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thanks_change_nothing_on_a_case_that_waits() {
    for text in [
        "Thank you very much for the quick answer!",
        "Vielen Dank für die schnelle Antwort!",
        "Kiitos paljon nopeasta vastauksesta!",
        "Merci beaucoup pour votre réponse rapide !",
        "Tack så mycket för det snabba svaret!",
    ] {
        let (mut world, answer) = answered().await;
        let due = world.count("SELECT COUNT(*) FROM follow_up WHERE ticket_id = 1").await;
        receive(&world, "support", &says("t1@customer.test", &answer, text)).await;
        assert_eq!(world.ticket(1, "status").await, "waiting", "{text}");
        assert_eq!(world.count("SELECT COUNT(*) FROM follow_up WHERE ticket_id = 1").await, due, "{text}");
        assert_eq!(world.notices().await, ["customer_reply → erkki@example.test"], "{text}");
    }
    let (mut world, answer) = answered().await;
    receive(&world, "support", &says("t1@customer.test", &answer, "Thanks, but it still fails.")).await;
    assert_eq!(world.ticket(1, "status").await, "open");
    assert_eq!(world.notices().await, ["customer_reply → erkki@example.test"]);
}

/// Never a registration, at whatever address it comes in: engineers read what it is about.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_to_be_deleted_is_a_case_for_engineers() {
    for mailbox in ["support", "registration"] {
        let mut world = desk().await;
        let letter =
            from(ANNA, "d1@customer.test").to("support-service-registration@example.test").subject("My account");
        let text =
            "Hello,\n\nplease delete my account, I am leaving the company at the end of the month.\n\nAnna Schmidt";
        receive(&world, mailbox, &letter.text(text)).await;
        let sent = world.sent().await;
        assert_eq!(only(&sent, "acknowledgement").recipient, "anna@customer.test");
        let told = sent.iter().find(|mail| mail.notice == "new_ticket").unwrap();
        assert!(told.mail.text.contains("an account is removed"), "{}", told.mail.text);
        assert!(world.events(1).await.iter().any(|event| event.contains("asks_deletion")));
        assert_eq!(world.count("SELECT COUNT(*) FROM form").await, 0);
    }
}

/// A form that asks is a case as well.
#[tokio::test(flavor = "multi_thread")]
async fn on_a_form_that_asks() {
    for (text, status, stage) in [
        ("Is there any news on my request? How far is it?", "waiting", "asking"),
        ("This is ridiculous. I want to talk to a manager, please escalate this.", "open", "engineer"),
        ("Never mind, please cancel my request, I no longer need it.", "closed", "declined"),
    ] {
        let mut world = desk().await;
        person(&world, "anna@customer.test", AccountState::Active, false).await;
        receive(&world, "registration", &registration("r1@customer.test", "Hello, I need an account.\n\nAnna")).await;
        let question = only(&world.sent().await, "form_question").reply_to().to_owned();
        receive(&world, "registration", &from(ANNA, "r2@customer.test").to(&question).text(text)).await;
        assert_eq!(world.ticket(1, "status").await, status, "{text}");
        assert_eq!(form(&world, 1).await.0, stage, "{text}");
        let sent = world.sent().await;
        assert!(sent.iter().all(|mail| mail.notice != "form_question"), "{:?}", notices(&sent));
    }
}

/// A copy in the mailbox of a form begins the form where the mail itself opened the case, and asks for nothing where it was an
/// answer on one.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_an_answer_begins_no_form() {
    let other_queue = |config: &mut Config| {
        config.mailboxes.get_mut("registration").unwrap().queue = "registration".to_owned();
    };
    for (opens, form) in [(false, 0), (true, 1)] {
        let world = desk_with(other_queue).await;
        world.engineer("rita@example.test", "Rita").await;
        world.execute("UPDATE engineer SET queue = 'registration' WHERE person_id = (SELECT id FROM person WHERE name = 'Rita')").await;
        if !opens {
            receive(&world, "support", &from(ANNA, "a1@customer.test").subject("Hello").text("It does not work."))
                .await;
        }
        let mail = from(ANNA, "a2@customer.test")
            .subject(if opens { "Portal account" } else { "Re: [CASE-1] Hello" })
            .header("Cc", "support-service-registration@example.test")
            .text("Please make me an account for the portal.\n\nFirst name: Anna\nLast name: Schmidt");
        let first = receive(&world, "support", &mail).await;
        assert_eq!(first.verdict, if opens { "opened" } else { "threaded" });
        world.execute("DELETE FROM form").await;
        let copy = receive(&world, "registration", &mail).await;
        assert_eq!((copy.verdict.as_str(), copy.ticket), ("duplicate", 1));
        assert_eq!(world.count("SELECT COUNT(*) FROM form").await, form, "opens: {opens}");
    }
}
