//! What people see of a mail, and what stays folded below; whose mail was forwarded.

use std::path::Path;

use caseway::mail::{forward, read};

/// The mails of a prefix under `tests/mail`, by name.
fn mails(prefix: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail");
    let mut mails: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(prefix))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .collect();
    mails.sort();
    assert!(mails.len() > 3, "the mails are there");
    mails
}

#[test]
fn replies() {
    let mut seen = String::new();
    for (name, raw) in mails("reply-") {
        let mail = read(&raw);
        seen += &format!("#### {name}\n{}\n---- folded\n{}\n\n", mail.reply_text, mail.quoted_text);
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn forwards() {
    let mut seen = String::new();
    for (name, raw) in mails("forward-") {
        let mail = read(&raw);
        let found = forward::original(&mail.text, &mail.subject, &mail.attachments).unwrap();
        seen += &format!(
            "#### {name}\nfrom {} <{}>, {:?}, {:?}\n---- comment\n{}\n---- body\n{}\n\n",
            found.from.name, found.from.email, found.subject, found.date, found.comment, found.body
        );
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn replies_are_no_forwards() {
    for (name, raw) in mails("reply-") {
        let mail = read(&raw);
        assert_eq!(forward::original(&mail.text, &mail.subject, &mail.attachments), None, "{name}");
    }
}
