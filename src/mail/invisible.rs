//! Characters that nobody sees: the one list of them. Strangers hide commands, links and names behind these, and mail programs
//! leave them about.

/// The mark that some programs put in front of a file or a text.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Turns the order of what follows: bidirectional embeddings, overrides and isolates (UAX #9 §2, Unicode TR 36 §2.3).
pub const fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Only fills a place: zero-width space, byte order mark, soft hyphen, and the grapheme joiner that newsletters
/// fill the line below their subject with.
pub const fn fills(c: char) -> bool {
    matches!(c, '\u{200b}' | BYTE_ORDER_MARK | '\u{ad}' | '\u{34f}')
}

/// Nothing is lost without it. The joiners that Persian, Hindi and emoji need are none of these, nor are the marks of
/// direction that Hebrew and Arabic need.
pub const fn is_dispensable(c: char) -> bool {
    is_direction_override(c) || fills(c)
}

/// Nobody sees it, whether it is needed or not.
pub const fn is_invisible(c: char) -> bool {
    is_dispensable(c) || matches!(c, '\u{200c}'..='\u{200f}' | '\u{2060}')
}
