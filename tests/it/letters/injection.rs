//! Nothing that people write can become markup, a header, or a template.

use super::*;

/// A bit of everything that means something to somebody on the way.
const TRAPS: [&str; 14] = [
    "# heading",
    "**bold** _em_ `code`",
    "<b>bold</b><script>alert(1)</script><img src=x>",
    "[link](https://evil.example.test/) ![p](x.png)",
    "{{case_id}} {{{words}}} {{#each files}}x{{/each}}",
    "- item\n- item",
    "> quote",
    "1. one",
    "---",
    "    indented",
    "&amp; &lt; &#60;",
    "\u{1}0\u{1} \u{1}1\u{1}",
    "\\* \\\\ ~~x~~ |a|b|",
    "<jane@example.test> <https://evil.example.test/>",
];

#[test]
fn words_are_shown_as_they_are() {
    let words = TRAPS.join("\n\n");
    let shown: String = words.chars().filter(|&c| c != '\u{1}').collect();
    for notice in [Notice::NewTicket, Notice::CustomerReply, Notice::Answer, Notice::Held] {
        let mut letter = letter(notice);
        letter.vars.words = words.clone();
        let rendered = letters().render(&letter).unwrap();
        assert!(rendered.text.contains(&shown), "{notice:?}: {}", rendered.text);
        let body = rendered.html.split_once("<body").unwrap().1;
        for tag in ["<script", "<img", "<b>", "<h2", "<code", "CASE-1042 ", "<jane"] {
            let from_words = tag == "CASE-1042 " || body.contains(tag);
            assert!(!from_words || (tag == "CASE-1042 " && body.contains("{{case_id}}")), "{notice:?} {tag}: {body}");
        }
        assert!(body.contains("{{case_id}} {{{words}}} {{#each files}}x{{/each}}"), "{body}");
    }
}

#[test]
fn names_subjects_and_file_names_are_shown_as_they_are() {
    for trap in TRAPS {
        let one_line = trap.replace('\n', " ");
        let one_line: String = one_line.chars().filter(|&c| c != '\u{1}').collect();
        let one_line = one_line.trim().replace("  ", " ");
        let mut letter = letter(Notice::Held);
        letter.vars.author.name = trap.to_owned();
        letter.vars.subject = trap.to_owned();
        letter.vars.files = vec![FileVars { name: trap.to_owned(), size: "1 KB".to_owned(), attached: true }];
        let rendered = letters().render(&letter).unwrap();
        let text = rendered.text.replace("\n  ", " ").replace('\n', " ").replace("  ", " ");
        for shown in [
            format!("From: {one_line} <jane@example.test>"),
            format!("Subject: {one_line}"),
            format!("- {one_line} (1 KB)"),
        ] {
            assert!(text.contains(shown.trim_end()), "{shown:?} is not in {text}");
        }
        let body = rendered.html.split_once("<body").unwrap().1;
        for tag in ["<script", "<img", "<b>", "<h2", "<code", "<em", "evil.example.test/\">"] {
            assert!(!body.contains(tag), "{tag} in {body}");
        }
    }
}

#[test]
fn no_value_starts_a_header() {
    let mut letter = letter(Notice::Answer);
    let evil = "x\r\nBcc: victim@example.test\r\n\r\n<b>body</b>";
    letter.from.name = evil.to_owned();
    letter.reply_to =
        Address { name: evil.to_owned(), email: "a@example.test>\r\nBcc: victim@example.test".to_owned() };
    letter.to = vec![Address { name: evil.to_owned(), email: "jane@example.test\r\nBcc: v@example.test".to_owned() }];
    letter.cc = letter.to.clone();
    letter.vars.subject = evil.to_owned();
    letter.vars.case_id = evil.to_owned();
    letter.message_id = "a@b>\r\nBcc: victim@example.test".to_owned();
    letter.in_reply_to = Some(letter.message_id.clone());
    letter.references = vec![letter.message_id.clone(), "  ".to_owned(), "x".repeat(2_000)];
    letter.files = vec![file(evil, "text/plain\r\nBcc: victim@example.test", b"x")];
    for notice in Notice::ALL {
        letter.notice = notice;
        let rendered = letters().render(&letter).unwrap();
        well_formed(&rendered.bytes);
        assert!(!rendered.subject.contains(['\r', '\n']), "{:?}", rendered.subject);
        let message = MessageParser::default().parse(&rendered.bytes).unwrap();
        assert!(message.bcc().is_none());
        assert!(message.parts.iter().all(|part| part.headers.iter().all(|header| header.name() != "Bcc")));
        assert_eq!(message.attachment_count(), 1);
    }
}

#[test]
fn what_looks_encoded_or_turned_around_arrives_plain() {
    let mut letter = letter(Notice::Answer);
    letter.vars.subject = "why =?utf-8?Q?does_this?= happen".to_owned();
    letter.from.name = "=?utf-8?Q?Boss?= \u{202e}gnp".to_owned();
    let rendered = letters().render(&letter).unwrap();
    let message = MessageParser::default().parse(&rendered.bytes).unwrap();
    assert_eq!(message.subject(), Some("Re: [CASE-1042] why =?utf-8?Q?does_this?= happen"));
    assert_eq!(message.from().unwrap().first().unwrap().name(), Some("= ?utf-8?Q?Boss?= gnp"));
}

#[test]
fn terminals_get_no_control_characters() {
    let mut letter = letter(Notice::NewTicket);
    letter.vars.words = "a\u{1b}[31mred\u{7}\r\nb\rc\u{0}\u{9b}d\te".to_owned();
    let rendered = letters().render(&letter).unwrap();
    assert!(rendered.text.contains("a[31mred\nb\ncd\te"), "{:?}", rendered.text);
    assert!(!rendered.html.chars().any(|c| c.is_control() && c != '\n'));
}

#[test]
fn addresses_of_pages_become_links_and_nothing_else_does() {
    let mut letter = letter(Notice::Answer);
    letter.vars.words = "See https://a.example.test/x?a=1&b=\"2, (http://b.example.test/(y)). \
                         Not javascript:alert(1), nothttp://c.example.test, http:// or https://.\n\
                         \thttps://d.example.test/ä–z  two 看https://e.example.test/a谢"
        .to_owned();
    let html = letters().render(&letter).unwrap().html;
    let links: Vec<&str> = html.split("<a href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(
        links,
        [
            "https://a.example.test/x?a=1&amp;b=",
            "http://b.example.test/(y)",
            "https://d.example.test/ä",
            "https://e.example.test/a"
        ]
    );
    assert!(html.contains("–z &nbsp;two"), "{html}");
}

/// Long and hostile words cost no more than their length.
#[test]
fn megabytes_are_written_in_linear_time() {
    let letters = letters();
    for piece in ["http://a/", "https://x)))", "&<>\"", "  ", "a\n\n", "\u{1}", "http", "> "] {
        let mut letter = letter(Notice::Answer);
        letter.vars.words = format!("w{}", piece.repeat(300_000 / piece.len()));
        letter.vars.subject = piece.repeat(1_000);
        let rendered = letters.render(&letter).unwrap();
        assert!(rendered.html.len() < 2_000_000, "{piece:?}: {}", rendered.html.len());
        well_formed(&rendered.bytes);
    }
}
