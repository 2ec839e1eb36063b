//! Files that came with a mail.

/// One attached or inline file, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// A name that is safe on every file system; never empty.
    pub filename: String,
    /// `type/subtype`, lower case.
    pub content_type: String,
    /// The Content-ID without angle brackets.
    pub content_id: Option<String>,
    /// Shown within the HTML part rather than beside it.
    pub inline: bool,
    /// The decoded content.
    pub content: Vec<u8>,
}
