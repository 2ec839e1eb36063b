//! What we write: every notice in every language, what people's own words may not do, and what comes back when our
//! own mails are read.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use caseway::desk::notice::kind::Notice;
use caseway::desk::notice::letter::Letter;
use caseway::desk::notice::vars::{DeskVars, FileVars, LinkVars, Quote, Vars};
use caseway::letters::{Letters, Rendered};
use caseway::mail::language::Language;
use caseway::mail::{Address, Attachment, Mail, read};
use jiff::Timestamp;
use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;

mod bytes;
mod flows;
mod injection;
mod overrides;
mod round_trip;

/// The built-in templates, read once.
fn letters() -> &'static Letters {
    static LETTERS: LazyLock<Letters> = LazyLock::new(|| Letters::load(None).unwrap());
    &LETTERS
}

/// A letter with little in it, to be changed by a test.
fn letter(notice: Notice) -> Letter {
    Letter {
        notice,
        language: Language::En,
        from: Address::new("Example Support", "support@example.test"),
        reply_to: Address::new("Example Support", "support+k1.abcdef@example.test"),
        to: vec![Address::new("Jane Doe", "jane@example.test")],
        cc: Vec::new(),
        message_id: "t.k1.abcdef.1@example.test".to_owned(),
        in_reply_to: Some("first@example.test".to_owned()),
        references: vec!["root@example.test".to_owned(), "first@example.test".to_owned()],
        date: Timestamp::from_second(1_741_939_320).unwrap(),
        delivery: String::new(),
        no_reactions: false,
        vars: Vars {
            desk: DeskVars {
                name: "Example Support".to_owned(),
                address: "support@example.test".to_owned(),
                ..DeskVars::default()
            },
            case_id: "CASE-1042".to_owned(),
            subject: "Printer offline".to_owned(),
            recipient: Address::new("Jane Doe", "jane@example.test"),
            author: Address::new("Jane Doe", "jane@example.test"),
            words: "It does not print.".to_owned(),
            ..Vars::default()
        },
        files: Vec::new(),
    }
}

fn file(name: &str, kind: &str, content: &[u8]) -> Attachment {
    Attachment {
        filename: name.to_owned(),
        content_type: kind.to_owned(),
        content_id: None,
        inline: false,
        content: content.to_vec(),
    }
}

/// The header block of a finished mail, and nothing below it.
fn head(rendered: &Rendered) -> String {
    let bytes = String::from_utf8(rendered.bytes.clone()).unwrap();
    bytes.split("\r\n\r\n").next().unwrap().to_owned()
}

fn text_with_subject(rendered: &Rendered) -> String {
    // Editors take trailing spaces away; the signature's is shown as one.
    format!("Subject: {}\n\n{}", rendered.subject, rendered.text.replace("-- \n", "--␠\n"))
}

#[test]
fn every_notice_in_every_language() {
    let letters = letters();
    for notice in Notice::ALL {
        for &language in notice.languages() {
            let rendered = letters.preview(notice, language).unwrap();
            // Whole dialogues in the other languages are read in `stories`.
            if Language::OF_ENGINEERS.contains(&language) || notice == Notice::Acknowledgement {
                let name = format!("{}_{}", notice.as_str(), language.code());
                insta::assert_snapshot!(name, text_with_subject(&rendered));
            }
        }
    }
}

#[test]
fn every_notice_as_html() {
    let letters = letters();
    for (notice, language) in Notice::ALL.into_iter().zip(Language::OF_ENGINEERS.into_iter().cycle()) {
        let rendered = letters.preview(notice, language).unwrap();
        insta::assert_snapshot!(format!("{}_{}_html", notice.as_str(), language.code()), rendered.html);
    }
}

#[test]
fn a_follow_up_of_a_closed_case_says_so() {
    let letters = letters();
    for (language, expected) in [
        (Language::En, "Your earlier case CASE-7 is closed"),
        (Language::De, "früherer Fall CASE-7 ist bereits abgeschlossen"),
        (Language::Fi, "Aiempi tapauksesi CASE-7 on jo päätetty"),
    ] {
        let mut letter = letter(Notice::Acknowledgement);
        letter.language = language;
        letter.vars.linked_case_id = "CASE-7".to_owned();
        let text = letters.render(&letter).unwrap().text.replace('\n', " ");
        assert!(text.contains(expected), "{text}");
    }
}

