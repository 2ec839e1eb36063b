//! A mail of the time before the gateway: it gets its place by the same rules as every mail, and nobody hears of it.
//!
//! What differs from a mail that comes now: how long ago its ticket was closed means nothing, as nobody closed it; who writes in the desk's
//! own name, or as an engineer to a customer, has answered; and nothing is a command, a form or a wish any more.

use super::deciding::Deciding;
use super::thread::Found;
use super::{correspondence, form, forwarded, identity, new_ticket, sender};
use crate::config::Spam;
use crate::desk::action::assign;
use crate::desk::id::TicketId;
use crate::desk::inbound::arrival::Past;
use crate::desk::inbound::verdict::{Proof, Verdict};
use crate::desk::ticket::Status;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::message::Direction;
use crate::desk::ticket::person::Person;
use crate::mail::language::Language;
use crate::mail::{Address, Origin, Signal, kept};

/// Files the mail on its ticket, or opens one.
pub(super) fn keep(case: &mut Deciding<'_>, past: Past) {
    let known = case.sender();
    if identity::is_disowned(case.change.rules, case.arrival) {
        case.change.note("proof", "refuted", "DMARC fail in our server's Authentication-Results".to_owned());
        let claimed = case.claimed(known.map(|person| person.id));
        return open(case, past, claimed, "the sender's domain disowns the mail (DMARC fail)");
    }
    case.settlement.proof = identity::proof(
        case.change.rules,
        case.change.facts,
        case.arrival,
        known.as_ref().map(|person| person.id),
        &mut case.change.steps,
    );
    let engineer = known.clone().filter(|person| case.change.facts.is_engineer(person.id));
    let found = case.find(known.map(|person| person.id));
    if is_in_our_name(case) || engineer.is_some() && !is_requester(case, engineer.as_ref(), &found) {
        return by_the_desk(case, past, engineer, &found);
    }
    match found {
        Found::Ticket { ticket, rule, .. } => reply(case, past, ticket, rule),
        Found::Claim { .. } | Found::Nothing if case.arrival.mail.signal == Some(Signal::Reaction) => {
            case.settle(Verdict::Dropped, "a reaction of somebody who takes no part in a case".to_owned());
        }
        Found::Claim { ticket, reason } => open(case, past, Some(ticket), reason.words()),
        Found::Nothing => open(case, past, None, "names no ticket of ours"),
    }
}

/// Somebody wrote to a customer as the desk, from the mailbox itself. Whom another header names as the author used a contact form.
fn is_in_our_name(case: &Deciding<'_>) -> bool {
    let from = case.arrival.mail.from.as_ref().filter(|_| !case.arrival.author.is_named);
    from.is_some_and(|from| case.change.rules.is_ours(&from.email)) && customer(case).is_some()
}

/// The first of those whom the mail names that is neither the desk nor an engineer.
fn customer(case: &Deciding<'_>) -> Option<Address> {
    let engineer = |address: &&Address| {
        let known = case.change.facts.person_by_email(&address.email);
        known.is_some_and(|person| case.change.facts.is_engineer(person.id))
    };
    let mut named = case.arrival.named().filter(|address| !case.change.rules.is_ours(&address.email));
    named.find(|address| !engineer(address)).cloned()
}

fn is_requester(case: &Deciding<'_>, person: Option<&Person>, found: &Found) -> bool {
    let (Found::Ticket { ticket, .. } | Found::Claim { ticket, .. }) = found else { return false };
    let requester = case.change.facts.ticket(*ticket).map(|ticket| ticket.requester);
    requester.is_some() && requester == person.map(|person| person.id)
}

/// An answer where a customer of the ticket got it, and a note where none did. Of what names no ticket, a mail to a customer opens one in
/// the customer's name, and what an engineer passes on one in the name of who wrote it.
fn by_the_desk(case: &mut Deciding<'_>, past: Past, engineer: Option<Person>, found: &Found) {
    let (Found::Ticket { ticket, .. } | Found::Claim { ticket, .. }) = found else {
        return match customer(case) {
            Some(customer) => write_first(case, past, &customer, engineer.as_ref()),
            None => {
                forwarded::hear(case);
                open(case, past, None, "names no ticket of ours")
            }
        };
    };
    let id = *ticket;
    let public = reaches_customer(case, id);
    let direction = if public { Direction::Outbound } else { Direction::Note };
    case.file(id, engineer.as_ref().map(|person| person.id), direction, public);
    case.lands_on(Some(id));
    let name = case.change.rules.case_id(id);
    if public {
        answered(case, past, id, engineer.as_ref());
        case.settle(Verdict::Threaded, format!("an answer of the desk on {name}"));
    } else {
        case.settle(Verdict::Threaded, format!("a note of the desk on {name}: no customer of it got this"));
    }
}

/// Whether the mail names somebody who takes part in the ticket as a customer.
fn reaches_customer(case: &Deciding<'_>, id: TicketId) -> bool {
    let Some(ticket) = case.change.ticket(id) else { return false };
    let person = |address: &Address| case.change.facts.person_by_email(&address.email).map(|person| person.id);
    case.arrival.named().filter_map(person).any(|person| ticket.is_customer(person))
}

