//! The parts of a mail.

use super::fields::{self, Block};
use super::params::Typed;
use super::transfer::Transfer;

/// What a part is for the structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// It holds a body.
    Leaf,
    /// It holds other parts.
    Multipart,
}

/// `Content-Disposition` (RFC 2183), as far as it decides something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Disposition {
    /// None, or one that nobody knows.
    #[default]
    None,
    /// To be shown where it stands.
    Inline,
    /// A file beside the text.
    Attachment,
}

/// One part of a mail.
#[derive(Debug)]
pub struct Part<'a> {
    /// Its header block; that of the first part is the header of the mail.
    pub block: Block<'a>,
    /// Leaf or multipart.
    pub shape: Shape,
    /// `Content-Type`, with the default of its place when missing or unusable.
    pub kind: Typed,
    /// What the header asks for.
    pub disposition: Disposition,
    /// `Content-Disposition` with its parameters.
    pub placing: Typed,
    /// How the body is packed.
    pub transfer: Transfer,
    /// The body as it came; of a multipart, everything in it.
    pub body: &'a [u8],
    /// The multipart around it.
    pub parent: Option<usize>,
}

impl Part<'_> {
    /// `type/subtype`, lower case.
    pub fn kind(&self) -> &str {
        &self.kind.value
    }

    /// The declared charset.
    pub fn charset(&self) -> Option<String> {
        self.kind.token("charset")
    }

    /// The file name as declared, not yet made safe. `hint` is the charset of raw 8-bit names.
    pub fn declared_name(&self, hint: Option<&str>) -> Option<String> {
        let lossy = |name: &String| name.contains('?') || name.contains(char::REPLACEMENT_CHARACTER);
        let name = || self.kind.text("name", hint);
        match self.placing.text("filename", hint) {
            // Some mailers squeeze one of the two names into a charset that it does not fit.
            Some(file) if lossy(&file) => name().filter(|name| !lossy(name)).or(Some(file)),
            Some(file) => Some(file),
            // Each of the two parameters is also met on the other header.
            None => name().or_else(|| self.kind.text("filename", hint)).or_else(|| self.placing.text("name", hint)),
        }
    }

    /// Whether the header names a file, without decoding it.
    pub fn is_named(&self) -> bool {
        self.declared_name(None).is_some()
    }

    /// The Content-ID without angle brackets.
    pub fn content_id(&self) -> Option<String> {
        let value = String::from_utf8_lossy(&fields::unfold(self.block.first("Content-ID")?)).into_owned();
        let id: String = value
            .trim_matches(|c: char| c.is_whitespace() || c == '<' || c == '>')
            .chars()
            .filter(|c| !c.is_control())
            .collect();
        (!id.is_empty()).then_some(id)
    }
}

/// A mail's parts in the order in which they stand; the first is the mail itself.
#[derive(Debug)]
pub struct Parts<'a> {
    /// Never empty.
    pub list: Vec<Part<'a>>,
    /// What was odd about the structure, in words for people.
    pub odd: Vec<String>,
}

impl<'a> Parts<'a> {
    /// The parts directly below `parent`.
    pub fn children(&self, parent: usize) -> impl Iterator<Item = usize> + '_ {
        let below = self.list.iter().enumerate().skip(parent + 1);
        below.filter(move |(_, part)| part.parent == Some(parent)).map(|(index, _)| index)
    }

    /// A part by its number.
    pub fn get(&self, index: usize) -> Option<&Part<'a>> {
        self.list.get(index)
    }

    /// The charset of the first text that declares one beyond ASCII: raw 8-bit headers are mostly in it.
    pub fn charset_hint(&self) -> Option<String> {
        let beyond =
            |label: &String| !["us-ascii", "utf-8", "utf8", "ascii"].contains(&label.to_ascii_lowercase().as_str());
        self.list.iter().filter(|part| part.kind().starts_with("text/")).filter_map(Part::charset).find(beyond)
    }
}
