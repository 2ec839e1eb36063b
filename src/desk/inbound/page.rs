//! What a person did on one of our pages, as the rules hear of it.

use crate::desk::id::TicketId;

/// Something that happened on a page; the page has checked who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortalEvent {
    /// The first password was set: the Business Account is active.
    Activated {
        /// Its user name.
        email: String,
    },
    /// A password was set anew.
    PasswordChanged {
        /// The Business Account's user name.
        email: String,
    },
    /// A second factor was enrolled.
    SecondFactorEnrolled {
        /// The Business Account's user name.
        email: String,
    },
    /// The second factor was removed.
    SecondFactorRemoved {
        /// The Business Account's user name.
        email: String,
    },
    /// Somebody who was told of a second factor's reset stops it.
    SecondFactorStopped {
        /// The ticket that the link was sent on.
        ticket: TicketId,
    },
    /// Somebody says to have forgotten the password of this address, which may be known or not.
    Forgotten {
        /// As typed, normalised.
        email: String,
        /// Its owner signed in before in this browser.
        by_owner: bool,
    },
}

impl PortalEvent {
    /// The ticket or the address that has to be known of; the address is empty when the ticket says it. Nothing is looked up
    /// about somebody of whom it is only said: that would take longer for those who are known.
    pub fn about(&self) -> (Option<TicketId>, &str) {
        match self {
            Self::SecondFactorStopped { ticket } => (Some(*ticket), ""),
            Self::Activated { email }
            | Self::PasswordChanged { email }
            | Self::SecondFactorEnrolled { email }
            | Self::SecondFactorRemoved { email } => (None, email),
            Self::Forgotten { .. } => (None, ""),
        }
    }
}
