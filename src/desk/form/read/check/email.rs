//! Mail addresses.

use crate::desk::form::read::reason::Reason;
use crate::desk::form::read::told::is_joined;
use crate::mail::address::{self, normalise};
use crate::mail::limits::MAX_ADDRESS_OCTETS;

/// The one address in what was typed: alone, in brackets, behind `mailto:` or a name.
pub(in crate::desk::form::read) fn read(typed: &str) -> Result<String, Reason> {
    let mut found: Vec<String> = Vec::new();
    for email in all(typed) {
        if !found.contains(&email) {
            found.push(email);
        }
    }
    match found.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Reason::NoAddress),
        several => Err(Reason::Addresses(several.len())),
    }
}

/// Every address in a text, normalised, in order.
pub(in crate::desk::form::read) fn all(text: &str) -> Vec<String> {
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '<' | '>'
                    | '('
                    | ')'
                    | '['
                    | ']'
                    | ','
                    | ';'
                    | '"'
                    | '\''
                    | '|'
                    | '“'
                    | '”'
                    | '„'
                    | '«'
                    | '»'
                    | '、'
                    | '。'
                    | '，'
                    | '「'
                    | '」'
                    | '（'
                    | '）'
            )
            || is_joined(c)
    };
    let words = text.split(ends).map(|word| word.trim_start_matches("mailto:").trim_start_matches("MAILTO:"));
    let words = words.map(|word| word.trim_end_matches([':', '.', '!', '?', ',']));
    let words = words.map(|word| word.rsplit_once(':').map_or(word, |(_, behind)| behind));
    let words = words.map(|word| word.trim_matches(|c: char| matches!(c, '.' | '!' | '?' | '*' | '_' | ':')));
    words.filter_map(one).collect()
}

/// RFC 5321 §4.1.2 without quoted local parts; a domain with a dot in it.
fn one(word: &str) -> Option<String> {
    let (local, domain) = word.rsplit_once('@')?;
    let last = domain.rsplit('.').next().unwrap_or_default();
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let fine = domain.contains('.')
        && domain.split('.').all(label)
        && last.chars().count() >= 2
        && last.chars().all(char::is_alphabetic)
        && !local.is_empty()
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && !local.contains(['@', ':', '\\', '/', '=', '&', '?'])
        && word.len() <= MAX_ADDRESS_OCTETS;
    let parsed = || address::usable(word).into_iter().next().is_some_and(|found| found.email == normalise(word));
    (fine && parsed()).then(|| normalise(word))
}
