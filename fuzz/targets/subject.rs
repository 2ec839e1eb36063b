//! Subjects and the case IDs in them: one bounded line, and our own tag is found wherever it stands.

#![no_main]

use caseway_fuzz::mail::{limits, reply_mark, subject};
use caseway_fuzz::case_id;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let raw = String::from_utf8_lossy(raw);
    let decoded = subject::decode(&raw);
    assert!(decoded.chars().count() <= limits::MAX_SUBJECT_CHARS);
    assert!(!decoded.chars().any(char::is_control), "{decoded:?}");
    let numbers = subject::case_numbers(&decoded, "CASE");
    assert!(numbers.iter().all(|number| *number > 0));
    let tagged = format!("Re: [CASE-1042] {decoded}");
    assert_eq!(subject::case_numbers(&tagged, "CASE").first(), Some(&1042));
    assert_eq!(subject::case_numbers(&format!("{decoded} [case-1042]"), "CASE").last(), last(&numbers).as_ref());
    let base = subject::base(&tagged, "CASE");
    assert!(base.len() <= decoded.len());
    assert_eq!(subject::base(&base, "CASE"), base, "what a ticket is called does not change any more");
    if let Some(number) = case_id::parse("CASE", &raw) {
        assert_eq!(case_id::parse("CASE", &case_id::format("CASE", number)), Some(number));
    }
    let _ = reply_mark::is_marked(&decoded);
});

/// The last number once 1042 was added: each counts once, where it stood first.
fn last(numbers: &[i64]) -> Option<i64> {
    if numbers.contains(&1042) { numbers.last().copied() } else { Some(1042) }
}