/// Who answered has the ticket, and it waits for the customer.
fn answered(case: &mut Deciding<'_>, past: Past, id: TicketId, engineer: Option<&Person>) {
    if let Some(engineer) = engineer {
        assign::take_or_follow(&mut case.change, id, engineer);
    }
    // A mail that went through no server was written at the desk, and names whom the desk wanted to name.
    let requester = case.change.ticket(id).map(|ticket| ticket.requester);
    if let Some(by) =
        requester.filter(|_| case.proof().is_of_sender() || kept::is_authors_copy(&case.arrival.mail.headers))
    {
        sender::copy_in(case, id, engineer.map_or(by, |engineer| engineer.id));
    }
    stand(case, past, id, Status::Waiting);
}

/// The desk wrote first.
fn write_first(case: &mut Deciding<'_>, past: Past, customer: &Address, engineer: Option<&Person>) {
    let requester = case.change.person(customer);
    let status = status(case, past, Status::Waiting);
    let Some(ticket) = new_ticket::new_ticket(case, &requester, status, None) else { return };
    case.file(ticket.id, engineer.map(|person| person.id), Direction::Outbound, true);
    case.change.event(ticket.id, EventKind::Opened, engineer.map(|person| person.id), BROUGHT_IN.to_owned());
    answered(case, past, ticket.id, engineer);
    case.settle(Verdict::Opened, "the desk wrote to a customer, and names no ticket".to_owned());
}

/// What histories say of tickets of the past.
const BROUGHT_IN: &str = "brought in: it is of the time before the gateway";

/// A customer's request.
fn open(case: &mut Deciding<'_>, past: Past, linked_to: Option<TicketId>, why: &str) {
    if let Some(mark) = case.spam_mark() {
        case.change.note("spam", "match", mark);
        if case.change.rules.config.trust.spam == Spam::Drop {
            return case.settle(Verdict::Dropped, "the filter took it for spam".to_owned());
        }
    }
    let requester = author(case);
    let status = status(case, past, Status::Open);
    let Some(ticket) = new_ticket::new_ticket(case, &requester, status, linked_to) else { return };
    case.file(ticket.id, Some(requester.id), Direction::Inbound, true);
    case.change.event(ticket.id, EventKind::Opened, Some(requester.id), BROUGHT_IN.to_owned());
    sender::introduce(case, ticket.id, requester.id);
    let name = linked_to.map(|id| format!("names {}, but ", case.change.rules.case_id(id))).unwrap_or_default();
    case.settle(Verdict::Opened, format!("a request of the past: {name}{why}"));
}

/// A participant's mail.
fn reply(case: &mut Deciding<'_>, past: Past, id: TicketId, rule: &'static str) {
    let Some(ticket) = case.change.the_ticket(id) else { return };
    let aside = form::is_aside(case, &ticket);
    let author = author(case);
    case.file(id, Some(author.id), Direction::Inbound, !aside);
    case.lands_on(Some(id));
    if case.proof() != Proof::None && !aside {
        correspondence::join(case, id, author.id);
        sender::copy_in(case, id, author.id);
    }
    if case.arrival.mail.origin == Origin::Person && case.arrival.mail.conduct.reopen && !aside {
        stand(case, past, id, Status::Open);
    }
    case.settle(Verdict::Threaded, format!("{} by {rule}", case.change.rules.case_id(id)));
}

/// Who wrote. What somebody wrote years ago says nothing of their address today, and no newer word of theirs gives way to it.
fn author(case: &mut Deciding<'_>) -> Person {
    let mut person = sender::unbelieved(case);
    let before = person.clone();
    person.language = person.language.or_else(|| case.voice.language.and_then(Language::from_code));
    if person.name.is_empty() {
        person.name = case.voice.author.name.clone();
    }
    if person != before {
        case.change.update(&person);
    }
    person
}

/// Where a ticket stands after this mail, if nothing came later.
fn status(case: &Deciding<'_>, past: Past, open: Status) -> Status {
    let is_open = past.open_since.is_some_and(|since| case.change.now >= since);
    if is_open { open } else { Status::Closed }
}

/// Where a ticket stands after this mail. What happened on it later has the last word.
fn stand(case: &mut Deciding<'_>, past: Past, id: TicketId, open: Status) {
    let Some(mut ticket) = case.change.the_ticket(id) else { return };
    if case.change.now < ticket.updated_at || matches!(ticket.status, Status::Held | Status::Merged) {
        return;
    }
    match (status(case, past, open), ticket.status) {
        (Status::Closed, Status::Closed) => {
            ticket.closed_at = Some(case.change.now);
            case.change.put(ticket);
        }
        // What people work on is not over because an archive has a mail of it.
        (Status::Closed, _) => {}
        (status, _) => case.change.status(id, status, None),
    }
}
