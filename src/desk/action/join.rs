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

/// Takes a person off a ticket where they are this; whether they were.
pub(in crate::desk) fn leave(
    change: &mut Change<'_>,
    id: TicketId,
    person: PersonId,
    role: Role,
    by: PersonId,
) -> bool {
    let Some(mut ticket) = change.ticket(id).filter(|ticket| ticket.others.contains(&(person, role))) else {
        return false;
    };
    ticket.others.retain(|(other, _)| *other != person);
    let id = ticket.id;
    change.put(ticket);
    change.out.participants.push((id, person, None));
    let email = change.person_by_id(person).map(|person| person.email).unwrap_or_default();
    change.event(id, EventKind::Left, Some(by), format!("{email} ({})", role.as_str()));
    true
}

/// Puts a person on a ticket, unless they are there already or it is one of our addresses. Whether they are there now.
pub(in crate::desk) fn join(change: &mut Change<'_>, id: TicketId, address: &Address, by: PersonId) -> bool {
    let Some(mut ticket) = change.the_ticket(id) else { return false };
    if address.email.is_empty() || change.rules.is_ours(&address.email) {
        return false;
    }
    let person = change.person(address);
    let there = ticket.requester == person.id
        || ticket.assignee == Some(person.id)
        || ticket.others.iter().any(|(other, _)| *other == person.id)
        || is_there_by_another_name(change, &ticket, &person);
    if there || ticket.others.len() >= MAX_PARTICIPANTS {
        return there;
    }
    let role = if change.facts.is_engineer(person.id) { Role::Follower } else { Role::Copied };
    ticket.others.push((person.id, role));
    // As they are read: who comes within one batch comes in no order.
    ticket.others.sort_by_key(|(person, _)| *person);
    change.put(ticket);
    change.out.participants.push((id, person.id, Some(role)));
    change.event(id, EventKind::Joined, Some(by), format!("{} ({})", person.email, role.as_str()));
    true
}
