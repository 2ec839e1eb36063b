//! What is due, and when.

use jiff::{SignedDuration, Timestamp};

use super::kind::Kind;
use crate::desk::id::TicketId;

/// Something that is due on a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// What.
    pub kind: Kind,
    /// When; it happens then or later.
    pub due_at: Timestamp,
    /// What the kind remembers from step to step.
    pub detail: String,
}

/// A follow-up that was found to be due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The ticket it is about, merges not followed.
    pub ticket: TicketId,
    /// What.
    pub kind: Kind,
    /// Attempts at it, this one included.
    pub attempts: u32,
}

/// What becomes of a ticket's follow-ups; in order, as a later change may undo an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowUpChange {
    /// It is due; instead of one of the same kind, if there is one.
    Set {
        /// The ticket.
        ticket: TicketId,
        /// What, when.
        follow_up: FollowUp,
    },
    /// It is done, or wanted no more.
    Cancel {
        /// The ticket.
        ticket: TicketId,
        /// What.
        kind: Kind,
    },
    /// It failed too often and is kept to be looked at.
    SetAside {
        /// The ticket.
        ticket: TicketId,
        /// What.
        kind: Kind,
    },
}

/// How long somebody has for their work or their answer. Business hours, once there are any, stretch it by the queue's
/// calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Working(pub SignedDuration);

/// How long something lasts by the clock on the wall, nights and holidays included: a link, a time to stop a reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed(pub SignedDuration);

/// A length of time that begins somewhere.
pub trait Wait {
    /// When it is over.
    fn over(self, from: Timestamp) -> Timestamp;
}

impl Wait for Working {
    fn over(self, from: Timestamp) -> Timestamp {
        from.checked_add(self.0).unwrap_or(Timestamp::MAX)
    }
}

impl Wait for Elapsed {
    fn over(self, from: Timestamp) -> Timestamp {
        from.checked_add(self.0).unwrap_or(Timestamp::MAX)
    }
}

/// When something is due that waits for `after` from `from` on. Every time that a row, a link or a letter names is computed
/// here, once, and handed on: what is promised is what happens.
pub fn due_at(from: Timestamp, after: impl Wait) -> Timestamp {
    after.over(from)
}
