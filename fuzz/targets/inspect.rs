//! `mail::read` on any bytes, and the HTML as it is shown: everything within its bounds, and the same twice.

#![no_main]

use caseway_fuzz::mail::{html, limits, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let mail = read(raw);
    let again = read(raw);
    assert_eq!((&mail.text, &mail.reply_text, &mail.quoted_text), (&again.text, &again.reply_text, &again.quoted_text));
    assert_eq!((&mail.from, &mail.origin_reason), (&again.from, &again.origin_reason));

    assert!(mail.subject.chars().count() <= limits::MAX_SUBJECT_CHARS);
    assert!(!mail.subject.chars().any(char::is_control), "{:?}", mail.subject);
    for address in mail.from.iter().chain(&mail.to).chain(&mail.cc).chain(&mail.reply_to) {
        assert!(address.email.contains('@') && address.email.len() <= limits::MAX_ADDRESS_OCTETS, "{address:?}");
        let one_line = |text: &str| !text.chars().any(char::is_control);
        assert!(one_line(&address.name) && one_line(&address.email), "{address:?}");
        assert!(address.name.chars().count() <= limits::MAX_NAME_CHARS, "{address:?}");
    }
    for file in &mail.attachments {
        let name = &file.filename;
        assert!(!name.is_empty() && name.len() <= limits::MAX_FILENAME_OCTETS, "{name:?}");
        assert!(!name.contains(['/', '\\', '\0']) && name != "." && name != "..", "{name:?}");
    }
    assert!(mail.attachments.len() <= limits::MAX_PARTS + limits::MAX_UNPACKED);
    assert!(mail.text.chars().count() <= limits::MAX_TEXT_CHARS);
    assert!(mail.warnings.len() <= limits::MAX_WARNINGS);
    assert!(mail.references.len() <= limits::MAX_REFERENCES);
    assert!(!mail.origin_reason.is_empty());
    if let Some(shown) = mail.html.as_deref().map(html::sanitise) {
        let lower = shown.to_ascii_lowercase();
        assert!(!lower.contains("<script") && !lower.contains("<iframe"), "{shown}");
    }
});
