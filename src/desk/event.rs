//! What can happen to the desk.

use jiff::Timestamp;

use super::follow_up::due::Due;
use super::form::task::Answered;
use super::id::{PersonId, TicketId};
use super::inbound::arrival::Arrival;
use super::inbound::page::PortalEvent;
use super::inbound::sent::Failure;

/// Something that the rules decide on.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A mail came.
    Arrived(&'a Arrival),
    /// A mail of ours failed for good.
    Failed(&'a Failure),
    /// The directory of accounts answered, or could not be asked.
    Answered(&'a Answered),
    /// Somebody did something on a page.
    Page(&'a PortalEvent),
    /// Something is due on a ticket.
    Due(&'a Due),
    /// Something that was due could not be carried out, too often.
    SetAside(&'a Due),
    /// Somebody closes a ticket, or nobody does.
    Close {
        /// The ticket.
        ticket: TicketId,
        /// Who closes it.
        by: Option<PersonId>,
    },
}

impl Event<'_> {
    /// When it happened, where that is not now.
    pub fn past(&self) -> Option<Timestamp> {
        match self {
            Self::Arrived(arrival) => arrival.past.map(|past| past.at),
            _ => None,
        }
    }
}
