//! A new password: a link to the address on record, the same answer to everybody.

use caseway::desk::directory::AccountState;
use caseway::desk::inbound::page::PortalEvent;
use jiff::SignedDuration;

use super::*;
use crate::harness::browser::{self, Site};

fn forgot(sender: &str, id: &str) -> Letter {
    from(sender, id)
        .subject("Help")
        .text(&format!("Hello, I forgot my password.\nE-mail: {}", sender.rsplit(['<', '>']).nth(1).unwrap_or(sender)))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_goes_to_the_address_on_record_and_the_answer_is_the_same_for_all() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    receive(&world, "support", &forgot(ANNA, "p1@customer.test")).await;
    let known = world.sent().await;
    assert_eq!(notices(&known), ["form_received → anna@customer.test", "password_reset → anna@customer.test"]);
    assert_eq!(token(&known[1], "reset").len(), 32);
    // Somebody known to the desk, and not to the directory.
    world.known("bob@nowhere.test").await;
    receive(&world, "support", &forgot("Bob <bob@nowhere.test>", "p2@nowhere.test")).await;
    let unknown = world.sent().await;
    assert_eq!(notices(&unknown), ["form_received → bob@nowhere.test"]);
    let same = |mail: &Sent| {
        mail.mail
            .text
            .replace("CASE-1", "CASE")
            .replace("CASE-2", "CASE")
            .replace("anna@customer.test", "ADDRESS")
            .replace("bob@nowhere.test", "ADDRESS")
    };
    assert_eq!(same(&known[0]), same(&unknown[0]));
    assert_eq!(world.ticket(2, "status").await, "waiting");
}

/// A desk at which Mallory has asked for a new password for Anna.
async fn a_stranger_asked() -> World {
    let world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    let mail = from("Mallory <mallory@evil.test>", "m1@evil.test")
        .subject("reset my password")
        .text("Please reset my password.\nE-mail: anna@customer.test");
    receive(&world, "support", &mail).await;
    world
}

/// Who asks for somebody else's password gets the same words, and the link goes to whom it belongs.
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_learns_nothing_and_gets_nothing() {
    let mut world = a_stranger_asked().await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["form_received → mallory@evil.test", "password_reset → anna@customer.test"]);
    assert!(!sent[0].mail.text.contains("/reset/"), "{}", sent[0].mail.text);
    portal(&world, PortalEvent::PasswordChanged { email: "anna@customer.test".to_owned() }).await;
    assert_eq!(world.notices().await, ["password_changed → anna@customer.test"]);
    assert_eq!(world.ticket(1, "status").await, "waiting", "the stranger's case tells that the link was used");
    world.pass(SignedDuration::from_hours(73));
    world.tick().await;
    assert_eq!(world.ticket(1, "status").await, "closed");
}

