//! From a registration to the welcome.

use caseway::desk::directory::AccountState;
use caseway::desk::inbound::page::PortalEvent;
use caseway::desk::seal::link::LinkHash;
use caseway::store::{link, outbox};
use jiff::SignedDuration;
use secrecy::SecretString;

use super::*;
use crate::harness::browser::set_password;

#[tokio::test(flavor = "multi_thread")]
async fn a_complete_registration_ends_with_the_welcome() {
    let mut world = desk().await;
    let settled = receive(&world, "registration", &registration("r1@customer.test", COMPLETE)).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("opened", 1));
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["form_received → anna@customer.test", "activation → anna@customer.test"]);
    assert!(sent[1].mail.subject.contains("[CASE-1]"), "{}", sent[1].mail.subject);
    let token = token(&sent[1], "activate");
    let link = link::find(&world.app.store, LinkHash::of(token)).await.unwrap().unwrap();
    assert!(link.is_good(world.now()) && link.email == "anna@customer.test");
    assert_eq!(form(&world, 1).await, ("sent".to_owned(), "anna@customer.test".to_owned()));

    let (directory, password) = (&*world.app.provision.directory, SecretString::from("correct horse battery"));
    set_password(directory, &world.app.store, "anna@customer.test", &password).await.unwrap();
    portal(&world, PortalEvent::Activated { email: "anna@customer.test".to_owned() }).await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["welcome → anna@customer.test"]);
    assert!(sent[0].mail.text.contains("https://portal.example.test/"), "{}", sent[0].mail.text);
    let known = world.app.provision.directory.find("anna@customer.test").await.unwrap().unwrap();
    assert_eq!((known.business.state, known.business.portals), (AccountState::Active, vec!["cases".to_owned()]));
    assert_eq!(form(&world, 1).await.0, "done");
    assert_eq!(world.ticket(1, "status").await, "closed");
    world.pass(SignedDuration::from_hours(24 * 30));
    world.tick().await;
    assert_eq!(world.notices().await, [""; 0], "nothing is due any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_an_account_already_is_welcome_at_once() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    receive(&world, "registration", &registration("r1@customer.test", COMPLETE)).await;
    assert_eq!(world.notices().await, ["form_received → anna@customer.test", "welcome → anna@customer.test"]);
}

/// Only engineers learn whether an account or an address is known.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_can_be_probed() {
    let mut world = desk().await;
    let mallory = |id: &str, account: &str| {
        let text = format!("First name: Mallory\nLast name: Doe\nE-mail: mallory@evil.test\nAccount ID: {account}");
        registration(id, &text).header("From", "Mallory <mallory@evil.test>")
    };
    let mut answers = Vec::new();
    for (id, account) in [("m1@evil.test", "AC-1001"), ("m2@evil.test", "AC-9999")] {
        receive(&world, "registration", &mallory(id, account)).await;
        let sent = world.sent().await;
        assert_eq!(
            notices(&sent),
            [
                "form_received → mallory@evil.test",
                "form_handover → erkki@example.test",
                "form_handover → liisa@example.test"
            ]
        );
        let text = sent[0].mail.text.replace("CASE-1", "CASE").replace("CASE-2", "CASE").replace(account, "ACCOUNT");
        answers.push(text);
    }
    assert_eq!(answers[0], answers[1]);
}

