//! Where answers stand: above, below and between.

use super::{reply, split};

const HEAD: &str = "On Tue, May 3, 2022 at 10:15 AM Ada Byron <ada@example.test> wrote:";

#[test]
fn above_below_and_both() {
    let quote = format!("{HEAD}\n\n> Did it stop?\n> Did it start?");
    assert_eq!(reply(&format!("It did.\n\n{quote}")), "It did.");
    assert_eq!(reply(&format!("{quote}\n\nIt did.")), "It did.");
    assert_eq!(reply(&format!("Hello,\n\n{quote}\n\nIt did.\n\nBo")), "Hello,\n\nIt did.\n\nBo");
}

#[test]
fn between_the_parts_of_a_quote_all_is_kept() {
    for text in [
        format!("{HEAD}\n> Did it stop?\n\nIt did.\n\n> Did it start?\n\nNot yet."),
        format!("Hello Ada,\n\n{HEAD}\n> Did it stop?\nYes\n> Did it start?\nNo"),
        "I mean this:\n\n> a quote set by hand\n> over two lines\n\nbecause of that.".to_owned(),
    ] {
        assert_eq!(reply(&text), text);
    }
}

#[test]
fn the_rest_of_an_answered_quote_is_cut() {
    let split = split(&format!("{HEAD}\n> Did it stop?\n\nIt did.\n\n> Kind regards\n> Ada"), None);
    assert_eq!(split.reply, format!("{HEAD}\n> Did it stop?\n\nIt did."));
    assert_eq!(split.quoted, "> Kind regards\n> Ada");
}

#[test]
fn marks_without_an_attribution() {
    assert_eq!(reply("Thank you.\n\n> The old words.\n> More."), "Thank you.");
    for text in [
        "This is what it prints:\n\n> stop\n> start",
        "It has to be\n> 5",
        ">>> import engine\n>>> engine.start()\n>>> engine.stop()",
        "Visit us\n>>> https://shop.example.test <<<\nor call",
        "He said\n>From now on it works",
    ] {
        assert_eq!(reply(text), text);
    }
}

#[test]
fn wrapped_ends_of_quoted_lines_are_quoted() {
    let text = format!(
        "It did.\n\n{HEAD}\n> The engine in the second hall has stopped again this morning, at about a\nquarter past ten\n> Please look at https://example.test/engines/the-second-one/log?from=\ntoday&until=now\n> Ada"
    );
    assert_eq!(reply(&text), "It did.");
}

#[test]
fn our_separator_is_the_surest_sign() {
    let ours = "##- Please write above this line -##";
    for (text, shown) in [
        (format!("It did.\n\n{ours}\n\nDear Bo,\nwe heard you.\n"), "It did."),
        (format!("It did.\n\n{HEAD}\n\n{ours}\n\nDear Bo"), "It did."),
        (
            format!("It did.\n\nHelp Desk, el 3 de mayo, dijo lo siguiente\n> {ours}\n> Dear Bo"),
            "It did.\n\nHelp Desk, el 3 de mayo, dijo lo siguiente",
        ),
        (format!("{HEAD}\n> {ours}\n> Dear Bo\n\nIt did."), "It did."),
        (format!("> {ours}\n> Dear Bo,\n> did it start?\n\nIt did."), "It did."),
        ("It did.\n\n##- Please write above this\nline -##\n\nDear Bo".to_owned(), "It did."),
        (format!("{HEAD}\n> {ours}\n> Dear Bo"), ""),
    ] {
        assert_eq!(reply(&text), shown, "{text:?}");
    }
}

#[test]
fn an_answer_somewhere_below_our_separator_is_not_lost() {
    let text = "##- Please write above this line -##\n\nDear Bo,\ndid it start?\n\nIt did.";
    assert_eq!(reply(text), text);
}

#[test]
fn only_a_quote_is_shown_as_it_is() {
    let text = format!("{HEAD}\n> Did it stop?");
    assert_eq!(reply(&text), text);
    assert_eq!(split("", None), super::super::Split::default());
}

