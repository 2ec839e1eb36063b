//! What mails are read as: crooked senders, odd charsets, broken structure, files. One mail an oddity, named by it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
use std::{fmt::Write, path::Path};

use caseway::mail::{Mail, read};
use proptest::prelude::*;

/// The mails of a group under `tests/mail`, by name.
fn mails(group: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail");
    let prefix = format!("read-{group}-");
    let mut mails: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let name = path.file_stem()?.to_str()?.strip_prefix(&prefix)?.to_owned();
            Some((name, std::fs::read(&path).unwrap()))
        })
        .collect();
    mails.sort();
    assert!(mails.len() > 3, "the mails are there");
    mails
}

/// Every mail of a group through `show`.
fn seen(group: &str, show: impl Fn(&mut String, &Mail)) -> String {
    let mut seen = String::new();
    for (name, raw) in mails(group) {
        let mail = read(&raw);
        writeln!(seen, "#### {name}").unwrap();
        show(&mut seen, &mail);
        for warning in &mail.warnings {
            writeln!(seen, "! {warning}").unwrap();
        }
        seen.push('\n');
    }
    seen
}

fn sender(seen: &mut String, mail: &Mail) {
    match &mail.from {
        Some(from) => writeln!(seen, "{:?} <{}>, {}", from.name, from.email, mail.from_reason).unwrap(),
        None => writeln!(seen, "nobody, {}", mail.from_reason).unwrap(),
    }
}

fn text(seen: &mut String, mail: &Mail) {
    writeln!(seen, "{}", mail.text).unwrap();
}

fn files(seen: &mut String, mail: &Mail) {
    for file in &mail.attachments {
        let inline = if file.inline { ", inline" } else { "" };
        writeln!(seen, "* {} {} {}{inline}", file.filename, file.content_type, file.content.len()).unwrap();
    }
}

fn text_and_files(seen: &mut String, mail: &Mail) {
    text(seen, mail);
    files(seen, mail);
}

#[test]
fn senders() {
    insta::assert_snapshot!(seen("sender", sender));
}

#[test]
fn subjects() {
    insta::assert_snapshot!(seen("subject", |seen, mail| writeln!(seen, "{:?}", mail.subject).unwrap()));
}

#[test]
fn charsets() {
    insta::assert_snapshot!(seen("charset", text));
}

#[test]
fn shapes() {
    insta::assert_snapshot!(seen("shape", text_and_files));
}

#[test]
fn texts() {
    insta::assert_snapshot!(seen("text", text_and_files));
}

#[test]
fn html() {
    insta::assert_snapshot!(seen("html", text));
}

#[test]
fn sealed() {
    insta::assert_snapshot!(seen("sealed", text_and_files));
}

#[test]
fn attached_files() {
    insta::assert_snapshot!(seen("file", text_and_files));
}

/// Bytes that look like a mail often enough to get deep into the reader.
fn scraps() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"\r\n".to_vec()),
        Just(b"\n\n".to_vec()),
        Just(b"From: =?utf-8?B?\xff?= <a@b\r\n".to_vec()),
        Just(b"Subject: =?utf-8?Q?=0D=0A=3F?= =?x?=?=\r\n".to_vec()),
        Just(b"Content-Type: multipart/mixed; boundary=a\r\n".to_vec()),
        Just(b"Content-Type: multipart/alternative; boundary=\"b;\r\n".to_vec()),
        Just(b"Content-Type: message/rfc822\r\n".to_vec()),
        Just(b"Content-Type: text/html; charset=utf-16\r\n".to_vec()),
        Just(b"Content-Type: text/plain; charset=iso-2022-jp; format=flowed\r\n".to_vec()),
        Just(b"Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\nDTSTART:2\xc3\xa4".to_vec()),
        Just(b"Content-Type: application/ms-tnef\r\n\r\n\x78\x9f\x3e\x22\0\0\x02".to_vec()),
        Just(b"Content-Type: application/pkcs7-mime\r\n\r\n\x30\x80\x06\x09".to_vec()),
        Just(b"Content-Disposition: attachment; filename*0*=x'y'%FF%; filename*1=\"..\\\\\"\r\n".to_vec()),
        Just(b"Content-Transfer-Encoding: base64\r\n".to_vec()),
        Just(b"Content-Transfer-Encoding: quoted-printable\r\n".to_vec()),
        Just(b"Content-Transfer-Encoding: uuencode\r\n".to_vec()),
        Just(b"Date: Tue, 99 Foo 65535 99:99:99 +9999\r\n".to_vec()),
        Just(b"References: <<>><a@\xe4> <".to_vec()),
        Just(b"--a\r\n".to_vec()),
        Just(b"--a--\r\n".to_vec()),
        Just(b"<table border=1><td><blockquote type=cite><ol start=-9>&#x110000;<a href=\"".to_vec()),
        Just(b"begin 644 ..\n#0V%T\nend\n".to_vec()),
        Just(b"-----BEGIN PGP SIGNED MESSAGE-----\n".to_vec()),
        Just(b"> On Tuesday Jane wrote:\n> =\n=C3".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..40),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// What holds of every mail, whatever its bytes.
