//! Whether words hold a date.

/// A year, a time of day, or three numbers such as 04/19/2011.
pub(super) fn has_date(text: &str) -> bool {
    has_year(text) || has_clock(text) || has_slashed(text)
}

fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty())
}

fn has_year(text: &str) -> bool {
    numbers(text).any(|run| run.len() == 4 && (run.starts_with("19") || run.starts_with("20")))
}

/// `10:15`, `10.15` and `10h15`.
pub(super) fn has_clock(text: &str) -> bool {
    text.as_bytes().windows(4).any(|window| {
        matches!(window, [hour, mark, tens, ones]
            if hour.is_ascii_digit() && matches!(mark, b':' | b'.' | b'h') && (b'0'..=b'5').contains(tens) && ones.is_ascii_digit())
    })
}

fn has_slashed(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let is_mark = |c: char| matches!(c, '/' | '.' | '-');
        word.split(is_mark).filter(|part| part.bytes().take(1).any(|b| b.is_ascii_digit())).count() >= 3
    })
}
