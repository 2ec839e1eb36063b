//! Commands on a case itself: what becomes of it, who hears of it, and the transcript in three languages.

use super::*;

/// A day of Erkki's on one case, as everybody reads it.
const DAY: &[&str] = &[
    "#take\n#priority high\n#tag +printer +floor2",
    "#status waiting",
    "#tag -floor2\n#subject “The printer on the second floor”",
    "#assign Liisa\n#follow",
    "#cc bob@customer.test",
    "#language fi",
    "#assign none\n#unfollow\n#uncc bob@customer.test",
    "#close",
    "#reopen",
    "#close quietly",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_day_on_a_case() {
    for language in ["en", "de", "fi"] {
        let mut opened = Opened::speaking(language).await;
        let mut all = String::new();
        for words in DAY {
            all += &told(&mut opened, words).await;
        }
        insta::assert_snapshot!(format!("day_{language}"), all);
        let world = &opened.world;
        assert_eq!(world.ticket(1, "status").await, "closed");
        assert_eq!(world.ticket(1, "priority").await, "high");
        assert_eq!(world.ticket(1, "tags").await, " printer ");
        assert_eq!(world.ticket(1, "subject").await, "The printer on the second floor");
        assert_eq!(
            (world.ticket(1, "language").await, world.ticket(1, "assignee_id").await),
            ("fi".into(), String::new())
        );
        assert_eq!(world.count("SELECT COUNT(*) FROM participant").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_told_with_what_can() {
    for language in ["en", "de", "fi"] {
        let mut opened = Opened::speaking(language).await;
        let mut all = String::new();
        for words in [
            "#assign Mallory",
            "#queue sales",
            "#status asleep",
            "#reopen",
            "#cc liisa@example.test",
            "#cc support@example.test",
            "#uncc nobody@customer.test",
            "#requester erkki@example.test",
            "#tag",
            "#priority",
            "#language klingon",
        ] {
            all += &told(&mut opened, words).await;
        }
        insta::assert_snapshot!(format!("refused_{language}"), all);
        assert_eq!(opened.world.ticket(1, "status").await, "new");
        assert_eq!(opened.world.count("SELECT COUNT(*) FROM participant").await, 0);
    }
}

/// All commands of a mail are one: what stands before and behind one that fails is not done, and the words come back.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_undoes_all_and_keeps_the_words() {
    for (words, failed) in [
        ("#take\n#close\n#assign Mallory\n#priority high\n\nHello Anna, it is done.", "no engineer is called so"),
        ("#cc bob@customer.test\n#tag +a\n#fraud\n\nHello Anna, it is done.", "no such command"),
        ("#requester bob@customer.test\n#approve\n\nHello Anna, it is done.", "has no form"),
    ] {
        let mut opened = Opened::new().await;
        let told = opened.transcript(words).await;
        assert!(told.contains(failed) && told.contains("taken back") && told.contains("None of them"), "{told}");
        assert!(told.contains("ready to be sent again") && told.contains("Hello Anna, it is done."), "{told}");
        let world = &opened.world;
        let row =
            (world.ticket(1, "status").await, world.ticket(1, "assignee_id").await, world.ticket(1, "tags").await);
        assert_eq!(row, ("new".into(), String::new(), String::new()), "{words}");
        assert_eq!(world.ticket(1, "requester_id").await, "1");
        assert_eq!(world.count("SELECT COUNT(*) FROM participant").await, 0, "{words}");
        // The words alone, sent again, go out.
        let sent = opened.says("#take\n#close\n\nHello Anna, it is done.").await;
        assert_eq!(notices(&sent), ["answer → anna@customer.test", "command_result → erkki@example.test"]);
        assert_eq!(opened.world.ticket(1, "status").await, "closed");
    }
}

/// An answer with commands does what they say, and not what answers do by themselves.
#[tokio::test(flavor = "multi_thread")]
async fn commands_above_an_answer_decide() {
    for (command, status, assigned) in [
        ("#status open", "open", true),
        ("#close", "closed", true),
        ("#assign none", "waiting", false),
        ("#priority low", "waiting", true),
    ] {
        let mut opened = Opened::new().await;
        let sent = opened.says(&format!("{command}\n\nHello Anna, please restart it.")).await;
        assert_eq!(notices(&sent), ["answer → anna@customer.test", "command_result → erkki@example.test"], "{command}");
        assert!(!sent[0].mail.text.contains(command), "{}", sent[0].mail.text);
        let row = (opened.world.ticket(1, "status").await, !opened.world.ticket(1, "assignee_id").await.is_empty());
        assert_eq!(row, (status.to_owned(), assigned), "{command}");
    }
}

/// Closing tells the customer once: by the words, or by the letter.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_closed_is_told_once() {
    for (words, expected) in [
        ("#close", vec!["closed → anna@customer.test", "command_result → erkki@example.test"]),
        ("#close quietly", vec!["command_result → erkki@example.test"]),
        ("#solved\n\nIt is done.", vec!["answer → anna@customer.test", "command_result → erkki@example.test"]),
        ("#close\n#reopen", vec!["command_result → erkki@example.test"]),
    ] {
        let mut opened = Opened::new().await;
        assert_eq!(notices(&opened.says(words).await), expected, "{words}");
    }
}

/// The line that a transcript offers takes the command back.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_transcript_offers_takes_it_back() {
    for (before, command, undo, column, value) in [
        ("#take", "#assign liisa@example.test", "#assign erkki@example.test", "assignee_id", "2"),
        ("#status waiting", "#close quietly", "#status waiting", "status", "waiting"),
        ("#priority high", "#priority low", "#priority high", "priority", "high"),
        ("#tag +a +b", "#tag -a +c", "#tag -c +a", "tags", " a b "),
        ("#subject One", "#subject Two", "#subject One", "subject", "One"),
        ("#language de", "#language fi", "#language de", "language", "de"),
        ("#follow", "#requester bob@customer.test", "#requester anna@customer.test", "requester_id", "1"),
    ] {
        let mut opened = Opened::new().await;
        opened.says(before).await;
        let sent = opened.says(command).await;
        let told = flat(&sent.last().unwrap().mail.text);
        assert!(told.contains(&format!("(back with {undo})")), "{command}: {told}");
        assert_ne!(opened.world.ticket(1, column).await, value, "{command}");
        opened.says(undo).await;
        assert_eq!(opened.world.ticket(1, column).await, value, "{undo}");
    }
}

/// Whose case it is changes who reads it, and nobody reads what another customer wrote.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_requester_reads_nothing_of_the_old_one() {
    let mut opened = Opened::new().await;
    let sent = opened.says("#requester bob@elsewhere.test\n\nHello, we have your case now.").await;
    assert_eq!(notices(&sent), ["answer → bob@elsewhere.test", "command_result → erkki@example.test"]);
    let letter = format!("{}{}", String::from_utf8_lossy(&sent[0].raw), sent[0].mail.text);
    for theirs in ["anna@customer.test", "Anna", "second floor", "a1@customer.test"] {
        assert!(!letter.contains(theirs), "{theirs}: {letter}");
    }
    // The customer who was, writes on a case that is not theirs any more.
    let settled =
        opened.world.receive(&from(ANNA, "a2@customer.test").subject("Re: [CASE-1] x").text("And?").proven()).await;
    assert_eq!(settled.verdict, "held");
}