/// Each known reason has words of its own, and one we do not know yet still gives a sentence.
#[test]
fn reasons_choose_the_words() {
    let letters = letters();
    let cases: [(Notice, &[&str]); 10] = [
        (Notice::CustomerReply, &["colleague", "flood", "aside", "made_up"]),
        (Notice::Held, &["stranger", "token_of_another", "dmarc_fail", "no_proof", "spam", "made_up"]),
        (Notice::Unproven, &["no_proof", "dmarc_fail", "commands", "made_up"]),
        (Notice::DeliveryFailed, &["hard", "soft", "refused", "expired", "bounced", "made_up"]),
        (
            Notice::NotPassedOn,
            &[
                "empty",
                "forward",
                "reaction",
                "calendar",
                "recall",
                "encrypted",
                "notice",
                "address",
                "command",
                "banner",
                "file",
                "made_up",
            ],
        ),
        (
            Notice::FormHandover,
            &[
                "complete",
                "approval",
                "second_approval",
                "rounds",
                "no_answer",
                "not_helped",
                "unknown_account",
                "foreign_address",
                "account_disabled",
                "person_disabled",
                "unknown_person",
                "unclear",
                "stopped",
                "closed",
                "directory_failed",
                "made_up",
            ],
        ),
        (Notice::FormQuestion, &["reminder", "unclear", "made_up"]),
        (Notice::Activation, &["again", "made_up"]),
        (Notice::Welcome, &["again", "made_up"]),
        (Notice::SignInHelp, &["other_name", "made_up"]),
    ];
    for language in Language::ALL {
        for (notice, reasons) in cases.into_iter().filter(|(notice, _)| notice.languages().contains(&language)) {
            let texts: Vec<String> = reasons
                .iter()
                .map(|reason| {
                    let mut letter = letter(notice);
                    letter.language = language;
                    letter.vars.reason = (*reason).to_owned();
                    letters.render(&letter).unwrap().text
                })
                .collect();
            for (at, text) in texts.iter().enumerate() {
                assert!(!texts[..at].contains(text), "{notice:?} {language:?} says the same twice: {text}");
            }
            let unknown = texts.last().unwrap();
            assert!(!unknown.contains("made_up"), "a code is no word for people: {unknown}");
            if Language::OF_ENGINEERS.contains(&language) {
                insta::assert_snapshot!(format!("{}_{}_unknown_reason", notice.as_str(), language.code()), unknown);
            }
        }
    }
}

#[test]
fn automatic_mails_say_so_and_answers_do_not() {
    let letters = letters();
    for notice in Notice::ALL {
        let rendered = letters.preview(notice, Language::En).unwrap();
        let head = head(&rendered);
        let expected = match notice {
            Notice::Answer | Notice::RegistrationFile => None,
            Notice::NewTicket
            | Notice::CustomerReply
            | Notice::Held
            | Notice::DeliveryFailed
            | Notice::FormHandover
            | Notice::FirstContacts
            | Notice::HandedOver
            | Notice::Note
            | Notice::Trouble
            | Notice::Activation
            | Notice::ActivationReminder
            | Notice::ActivationExpired
            | Notice::Welcome
            | Notice::PasswordReset
            | Notice::PasswordChanged
            | Notice::SecondFactorPending
            | Notice::SecondFactorEnrol
            | Notice::SecondFactorStopped
            | Notice::SecondFactorChanged
            | Notice::SecondFactorRemoved
            | Notice::LicenceReminder
            | Notice::WaitingReminder
            | Notice::Closing
            | Notice::Closed
            | Notice::CaseStatus => Some("auto-generated"),
            _ => Some("auto-replied"),
        };
        let value = head.lines().find_map(|line| line.strip_prefix("Auto-Submitted: "));
        assert_eq!(value, expected, "{notice:?}");
        for name in ["X-Auto-Response-Suppress: All", "X-Caseway: CASE-1042"] {
            assert_eq!(head.contains(name), notice.is_automatic(), "{notice:?} {name}");
        }
        assert_eq!(head.contains("Precedence: bulk"), expected == Some("auto-replied"), "{notice:?}");
    }
}

#[test]
fn only_mails_of_engineers_have_no_separator() {
    let letters = letters();
    let (start, end) = caseway::mail::quote::SEPARATOR;
    for notice in Notice::ALL {
        for &language in notice.languages() {
            let text = letters.preview(notice, language).unwrap().text;
            let first = text.lines().next().unwrap();
            assert_eq!(first.starts_with(start) && first.ends_with(end), !notice.is_by_engineer(), "{first}");
        }
    }
}

