//! The one way in which a ticket is closed.

use jiff::Timestamp;

use super::send;
use crate::desk::change::Change;
use crate::desk::follow_up::due::{Elapsed, due_at};
use crate::desk::id::{PersonId, TicketId};
use crate::desk::notice::kind::Notice;
use crate::desk::notice::vars::Vars;
use crate::desk::ticket::{Status, Ticket};
use crate::mail::language;

/// Closes a ticket: nothing is due on it any more, and the requester hears of it, unless it was they who closed it.
/// `reason` chooses the words of the letter: `no_answer`, `solved`.
pub(in crate::desk) fn close(change: &mut Change<'_>, id: TicketId, by: Option<PersonId>, reason: &str) {
    if let Some((ticket, before)) = quietly(change, id, by) {
        tell(change, &ticket, before, by, reason);
    }
}

/// Tells the requester of a ticket that was closed, in this status before.
pub(in crate::desk) fn tell(
    change: &mut Change<'_>,
    ticket: &Ticket,
    before: Status,
    by: Option<PersonId>,
    reason: &str,
) {
    // Who is behind a held ticket is not known: a letter could go to a victim.
    if by == Some(ticket.requester) || before == Status::Held {
        return;
    }
    let when = language::date_time(
        reopens_until(change, change.now),
        change.requester_language(ticket),
        &change.rules.config.desk.time_zone,
    );
    send::to_requester(change, ticket, Notice::Closed, Vars { when, reason: reason.to_owned(), ..Vars::default() });
}

/// Until when a reply reopens a ticket that was closed at `closed_at`: what its letter promises, and what holds.
pub(in crate::desk) fn reopens_until(change: &Change<'_>, closed_at: Timestamp) -> Timestamp {
    due_at(closed_at, Elapsed(change.rules.config.desk.reopen_within))
}

/// Closes a ticket without a word, where another letter has said it; the ticket, and its status before.
pub(in crate::desk) fn quietly(
    change: &mut Change<'_>,
    id: TicketId,
    by: Option<PersonId>,
) -> Option<(Ticket, Status)> {
    let ticket = change.ticket(id)?;
    let before = ticket.status;
    if matches!(before, Status::Closed | Status::Merged) {
        return None;
    }
    change.status(ticket.id, Status::Closed, by);
    change.cancel_all(ticket.id);
    change.closed.push(ticket.id);
    Some((ticket, before))
}
