//! Delivery reports: RFC 3464 and the many that do not follow it.

use serde::Serialize;

use super::Headers;

/// How final a failed delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BounceKind {
    /// The address or its host does not exist.
    Hard,
    /// The mailbox is full, the mail was refused as spam or by policy, or the server gave up for now.
    Soft,
    /// The server is still trying.
    Delay,
}

/// What a report says of one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BounceReport {
    /// The address that could not be reached, normalised.
    pub recipient: String,
    /// The enhanced status code (RFC 3463) such as `5.1.1`; `None` when neither stated nor derivable.
    pub status: Option<String>,
    /// `failed`, `delayed`, `delivered`, `relayed` or `expanded` (RFC 3464 §2.3.3).
    pub action: String,
    /// What it means for us.
    pub kind: BounceKind,
    /// The remote server's words, bounded.
    pub diagnostic: String,
}

/// A delivery report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bounce {
    /// One entry a recipient; may be empty when a report names none.
    pub reports: Vec<BounceReport>,
    /// The Message-ID of the mail that bounced, without angle brackets.
    pub original_message_id: Option<String>,
}

/// Reads a delivery report; `None` when the mail is none. `text` is the readable text of the mail.
pub fn read(message: &mail_parser::Message<'_>, headers: &Headers, subject: &str, text: &str) -> Option<Bounce> {
    let _ = (message, headers, subject, text);
    None
}