/// Who gets a case hears of it with what the customer said; who moved it does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_is_told_what_is_theirs() {
    let mut opened = Opened::new().await;
    let sent = opened.says("#assign Korhonen").await;
    assert_eq!(notices(&sent), ["handed_over → liisa@example.test", "command_result → erkki@example.test"]);
    assert!(sent[0].mail.text.contains("second floor"), "{}", sent[0].mail.text);
    // Her answer to that letter is an answer on the case.
    let answer = from("Liisa Korhonen <liisa@example.test>", "l1@example.test").to(sent[0].reply_to());
    opened.world.receive(&answer.text("Please restart it.").proven()).await;
    assert_eq!(opened.world.notices().await, ["answer → anna@customer.test"]);
    opened.world.execute("INSERT INTO engineer (person_id, queue, added_at) SELECT person_id, 'sales', 0 FROM engineer JOIN person p ON p.id = person_id AND p.email = 'liisa@example.test'").await;
    assert_eq!(
        notices(&opened.says("#queue Sales").await),
        ["handed_over → liisa@example.test", "command_result → erkki@example.test"]
    );
    assert_eq!(opened.world.ticket(1, "queue").await, "sales");
}

/// The words that a gate keeps back take their commands with them: nothing is half done, and the same mail sent again does all.
#[tokio::test(flavor = "multi_thread")]
async fn commands_above_words_that_are_kept_back_are_not_carried_out() {
    for (words, subject, reason) in [
        (
            "#close\n\nPlease write to liisa@example.test at once: liisa (at) example.test\n#approve\n",
            "Re: x",
            "command",
        ),
        ("#close\n#tag +done\n\nSee below.", "Fwd: Printers", "forward"),
        ("#cc bob@customer.test\n#take\n\n#fraud alarm\nHello", "Re: x", "command"),
    ] {
        let mut opened = Opened::new().await;
        let letter = opened.mail(words).subject(subject);
        opened.world.receive(&letter).await;
        let sent = opened.world.sent().await;
        let all = notices(&sent);
        assert!(all.iter().all(|mail| mail.ends_with("erkki@example.test")), "{words}: {all:?}");
        let transcript = sent.iter().find(|mail| mail.notice == "command_result").unwrap();
        assert!(flat(&transcript.mail.text).contains("None of them was carried out"), "{reason}: {all:?}");
        let world = &opened.world;
        assert_eq!(world.ticket(1, "status").await, "new", "{words}");
        assert_eq!(
            (world.ticket(1, "tags").await, world.ticket(1, "assignee_id").await),
            (String::new(), String::new())
        );
        assert_eq!(world.count("SELECT COUNT(*) FROM participant").await, 0, "{words}");
        let sent = opened.says("#close\n\nHello Anna, it is done.").await;
        assert_eq!(notices(&sent), ["answer → anna@customer.test", "command_result → erkki@example.test"]);
    }
}

