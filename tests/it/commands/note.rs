//! What is for colleagues alone.

use super::*;

/// Stands in notes, and in nothing that a customer reads.
const SECRET: &str = "She shouts at everybody.";

/// The letter about a note that Liisa gets when Erkki writes one on a case of his.
async fn noted(opened: &mut Opened, words: &str) -> Sent {
    let sent = opened.says(words).await;
    assert_eq!(notices(&sent), ["note → liisa@example.test", "command_result → erkki@example.test"], "{words}");
    sent.into_iter().next().unwrap()
}

/// A mail of Liisa's, shown to be hers.
fn from_liisa(id: &str) -> Letter {
    from("Liisa Korhonen <liisa@example.test>", id).subject("Re: [CASE-1] The printer is broken")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_told_to_colleagues_and_to_nobody_else() {
    for language in ["en", "de", "fi"] {
        let mut opened = Opened::speaking(language).await;
        let mut all = String::new();
        for words in [
            "#note\n\nShe shouts at everybody. @liisa, have you met her?",
            "#note She shouts at everybody.",
            "#note\n#take\n#close quietly\n\nShe shouts at everybody.",
            "#note\n#publish\n\nShe shouts at everybody.",
        ] {
            all += &told(&mut opened, words).await;
        }
        insta::assert_snapshot!(format!("note_{language}"), all);
        assert_eq!(
            opened.world.count("SELECT COUNT(*) FROM message WHERE ledger_id > 1 AND visibility = 'public'").await,
            0
        );
        // What the customer is answered later quotes nothing of it.
        let sent = opened.says("Please restart it.").await;
        assert!(sent[0].recipient == "anna@customer.test" && !sent[0].mail.text.contains(SECRET));
    }
}

/// The address for notes stands in every notification, and what is written to it needs no command.
#[tokio::test(flavor = "multi_thread")]
async fn every_notification_names_an_address_for_notes() {
    let mut opened = Opened::new().await;
    let address = opened.notice.mail.text.split_whitespace().find(|word| word.contains("+note-")).unwrap();
    let address = address.trim_end_matches('.').to_owned();
    for (number, letter) in [
        opened.mail(SECRET).to(&address),
        opened.mail(SECRET).to(&address.to_uppercase()),
        opened.mail(SECRET).to("support@example.test").header("Cc", &address),
        opened.mail(SECRET).to(&address).header("Cc", ANNA),
    ]
    .into_iter()
    .enumerate()
    {
        opened.world.receive(&letter).await;
        let sent = opened.world.sent().await;
        assert_eq!(notices(&sent), ["note → liisa@example.test"], "{number}");
    }
    assert_eq!(opened.world.ticket(1, "status").await, "new");
    assert_eq!(opened.world.count("SELECT COUNT(*) FROM participant").await, 0);
}

/// An answer to a note is a note, wherever it is sent; where only that says so, its writer is told how to publish it.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_a_note_is_a_note() {
    let mut opened = Opened::new().await;
    let note = noted(&mut opened, &format!("#note\n\n{SECRET}")).await;
    let by_address =
        from_liisa("l1@example.test").to(note.reply_to()).answering(note.message_id()).text(SECRET).proven();
    opened.world.receive(&by_address).await;
    assert_eq!(opened.world.notices().await, ["note → erkki@example.test"]);
    let elsewhere = from_liisa("l2@example.test").answering(note.message_id()).text(SECRET).proven();
    let referred = from_liisa("l3@example.test").header("References", &format!("<{}> <x@y.test>", note.message_id()));
    for letter in [elsewhere, referred.text(SECRET).proven()] {
        opened.world.receive(&letter).await;
        let sent = opened.world.sent().await;
        assert_eq!(notices(&sent), ["note → erkki@example.test", "command_result → liisa@example.test"]);
        let told = flat(&sent[1].mail.text);
        assert!(told.contains("#publish") && told.contains(SECRET), "{told}");
    }
    let published = from_liisa("l4@example.test").to(note.reply_to()).answering(note.message_id());
    opened.world.receive(&published.text("#publish\n\nPlease restart it.").proven()).await;
    assert_eq!(opened.world.notices().await, ["answer → anna@customer.test", "command_result → liisa@example.test"]);
}

/// Who is named hears of it, once; a name that several have, and a stranger's, is nobody's.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_named_is_told() {
    let mut opened = Opened::new().await;
    opened.says("#take").await;
    for (words, readers) in [
        ("Nobody is named.", vec![]),
        ("@liisa look", vec!["note → liisa@example.test"]),
        ("@Liisa.Korhonen: look", vec!["note → liisa@example.test"]),
        ("Please ask @liisa@example.test, @Liisa or @erkki.", vec!["note → liisa@example.test"]),
        ("@anna and @mallory", vec![]),
    ] {
        let expected: Vec<&str> = readers.into_iter().chain(["command_result → erkki@example.test"]).collect();
        assert_eq!(notices(&opened.says(&format!("#note\n\n{words}")).await), expected, "{words}");
    }
}

