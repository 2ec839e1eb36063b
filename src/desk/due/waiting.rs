//! The steps of a ticket that waits for the customer: reminded, announced, closed. Each sets the next one from the moment in
//! which it was really carried out.

use crate::desk::action::wait::{after_reminders, set, waits};
use crate::desk::action::{close, send};
use crate::desk::change::Change;
use crate::desk::follow_up::due::FollowUp;
use crate::desk::follow_up::kind::Kind;
use crate::desk::id::TicketId;
use crate::desk::notice::kind::Notice;
use crate::desk::notice::vars::Vars;
use crate::desk::ticket::history::EventKind;
use crate::mail::language;

/// The customer is reminded, and again as often as the queue wants it.
pub(super) fn remind(change: &mut Change<'_>, id: TicketId, follow_up: &FollowUp) {
    let Some(ticket) = waits(change, id) else { return };
    let queue = change.rules.queue(&ticket.queue);
    let number: u32 = follow_up.detail.parse().unwrap_or(1);
    change.event(id, EventKind::Reminded, None, format!("reminder {number} of {}", queue.reminders.max(number)));
    let announced = after_reminders(queue).is_some_and(|(kind, _)| kind == Kind::WaitingAnnouncement);
    let reason = if announced { "closes" } else { "stays" };
    send::to_requester(change, &ticket, Notice::WaitingReminder, Vars { reason: reason.to_owned(), ..Vars::default() });
    if let Some(after) = queue.remind_after.filter(|_| number < queue.reminders) {
        set(change, id, Kind::WaitingReminder, after, number.saturating_add(1));
    } else if let Some((kind, after)) = after_reminders(queue) {
        set(change, id, kind, after, 1);
    }
}

/// The customer hears when the ticket will be closed.
pub(super) fn announce(change: &mut Change<'_>, id: TicketId) {
    let Some(ticket) = waits(change, id) else { return };
    // The configuration may have changed since the step was set.
    let Some(after) = change.rules.queue(&ticket.queue).close_after else { return };
    change.event(id, EventKind::ClosingAnnounced, None, String::new());
    let closes_at = set(change, id, Kind::WaitingClose, after, 1);
    let when = language::date_time(closes_at, change.requester_language(&ticket), &change.rules.config.desk.time_zone);
    send::to_requester(change, &ticket, Notice::Closing, Vars { when, ..Vars::default() });
}

/// The customer did not answer: the ticket is closed.
pub(super) fn close(change: &mut Change<'_>, id: TicketId) {
    let Some(ticket) = waits(change, id) else { return };
    if change.rules.queue(&ticket.queue).close_after.is_some() {
        close::close(change, id, None, "no_answer");
    }
}