#[test]
fn finished_bytes_are_the_same_each_time_and_go_through_any_server() {
    let letters = letters();
    for notice in Notice::ALL {
        for &language in notice.languages() {
            let rendered = letters.preview(notice, language).unwrap();
            assert_eq!(rendered.bytes, letters.preview(notice, language).unwrap().bytes);
            well_formed(&rendered.bytes);
        }
    }
}

/// 7-bit, CRLF and nothing else, no line of more than 998 octets (RFC 5322 §2.1.1).
fn well_formed(bytes: &[u8]) {
    assert!(bytes.iter().all(|byte| (b' '..0x7f).contains(byte) || b"\r\n\t".contains(byte)));
    for line in bytes.split(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        assert!(!line.contains(&b'\r') && line.len() <= 998, "{}", String::from_utf8_lossy(line));
    }
    let newlines = bytes.iter().filter(|&&byte| byte == b'\n').count();
    assert_eq!(newlines, bytes.windows(2).filter(|pair| pair == b"\r\n").count());
}

#[test]
fn the_whole_mail_with_files() {
    let mut letter = letter(Notice::Answer);
    letter.vars.quote = Quote {
        author: "Jane Doe".to_owned(),
        date: "14 March 2025, 08:02 UTC".to_owned(),
        text: "Is anybody there?".to_owned(),
    };
    letter.cc = vec![Address::new("Jörg Æsir, Leitung", "joerg@example.test")];
    letter.files = vec![
        file("Anleitung für Größen.pdf", "application/pdf", b"%PDF"),
        file("weiter.eml", "message/rfc822", b"Subject: x\n\ny\n"),
    ];
    let rendered = letters().render(&letter).unwrap();
    insta::assert_snapshot!(String::from_utf8(rendered.bytes).unwrap().replace("\r\n", "\n"));
}

#[test]
fn a_mail_without_words_still_says_something() {
    for notice in [Notice::NewTicket, Notice::CustomerReply, Notice::Held, Notice::Answer] {
        let mut letter = letter(notice);
        letter.vars.words = String::new();
        let rendered = letters().render(&letter).unwrap();
        let expected = if notice == Notice::Answer { "Please see the attachments." } else { "The email has no text." };
        assert!(rendered.text.contains(expected) && rendered.html.contains(expected), "{}", rendered.text);
    }
}

#[test]
fn files_that_could_not_go_along_are_named_to_the_customer() {
    let mut letter = letter(Notice::Answer);
    letter.vars.files = vec![
        FileVars { name: "small.txt".to_owned(), size: "1 KB".to_owned(), attached: true },
        FileVars { name: "big_image.iso".to_owned(), size: "700 MB".to_owned(), attached: false },
    ];
    let text = letters().render(&letter).unwrap().text;
    assert!(text.contains("big_image.iso (700 MB) was too large") && !text.contains("small.txt"), "{text}");
}

#[test]
fn links_of_the_desk_are_links() {
    let mut letter = letter(Notice::Acknowledgement);
    let url = "https://help.example.test/a_(b)?x=1&y=*2*".to_owned();
    letter.vars.desk.links = vec![
        LinkVars { label: "Help [new]".to_owned(), url },
        LinkVars { label: "Trap".to_owned(), url: "javascript:alert(1)".to_owned() },
    ];
    let rendered = letters().render(&letter).unwrap();
    assert!(rendered.text.contains("- Help [new] <https://help.example.test/a_(b)?x=1&y=*2*>"), "{}", rendered.text);
    assert!(rendered.html.contains("<a href=\"https://help.example.test/a_(b)?x=1&amp;y=*2*\">Help [new]</a>"));
    assert!(rendered.text.contains("- Trap\n") && !rendered.html.contains("javascript"), "{}", rendered.html);
}

#[test]
fn lists_and_previews_cover_everything() {
    let letters = letters();
    assert_eq!(letters.list().count(), Notice::ALL.map(|notice| notice.languages().len()).into_iter().sum::<usize>());
    let first = letters.list().next().unwrap();
    assert_eq!(first.path, "mail/acknowledgement/en.hbs");
    assert_eq!(first.overridden_by, None);
}
