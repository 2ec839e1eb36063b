//! Why `src/mail/mime` is not `mail-parser` alone. Each test shows what the library makes of a mail that people send and
//! that `caseway` reads; when one fails after an update of the library, the code that it names may go.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use caseway::mail::read;
use mail_parser::{MessageParser, MimeHeaders, PartType};

/// The words of every text part as the library reads them.
fn texts(raw: &str) -> Vec<String> {
    let mail = MessageParser::default().parse(raw).unwrap();
    let text = |part: &mail_parser::MessagePart| match &part.body {
        PartType::Text(text) | PartType::Html(text) => Some(text.trim().to_owned()),
        _ => None,
    };
    mail.parts.iter().filter_map(text).collect()
}

/// The first file's name: of the library, and ours.
fn names(disposition: &[u8]) -> (String, String) {
    let kind = b"Content-Type: application/pdf\r\nContent-Disposition: attachment; ";
    let raw = [&kind[..], disposition, b"\r\n\r\nx"].concat();
    let mail = MessageParser::default().parse(&raw).unwrap();
    let theirs = mail.parts.first().unwrap().attachment_name().unwrap_or_default().to_owned();
    (theirs, read(&raw).attachments.first().unwrap().filename.clone())
}

#[test]
fn walk_a_lost_end_takes_the_parts_behind_it() {
    let raw = "Content-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\n\r\none\r\n--out\r\n\r\ntwo\r\n--out--\r\n";
    assert_eq!(texts(raw), ["one\r\n--out\r\n\r\ntwo\r\n--out--"]);
    assert_eq!(read(raw.as_bytes()).text, "one\n\ntwo");
}

#[test]
fn walk_a_word_that_begins_like_the_boundary_ends_the_part() {
    let raw = "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nThe rest, --as said, is\r\n--about to come.\r\n\r\nBye\r\n--a--\r\n";
    assert!(!texts(raw).concat().contains("as said, is"), "{:?}", texts(raw));
    assert_eq!(read(raw.as_bytes()).text, "The rest, --as said, is\n--about to come.\n\nBye");
}

#[test]
fn fields_words_behind_a_missing_empty_line_are_lost() {
    let raw = "Subject: x\r\nDear desk\r\nthe key does not work\r\n\r\nJane\r\n";
    assert_eq!(texts(raw), ["Jane"]);
    assert_eq!(read(raw.as_bytes()).text, "Dear desk\nthe key does not work\n\nJane");
}

#[test]
fn params_names_as_they_come() {
    let pair = |theirs: &str, ours: &str| (theirs.to_owned(), ours.to_owned());
    assert_eq!(names(b"filename=\"C:\\temp\\new.pdf\""), pair("C:tempnew.pdf", "new.pdf"));
    assert_eq!(names(b"filename=\"G\xe4ste.pdf\""), pair("G\u{fffd}ste.pdf", "Gäste.pdf"));
    assert_eq!(names(b"filename=bill_(12).pdf"), pair("bill_", "bill_(12).pdf"));
    let parts = b"filename*0*=iso-8859-1''G%E4ste; filename*1*=%FC.pdf";
    assert_eq!(names(parts), pair("Gäste\u{fffd}.pdf", "Gästeü.pdf"));
}

#[test]
fn transfer_one_wrong_byte_loses_the_file() {
    let raw = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nVGhlIHF1aWNrIGJy!b3duIGZveCBqdW1wcw==\r\n";
    let mail = MessageParser::default().parse(raw).unwrap();
    assert!(mail.parts.first().unwrap().contents().starts_with(b"VGhl"));
    assert_eq!(read(raw).attachments.first().unwrap().content, b"The quick brown fox jumps");
}
