//! Somebody has a ticket.

use super::join;
use crate::desk::change::Change;
use crate::desk::id::TicketId;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::person::Person;
use crate::mail::Address;

/// The first answer takes the ticket. Who answers a colleague's follows it: the customer's reply may be to them.
pub(in crate::desk) fn take_or_follow(change: &mut Change<'_>, id: TicketId, engineer: &Person) {
    let Some(mut ticket) = change.the_ticket(id) else { return };
    let id = ticket.id;
    if ticket.assignee.is_some_and(|assignee| change.facts.is_engineer(assignee)) {
        join::join(change, id, &Address::new(engineer.name.clone(), &engineer.email), engineer.id);
        return;
    }
    ticket.assignee = Some(engineer.id);
    change.put(ticket);
    change.event(id, EventKind::Assigned, Some(engineer.id), format!("{} answered first", engineer.email));
}
