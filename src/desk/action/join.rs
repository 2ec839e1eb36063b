//! Somebody comes onto a ticket.

use crate::desk::change::Change;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::person::Person;
use crate::desk::ticket::{Role, Ticket};
use crate::mail::Address;
use crate::mail::address::{Sameness, sameness};

/// People on one ticket; more Cc than this is a mailing list.
const MAX_PARTICIPANTS: usize = 100;

/// Whether mails to a customer on the ticket reach the same mailbox: nobody gets two of each.
fn is_there_by_another_name(change: &Change<'_>, ticket: &Ticket, person: &Person) -> bool {
    let customers = std::iter::once(ticket.requester).chain(ticket.others.iter().map(|(other, _)| *other));
    let mut customers = customers.filter(|id| !change.facts.is_engineer(*id)).filter_map(|id| change.person_by_id(id));
    !change.facts.is_engineer(person.id)
        && customers.any(|known| sameness(&known.email, &person.email) == Sameness::Same)
}

/// Puts a person on a ticket, unless they are there already or it is one of our addresses.
pub(in crate::desk) fn join(change: &mut Change<'_>, id: TicketId, address: &Address, by: PersonId) {
    let Some(mut ticket) = change.the_ticket(id) else { return };
    let full = ticket.others.len() >= MAX_PARTICIPANTS;
    if full || address.email.is_empty() || change.rules.is_ours(&address.email) {
        return;
    }
    let person = change.person(address);
    let there = ticket.requester == person.id
        || ticket.assignee == Some(person.id)
        || ticket.others.iter().any(|(other, _)| *other == person.id)
        || is_there_by_another_name(change, &ticket, &person);
    if there {
        return;
    }
    let role = if change.facts.is_engineer(person.id) { Role::Follower } else { Role::Copied };
    ticket.others.push((person.id, role));
    change.put(ticket);
    change.out.participants.push((id, person.id, role));
    change.event(id, EventKind::Joined, Some(by), format!("{} ({})", person.email, role.as_str()));
}
