//! Dashes, of which people and programs write many.

/// Every dash as the one on the keyboard.
pub(super) fn dashes(text: &str) -> String {
    let dash = |c: char| {
        if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}') { '-' } else { c }
    };
    let joined = text.chars().map(dash).collect::<String>();
    // `AC – 1234`
    joined.replace(" - ", "-").replace("- ", "-").replace(" -", "-")
}
