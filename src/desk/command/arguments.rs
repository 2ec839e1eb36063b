//! What stands behind the name of a command.

use super::order::Order;
use crate::mail::Address;
use crate::mail::address;

/// Letters of the longest tag.
const MAX_TAG: usize = 40;

/// A command that needs nothing: with words behind it, it is none.
pub(super) fn nothing(words: &str, order: Order) -> Option<Order> {
    words.is_empty().then_some(order)
}

/// Words of any kind; quotes around all of them are not meant.
pub(super) fn words(words: &str, order: impl Fn(String) -> Order) -> Option<Order> {
    let inner = unquoted(words);
    (!inner.is_empty()).then(|| order(inner.to_owned()))
}

/// One of some words.
pub(super) fn one_of<T: Clone>(words: &str, known: &[(&str, T)]) -> Option<T> {
    let typed = unquoted(words).to_lowercase();
    known.iter().find(|(word, _)| *word == typed).map(|(_, meant)| meant.clone())
}

/// One address or several, with names or without: all of it must be addresses.
pub(super) fn addresses(words: &str) -> Option<Vec<Address>> {
    let typed = words.replace([';', ' '], ",").replace(is_quote, "");
    let found: Vec<Address> = match words.contains('<') {
        true => address::usable(words),
        false => typed.split(',').map(str::trim).filter(|one| !one.is_empty()).flat_map(address::usable).collect(),
    };
    let named = words.matches('@').count();
    (!found.is_empty() && found.len() == named).then_some(found)
}

/// `+vpn -billing vpn2`: what comes, and what goes. What mail programs make of a minus is one, too.
pub(super) fn tags(words: &str) -> Option<(Vec<String>, Vec<String>)> {
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    for typed in words.split(|c: char| c.is_whitespace() || c == ',').filter(|typed| !typed.is_empty()) {
        let (list, tag) = match typed.strip_prefix(['-', '–', '—', '−']) {
            Some(tag) => (&mut remove, tag),
            None => (&mut add, typed.strip_prefix('+').unwrap_or(typed)),
        };
        let tag = tag.trim_matches(is_quote).to_lowercase();
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        if tag.is_empty() || tag.chars().count() > MAX_TAG || !tag.chars().all(fits) {
            return None;
        }
        list.push(tag);
    }
    (!add.is_empty() || !remove.is_empty()).then_some((add, remove))
}

fn unquoted(words: &str) -> &str {
    words.strip_prefix(is_quote).and_then(|rest| rest.strip_suffix(is_quote)).unwrap_or(words).trim()
}

/// Straight quotes, and what mail programs make of them.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '”' | '„' | '‟' | '«' | '»' | '‘' | '’' | '‚' | '‹' | '›')
}
