//! Lists of addresses and of Message-IDs: usable or left out, bounded, without what could start another header.

#![no_main]

use caseway_fuzz::mail::{address, limits, message_id, sender::Sender};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let raw = String::from_utf8_lossy(raw);
    let found = address::usable(&raw);
    assert!(found.len() <= limits::MAX_ADDRESSES);
    for one in &found {
        let plain = |text: &str| !text.chars().any(char::is_control);
        assert!(plain(&one.name) && plain(&one.email), "{one:?}");
        assert!(one.name.chars().count() <= limits::MAX_NAME_CHARS, "{one:?}");
        assert!(one.email.len() <= limits::MAX_ADDRESS_OCTETS, "{one:?}");
        let (local, domain) = one.email.rsplit_once('@').unwrap_or_default();
        assert!(!local.is_empty() && !domain.is_empty(), "{one:?}");
        // Blanks stand in a quoted local part alone (RFC 5321 §4.1.2).
        assert!(local.starts_with('"') || !one.email.contains(char::is_whitespace), "{one:?}");
        assert!(!domain.contains(char::is_whitespace), "{one:?}");
        assert_eq!(address::normalise(&one.email), one.email, "comparing changes nothing any more");
    }
    let ids = message_id::list(&raw);
    assert!(ids.len() <= limits::MAX_REFERENCES);
    assert!(ids.iter().all(|id| !id.is_empty() && id.len() <= limits::MAX_MESSAGE_ID));
    assert!(ids.iter().all(|id| !id.contains(|c: char| c.is_whitespace() || c.is_control())), "{ids:?}");
    let _ = (Sender::parse(&raw), address::mask_all(&raw));
});
