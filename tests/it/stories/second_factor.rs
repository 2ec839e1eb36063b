//! A new second factor: by oneself, by another administrator, or after two engineers looked who is asking.

use caseway::desk::directory::AccountState;
use caseway::desk::id::TicketId;
use caseway::desk::inbound::page::PortalEvent;
use jiff::SignedDuration;

use super::*;

/// A reset up to the point at which engineers decide; their handovers.
async fn asked(world: &mut World) -> Vec<Sent> {
    person(world, "anna@customer.test", AccountState::Active, false).await;
    person(world, "boss@customer.test", AccountState::Active, true).await;
    let text = "I lost my authenticator.\nE-mail: anna@customer.test\nOld device at hand: no\nAnother administrator: no\nAccount ID: AC-1001\n\
                Reason: my phone fell into the sea\nWho vouches: Bea Boss";
    receive(world, "support", &from(ANNA, "s1@customer.test").subject("2FA").text(text)).await;
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

async fn approved(world: &mut World) -> Vec<Sent> {
    let handovers = asked(world).await;
    for (engineer, handover, id) in
        [(ERKKI, &handovers[1], "e1@example.test"), (LIISA, &handovers[2], "l1@example.test")]
    {
        receive(world, "support", &from(engineer, id).to(handover.reply_to()).proven().text("#approve")).await;
    }
    world.sent().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_device_at_hand_means_self_service() {
    let mut world = desk().await;
    receive(
        &world,
        "support",
        &from(ANNA, "s1@customer.test").subject("2FA").text("I lost my authenticator.\nE-mail: anna@customer.test"),
    )
    .await;
    let question = world.sent().await.pop().unwrap();
    assert_eq!(question.notice, "form_question");
    assert!(question.mail.text.contains("Old device at hand"), "{}", question.mail.text);
    assert!(!question.mail.text.contains("Reason"), "one question after the other: {}", question.mail.text);
    let answer = from(ANNA, "s2@customer.test").to(question.reply_to()).text("Old device at hand: yes");
    receive(&world, "support", &answer).await;
    assert_eq!(world.notices().await, ["second_factor_self_service → anna@customer.test"]);
    let trouble = from(ANNA, "s3@customer.test").subject("Re: [CASE-1]").text("There is no such button.");
    receive(&world, "support", &trouble).await;
    let sent = world.sent().await;
    assert!(sent.iter().all(|mail| mail.notice == "form_handover") && sent.len() == 2, "{:?}", notices(&sent));
    assert!(sent[0].mail.text.contains("no such button"), "{}", sent[0].mail.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_administrator_can_do_it() {
    let mut world = desk().await;
    let text =
        "I lost my authenticator.\nE-mail: anna@customer.test\nOld device at hand: no\nAnother administrator: yes";
    receive(&world, "support", &from(ANNA, "s1@customer.test").subject("2FA").text(text)).await;
    assert_eq!(world.notices().await, ["second_factor_by_administrator → anna@customer.test"]);
    assert_eq!(world.ticket(1, "status").await, "waiting");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_takes_two_engineers_and_a_day() {
    let mut world = desk().await;
    let handovers = asked(&mut world).await;
    assert!(handovers[1].mail.text.contains("dministrator"), "{}", handovers[1].mail.text);
    let order = |engineer: &str, id: &str, to: &Sent| from(engineer, id).to(to.reply_to()).proven().text("#approve");
    receive(&world, "support", &order(ERKKI, "e1@example.test", &handovers[1])).await;
    let first = world.sent().await;
    assert_eq!(notices(&first), ["form_handover → liisa@example.test", "command_result → erkki@example.test"]);
    receive(&world, "support", &order(ERKKI, "e2@example.test", &handovers[1])).await;
    let twice = world.sent().await;
    assert_eq!(notices(&twice), ["command_result → erkki@example.test"], "nobody approves twice");
    assert_eq!(form(&world, 1).await.0, "approval");
    receive(&world, "support", &order(LIISA, "l1@example.test", &handovers[2])).await;
    let mut sent = notices(&world.sent().await);
    sent.sort();
    assert_eq!(
        sent,
        [
            "command_result → liisa@example.test",
            "second_factor_pending → anna@customer.test",
            "second_factor_pending → boss@customer.test"
        ]
    );
    world.pass(SignedDuration::from_hours(23));
    world.tick().await;
    assert_eq!(world.notices().await, [""; 0], "it can still be stopped");
    world.pass(SignedDuration::from_hours(2));
    world.tick().await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["second_factor_enrol → anna@customer.test"]);
    assert_eq!(token(&sent[0], "enrol").len(), 32);
    portal(&world, PortalEvent::SecondFactorEnrolled { email: "anna@customer.test".to_owned() }).await;
    assert_eq!(world.notices().await, ["second_factor_changed → anna@customer.test"]);
    assert_eq!(form(&world, 1).await.0, "done");
}

#[tokio::test(flavor = "multi_thread")]
async fn those_concerned_can_stop_it() {
    let mut world = desk().await;
    let sent = approved(&mut world).await;
    let warning = sent.iter().find(|mail| mail.recipient == "boss@customer.test").unwrap();
    assert_eq!(token(warning, "stop").len(), 32);
    portal(&world, PortalEvent::SecondFactorStopped { ticket: TicketId(1) }).await;
    let sent = notices(&world.sent().await);
    assert!(sent.contains(&"second_factor_stopped → anna@customer.test".to_owned()), "{sent:?}");
    assert!(sent.iter().any(|notice| notice.starts_with("form_handover")), "{sent:?}");
    world.pass(SignedDuration::from_hours(48));
    world.tick().await;
    assert!(!notices(&world.sent().await).iter().any(|notice| notice.contains("enrol")), "nothing is reset");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_person_cannot_be_approved() {
    let mut world = desk().await;
    let text = "I lost my authenticator.\nE-mail: anna@customer.test\nOld device at hand: no\nAnother administrator: no\nAccount ID: AC-1001\n\
                Reason: lost\nWho vouches: nobody";
    receive(&world, "support", &from(ANNA, "s1@customer.test").subject("2FA").text(text)).await;
    let sent = world.sent().await;
    let order = from(ERKKI, "e1@example.test").to(sent[1].reply_to()).proven().text("#approve");
    receive(&world, "support", &order).await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["command_result → erkki@example.test"]);
    assert_eq!(form(&world, 1).await.0, "engineer");
}

/// One engineer cannot turn another one's approval to somebody else.
#[tokio::test(flavor = "multi_thread")]
async fn an_approval_is_for_what_was_approved() {
    let mut world = desk().await;
    let handovers = asked(&mut world).await;
    person(&world, "mallory@customer.test", AccountState::Active, false).await;
    let order =
        |engineer: &str, id: &str, to: &Sent, text: &str| from(engineer, id).to(to.reply_to()).proven().text(text);
    receive(&world, "support", &order(ERKKI, "e1@example.test", &handovers[1], "#approve")).await;
    let turned = order(LIISA, "l1@example.test", &handovers[2], "#set email mallory@customer.test\n#approve");
    receive(&world, "support", &turned).await;
    let sent = world.sent().await;
    assert!(!notices(&sent).iter().any(|notice| notice.contains("pending")), "{:?}", notices(&sent));
    receive(&world, "support", &order(LIISA, "l2@example.test", &handovers[2], "#set email mallory@customer.test"))
        .await;
    receive(&world, "support", &order(LIISA, "l3@example.test", &handovers[2], "#approve")).await;
    let sent = world.sent().await;
    assert!(!notices(&sent).iter().any(|notice| notice.contains("pending")), "one of two: {:?}", notices(&sent));
    assert_eq!(form(&world, 1).await.0, "approval");
}

/// What others ask for must not silence the warning.
#[tokio::test(flavor = "multi_thread")]
async fn the_right_to_stop_it_cannot_be_used_up() {
    let mut world = desk().await;
    let handovers = asked(&mut world).await;
    for _ in 0..10 {
        portal(&world, PortalEvent::Forgotten { email: "anna@customer.test".to_owned(), by_owner: false }).await;
    }
    world.sent().await;
    for (engineer, to, id) in [(ERKKI, &handovers[1], "e1@example.test"), (LIISA, &handovers[2], "l1@example.test")] {
        receive(&world, "support", &from(engineer, id).to(to.reply_to()).proven().text("#approve")).await;
    }
    let told = notices(&world.sent().await);
    for who in ["anna@customer.test", "boss@customer.test"] {
        assert!(told.contains(&format!("second_factor_pending → {who}")), "{told:?}");
    }
}

/// What an engineer gets as an engineer is no message that customers may read, whatever it is about.
#[tokio::test(flavor = "multi_thread")]
async fn what_an_engineer_gets_is_internal() {
    let mut world = desk().await;
    world.engineer("matti@example.test", "Matti Niemi").await;
    person(&world, "erkki@example.test", AccountState::Active, false).await;
    let text = "I lost my authenticator.\nE-mail: erkki@example.test\nOld device at hand: no\nAnother administrator: no\nAccount ID: AC-1001\n\
                Reason: lost\nWho vouches: nobody";
    receive(&world, "support", &from(ANNA, "s1@customer.test").subject("2FA").text(text)).await;
    let handovers = world.sent().await;
    let matti = "Matti Niemi <matti@example.test>";
    for (engineer, to, id) in [(LIISA, &handovers[2], "l1@example.test"), (matti, &handovers[3], "m1@example.test")] {
        receive(&world, "support", &from(engineer, id).to(to.reply_to()).proven().text("#approve")).await;
    }
    portal(&world, PortalEvent::SecondFactorStopped { ticket: TicketId(1) }).await;
    assert_eq!(only(&world.sent().await, "second_factor_stopped").recipient, "erkki@example.test");
    let internal =
        "SELECT COUNT(*) FROM message m JOIN outbox o ON o.id = m.outbox_id WHERE o.recipient = 'erkki@example.test'
         AND o.notice = 'second_factor_stopped' AND m.visibility = 'note' AND m.direction = 'note'";
    assert_eq!(world.count(internal).await, 1);
    let public = "SELECT COUNT(*) FROM message m JOIN outbox o ON o.id = m.outbox_id
         WHERE o.recipient LIKE '%@example.test' AND m.visibility = 'public'";
    assert_eq!(world.count(public).await, 0);
}

/// Mails in her name that were answered keep nothing from her that she has to hear.
#[tokio::test(flavor = "multi_thread")]
async fn no_flood_of_mails_keeps_a_warning_back() {
    let mut world = desk_with(|config| config.limits.per_recipient[0].1 = 3).await;
    let handovers = asked(&mut world).await;
    for n in 0..5 {
        receive(&world, "support", &from(ANNA, &format!("f{n}@evil.test")).subject("Hello").text("A question.")).await;
    }
    let answered = notices(&world.sent().await).iter().filter(|to| to.ends_with("anna@customer.test")).count();
    assert_eq!(answered, 2, "the cap holds: the confirmation was the first of three");
    for (engineer, handover, id) in
        [(ERKKI, &handovers[1], "e1@example.test"), (LIISA, &handovers[2], "l1@example.test")]
    {
        receive(&world, "support", &from(engineer, id).to(handover.reply_to()).proven().text("#approve")).await;
    }
    let sent = world.sent().await;
    let warned: Vec<&str> =
        sent.iter().filter(|mail| mail.notice == "second_factor_pending").map(|mail| &*mail.recipient).collect();
    assert_eq!(warned, ["anna@customer.test", "boss@customer.test"]);
    let email = "anna@customer.test".to_owned();
    for event in [
        PortalEvent::PasswordChanged { email: email.clone() },
        PortalEvent::SecondFactorRemoved { email: email.clone() },
        PortalEvent::SecondFactorEnrolled { email },
    ] {
        portal(&world, event).await;
    }
    let changed = ["password_changed", "second_factor_removed", "second_factor_changed"];
    assert_eq!(world.notices().await, changed.map(|notice| format!("{notice} → anna@customer.test")));
}

/// What the person writes is their word against it, whatever the words are: engineers read it before anything is reset.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_the_warning_stops_it() {
    for text in ["#reject\nstop", "Das war ich nicht!", "Who asked for this?"] {
        let mut world = desk().await;
        let sent = approved(&mut world).await;
        let warning = sent.iter().find(|mail| mail.recipient == "anna@customer.test").unwrap();
        let answer = from(ANNA, "o1@customer.test").to(warning.reply_to()).text(text);
        receive(&world, "support", &answer).await;
        let told = notices(&world.sent().await);
        assert!(told.contains(&"second_factor_stopped → anna@customer.test".to_owned()), "{text}: {told:?}");
        assert!(told.contains(&"form_handover → erkki@example.test".to_owned()), "{text}: {told:?}");
        world.pass(SignedDuration::from_hours(48));
        world.tick().await;
        assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE notice = 'second_factor_enrol'").await, 0, "{text}");
    }
}

/// Whoever is not concerned stops nothing, and nor does a mail that anybody could have written.
#[tokio::test(flavor = "multi_thread")]
async fn others_and_forged_senders_do_not_stop_it() {
    let mut world = desk().await;
    approved(&mut world).await;
    for (sender, id) in [(ANNA, "f1@evil.test"), ("Mallory <mallory@evil.test>", "f2@evil.test")] {
        receive(&world, "support", &from(sender, id).subject("Re: [CASE-1] x").text("stop")).await;
    }
    assert_eq!(form(&world, 1).await.0, "cooling");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engineer_can_stop_it_until_it_is_done() {
    for hours in [1, 25] {
        let mut world = desk().await;
        let handovers = asked(&mut world).await;
        for (engineer, handover, id) in
            [(ERKKI, &handovers[1], "e1@example.test"), (LIISA, &handovers[2], "l1@example.test")]
        {
            receive(&world, "support", &from(engineer, id).to(handover.reply_to()).proven().text("#approve")).await;
        }
        world.pass(SignedDuration::from_hours(hours));
        world.tick().await;
        world.sent().await;
        let stop = from(LIISA, "l2@example.test").to(handovers[2].reply_to()).proven().text("#reject");
        receive(&world, "support", &stop).await;
        let told = notices(&world.sent().await);
        assert!(told.contains(&"second_factor_stopped → anna@customer.test".to_owned()), "{told:?}");
        assert_eq!(form(&world, 1).await.0, "declined");
        assert_eq!(world.count("SELECT COUNT(*) FROM link WHERE used_at IS NULL").await, 0, "after {hours} hours");
        world.pass(SignedDuration::from_hours(48));
        world.tick().await;
        assert!(!notices(&world.sent().await).iter().any(|notice| notice.contains("enrol")));
    }
}

/// Two who are engineers now: who left the desk before the second one came, or before it takes effect, does not count.
#[tokio::test(flavor = "multi_thread")]
async fn who_left_the_desk_approves_nothing() {
    let leave = "DELETE FROM engineer WHERE person_id = (SELECT id FROM person WHERE email = 'erkki@example.test')";
    let mut world = desk().await;
    let handovers = asked(&mut world).await;
    let order = |engineer: &str, id: &str, to: &Sent| from(engineer, id).to(to.reply_to()).proven().text("#approve");
    receive(&world, "support", &order(ERKKI, "e1@example.test", &handovers[1])).await;
    world.execute(leave).await;
    receive(&world, "support", &order(LIISA, "l1@example.test", &handovers[2])).await;
    assert_eq!(form(&world, 1).await.0, "approval", "one of two");

    let mut world = desk().await;
    approved(&mut world).await;
    world.execute(leave).await;
    world.pass(SignedDuration::from_hours(25));
    world.tick().await;
    let told = notices(&world.sent().await);
    assert_eq!(
        (form(&world, 1).await.0.as_str(), told.as_slice()),
        ("approval", ["form_handover → liisa@example.test".to_owned()].as_slice())
    );
}
