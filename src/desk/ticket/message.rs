//! What was said on a ticket.

use jiff::Timestamp;

use crate::desk::id::{PersonId, TicketId};

/// A message to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// The row.
    pub id: i64,
    /// The ticket.
    pub ticket: TicketId,
    /// Which way it went.
    pub direction: Direction,
    /// Customers may see it; otherwise it is a note.
    pub public: bool,
    /// Who wrote it.
    pub author: Option<PersonId>,
    /// Without angle brackets; empty when there is none.
    pub message_id: String,
    /// The ledger row it is.
    pub ledger: Option<i64>,
    /// The outbox row's id.
    pub outbox: Option<i64>,
}

words! {
    /// Which way a message went.
    pub enum Direction {
        /// From a customer to us.
        Inbound = "inbound",
        /// From us to a customer.
        Outbound = "outbound",
        /// Among engineers.
        Note = "note",
    }
}

/// What an answer quotes: the customer's last public words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LastWords {
    /// Who wrote it.
    pub author: String,
    /// Their row, when they have one.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// What was written.
    pub text: String,
}
