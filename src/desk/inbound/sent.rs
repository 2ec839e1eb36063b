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

/// Why a mail of ours will not be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureCause {
    /// A server says that the address does not exist.
    Hard,
    /// Its server took nothing from us this time: a full mailbox, a filter.
    Soft,
    /// Refused for good for a reason that says nothing of the address, or it could not be offered at all.
    Refused,
    /// No server took it for as long as we try.
    Expired,
}

impl FailureCause {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Hard, Self::Soft, Self::Refused, Self::Expired];

    /// As stored, and the code by which the engineers' letter chooses its words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Soft => "soft",
            Self::Refused => "refused",
            Self::Expired => "expired",
        }
    }

    /// The cause of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == word)
    }

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
