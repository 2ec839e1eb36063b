//! The reasons that servers have for refusing a mail.

use super::super::report::BounceKind;

/// Why a mail was not delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No such mailbox.
    UnknownUser,
    /// No such domain, or it takes no mail (RFC 7505).
    UnknownHost,
    /// The person has another address now.
    Moved,
    /// The mailbox is full.
    Full,
    /// The mailbox exists and is switched off; it may be switched on again.
    Disabled,
    /// The mail is too big.
    TooBig,
    /// The sender is refused.
    Sender,
    /// Authentication of the sending domain failed (SPF, DKIM, DMARC).
    Authentication,
    /// Policy, blocklist or reputation.
    Policy,
    /// Taken for spam, or for a virus.
    Content,
    /// The server is no relay for this.
    Relay,
    /// Too much at a time.
    Rate,
    /// Still not delivered when the time was up.
    Expired,
    /// The mail goes in circles.
    Loop,
    /// The server could not be reached, or could not be found for now.
    Network,
    /// Something is broken over there.
    System,
}

impl Reason {
    pub(super) fn kind(self) -> BounceKind {
        match self {
            Reason::UnknownUser | Reason::UnknownHost | Reason::Moved => BounceKind::Hard,
            _ => BounceKind::Soft,
        }
    }

    /// The status code (RFC 3463 §3) for those who name none, after the class.
    pub(super) fn code(self) -> &'static str {
        match self {
            Reason::UnknownUser => "1.1",
            Reason::UnknownHost => "1.2",
            Reason::Moved => "1.6",
            Reason::Full => "2.2",
            Reason::Disabled => "2.1",
            Reason::TooBig => "3.4",
            Reason::Sender => "1.8",
            Reason::Authentication | Reason::Policy | Reason::Content | Reason::Relay => "7.1",
            Reason::Rate => "7.0",
            Reason::Expired => "4.7",
            Reason::Loop => "4.6",
            Reason::Network => "4.1",
            Reason::System => "3.0",
        }
    }
}
