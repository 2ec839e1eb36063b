//! What sent a mail, by any headers, subject and text: always an answer with a reason, and always the same.

#![no_main]

use caseway_fuzz::mail::sender::Sender;
use caseway_fuzz::mail::{Headers, auth_results, origin, subject};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let head = raw.windows(2).position(|pair| pair == b"\n\n").map_or(raw.len(), |end| end + 2);
    let headers = Headers::of(raw);
    let text = String::from_utf8_lossy(raw.get(head..).unwrap_or_default());
    let title = headers.first("Subject").map(subject::decode).unwrap_or_default();
    let (origin, reason) = origin::classify(&headers, &title, &text, None);
    assert!(!reason.is_empty());
    assert!(!reason.chars().any(|c| c == '\n' || c == '\r'), "{reason:?}");
    assert_eq!((origin, reason), origin::classify(&headers, &title, &text, None));
    let _ = (Sender::of(&headers), auth_results::trusted(&headers, "mx.example.test"));
});
