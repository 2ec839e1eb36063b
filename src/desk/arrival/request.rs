//! A customer asks for something new.

use super::deciding::Deciding;
use super::tell::{self, receipt, unacknowledged};
use super::{flood, new_ticket, sender};
use crate::desk::action::{join, send};
use crate::desk::id::TicketId;
use crate::desk::inbound::verdict::Verdict;
use crate::desk::notice::kind::Notice;
use crate::desk::ticket::Status;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::message::Direction;

/// Opens a ticket: acknowledged to a person, told to the engineers. `follows` is the closed ticket it continues.
pub(super) fn open(case: &mut Deciding<'_>, follows: Option<TicketId>) {
    open_about(case, follows, "");
}

/// The same, with what it is about as the code that the engineers' letter chooses words by: `delete_account`.
pub(super) fn open_about(case: &mut Deciding<'_>, follows: Option<TicketId>, about: &'static str) {
    let requester = sender::sender(case);
    if flood::joins(case, &requester, false) {
        return;
    }
    let Some(ticket) = new_ticket::new_ticket(case, &requester, Status::New, follows) else { return };
    case.file(ticket.id, Some(requester.id), Direction::Inbound, true);
    let words = opened_words(case, follows);
    case.change.event(ticket.id, EventKind::Opened, Some(requester.id), words);
    if about == "delete_account" {
        case.change.event(ticket.id, EventKind::AsksDeletion, Some(requester.id), String::new());
    }
    sender::introduce(case, ticket.id, requester.id);
    if let (Some(engineer), Some(sender)) = (case.voice.forwarded_by.clone(), case.sender()) {
        join::join(&mut case.change, ticket.id, &engineer, sender.id);
        case.change.event(ticket.id, EventKind::Forwarded, Some(sender.id), format!("{} forwarded it", engineer.email));
    }
    let reason = match follows {
        None if case.voice.forwarded_by.is_some() => "an engineer forwards a customer's mail".to_owned(),
        Some(closed) => format!("a reply to {}, closed too long ago to reopen", case.change.rules.case_id(closed)),
        None => "names no ticket of ours: a new request".to_owned(),
    };
    case.settle(Verdict::Opened, reason);
    match unacknowledged(case) {
        Some(why) => case.change.note("letter", "suppressed", format!("no acknowledgement: {why}")),
        None => receipt(case, &ticket, &requester, follows),
    }
    if send::is_held_back(&case.change, ticket.id) {
        return case.change.note("letter", "none", "the breaker is open: the engineers were told once".to_owned());
    }
    tell::engineers(case, ticket.id, Notice::NewTicket, about, follows);
}

fn opened_words(case: &Deciding<'_>, follows: Option<TicketId>) -> String {
    follows.map(|id| format!("follows {}", case.change.rules.case_id(id))).unwrap_or_default()
}