/// What she says to the link that somebody else asked for is for engineers: who asked sees neither words nor a change.
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_reads_no_answer_of_whom_they_named() {
    let mut world = a_stranger_asked().await;
    let reset = world.sent().await.pop().unwrap();
    let answer = from(ANNA, "a1@customer.test")
        .to(reset.reply_to())
        .answering(reset.message_id())
        .header("Cc", "boss@customer.test")
        .text("That was not me at all!");
    let settled = receive(&world, "support", &answer).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 1), "{}", settled.reason);
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["customer_reply → erkki@example.test", "customer_reply → liisa@example.test"]);
    let text = &sent[0].mail.text;
    assert!(text.contains("not me at all") && text.contains("mallory@evil.test") && text.contains("to both"), "{text}");
    assert_eq!((form(&world, 1).await.0.as_str(), world.ticket(1, "status").await.as_str()), ("sent", "waiting"));
    assert_eq!(world.count("SELECT COUNT(*) FROM participant").await, 1, "only her, by the link");

    browser::account(&world.app, "mallory@evil.test", Some(browser::PASSWORD)).await;
    let site = Site::of(&world).await;
    let mut mallory = site.browser();
    mallory.sign_in("mallory@evil.test", browser::PASSWORD).await;
    let case = mallory.get("/cases/CASE-1").await;
    assert!(case.words().contains("Please reset my password"), "{}", case.words());
    assert!(!case.words().contains("not me at all"), "{}", case.words());

    // Once it is closed, what she says opens a case of her own.
    world.pass(SignedDuration::from_hours(73));
    world.tick().await;
    let answer = from(ANNA, "a2@customer.test").to(reset.reply_to()).text("Who asked for this?");
    assert_eq!(receive(&world, "support", &answer).await.ticket, 2);
    assert_eq!(world.ticket(1, "status").await, "closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_asks_by_the_same_way() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    for email in ["nobody@nowhere.test", "anna@customer.test"] {
        portal(&world, PortalEvent::Forgotten { email: email.to_owned(), by_owner: false }).await;
    }
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["password_reset → anna@customer.test"]);
    portal(&world, PortalEvent::PasswordChanged { email: "anna@customer.test".to_owned() }).await;
    assert_eq!(world.notices().await, ["password_changed → anna@customer.test"]);
    assert_eq!(world.ticket(2, "status").await, "closed");
    // A change that nobody asked for by mail is told as well.
    portal(&world, PortalEvent::PasswordChanged { email: "anna@customer.test".to_owned() }).await;
    assert_eq!(world.notices().await, ["password_changed → anna@customer.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_person_gets_the_activation_instead() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Invited, false).await;
    receive(&world, "support", &forgot(ANNA, "p1@customer.test")).await;
    assert_eq!(world.notices().await, ["form_received → anna@customer.test", "activation → anna@customer.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_to_one_address_are_capped_whoever_asks() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    for _ in 0..20 {
        portal(&world, PortalEvent::Forgotten { email: "anna@customer.test".to_owned(), by_owner: false }).await;
    }
    let sent = world.sent().await;
    assert_eq!(sent.iter().filter(|mail| mail.notice == "password_reset").count(), 4, "{:?}", notices(&sent));
    world.pass(SignedDuration::from_hours(2));
    portal(&world, PortalEvent::Forgotten { email: "anna@customer.test".to_owned(), by_owner: false }).await;
    assert_eq!(world.notices().await, ["password_reset → anna@customer.test"]);
}

/// However often a page is asked, there is one case of it, and one mail when the password is set.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_asked_again_and_again_makes_one_case() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    for _ in 0..20 {
        portal(&world, PortalEvent::Forgotten { email: "anna@customer.test".to_owned(), by_owner: false }).await;
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 1);
    world.sent().await;
    portal(&world, PortalEvent::PasswordChanged { email: "anna@customer.test".to_owned() }).await;
    assert_eq!(world.notices().await, ["password_changed → anna@customer.test"]);
}

/// The case of an unknown address looks and ends like any other.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_does_not_tell_whether_the_address_is_known() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    receive(&world, "support", &forgot(ANNA, "p1@customer.test")).await;
    receive(&world, "support", &forgot("Bob <bob@nowhere.test>", "p2@nowhere.test")).await;
    world.sent().await;
    assert_eq!(world.ticket(1, "status").await, world.ticket(2, "status").await);
    world.pass(SignedDuration::from_hours(73));
    world.tick().await;
    assert_eq!((world.ticket(1, "status").await, world.ticket(2, "status").await), ("closed".into(), "closed".into()));
    assert_eq!(world.notices().await, [""; 0]);
}