/// A card or a signature beside commands is no answer that was kept back.
#[tokio::test(flavor = "multi_thread")]
async fn commands_with_nothing_but_a_card_are_carried_out() {
    let mut opened = Opened::new().await;
    let parts = "--b\nContent-Type: text/plain\n\n#take\n#close\n--b\nContent-Type: text/vcard\n\
        Content-Disposition: attachment; filename=erkki.vcf\n\nBEGIN:VCARD\nEND:VCARD\n--b--";
    let letter = opened.mail(parts).header("Content-Type", "multipart/mixed; boundary=b");
    opened.world.receive(&letter).await;
    assert_eq!(opened.world.notices().await, ["closed → anna@customer.test", "command_result → erkki@example.test"]);
    assert_eq!(opened.world.ticket(1, "status").await, "closed");
}

/// Help beside words: nothing of the mail goes out, and nothing of it is done.
#[tokio::test(flavor = "multi_thread")]
async fn help_beside_words_does_nothing_else() {
    let mut opened = Opened::new().await;
    let told = opened.transcript("#help\n#close\n\nHello Anna, it is done.").await;
    assert!(
        told.contains("None of them") && told.contains("Hello Anna, it is done.") && told.contains("#assign"),
        "{told}"
    );
    assert_eq!(opened.world.ticket(1, "status").await, "new");
    // Without words there is nothing to keep back.
    let sent = opened.says("#help\n#close").await;
    assert_eq!(notices(&sent), ["closed → anna@customer.test", "command_result → erkki@example.test"]);
}

/// An answer that nobody reads leaves the case where a command put it.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_reads_changes_no_status_that_was_ordered() {
    for (command, status) in
        [("#close", "closed"), ("#close quietly", "closed"), ("#status waiting", "waiting"), ("#take", "open")]
    {
        let mut opened = Opened::new().await;
        opened
            .world
            .execute("UPDATE person SET email = 'no-reply@customer.test' WHERE email = 'anna@customer.test'")
            .await;
        let sent = opened.says(&format!("{command}\n\nHello, it is done.")).await;
        assert!(notices(&sent).contains(&"not_passed_on → erkki@example.test".to_owned()), "{:?}", notices(&sent));
        assert_eq!(opened.world.ticket(1, "status").await, status, "{command}");
    }
}

