//! Tells whether two mails are the same one.

use memchr::memchr;
use sha2::{Digest, Sha256};

use super::{headers, mime::fields};

/// Headers that the sender writes and no server on the way has a reason to change. Left out on purpose: trace and
/// delivery headers, results of checks, and what mailing lists rewrite (Reply-To, Sender, List-*).
const KEPT: [&str; 10] = [
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Content-Type",
    "Content-Transfer-Encoding",
];

/// SHA-256 over what does not change in transit: the headers above, unfolded and with single blanks, and the body with
/// CRLF line ends and without empty lines at its end. The same mail fetched from two mailboxes gives the same value,
/// a mail with other content another one. Nothing is copied.
pub fn content_hash(raw: &[u8]) -> [u8; 32] {
    let block = fields::split(raw, headers::leading(raw));
    let mut hash = Sha256::new();
    // Line ends that are no line ends (bare CR, as old Macs wrote) leave nothing to tell mails apart by.
    if !block.fields.iter().any(|field| KEPT.iter().any(|name| field.name.eq_ignore_ascii_case(name))) {
        body(&mut hash, raw);
        return hash.finalize().into();
    }
    for name in KEPT {
        for field in block.fields.iter().filter(|field| field.name.eq_ignore_ascii_case(name)) {
            hash.update(name);
            hash.update(b":");
            for word in field.value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
                hash.update(b" ");
                hash.update(word);
            }
            hash.update(b"\n");
        }
    }
    hash.update(b"\n");
    body(&mut hash, raw.get(block.body..).unwrap_or_default());
    hash.finalize().into()
}

/// SHA-256 over the words of the body alone: what of a signed mail stays the same whatever headers are added to it. Blanks
/// and empty lines may be changed too without breaking a signature (RFC 6376 §3.4.4), so only the words count.
pub fn body_hash(raw: &[u8]) -> [u8; 32] {
    let block = fields::split(raw, headers::leading(raw));
    let body = raw.get(block.body..).unwrap_or_default();
    let mut hash = Sha256::new();
    for word in body.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
        hash.update(word);
        hash.update(b" ");
    }
    hash.finalize().into()
}

/// One update for as long as the lines end with CRLF, as they do on the wire.
fn body(hash: &mut Sha256, body: &[u8]) {
    let end = body.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
    let body = body.get(..end).unwrap_or_default();
    let (mut start, mut at) = (0, 0);
    while let Some(found) = body.get(at..).and_then(|rest| memchr(b'\n', rest)) {
        let line_end = at + found;
        at = line_end + 1;
        if line_end == 0 || body.get(line_end - 1) != Some(&b'\r') {
            hash.update(body.get(start..line_end).unwrap_or_default());
            hash.update(b"\r\n");
            start = at;
        }
    }
    hash.update(body.get(start..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: Jane <jane@example.test>\r\nTo: desk@example.test,\r\n other@example.test\r\nSubject: key\r\nMessage-ID: <1@example.test>\r\n\r\nHello\r\n\r\nJane\r\n";

    #[test]
    fn transit_changes_nothing() {
        let same = content_hash(MAIL.as_bytes());
        let on_the_way = format!("Return-Path: <jane@example.test>\r\nReceived: by mx\r\n{MAIL}");
        let refolded = MAIL.replace(",\r\n other", ", other");
        let unix = MAIL.replace("\r\n", "\n");
        let cased = MAIL.replace("Message-ID", "Message-Id");
        let mbox = format!("From jane Tue\n{unix}");
        for mail in [on_the_way, refolded, unix, cased, mbox, format!("{MAIL}\r\n\r\n"), MAIL.trim_end().to_owned()] {
            assert_eq!(content_hash(mail.as_bytes()), same, "{mail}");
        }
    }

    #[test]
    fn headers_and_blanks_are_no_part_of_the_body() {
        let same = body_hash(MAIL.as_bytes());
        for mail in [
            format!("Subject: [CASE-2]\r\n{MAIL}"),
            MAIL.replace("key", "kex"),
            MAIL.replace("\r\n", "\n"),
            MAIL.replace("\r\n\r\nJane", " \t\r\n \r\nJane "),
        ] {
            assert_eq!(body_hash(mail.as_bytes()), same, "{mail}");
        }
        assert_ne!(body_hash(MAIL.replace("Hello", "Hallo").as_bytes()), same);
    }

    #[test]
    fn other_content_is_another_mail() {
        let changes = [
            ("Hello", "hello"),
            ("Subject: key", "Subject: keys"),
            ("<1@", "<2@"),
            ("\r\n\r\nJane", "\r\nJane"),
            ("Jane <", "Jan <"),
        ];
        for (from, to) in changes {
            assert_ne!(content_hash(MAIL.replacen(from, to, 1).as_bytes()), content_hash(MAIL.as_bytes()), "{to}");
        }
        let mac = |words: &str| content_hash(format!("Received: by mx\rFrom: a@b.test\r\r{words}\r").as_bytes());
        assert_ne!(mac("one"), mac("two"));
        // Words do not move between headers unseen.
        assert_ne!(content_hash(b"To: a\nCc: b\n\n"), content_hash(b"To: a b\n\n"));
        assert_eq!(content_hash(b""), content_hash(b"\r\n\r\n"));
    }
}