fn is_bounded(mail: &Mail, length: usize) {
    use caseway::mail::limits;
    let line = |text: &str| !text.contains(char::is_control);
    let people = mail.from.iter().chain(&mail.to).chain(&mail.cc).chain(&mail.reply_to);
    assert!(people.clone().all(|person| line(&person.name) && line(&person.email) && person.email.contains('@')));
    assert!(people.clone().all(|person| person.email.len() <= limits::MAX_ADDRESS_OCTETS));
    assert!(people.into_iter().all(|person| person.name.chars().count() <= limits::MAX_NAME_CHARS));
    assert!(line(&mail.subject) && mail.subject.chars().count() <= limits::MAX_SUBJECT_CHARS);
    assert!(mail.message_id.iter().chain(&mail.references).chain(&mail.in_reply_to).all(|id| line(id)));
    assert!(mail.headers.iter().all(|(name, value)| line(name) && line(value)));
    assert!(mail.text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t')));
    assert!(mail.text.chars().count() <= limits::MAX_TEXT_CHARS && mail.warnings.len() <= limits::MAX_WARNINGS);
    for file in &mail.attachments {
        assert!(!file.filename.is_empty() && file.filename.len() <= limits::MAX_FILENAME_OCTETS);
        assert!(line(&file.filename) && !file.filename.contains(['/', '\\', ':']) && !file.filename.starts_with('.'));
        assert!(file.content.len() <= length);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_mail(raw in scraps()) {
        is_bounded(&read(&raw), raw.len());
    }

    #[test]
    fn names_and_subjects_survive(name in "[a-zA-ZäöüßæÅ漢字 ]{1,40}", subject in "\\PC{0,60}") {
        use data_encoding::BASE64;
        let word = |text: &str| format!("=?utf-8?B?{}?=", BASE64.encode(text.as_bytes()));
        let raw = format!("From: {} <jane@example.test>\r\nSubject: {}\r\n\r\n", word(&name), word(&subject));
        let mail = read(raw.as_bytes());
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(mail.from.unwrap().name, squeezed(&name));
        // Marks that nobody sees are left out, and what is an encoded word itself is decoded once more.
        let seen: String = subject.chars().filter(|c| !caseway::mail::invisible::is_dispensable(*c)).collect();
        prop_assume!(!subject.contains("=?"));
        prop_assert_eq!(mail.subject, squeezed(&seen));
    }
}

#[test]
fn hostile_mails_cost_no_more_than_their_length() {
    let many = |head: &str, piece: &str, size: usize| format!("{head}{}", piece.repeat(size / piece.len()));
    let start = "From: a@example.test\nSubject: x\n";
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=b")).collect();
    let boundaries: String =
        (0..40_000).map(|n| format!("--a\nContent-Type: multipart/mixed; boundary=q{n}\n\nx\n")).collect();
    let nested: String =
        (0..40_000).map(|n| format!("Content-Type: multipart/mixed; boundary=q{n}\n\n--q{n}\n")).collect();
    let multipart = format!("{start}Content-Type: multipart/mixed; boundary=a\n");
    let mails = [
        many(start, "Content-Type: message/rfc822\n\n", 3_000_000),
        format!("{multipart}\n{boundaries}"),
        format!("{start}{nested}"),
        many(&format!("{multipart}\n"), "--a\n", 2_000_000),
        many(&format!("{multipart}\n"), "--b\n", 2_000_000),
        many("From: ", "\"<(a@b, ", 2_000_000),
        many("From: ", "=?utf-8?Q?a", 2_000_000),
        many("Subject: ", "=?", 2_000_000),
        many("References: ", "<a@b", 2_000_000),
        many("Content-Type: text/plain", "; a*1*=%41", 2_000_000),
        many(&format!("{start}Content-Type: text/plain"), " a=b", 2_000_000),
        many(start, "X: y\n", 2_000_000),
        many(
            &format!("{start}Content-Type: text/html\n\n"),
            "<div><blockquote type=cite><a href='https://a.test'>",
            2_000_000,
        ),
        many(&format!("{start}Content-Type: text/html\n\n"), "<!-- <a b=\"", 2_000_000),
        format!("{start}Content-Type: text/html\n\n<a{attributes}>"),
        many(&format!("{start}\n"), "begin 644 a\n#0V%T\n", 2_000_000),
        many(&format!("{start}\n"), "\x1b$B\u{ff}", 1_000_000),
        many(&format!("{start}Content-Type: text/plain; format=flowed\n\n"), "> > \n", 2_000_000),
        many(&format!("{start}Content-Type: text/calendar\n\nBEGIN:VEVENT\n"), "SUMMARY:\\,\n ", 2_000_000),
    ];
    for raw in &mails {
        let started = std::time::Instant::now();
        let mail = read(raw.as_bytes());
        is_bounded(&mail, raw.len());
        // Generous for a debug build on a busy machine: what is quadratic takes minutes.
        let head: String = raw.chars().skip(31).take(60).collect();
        assert!(started.elapsed().as_secs() < 20, "{:?} for {head:?}", started.elapsed());
    }
}
