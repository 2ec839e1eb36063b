//! What stands behind the name of a command.

use super::order::Order;

/// A command that needs nothing: with words behind it, it is none.
pub(super) fn nothing(words: &str, order: Order) -> Option<Order> {
    words.is_empty().then_some(order)
}

/// Words of any kind; quotes around all of them are not meant.
pub(super) fn words(words: &str, order: impl Fn(String) -> Order) -> Option<Order> {
    let inner = words.strip_prefix(is_quote).and_then(|rest| rest.strip_suffix(is_quote)).unwrap_or(words).trim();
    (!inner.is_empty()).then(|| order(inner.to_owned()))
}

/// Straight quotes, and what mail programs make of them.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '”' | '„' | '‟' | '«' | '»' | '‘' | '’' | '‚' | '‹' | '›')
}