/// Who registers somebody else sees the same case, whatever the directory knows of them and whatever they do.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_about_somebody_else_tells_nothing_of_them() {
    for state in [None, Some(AccountState::Invited), Some(AccountState::Active), Some(AccountState::Disabled)] {
        let mut world = desk().await;
        if let Some(state) = state {
            person(&world, "anna@customer.test", state, false).await;
        }
        let mallory = registration("m1@evil.test", COMPLETE).header("From", "Mallory <mallory@evil.test>");
        receive(&world, "registration", &mallory).await;
        assert_eq!(world.ticket(1, "status").await, "waiting", "{state:?}");
        let sent = world.sent().await;
        let to_mallory: Vec<_> = sent.iter().filter(|mail| mail.recipient == "mallory@evil.test").collect();
        assert_eq!(to_mallory.len(), 1, "{:?}", notices(&sent));
        if state == Some(AccountState::Invited) {
            let (directory, password) = (&*world.app.provision.directory, SecretString::from("correct horse battery"));
            set_password(directory, &world.app.store, "anna@customer.test", &password).await.unwrap();
            world.pass(SignedDuration::from_hours(1));
            portal(&world, PortalEvent::Activated { email: "anna@customer.test".to_owned() }).await;
            assert_eq!(world.notices().await, ["welcome → anna@customer.test"]);
            world.pass(SignedDuration::from_hours(70));
        } else {
            world.pass(SignedDuration::from_hours(71));
        }
        world.tick().await;
        assert_eq!(world.ticket(1, "status").await, "waiting", "{state:?}");
        world.pass(SignedDuration::from_hours(1));
        world.tick().await;
        assert_eq!(world.ticket(1, "status").await, "closed", "{state:?}");
        assert!(world.sent().await.iter().all(|mail| mail.recipient != "mallory@evil.test"), "{state:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_address_waits_for_an_engineer() {
    let mut world = desk().await;
    let text = COMPLETE.replace("anna@customer.test", "anna@freelance.test");
    receive(&world, "registration", &registration("r1@customer.test", &text)).await;
    let sent = world.sent().await;
    let handover = sent.iter().find(|mail| mail.recipient == "erkki@example.test").unwrap();
    assert_eq!(form(&world, 1).await.0, "approval");
    let approve =
        from(ERKKI, "e1@example.test").to(handover.reply_to()).proven().text("#approve\n\nWelcome aboard, Anna.");
    assert_eq!(receive(&world, "registration", &approve).await.verdict, "threaded");
    let sent = world.sent().await;
    let mut got = notices(&sent);
    got.sort();
    assert_eq!(
        got,
        ["activation → anna@freelance.test", "answer → anna@customer.test", "command_result → erkki@example.test"]
    );
    let answer = only(&sent, "answer");
    assert!(
        answer.mail.text.contains("Welcome aboard") && !answer.mail.text.contains("#approve"),
        "{}",
        answer.mail.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_approval_helps_where_there_is_no_account_until_a_value_is_set_right() {
    let mut world = desk().await;
    let text = COMPLETE.replace("AC-1001", "AC-1010");
    receive(&world, "registration", &registration("r1@customer.test", &text)).await;
    let sent = world.sent().await;
    let reply_to = only(&sent[1..2], "form_handover").reply_to().to_owned();
    let order = |id: &str, text: &str| from(ERKKI, id).to(&reply_to).proven().text(text);
    receive(&world, "registration", &order("e1@example.test", "#approve")).await;
    let sent = world.sent().await;
    assert!(notices(&sent).contains(&"form_handover → liisa@example.test".to_owned()), "{:?}", notices(&sent));
    assert_eq!(form(&world, 1).await.0, "approval");
    receive(&world, "registration", &order("e2@example.test", "#set account ID AC-77")).await;
    let sent = world.sent().await;
    assert!(only(&sent, "command_result").mail.text.contains("AC-77"), "{}", sent[0].mail.text);
    assert_eq!(form(&world, 1).await.0, "approval");
    receive(&world, "registration", &order("e3@example.test", "#set account ID ac-1001")).await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["command_result → erkki@example.test", "activation → anna@customer.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_account_is_enabled_and_then_approved() {
    let mut world = desk().await;
    customer(&world, |account| account.disabled = true).await;
    receive(&world, "registration", &registration("r1@customer.test", COMPLETE)).await;
    let sent = world.sent().await;
    let handover = only(&sent[1..2], "form_handover");
    assert!(handover.mail.text.contains("account is disabled") && handover.mail.text.contains("#approve"));
    let approve = |id: &str| from(ERKKI, id).to(handover.reply_to()).proven().text("#approve");
    receive(&world, "registration", &approve("e1@example.test")).await;
    assert_eq!(form(&world, 1).await.0, "approval", "no approval helps before the account is enabled");
    customer(&world, |_| {}).await;
    world.sent().await;
    receive(&world, "registration", &approve("e2@example.test")).await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["command_result → erkki@example.test", "activation → anna@customer.test"]);
}

/// A forged engineer's `#approve` is held like any other mail in an engineer's name.
#[tokio::test(flavor = "multi_thread")]
async fn an_approval_needs_proof() {
    let mut world = desk().await;
    let text = COMPLETE.replace("anna@customer.test", "anna@freelance.test");
    receive(&world, "registration", &registration("r1@customer.test", &text)).await;
    world.sent().await;
    let forged = from(ERKKI, "e1@evil.test").subject("[CASE-1] x").text("#approve");
    assert_eq!(receive(&world, "registration", &forged).await.verdict, "held");
    assert_eq!(form(&world, 1).await.0, "approval");
    let by_customer = from(ANNA, "a2@customer.test").subject("[CASE-1] x").text("#approve");
    receive(&world, "registration", &by_customer).await;
    assert_eq!(form(&world, 1).await.0, "approval");
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_again_brings_the_state_and_a_fresh_link_and_never_a_second_account() {
    let mut world = desk().await;
    receive(&world, "registration", &registration("r1@customer.test", COMPLETE)).await;
    let first = world.sent().await;
    let again = registration("r2@customer.test", "Hello, I did not receive the mail.\nE-mail: anna@customer.test")
        .subject("Where is my account?");
    let settled = receive(&world, "registration", &again).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 1), "{}", settled.reason);
    let second = world.sent().await;
    assert_eq!(notices(&second), ["activation → anna@customer.test"]);
    assert_ne!(token(&first[1], "activate"), token(&second[0], "activate"));
    let third = registration("r3@customer.test", COMPLETE);
    assert_eq!(receive(&world, "registration", &third).await.ticket, 1);
    for n in 0..10 {
        receive(
            &world,
            "registration",
            &registration(&format!("x{n}@customer.test"), "No mail arrived!\nE-mail: anna@customer.test"),
        )
        .await;
    }
    let links = world.count("SELECT COUNT(*) FROM link").await;
    assert_eq!(links, 4, "the cap on links holds");
    assert_eq!(world.count("SELECT COUNT(*) FROM business_account").await, 1);
    assert!(world.events(1).await.contains(&"suppressed".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_to_the_activation_proves_the_address_and_brings_a_code() {
    let mut world = desk().await;
    receive(&world, "registration", &registration("r1@customer.test", COMPLETE)).await;
    let activation = world.sent().await.pop().unwrap();
    let reply =
        from(ANNA, "r2@customer.test").to(activation.reply_to()).answering(activation.message_id()).text("Hello");
    assert_eq!(receive(&world, "registration", &reply).await.verdict, "threaded");
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["activation_code → anna@customer.test"]);
    let forged = from(ANNA, "r3@evil.test").subject("[CASE-1] x").text("Hello");
    receive(&world, "registration", &forged).await;
    assert!(
        !notices(&world.sent().await).iter().any(|notice| notice.starts_with("activation_code")),
        "only a token proves"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_activate_is_reminded_and_then_let_go() {
    let mut world = desk().await;
    receive(&world, "registration", &registration("r1@customer.test", COMPLETE)).await;
    let first = world.sent().await;
    world.pass(SignedDuration::from_hours(25));
    world.tick().await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["activation_reminder → anna@customer.test"]);
    assert_ne!(token(&first[1], "activate"), token(&sent[0], "activate"));
    let link = link::find(&world.app.store, LinkHash::of(token(&sent[0], "activate"))).await.unwrap().unwrap();
    assert_eq!(link.expires_at, world.now() + SignedDuration::from_hours(47), "longer than the request itself");
    assert!(sent[0].mail.text.contains("until 5 March 2026, 09:00 UTC"), "{}", sent[0].mail.text);
    world.pass(SignedDuration::from_hours(48));
    world.tick().await;
    assert_eq!(world.notices().await, ["activation_expired → anna@customer.test"]);
    assert_eq!((form(&world, 1).await.0.as_str(), world.ticket(1, "status").await.as_str()), ("declined", "closed"));
}

/// After a downtime reminder and end are due at once: a link that is good no more is not sent.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_let_go_is_not_reminded_first() {
    for hours in [72, 100] {
        let mut world = desk().await;
        receive(&world, "registration", &registration("r1@customer.test", COMPLETE)).await;
        world.sent().await;
        world.pass(SignedDuration::from_hours(hours));
        world.tick().await;
        assert_eq!(world.notices().await, ["activation_expired → anna@customer.test"]);
        assert_eq!(form(&world, 1).await.0, "declined");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_is_sent_to_the_partner_portal() {
    let mut world = desk().await;
    customer(&world, |account| account.partner = true).await;
    receive(&world, "registration", &registration("r1@customer.test", COMPLETE)).await;
    assert_eq!(world.notices().await, ["form_received → anna@customer.test", "partner_portal → anna@customer.test"]);
    assert_eq!(world.count("SELECT COUNT(*) FROM business_account").await, 0);
}

/// Ten thousand requests do not become ten thousand mails to a victim.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_bombed() {
    let mut world = desk().await;
    for n in 0..300 {
        let text = COMPLETE.replace("anna@customer.test", "victim@customer.test");
        let letter = registration(&format!("b{n}@evil.test"), &text).header("From", &format!("m{n}@customer.test"));
        world.store_raw_at("registration", &letter.bytes()).await;
    }
    world.process().await;
    world.settle().await;
    let sent = world.sent().await;
    let to_victim = sent.iter().filter(|mail| mail.recipient == "victim@customer.test").count();
    assert_eq!(to_victim, 4, "{:?}", notices(&sent));
}

/// Who asked for somebody else's account is on the ticket too, and must never see the link: not on a page, not in the
/// other's answer, and nobody finds it in the database once it was sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_for_its_recipient_alone() {
    let mut world = desk().await;
    let text = COMPLETE.replace("anna@customer.test", "bea@customer.test");
    receive(&world, "registration", &registration("r1@customer.test", &text)).await;
    let sent = world.sent().await;
    let activation = only(&sent, "activation");
    assert_eq!(activation.recipient, "bea@customer.test");
    let secret = token(activation, "activate").to_owned();
    let public =
        world.count("SELECT COUNT(*) FROM message WHERE visibility = 'public' AND direction = 'outbound'").await;
    assert_eq!(public, 1, "what was received is said in public, the link is not");

    let quoted: String = activation.mail.text.lines().map(|line| format!("> {line}\n")).collect();
    let answer = from("Bea <bea@customer.test>", "b1@customer.test")
        .to(activation.reply_to())
        .answering(activation.message_id())
        .text(&format!("What is this?\nhttps://help.example.test/activate/{secret}\n\n{quoted}"));
    receive(&world, "registration", &answer).await;
    for mail in world.sent().await {
        assert!(!mail.mail.text.contains(&secret), "{} to {}: {}", mail.notice, mail.recipient, mail.mail.text);
    }
    let used = link::find(&world.app.store, LinkHash::of(&secret)).await.unwrap().unwrap();
    assert!(!used.is_good(world.now()), "an answer may quote it: it is worth nothing any more");

    let store = &world.app.store;
    let claimed =
        outbox::claim(store, "out", world.now(), world.now() + SignedDuration::from_mins(5), 100).await.unwrap();
    let ended: Vec<_> = claimed.iter().map(|mail| (mail.id, outbox::Outcome::Sent)).collect();
    assert!(ended.len() >= 3, "{ended:?}");
    outbox::record(store, &ended, world.now()).await.unwrap();
    let kept = sqlx::query("SELECT notice, CAST(bytes AS TEXT) FROM outbox_bytes JOIN outbox ON id = outbox_id");
    for row in kept.fetch_all(store.reader()).await.unwrap() {
        use sqlx::Row;
        let (notice, bytes): (String, String) = (row.get(0), row.get(1));
        assert!(!bytes.replace("=\r\n", "").contains(&secret), "{notice}: {bytes}");
    }
    let shown = crate::views::run(&world, 140, &["ticket", "show", "1"]).out;
    assert!(shown.contains("activation to bea@customer.test"), "whom it went to is still known: {shown}");
}

/// A mail in the name of somebody who waits for an activation, with a stranger in Cc, brings nobody onto the case.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_sender_brings_no_stranger_in() {
    let world = desk().await;
    receive(&world, "registration", &registration("r1@customer.test", COMPLETE)).await;
    let forged = registration("r2@evil.test", COMPLETE).header("Cc", "mallory@evil.test");
    assert_eq!(receive(&world, "registration", &forged).await.ticket, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM participant").await, 0);
}
