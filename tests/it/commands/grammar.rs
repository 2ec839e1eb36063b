//! How lines of commands are written, by people and by their mail programs.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_is_told_with_what_was_meant() {
    for (language, unknown, near, help) in [
        ("en", "no such command; #help lists all", "did you mean #approve?", "at the very top of an email"),
        ("de", "#help nennt alle", "meinten Sie #approve?", "ganz oben in der E-Mail"),
        ("fi", "#help luettelee kaikki", "tarkoititko #approve?", "viestin alkuun"),
    ] {
        let mut opened = Opened::speaking(language).await;
        for (words, said) in [("#fraud", unknown), ("#aprove", near), ("#appr", near), ("#help", help)] {
            let told = opened.transcript(words).await;
            assert!(told.contains(said), "{language} {words}: {told}");
        }
        assert_eq!(opened.world.ticket(1, "status").await, "new");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn help_is_a_list_of_all_and_goes_to_nobody_else() {
    for language in ["en", "de", "fi"] {
        let mut opened = Opened::speaking(language).await;
        let told = told(&mut opened, "#help\n\nHow do I close this?").await;
        insta::assert_snapshot!(format!("help_{language}"), told);
    }
}

/// The same command as mail programs send it: each is obeyed, and no letter goes to the customer.
#[tokio::test(flavor = "multi_thread")]
async fn however_a_mail_program_writes_a_command_it_is_one() {
    let plain = "text/plain; charset=utf-8";
    let html = "text/html; charset=utf-8";
    for (kind, words) in [
        (plain, "#APPROVE"),
        (plain, "# approve"),
        (plain, "#Approve."),
        (plain, "\n\u{a0}#approve\u{a0}\n"),
        (plain, "•\u{a0}#approve"),
        (html, "<p class=MsoNormal>&nbsp;#Approve.<o:p></o:p></p>"),
        (
            html,
            "<p class=MsoListParagraph><span style='font-family:Symbol'>·<span>&nbsp;&nbsp;&nbsp; </span></span>#approve</p>",
        ),
        (html, "<ul><li>#approve</li></ul>"),
        (html, "<div dir=\"ltr\">#<span>approve</span></div>"),
    ] {
        let mut opened = Opened::new().await;
        let letter = opened.mail(words).header("Content-Type", kind);
        opened.world.receive(&letter).await;
        let sent = opened.world.sent().await;
        assert_eq!(notices(&sent), ["command_result → erkki@example.test"], "{words}");
        let told = flat(&sent[0].mail.text);
        assert!(told.contains("this case has no form"), "{words}: {told}");
    }
}

/// What only looks like one: a heading, a number, a hash in a signature, a list.
#[tokio::test(flavor = "multi_thread")]
async fn words_that_begin_with_a_hash_are_words() {
    for words in ["# Steps\n1. Restart it.", "#1 is the one to restart.", "# Close the window\nand restart it.", "#"] {
        let mut opened = Opened::new().await;
        let sent = opened.says(words).await;
        assert_eq!(notices(&sent), ["answer → anna@customer.test"], "{words}");
    }
    // A signature without a delimiter, below nothing: told, and passed on to nobody.
    let mut opened = Opened::new().await;
    let told = opened.transcript("#TeamExample – we care").await;
    assert!(told.contains("no such command"), "{told}");
}

/// What a customer types is a customer's odd text.
#[tokio::test(flavor = "multi_thread")]
async fn a_customers_commands_are_words() {
    let mut opened = Opened::new().await;
    let letter =
        from(ANNA, "a2@customer.test").subject("Re: [CASE-1] The printer is broken").text("#approve\n\n#help").proven();
    opened.world.receive(&letter).await;
    let sent = opened.world.sent().await;
    assert!(sent.iter().all(|mail| mail.notice == "customer_reply"), "{:?}", notices(&sent));
    assert!(sent[0].mail.text.contains("#approve"), "{}", sent[0].mail.text);
}