/// Whoever opens a case of their own before and after typing an address counts the cases between.
#[tokio::test(flavor = "multi_thread")]
async fn each_question_of_a_page_uses_up_one_case_number_whoever_is_known() {
    let world = desk().await;
    let site = Site::of(&world).await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    person(&world, "invited@customer.test", AccountState::Invited, false).await;
    person(&world, "disabled@customer.test", AccountState::Disabled, false).await;
    let mut answers = Vec::new();
    let emails = ["nobody@nowhere.test", "anna@customer.test", "invited@customer.test", "disabled@customer.test"];
    // The fifth link to one address breaks the cap: nothing is sent then.
    for (asked, email) in emails.into_iter().cycle().take(emails.len() * 5).enumerate() {
        let mut browser = site.browser();
        let answer = browser.submit("/forgot", "/forgot", &[("email", email)]).await;
        world.settle().await;
        let headers: Vec<_> = answer.headers.iter().filter(|(name, _)| name != "date").cloned().collect();
        answers.push((answer.status, headers, answer.text()));
        let number = world.count("SELECT value FROM counter WHERE name = 'ticket'").await;
        assert_eq!(number, i64::try_from(asked).unwrap() + 1, "{email}");
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{:#?}", &answers[..emails.len()]);
    assert_eq!(answers[0].0, 200);
    assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 3);
}

/// Engineers' answers show who is on a case.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_on_a_case_does_not_tell_whether_the_address_is_known() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    for (id, email) in [("m1@evil.test", "anna@customer.test"), ("m2@evil.test", "nobody@customer.test")] {
        let asking =
            from("Mallory <mallory@evil.test>", id).subject("reset my password").text(&format!("E-mail: {email}"));
        let asked = receive(&world, "support", &asking).await;
        let sent = world.sent().await;
        let received = only(&sent, "form_received").message_id().to_owned();
        let question = from("Mallory <mallory@evil.test>", &format!("q{id}")).answering(&received).text("Why?");
        receive(&world, "support", &question.subject("Re: reset my password")).await;
        let sent = world.sent().await;
        let told = only_to(&sent, "erkki@example.test");
        world.receive(&from(ERKKI, &format!("e{id}")).to(told.reply_to()).text("We write to them.")).await;
        let sent = world.sent().await;
        let answer = sent.iter().find(|mail| mail.recipient == "mallory@evil.test").unwrap();
        let cc: Vec<&str> = answer.mail.cc.iter().map(|address| address.email.as_str()).collect();
        assert_eq!(cc, [email], "on case {}", asked.ticket);
    }
}

/// Where no form is about passwords, nothing is told and no case number is missing afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_no_form_tells_uses_up_no_case_number() {
    let mut world = desk_with(|config| config.forms.retain(|name, _| name != "password")).await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    for _ in 0..3 {
        portal(&world, PortalEvent::PasswordChanged { email: "anna@customer.test".to_owned() }).await;
    }
    assert_eq!(world.notices().await, [""; 0]);
    let mail = from(ANNA, "m1@customer.test").subject("Hello").text("A question.");
    assert_eq!(receive(&world, "support", &mail).await.ticket, 1);
}

fn only_to<'a>(sent: &'a [Sent], email: &str) -> &'a Sent {
    sent.iter().find(|mail| mail.recipient == email).unwrap_or_else(|| panic!("{:?}", notices(sent)))
}

/// Strangers at the page use up nothing of hers: neither her mail, proven, nor the browser that she signed in with.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_uses_up_the_owners_links() {
    for by_mail in [true, false] {
        let mut world = desk().await;
        person(&world, "anna@customer.test", AccountState::Active, false).await;
        for _ in 0..20 {
            portal(&world, PortalEvent::Forgotten { email: "anna@customer.test".to_owned(), by_owner: false }).await;
        }
        world.sent().await;
        if by_mail {
            let proof = "mx.example.test; dmarc=pass header.from=customer.test";
            receive(&world, "support", &forgot(ANNA, "p1@customer.test").on_top("Authentication-Results", proof)).await;
        } else {
            portal(&world, PortalEvent::Forgotten { email: "anna@customer.test".to_owned(), by_owner: true }).await;
        }
        let sent = notices(&world.sent().await);
        assert!(sent.contains(&"password_reset → anna@customer.test".to_owned()), "by mail: {by_mail}: {sent:?}");
    }
}

/// What a page is asked is not kept once the directory answered.
#[tokio::test(flavor = "multi_thread")]
async fn no_address_that_was_typed_is_kept() {
    let world = desk().await;
    for email in ["anna@customer.test", "nobody@elsewhere.test", "x@y.test"] {
        portal(&world, PortalEvent::Forgotten { email: email.to_owned(), by_owner: false }).await;
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM directory_task").await, 0);
}
