//! Which files of an engineer's answer go to the customer.

use super::ours::Ours;
use crate::mail::invisible::BYTE_ORDER_MARK;
use crate::mail::{self, Attachment};

/// An answer's files, sorted.
#[derive(Debug, Default)]
pub struct Sorted {
    /// These go.
    pub passed: Vec<Attachment>,
    /// These say what the customer must not read.
    pub withheld: Vec<Attachment>,
    /// Names of those that mail programs add: signatures, keys, cards.
    pub left_out: Vec<String>,
}

/// Kinds of files that say who the engineer is rather than anything to the customer. Signatures are of the engineer's own mail,
/// which the customer does not get, and hold the address.
#[rustfmt::skip]
const NEVER: &[&str] = &[
    "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pkcs7-mime", "application/x-pkcs7-mime",
    "application/pgp-signature", "application/pgp-keys", "application/pgp-encrypted", "text/vcard", "text/x-vcard", "text/directory",
    "application/vcard", "application/ms-tnef", "application/vnd.ms-tnef", "message/disposition-notification",
    "message/delivery-status", "text/vnd.google.email-reaction+json", "text/rfc822-headers",
];
/// Ends of their names, where the kind does not tell.
const NEVER_NAMED: &[&str] =
    &[".p7s", ".p7m", ".p7c", ".vcf", ".vcard", "signature.asc", "winmail.dat", "smime.p7", ".rpmsg"];
/// How their contents begin.
const NEVER_BEGINS: &[&str] = &[
    "BEGIN:VCARD",
    "-----BEGIN PGP PUBLIC KEY BLOCK",
    "-----BEGIN PGP PRIVATE KEY BLOCK",
    "-----BEGIN PGP SIGNATURE",
    "-----BEGIN PGP MESSAGE",
];
/// Octets read of a text to see whether it names us.
const MAX_TEXT: usize = 2_000_000;

/// Sorts the files of an answer.
pub fn sort(ours: &Ours<'_>, files: &[Attachment]) -> Sorted {
    let mut sorted = Sorted::default();
    for file in files {
        if is_never_passed(file) {
            sorted.left_out.push(file.filename.clone());
            continue;
        }
        match ours.file(file).filter(|clean| !names_us(ours, clean)) {
            Some(clean) => sorted.passed.push(clean),
            None => sorted.withheld.push(file.clone()),
        }
    }
    sorted
}

fn is_never_passed(file: &Attachment) -> bool {
    let name = file.filename.to_lowercase();
    let start = file.content.get(..200).unwrap_or(&file.content);
    let start = String::from_utf8_lossy(start);
    let start = start.trim_start_matches(|c: char| c.is_whitespace() || c == BYTE_ORDER_MARK);
    NEVER.contains(&file.content_type.as_str())
        || NEVER_NAMED.iter().any(|end| name.ends_with(end))
        || NEVER_BEGINS
            .iter()
            .any(|begins| start.get(..begins.len()).is_some_and(|head| head.eq_ignore_ascii_case(begins)))
        || answers_invitation(file, &name)
}

/// RFC 5546 §1.4; an invitation itself is for the customer.
fn answers_invitation(file: &Attachment, name: &str) -> bool {
    let calendar = matches!(file.content_type.as_str(), "text/calendar" | "application/ics") || name.ends_with(".ics");
    let text = String::from_utf8_lossy(file.content.get(..4_000).unwrap_or(&file.content)).to_ascii_uppercase();
    let method =
        text.lines().find_map(|line| line.trim().strip_prefix("METHOD:")).unwrap_or_default().trim().to_owned();
    calendar && matches!(method.as_str(), "REPLY" | "COUNTER" | "DECLINECOUNTER" | "REFRESH")
}

/// Whether a text or an attached mail holds a mail of ours to an engineer, a token, or an engineer's address.
fn names_us(ours: &Ours<'_>, file: &Attachment) -> bool {
    let name = file.filename.to_lowercase();
    let mail = file.content_type.starts_with("message/") || name.ends_with(".eml");
    let text = mail || file.content_type.starts_with("text/") || str::from_utf8(&file.content).is_ok();
    if !text {
        return false;
    }
    let content = String::from_utf8_lossy(file.content.get(..MAX_TEXT).unwrap_or(&file.content));
    if ours.found_in(&content).is_some() {
        return true;
    }
    // What is encoded within shows only when the mail is read.
    mail && {
        let read = mail::read(&file.content);
        ours.found_in(&read.text).is_some() || read.attachments.iter().any(|inner| names_us_within(ours, inner))
    }
}

/// One level further down: a mail within an attached mail is withheld with it.
fn names_us_within(ours: &Ours<'_>, file: &Attachment) -> bool {
    let content = String::from_utf8_lossy(file.content.get(..MAX_TEXT).unwrap_or(&file.content));
    ours.found_in(&content).is_some() || ours.found_in(&mail::read(&file.content).text).is_some()
}
