//! What a person wrote apart from what they quoted: no line is lost, with and without the client's marks in HTML.
//! The HTML stands behind the first NUL.

#![no_main]

use std::collections::HashMap;

use caseway_fuzz::mail::quote::{self, Split};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let raw = String::from_utf8_lossy(raw);
    let (text, html) = raw.split_once('\0').map_or((&*raw, None), |(text, html)| (text, Some(html)));
    for split in [quote::split(text, html), quote::split_forward(text)] {
        nothing_lost(text, &split);
    }
    assert_eq!(quote::split(text, html), quote::split(text, html));
});

/// Every line that is not blank is in one of the two parts, as often as it was.
fn nothing_lost(text: &str, split: &Split) {
    let mut left: HashMap<&str, i64> = HashMap::new();
    for line in split.reply.lines().chain(split.quoted.lines()) {
        *left.entry(line.trim()).or_default() += 1;
    }
    for line in text.lines().map(str::trim).filter(|line| !line.chars().all(is_nothing)) {
        let count = left.entry(line).or_default();
        *count -= 1;
        assert!(*count >= 0, "{line:?} is lost");
    }
}

/// White space and invisible marks: a line of these alone is an empty line.
fn is_nothing(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
