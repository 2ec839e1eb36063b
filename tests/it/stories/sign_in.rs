//! Somebody cannot sign in.

use caseway::desk::directory::AccountState;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_steps_come_with_what_the_directory_knows() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Active, false).await;
    receive(
        &world,
        "support",
        &from(ANNA, "i1@customer.test").subject("Help").text("I cannot sign in.\nE-mail: anna@customer.test"),
    )
    .await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["sign_in_help → anna@customer.test"]);
    assert!(sent[0].mail.text.contains("anna@customer.test"), "the user name: {}", sent[0].mail.text);
    let answer = from(ANNA, "i2@customer.test").to(sent[0].reply_to()).text("That did not help at all.");
    receive(&world, "support", &answer).await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["form_handover → erkki@example.test", "form_handover → liisa@example.test"]);
    assert!(sent[0].mail.text.contains("did not help at all"), "{}", sent[0].mail.text);
    assert_eq!(world.ticket(1, "status").await, "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_activated_gets_a_fresh_link_as_well() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Invited, false).await;
    receive(
        &world,
        "support",
        &from(ANNA, "i1@customer.test").subject("Help").text("I cannot sign in.\nE-mail: anna@customer.test"),
    )
    .await;
    assert_eq!(world.notices().await, ["sign_in_help → anna@customer.test", "activation → anna@customer.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_facts_are_not_told() {
    let mut world = desk().await;
    person(&world, "anna@customer.test", AccountState::Disabled, false).await;
    let mail = from("Mallory <mallory@evil.test>", "i1@evil.test")
        .subject("Help")
        .text("I cannot sign in.\nE-mail: anna@customer.test");
    receive(&world, "support", &mail).await;
    let sent = world.sent().await;
    assert_eq!(notices(&sent), ["sign_in_help → mallory@evil.test"]);
    assert!(!sent[0].mail.text.to_lowercase().contains("disabled"), "{}", sent[0].mail.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_partner_portal_has_steps_of_its_own() {
    let mut world = desk().await;
    let mail = from(ANNA, "i1@customer.test")
        .subject("partner portal login failed")
        .text("Please help.\nE-mail: anna@customer.test");
    receive(&world, "support", &mail).await;
    assert_eq!(world.notices().await, ["partner_sign_in_help → anna@customer.test"]);
}

/// Microsoft 365 marks what a rule passes on, other desks mark their people's answers: words are words.
#[tokio::test(flavor = "multi_thread")]
async fn words_behind_a_machines_header_end_the_steps_as_well() {
    for asked in ["I cannot sign in.", "I forgot my password.", "Signing in to the partner portal fails."] {
        for mark in [None, Some("auto-generated")] {
            let mut world = desk().await;
            person(&world, "anna@customer.test", AccountState::Active, false).await;
            let mail =
                from(ANNA, "i1@customer.test").subject("Help").text(&format!("{asked}\nE-mail: anna@customer.test"));
            receive(&world, "support", &mail).await;
            let sent = world.sent().await;
            let last = sent.last().unwrap();
            let text = "That did not help at all, the page says nothing.";
            let answer = from(ANNA, "i2@customer.test").to(last.reply_to()).answering(last.message_id()).text(text);
            let answer = match mark {
                Some(mark) => answer.header("Auto-Submitted", mark),
                None => answer,
            };
            receive(&world, "support", &answer).await;
            let told = ["form_handover → erkki@example.test", "form_handover → liisa@example.test"];
            assert_eq!(world.notices().await, told, "{asked} {mark:?}");
            assert_eq!(world.count("SELECT COUNT(*) FROM form WHERE stage = 'engineer'").await, 1, "{asked} {mark:?}");
        }
    }
}
