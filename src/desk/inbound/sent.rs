//! Mails of ours, when something comes of them.

use crate::desk::id::TicketId;
use crate::mail::BounceKind;

/// A mail we sent, as a delivery report finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMail {
    /// The outbox row's id.
    pub outbox: i64,
    /// The ticket.
    pub ticket: Option<TicketId>,
    /// The address it goes to.
    pub recipient: String,
    /// Without tags and reply prefixes.
    pub subject: String,
    /// Its outcome is settled as failed already.
    pub failed: bool,
    /// The notice's name.
    pub notice: String,
}

/// A delivery report's effect on a mail we sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounced {
    /// The mail.
    pub sent: SentMail,
    /// What went wrong: the server's words.
    pub error: String,
}

/// A mail that will not be delivered any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The notice's name.
    pub notice: String,
    /// The outbox row's id.
    pub outbox: i64,
    /// The ticket.
    pub ticket: Option<TicketId>,
    /// The address it goes to.
    pub recipient: String,
    /// What went wrong: the server's words.
    pub error: String,
    /// Why it will not be delivered.
    pub cause: FailureCause,
}

words! {
    /// Why a mail of ours will not be delivered.
    pub enum FailureCause {
        /// A server says that the address does not exist.
        Hard = "hard",
        /// Its server took nothing from us this time: a full mailbox, a filter.
        Soft = "soft",
        /// Refused for good for a reason that says nothing of the address, or it could not be offered at all.
        Refused = "refused",
        /// No server took it for as long as we try.
        Expired = "expired",
    }
}

impl FailureCause {
    /// What a refusal says of the address.
    pub fn refused(blame: Option<BounceKind>) -> Self {
        match blame {
            Some(BounceKind::Hard) => Self::Hard,
            Some(BounceKind::Soft) => Self::Soft,
            Some(BounceKind::Delay | BounceKind::Delivered) | None => Self::Refused,
        }
    }

    /// What it says of the address.
    pub fn blame(self) -> Option<BounceKind> {
        match self {
            Self::Hard => Some(BounceKind::Hard),
            Self::Soft => Some(BounceKind::Soft),
            Self::Refused | Self::Expired => None,
        }
    }
}
