//! What sent a mail and what a delivery report says, over mails written for one oddity each.
//!
//! The name of a file tells what it is: `bounce-…`, `robot-…` or `person-…`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::path::PathBuf;

use caseway::mail::{Mail, Origin, read};

fn fixtures(prefix: &str) -> Vec<(String, Mail)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mail");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |file: &PathBuf| file.file_stem().unwrap().to_str().unwrap().to_owned();
    files
        .iter()
        .filter(|file| name(file).starts_with(prefix))
        .map(|file| (name(file), read(&std::fs::read(file).unwrap())))
        .collect()
}

fn shown(mails: &[(String, Mail)]) -> String {
    let mut out = String::new();
    for (name, mail) in mails {
        writeln!(out, "{name}\n  {:?}: {}", mail.origin, mail.origin_reason).unwrap();
        let Some(bounce) = &mail.bounce else { continue };
        for report in &bounce.reports {
            let status = report.status.as_deref().unwrap_or("no status");
            writeln!(
                out,
                "  {} {} {} {:?}: {}",
                report.recipient, report.action, status, report.kind, report.diagnostic
            )
            .unwrap();
        }
        writeln!(out, "  of {}", bounce.original_message_id.as_deref().unwrap_or("nothing known")).unwrap();
    }
    out
}

#[test]
fn bounces() {
    let mails = fixtures("bounce-");
    let others: Vec<&String> =
        mails.iter().filter(|(_, mail)| mail.origin != Origin::Bounce).map(|(name, _)| name).collect();
    assert_eq!(others, Vec::<&String>::new());
    insta::assert_snapshot!(shown(&mails));
}

#[test]
fn robots() {
    let mails = fixtures("robot-");
    let others: Vec<&String> = mails
        .iter()
        .filter(|(_, mail)| matches!(mail.origin, Origin::Person | Origin::Bounce))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(others, Vec::<&String>::new());
    insta::assert_snapshot!(shown(&mails));
}

#[test]
fn people() {
    let mails = fixtures("person-");
    let others: Vec<&String> =
        mails.iter().filter(|(_, mail)| mail.origin != Origin::Person).map(|(name, _)| name).collect();
    assert_eq!(others, Vec::<&String>::new());
    insta::assert_snapshot!(shown(&mails));
}

/// A mail of any kind cut off anywhere is still read, and what is left of a report is still a machine's.
#[test]
fn cut_anywhere() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mail");
    let raw = std::fs::read(folder.join("bounce-rfc3464-two.eml")).unwrap();
    let head = raw.windows(2).position(|pair| pair == b"\n\n").unwrap();
    for end in 0..raw.len() {
        let mail = read(&raw[..end]);
        assert!(end < head || mail.origin != Origin::Person, "cut at {end}: {}", mail.origin_reason);
    }
}
