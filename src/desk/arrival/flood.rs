//! A flood from one address: one ticket with a count, not a thousand tickets.
//!
//! Whoever opened as many tickets as one sender may, person or machine, opens no more within the window: what else it asks
//! for is filed on the last ticket it opened. Nothing is lost, nothing is acknowledged, and the engineers hear it once.

use super::deciding::Deciding;
use super::tell;
use crate::config::Limits;
use crate::desk::facts::Facts;
use crate::desk::id::TicketId;
use crate::desk::inbound::verdict::Verdict;
use crate::desk::notice::kind::Notice;
use crate::desk::ticket::Status;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::message::Direction;
use crate::desk::ticket::person::Person;

/// The ticket that one more request of this sender goes to, and the cap it would break, in words; `None` when it may open a
/// ticket of its own. Held mails and others count apart: a forged sender must not reach the tickets of the genuine one.
pub fn ticket_of(facts: &Facts, limits: &Limits, sender: &Person, held: bool) -> Option<(TicketId, String)> {
    let lately = facts.opened.by.get(&(sender.email.clone(), held))?;
    let full = limits.per_sender.iter().zip(&lately.counts).find(|((_, most), count)| *count >= most);
    let ((within, most), _) = full?;
    // It may have been merged into somebody else's.
    let ticket = facts.ticket(lately.last).filter(|ticket| ticket.requester == sender.id)?;
    Some((ticket.id, format!("{most} new tickets of one sender within {within:#}")))
}

/// Files a request on the flood's ticket, if it is one too many. Whether it was.
pub(super) fn joins(case: &mut Deciding<'_>, sender: &Person, held: bool) -> bool {
    // What an engineer passes on is somebody's work, not a flood.
    if case.voice.forwarded_by.is_some() {
        return false;
    }
    let found = ticket_of(case.change.facts, &case.change.rules.config.limits, sender, held);
    let Some((id, cap)) = found else { return false };
    let Some(mut ticket) = case.change.ticket(id) else { return false };
    ticket.flooded += 1;
    let count = ticket.flooded;
    if !held && !case.arrival.message_id.is_empty() {
        ticket.last_message_id.clone_from(&case.arrival.message_id);
    }
    case.change.put(ticket.clone());
    case.file(id, Some(sender.id), Direction::Inbound, !held);
    // As a ticket of its own it would be new: it must not lie where nobody looks.
    if matches!(ticket.status, Status::Closed | Status::Waiting) {
        case.change.status(id, Status::Open, Some(sender.id));
    }
    let name = case.change.rules.case_id(id);
    case.change.note("flood", "match", format!("{cap}: filed on {name}, the last of them"));
    if is_told(count) {
        case.change.event(id, EventKind::Flood, Some(sender.id), format!("{count} more of {}: {cap}", sender.email));
    }
    case.lands_on(Some(id));
    case.settle(Verdict::Threaded, format!("one of a flood ({cap}): filed on {name}, not acknowledged"));
    case.change.note("letter", "suppressed", "no acknowledgement: one of a flood".to_owned());
    if count == 1 {
        tell::engineers(case, id, Notice::CustomerReply, "flood", None);
    }
    true
}

/// The counts that the ticket's history names: the first, and 10, 100, 1,000, …
fn is_told(count: u32) -> bool {
    count > 0 && 10_u32.pow(count.ilog10()) == count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_tells_of_powers_of_ten() {
        let told: Vec<u32> = (0..20_000).filter(|count| is_told(*count)).collect();
        assert_eq!(told, [1, 10, 100, 1_000, 10_000]);
        assert!(!is_told(u32::MAX));
    }
}
