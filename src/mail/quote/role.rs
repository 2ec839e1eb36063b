//! What a line can be.

use super::lines::Line;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Blank,
    /// Somebody's words, until shown otherwise.
    Text,
    /// Marked as quoted.
    Quote,
    /// An attribution, a header block or a divider above marked lines.
    Lead,
}

/// The roles of all lines up to `end`.
#[derive(Debug)]
pub(super) struct Roles {
    pub(super) roles: Vec<Role>,
    /// From this line on all is quoted, or all is shown; the length of the text when neither.
    pub(super) end: usize,
    /// Whether what follows `end` is shown.
    pub(super) tail_shown: bool,
    /// The first line of our own separator among marked lines.
    pub(super) separator: Option<usize>,
    /// Lines that an attribution shares with words of the mail, and the bytes of these.
    pub(super) shared: Vec<(usize, usize)>,
    /// The text alone tells where the quote is.
    pub(super) sure: bool,
}

impl Roles {
    /// The words of a line that an attribution shares with them.
    pub(super) fn shared_words<'t>(&self, index: usize, line: &Line<'t>) -> Option<&'t str> {
        let found = self.shared.binary_search_by_key(&index, |(at, _)| *at).ok()?;
        self.shared.get(found).and_then(|(_, bytes)| line.raw.get(..*bytes))
    }
}

/// What the headers say of the mail whose lines are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// It answers another.
    Answer,
    /// It passes another on, which is meant to be read.
    Forward,
    /// Nothing.
    Unknown,
}
