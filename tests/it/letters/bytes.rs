//! A mail as bytes and back, without the templates: any words, names, files and references that a person may cause.

use caseway::mail::outbound::{self, Automatic, Draft};
use caseway::mail::{attachment, headers};

use super::*;

/// One line for people, of any script; what a reader rightly takes for a quote, a bracket or a mark around it is left out.
fn name() -> impl Strategy<Value = String> {
    "\\PC{1,40}".prop_map(|text| {
        let text: String = text.chars().filter(|c| !matches!(c, '"' | '\\' | '?')).collect();
        let ends = |c: char| matches!(c, ',' | ';' | '<' | '>' | '\'') || c.is_whitespace();
        headers::clean(text.trim_matches(ends), 150)
    })
}

fn person() -> impl Strategy<Value = Address> {
    (name(), "[a-z0-9][a-z0-9._+-]{0,20}[a-z0-9]", "[a-z]{1,10}")
        .prop_map(|(name, local, domain)| Address::new(name, &format!("{local}@{domain}.test")))
}

/// What servers, clients and relays like to change: quotes, `From ` lines, dots, signature marks, long lines, blanks at
/// the ends, empty lines, encoded words, soft line breaks, boundaries.
fn line() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "> quoted",
        ">quoted",
        ">> twice",
        "From me to you",
        ">From me",
        ".",
        "..",
        "-- ",
        "--",
        "--=_",
        "=20",
        "=",
        "a=\u{3d}",
        "ends in blanks   ",
        "\ttab\t",
        "",
        "",
        "=?utf-8?Q?x?=",
        "Subject: x",
        "begin 644 x",
        "##- x -##",
        "ä ö ü ß € 中 あ 😀",
        "\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
        "e\u{301}",
    ]);
    let long = (1..400_usize).prop_map(|count| "long line ".repeat(count) + "end");
    let unbroken = (1..3_000_usize).prop_map(|count| "ü".repeat(count));
    prop_oneof![
        3 => known.prop_map(str::to_owned),
        3 => "\\PC{0,100}",
        1 => long,
        1 => unbroken,
    ]
}

fn attached() -> impl Strategy<Value = Attachment> {
    let kinds = vec!["image/png", "application/pdf", "text/plain", "text/html", "application/x-odd+type", "audio/x"];
    let names = prop_oneof!["\\PC{1,120}", "[a-z./\\\\:*?\"<>|%=' ]{1,40}\\.[a-z]{1,4}", "ü{100,300}\\.txt"];
    (names, prop::sample::select(kinds), prop::collection::vec(any::<u8>(), 0..3_000)).prop_map(
        |(name, kind, content)| {
            let name = attachment::safe_name(&name).unwrap_or_else(|| "file.bin".to_owned());
            file(&name, kind, &content)
        },
    )
}

fn ids() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[!-;=?-~]{1,200}@[a-z]{1,20}\\.test", 0..60)
}

/// Root and last ones, each once, the parent at the end.
fn expected_references(references: &[String], parent: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for id in references.iter().filter(|id| *id != parent) {
        if !all.contains(id) {
            all.push(id.clone());
        }
    }
    all.push(parent.to_owned());
    let excess = all.len().saturating_sub(20);
    all.drain(1.min(all.len())..1 + excess.min(all.len() - 1));
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_are_read_as_what_they_were_made_of(
        from in person(), reply_to in person(),
        to in prop::collection::vec(person(), 1..4), cc in prop::collection::vec(person(), 0..4),
        subject in name(), lines in prop::collection::vec(line(), 1..30), files in prop::collection::vec(attached(), 0..4),
        references in ids(), parent in "[a-z0-9.$_-]{1,60}@[a-z]{1,20}\\.test", automatic in 0..3_usize,
    ) {
        let text = format!("Hello,\n{}", lines.join("\n"));
        let html = format!("<p>{}</p>", "x".repeat(lines.len() * 50));
        let bytes = outbound::build(&Draft {
            from: &from,
            reply_to: &reply_to,
            to: &to,
            cc: &cc,
            subject: &subject,
            date: Timestamp::from_second(1_741_939_320).unwrap(),
            message_id: "t.k1.abcdef.1@example.test",
            in_reply_to: Some(&parent),
            references: &references,
            language: Language::De,
            automatic: [Automatic::No, Automatic::Replied, Automatic::Generated][automatic],
            case_id: "CASE-7",
            delivery: "",
            no_reactions: false,
            text: &text,
            html: &html,
            files: &files,
        });
        well_formed(&bytes);
        let mail = read(&bytes);
        prop_assert_eq!(mail.from.as_ref(), Some(&from));
        prop_assert_eq!((&mail.to, &mail.cc), (&to, &cc));
        prop_assert_eq!(mail.reply_to.first(), Some(&reply_to).filter(|address| **address != from));
        prop_assert_eq!(&mail.subject, &subject);
        prop_assert_eq!(mail.text.trim_end(), text.trim_end());
        prop_assert_eq!(mail.html.as_deref().map(str::trim_end), Some(html.as_str()));
        prop_assert_eq!(mail.message_id.as_deref(), Some("t.k1.abcdef.1@example.test"));
        prop_assert_eq!(&mail.in_reply_to, std::slice::from_ref(&parent));
        prop_assert_eq!(&mail.references, &expected_references(&references, &parent));
        prop_assert_eq!(mail.attachments.len(), files.len());
        for (read, sent) in mail.attachments.iter().zip(&files) {
            prop_assert_eq!((&read.filename, &read.content_type), (&sent.filename, &sent.content_type));
            prop_assert!(read.content == sent.content, "{}", sent.filename);
        }
    }
}