/// A note's address in somebody else's hands opens nothing.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_for_notes_proves_no_more_than_any_other() {
    let mut opened = Opened::new().await;
    let note = noted(&mut opened, "#note\n\nHello").await;
    let forged = from_liisa("f1@elsewhere.test").to(note.reply_to()).on_top(
        "Authentication-Results",
        "mx.example.test; dmarc=none header.from=example.test; spf=fail smtp.mailfrom=example.test",
    );
    assert_eq!(opened.world.receive(&forged.text("#close")).await.verdict, "held");
    let stranger = from("Mallory <mallory@elsewhere.test>", "m1@elsewhere.test").to(note.reply_to()).text("Let me in.");
    assert_eq!(opened.world.receive(&stranger).await.verdict, "held");
    assert_eq!(opened.world.ticket(1, "status").await, "new");
}

/// What tells of a note repeats it: whoever answers that writes a note, too, and what is published goes out without the quote.
#[tokio::test(flavor = "multi_thread")]
async fn what_tells_of_a_note_is_answered_by_notes() {
    for words in [format!("#note\n\n{SECRET}"), format!("#note {SECRET}"), format!("#note {SECRET}\n#assing liisa")] {
        let mut opened = Opened::new().await;
        let sent = opened.says(&words).await;
        let transcript = sent.iter().find(|mail| mail.notice == "command_result").unwrap();
        let answer = |id: &str, words: &str| {
            let letter = from(ERKKI, id).to(transcript.reply_to()).answering(transcript.message_id());
            letter.subject("Re: [CASE-1] Your commands").text(words).proven()
        };
        opened.world.receive(&answer("t1@example.test", &format!("> {SECRET}\n\nReally."))).await;
        assert_eq!(opened.world.notices().await, ["note → liisa@example.test"], "{words}");
        let quoted = words.replace('\n', "\n> ");
        let published = format!("#publish\n\n> {SECRET}\n> {quoted}\n\nHello Anna, please restart it.");
        opened.world.receive(&answer("t2@example.test", &published)).await;
        let sent = opened.world.sent().await;
        let to_anna = sent.iter().find(|mail| mail.recipient == "anna@customer.test").unwrap();
        assert!(to_anna.mail.text.contains("please restart it"), "{}", to_anna.mail.text);
        assert!(!String::from_utf8_lossy(&to_anna.raw).contains("shouts"), "{}", to_anna.mail.text);
    }
}

/// Who writes a note on a colleague's case hears what comes of it.
#[tokio::test(flavor = "multi_thread")]
async fn who_writes_a_note_hears_the_answer() {
    let mut opened = Opened::new().await;
    opened.says("#assign liisa").await;
    let note = opened.says(&format!("#note\n\n{SECRET}")).await.remove(0);
    assert_eq!(note.recipient, "liisa@example.test");
    let answer = from_liisa("l1@example.test").to(note.reply_to()).answering(note.message_id()).text("She does.");
    opened.world.receive(&answer.proven()).await;
    assert_eq!(opened.world.notices().await, ["note → erkki@example.test"]);
}

/// A token of an address for notes gives no answers, nor what takes more than a reply address.
#[tokio::test(flavor = "multi_thread")]
async fn the_token_of_a_note_writes_notes_alone() {
    let mut opened = Opened::new().await;
    let note = noted(&mut opened, "#note\n\nHello").await;
    let token = note.reply_to().split("note-").nth(1).unwrap().to_owned();
    for (number, to) in [note.reply_to().to_owned(), format!("support+{token}")].into_iter().enumerate() {
        let unproven = from_liisa(&format!("u{number}@example.test")).to(&to).text("Please restart it.");
        opened.world.receive(&unproven).await;
        assert_eq!(opened.world.notices().await, ["note → erkki@example.test"], "{to}");
        let commands = from_liisa(&format!("c{number}@example.test")).to(&to).text("#publish\n\nPlease restart it.");
        assert_eq!(opened.world.receive(&commands).await.verdict, "held");
        opened.world.sent().await;
    }
}

/// Where the desk's address is so long that `note-` does not fit, the token alone makes it one for notes; and what is published
/// quotes nothing, whatever a mail program lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_address_has_an_address_for_notes_as_well() {
    let mut opened = Opened::at("support-service-registration@example.test").await;
    let note = noted(&mut opened, &format!("#note\n\n{SECRET}")).await;
    assert!(note.reply_to().starts_with("support-service-registration+n"), "{}", note.reply_to());
    // Nothing but the address says what is answered.
    let answer = from_liisa("l1@example.test").subject("Hm").to(note.reply_to()).text(SECRET).proven();
    opened.world.receive(&answer).await;
    assert_eq!(opened.world.notices().await, ["note → erkki@example.test"]);
    let sent = opened.says(&format!("#publish\n\n> {SECRET}\n\nPlease restart it.")).await;
    assert_eq!(notices(&sent), ["answer → anna@customer.test", "command_result → erkki@example.test"]);
    assert!(sent[0].mail.text.contains("restart") && !sent[0].mail.text.contains("shouts"), "{}", sent[0].mail.text);
}
