//! The values of headers, as far as reasons need them.

/// The first word of a value, lower case, without comments and parameters.
pub fn keyword(value: &str) -> String {
    value
        .trim()
        .split(|c: char| c.is_whitespace() || matches!(c, ';' | '(' | ','))
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// A value, short enough for a reason.
pub fn shown(value: &str) -> String {
    let value = value.trim();
    let short: String = value.chars().take(80).collect();
    if short.len() < value.len() { format!("{short}…") } else { short }
}
