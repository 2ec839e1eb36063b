//! A mail that waits for an engineer's decision.

use super::deciding::Deciding;
use super::tell::{self, notify, receipt, unacknowledged};
use super::{flood, new_ticket, sender};
use crate::desk::action::send;
use crate::desk::id::TicketId;
use crate::desk::inbound::held::HeldReason;
use crate::desk::inbound::verdict::Verdict;
use crate::desk::notice::kind::Notice;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::message::Direction;
use crate::desk::ticket::person::Person;
use crate::desk::ticket::{Status, Ticket};

/// Keeps a mail for an engineer's decision, on a ticket of its own that is linked to the one it claims.
pub(super) fn held(case: &mut Deciding<'_>, claimed: Option<TicketId>, reason: HeldReason) {
    let requester = if reason.is_believed() { sender::sender(case) } else { sender::unbelieved(case) };
    if flood::joins(case, &requester, true) {
        return;
    }
    let Some(ticket) = new_ticket::new_ticket(case, &requester, Status::Held, claimed) else { return };
    case.file(ticket.id, Some(requester.id), Direction::Inbound, true);
    let words = held_words(case, claimed, reason);
    case.change.event(ticket.id, EventKind::Held, Some(requester.id), words.clone());
    if let Some(claimed) = claimed {
        let detail = format!("by {}: {words}", case.change.rules.case_id(ticket.id));
        case.change.event(claimed, EventKind::Claimed, Some(requester.id), detail);
    }
    case.settle(Verdict::Held, words);
    match reason {
        // The address on record is the engineer's own: who wrote in their name does not read it.
        HeldReason::NoProof | HeldReason::Commands => warn(case, &ticket, &requester, reason, claimed),
        // From is forged: an acknowledgement would go to the victim.
        HeldReason::DmarcFail => {
            if case.change.facts.is_engineer(requester.id) {
                warn(case, &ticket, &requester, reason, claimed);
            }
            tell::engineers(case, ticket.id, Notice::Held, reason.as_str(), claimed);
        }
        HeldReason::Stranger | HeldReason::TokenOfAnother | HeldReason::Spam => {
            if unacknowledged(case).is_none() {
                receipt(case, &ticket, &requester, None);
            }
            if send::is_held_back(&case.change, ticket.id) {
                return case.change.note(
                    "letter",
                    "none",
                    "the breaker is open: the engineers were told once".to_owned(),
                );
            }
            tell::engineers(case, ticket.id, Notice::Held, reason.as_str(), claimed);
        }
    }
}

/// Tells the engineer on record. Not of what a machine sent: if it is their own, it would answer that as well.
fn warn(case: &mut Deciding<'_>, ticket: &Ticket, engineer: &Person, reason: HeldReason, claimed: Option<TicketId>) {
    if case.arrival.mail.conduct.acknowledge {
        notify(case, ticket, engineer, Notice::Unproven, reason.as_str(), claimed);
    } else {
        case.change.note("letter", "none", "a machine sent this".to_owned());
    }
}

fn held_words(case: &Deciding<'_>, claimed: Option<TicketId>, reason: HeldReason) -> String {
    let why = reason.words();
    match claimed {
        Some(id) => format!("claims {}, but {why}", case.change.rules.case_id(id)),
        None => why.to_owned(),
    }
}
