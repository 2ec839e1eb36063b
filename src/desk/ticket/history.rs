//! What was done on a ticket.

use crate::desk::id::{PersonId, TicketId};

/// An entry of a ticket's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The row.
    pub id: i64,
    /// The ticket.
    pub ticket: TicketId,
    /// A word that programs may rely on.
    pub kind: &'static str,
    /// Who caused it; nobody when the clock or a machine did.
    pub by: Option<PersonId>,
    /// In words.
    pub detail: String,
}