#[test]
fn answers_inside_of_an_unmarked_quote_are_not_hidden() {
    let block = "From: Help Desk <help@desk.example.test>\nSent: 3 May 2022 10:15\nTo: Bo\nSubject: x\n\nDid it stop? YES\nDid it start? NO";
    for words in [
        "Please see my answers in red.",
        "Antworten siehe unten.",
        "Mes réponses en rouge ci-dessous",
        "Vastaukset alla, ks. alla.",
    ] {
        let text = format!("Hello,\n\n{words}\n\nBo\n\n{block}");
        assert_eq!(reply(&text), text);
    }
    assert_eq!(
        reply(&format!("Hello,\n\nit is inlined in the bored case.\n\n{block}")),
        "Hello,\n\nit is inlined in the bored case."
    );
}

#[test]
fn other_desks_have_separators_too() {
    for line in [
        "##- Please type your reply above this line -##",
        "--- Reply above this line ---",
        "===== Bitte über dieser Zeile antworten =====",
    ] {
        assert_eq!(reply(&format!("It did.\n\n{line}\n\nDear Bo")), "It did.", "{line}");
    }
    let text = "--- Write the number on the label ---\n\nIt did.";
    assert_eq!(reply(text), text);
}

#[test]
fn what_is_passed_on_is_shown() {
    let block = "From: Ada <ada@example.test>\nSent: 3 May 2022 10:15\nTo: Bo\nSubject: x\n\nThe engine stopped.";
    let text = format!("Please look.\n-- \nBo\n\n{block}");
    assert_eq!(super::super::split_forward(&text).reply, format!("Please look.\n\n{block}"));
    assert_eq!(super::super::split_forward(&text).quoted, "-- \nBo");
    let ours = format!("It did.\n\n{block}\n\n##- Please write above this line -##\n\nDear Bo");
    assert_eq!(super::super::split_forward(&ours).reply, "It did.");
}

#[test]
fn other_marks_below_an_attribution() {
    for quote in [
        "2022/5/3 Ada Byron <ada@example.test>\n\n| Did it stop?\n| Did it start?",
        "\"Ada Byron\" <ada@example.test> wrote:\n\n\tDid it stop?\n\n\tDid it start?",
    ] {
        assert_eq!(reply(&format!("It did.\n\n{quote}")), "It did.", "{quote}");
    }
    let table = "The figures:\n\n| a | 1 |\n| b | 2 |";
    assert_eq!(reply(table), table);
}

#[test]
fn headers_of_names_and_on_one_line() {
    for quote in [
        "From: Help Desk\nSent: Monday, February 2, 2022 12:35 PM\nTo: Ada Byron\n\nDid it stop?",
        "Von: Service\nGesendet: Montag, 2. Februar 2022 12:35\nAn: Ada Byron\n\nStand sie still?",
        "________________________________ From: Ada <ada@example.test> Sent: Tuesday, May 3, 2022 10:15 To: Bo <bo@example.test> Subject: Engine\nDid it stop?",
    ] {
        assert_eq!(reply(&format!("It did.\n\n{quote}")), "It did.", "{quote}");
    }
    let trip = "Our trip:\n\nFrom: Turku\nDate: 3.5.2022 10:15\nTo: Vaasa\n\nPlease book it.";
    assert_eq!(reply(trip), trip);
}

#[test]
fn what_is_marked_and_passed_on_is_read() {
    let mail = "Can you look at this?\n\n> Begin forwarded message:\n>\n> From: Ada <ada@example.test>\n> Subject: Engine\n>\n> It stopped.";
    assert_eq!(reply(mail), mail);
    let answer = format!("It did.\n\n{HEAD}\n{}", mail.replace('\n', "\n> "));
    assert_eq!(reply(&answer), "It did.");
}

#[test]
fn a_bare_block_quote_ends_an_answer() {
    let html = "<p>It did.</p><blockquote>Did it stop?</blockquote>";
    let text = "It did.\n\n> Did it stop?";
    assert_eq!(super::super::split_answer(text, Some(html)).reply, "It did.");
    assert_eq!(split(text, Some(html)).reply, text);
    let shown = "It says:\n\n> Did it stop?";
    let html = "<p>It says:</p><blockquote>Did it stop?</blockquote>";
    assert_eq!(super::super::split_answer(shown, Some(html)).reply, shown);
}
