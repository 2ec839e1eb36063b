//! The tags of a ticket in one column: a blank before and behind each, so that one is found whole.

use std::collections::BTreeSet;

/// As stored: ` billing vpn `; empty when there are none.
pub(in crate::store) fn stored(tags: &BTreeSet<String>) -> String {
    let words: Vec<&str> = tags.iter().map(String::as_str).collect();
    if words.is_empty() { String::new() } else { format!(" {} ", words.join(" ")) }
}

/// The tags of a stored text.
pub(super) fn read(stored: &str) -> BTreeSet<String> {
    stored.split_whitespace().map(str::to_owned).collect()
}
