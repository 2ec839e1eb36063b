//! The public name of a ticket.

/// `CASE-1042` of prefix and ticket number.
pub fn format(prefix: &str, ticket: i64) -> String {
    format!("{prefix}-{ticket}")
}

/// The ticket number of `CASE-1042`, `case-1042`, `[CASE-1042]` or `1042`, as people type it on a command line.
pub fn parse(prefix: &str, typed: &str) -> Option<i64> {
    let typed = typed.trim().trim_start_matches('[').trim_end_matches(']');
    let number = match typed.rsplit_once('-') {
        Some((word, number)) if word.eq_ignore_ascii_case(prefix) => number,
        Some(_) => return None,
        None => typed,
    };
    number.parse().ok().filter(|number| *number > 0)
}
