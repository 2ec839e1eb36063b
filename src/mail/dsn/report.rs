//! What a delivery report says, as values.

use serde::Serialize;

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
    /// It arrived, or was handed on: the sender had asked for a report of success.
    Delivered,
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

/// A delivery report, or the mail that a feedback report complains of (then without recipients; the mail's origin
/// tells which).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bounce {
    /// One entry a recipient; may be empty when a report names none.
    pub reports: Vec<BounceReport>,
    /// The Message-ID of the mail that bounced, without angle brackets.
    pub original_message_id: Option<String>,
    /// What names the delivery of the mail that bounced: its [`super::DELIVERY_HEADER`].
    #[serde(skip)]
    pub original_delivery: Option<String>,
    /// The envelope sender of the mail that bounced, where the report tells it.
    #[serde(skip)]
    pub original_return_path: Option<String>,
    /// The form of the report in words for an administrator: `RFC 3464`, `qmail`, …
    #[serde(skip)]
    pub form: &'static str,
}

/// One recipient as a report names it, before it is judged.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    /// The address, as written.
    pub(super) recipient: String,
    /// As stated; empty when not.
    pub(super) action: String,
    /// As stated; empty when not.
    pub(super) status: String,
    /// The remote server's words.
    pub(super) diagnostic: String,
    /// What the report itself says of it, in its words for people.
    pub(super) said: String,
}
