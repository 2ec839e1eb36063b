//! The one way in which a ticket is closed.

use super::change::Change;
use super::facts::{Status, Ticket};
use super::follow_up::due_at;
use super::form::event;
use super::notice::{Notice, Vars};
use super::{PersonId, TicketId, post};

/// Closes a ticket: nothing is due on it any more, and the requester hears of it, unless it was they who closed it.
/// `reason` chooses the words of the letter: `no_answer`, `solved`.
pub(super) fn close(change: &mut Change<'_>, id: TicketId, by: Option<PersonId>, reason: &str) {
    let Some((ticket, before)) = quietly(change, id, by) else { return };
    // Who is behind a held ticket is not known: a letter could go to a victim.
    if by == Some(ticket.requester) || before == Status::Held {
        return;
    }
    let reopens_until = due_at(change.now, change.rules.config.desk.reopen_within);
    let when = post::date_time(reopens_until, change.requester_language(&ticket));
    change.tell_requester(&ticket, Notice::Closed, Vars { when, reason: reason.to_owned(), ..Vars::default() });
}

/// Closes a ticket without a word, where another letter has said it; the ticket, and its status before.
pub(super) fn quietly(change: &mut Change<'_>, id: TicketId, by: Option<PersonId>) -> Option<(Ticket, Status)> {
    let ticket = change.ticket(id)?;
    let before = ticket.status;
    if matches!(before, Status::Closed | Status::Merged) {
        return None;
    }
    change.status(ticket.id, Status::Closed, by);
    change.cancel_all(ticket.id);
    event::closed(change, ticket.id);
    Some((ticket, before))
}