/// What the desk gave to one person alone does not travel in what a colleague is told.
#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_quotes_no_token() {
    for command in ["#assign Liisa", "#assign liisa@example.test\n#queue support"] {
        let mut opened = Opened::new().await;
        let sent = opened.says("#take\n\nHello Anna, what does it say?").await;
        let answer = &sent[0];
        let token = answer.reply_to();
        let words = format!("It says E7. I wrote to {token} before, and to erkki@example.test.");
        let letter = from(ANNA, "a2@customer.test").to(token).answering(answer.message_id()).text(&words).proven();
        opened.world.receive(&letter).await;
        opened.world.sent().await;
        let sent = opened.says(command).await;
        let told = sent.iter().find(|mail| mail.notice == "handed_over").unwrap();
        assert!(told.mail.text.contains("It says E7."), "{}", told.mail.text);
        let secret = token.split('+').nth(1).and_then(|rest| rest.split('@').next()).unwrap();
        assert!(!String::from_utf8_lossy(&told.raw).contains(secret) && !told.mail.text.contains(secret), "{command}");
    }
}

/// Who is behind a held case is decided by an answer or by its end, not by a word about where it stands.
#[tokio::test(flavor = "multi_thread")]
async fn a_held_case_stays_held_until_somebody_decides() {
    for (command, status, goes_out) in [
        ("#status open", "held", false),
        ("#status waiting", "held", false),
        ("#status open\n\nHello, who are you?", "held", false),
        ("#priority high", "held", false),
        ("#close", "closed", false),
        ("#take\n\nHello, who are you?", "waiting", true),
    ] {
        let mut opened = Opened::new().await;
        let stranger = from("Mallory <mallory@elsewhere.test>", "m1@elsewhere.test");
        opened.world.receive(&stranger.subject("Re: [CASE-1] The printer").text("Give it to me.").proven()).await;
        let sent = opened.world.sent().await;
        opened.notice = sent.into_iter().find(|mail| mail.recipient == "erkki@example.test").unwrap();
        assert_eq!(opened.world.ticket(2, "status").await, "held");
        let sent = notices(&opened.says(command).await);
        assert_eq!(sent.iter().any(|mail| mail.ends_with("mallory@elsewhere.test")), goes_out, "{command}: {sent:?}");
        assert_eq!(opened.world.ticket(2, "status").await, status, "{command}");
    }
}

/// A command that changed nothing offers nothing to take back.
#[tokio::test(flavor = "multi_thread")]
async fn what_changed_nothing_has_no_way_back() {
    for command in [
        "#take",
        "#assign liisa@example.test",
        "#assign none",
        "#status waiting",
        "#close quietly",
        "#priority high",
        "#priority normal",
        "#queue support",
        "#tag +a",
        "#subject Two",
        "#language en",
        "#language fi",
        "#follow",
        "#cc bob@customer.test",
        "#requester bob@elsewhere.test",
        "#requester anna@customer.test",
    ] {
        let mut opened = Opened::new().await;
        opened.says(command).await;
        let told = opened.transcript(command).await;
        assert!(!told.contains("back with") && !told.contains("not done"), "{command}: {told}");
    }
}

/// Whoever was on the old customer's side reads nothing on, writes nothing on, and comes back when the engineer says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_requester_is_replaced_with_all_that_is_theirs_and_comes_back() {
    let mut opened = Opened::new().await;
    let to_anna = opened.says("#cc carl@customer.test\n\nHello Anna and Carl.").await.remove(0);
    let told = opened.says("#requester bob@elsewhere.test").await;
    let told = flat(&told.last().unwrap().mail.text);
    assert!(told.contains("unless you write #cc anna@customer.test, carl@customer.test"), "{told}");
    let sent = opened.says("Hello Bob, it is yours.").await;
    assert_eq!(notices(&sent), ["answer → bob@elsewhere.test"]);
    for theirs in ["anna@", "carl@", "Hello Anna"] {
        assert!(!String::from_utf8_lossy(&sent[0].raw).contains(theirs), "{theirs}");
    }
    // Not by the token that Anna has, either.
    let anna = |id: &str| from(ANNA, id).to(to_anna.reply_to()).answering(to_anna.message_id()).text("And?").proven();
    let settled = opened.world.receive(&anna("a2@customer.test")).await;
    assert_eq!(settled.verdict, "held");
    opened.world.sent().await;
    opened.says("#requester anna@customer.test\n#cc carl@customer.test").await;
    let settled = opened.world.receive(&anna("a3@customer.test").subject("Still")).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 1));
    opened.world.sent().await;
    let sent = opened.says("Hello again.").await;
    assert_eq!(notices(&sent), ["answer → anna@customer.test", "answer → carl@customer.test"]);
    assert!(!String::from_utf8_lossy(&sent[0].raw).contains("bob@"), "{}", sent[0].mail.text);
}
