//! A letter on its way.

use super::letter::Letter;
use crate::desk::id::{PersonId, TicketId};
use crate::mail::Address;

/// A letter and the outbox row it becomes.
#[derive(Debug, Clone)]
pub struct Post {
    /// The outbox row's id.
    pub outbox: i64,
    /// The way out, by its configured name.
    pub transport: String,
    /// The ticket.
    pub ticket: TicketId,
    /// The person.
    pub person: PersonId,
    /// The address it goes to.
    pub recipient: Address,
    /// Envelope sender; empty is the null return path.
    pub return_path: String,
    /// Counts in the caps: automatic, and not to an engineer.
    pub capped: bool,
    /// The mailbox in whose folder a copy is kept; `None` when none is.
    pub copy_to: Option<String>,
    /// What it says.
    pub letter: Letter,
}
