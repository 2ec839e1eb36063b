//! A ticket that waits for the customer: reminded, announced, closed. Each step sets the next one from the moment in
//! which it was really carried out, and any word of the customer ends it all ([`Change::status`]).

use jiff::{SignedDuration, Timestamp};

use super::change::Change;
use super::close;
use super::facts::{Status, Ticket};
use super::follow_up::{FollowUp, Kind, Working, due_at};
use super::notice::{Notice, Vars};
use super::{TicketId, post};
use crate::config::Queue;

/// Begins anew: an engineer answered.
pub(super) fn begin(change: &mut Change<'_>, id: TicketId) {
    let Some(ticket) = waits(change, id) else { return };
    stop(change, id);
    let queue = change.rules.queue(&ticket.queue);
    let first = queue.remind_after.map(|after| (Kind::WaitingReminder, after)).or_else(|| after_reminders(queue));
    if let Some((kind, after)) = first {
        set(change, id, kind, after, 1);
    }
}

/// Nobody waits for the customer any more.
pub(super) fn stop(change: &mut Change<'_>, id: TicketId) {
    for kind in [Kind::WaitingReminder, Kind::WaitingAnnouncement, Kind::WaitingClose] {
        change.cancel(id, kind);
    }
}

/// The customer is reminded, and again as often as the queue wants it.
pub(super) fn remind(change: &mut Change<'_>, id: TicketId, follow_up: &FollowUp) {
    let Some(ticket) = waits(change, id) else { return };
    let queue = change.rules.queue(&ticket.queue);
    let number: u32 = follow_up.detail.parse().unwrap_or(1);
    change.event(id, "reminded", None, format!("reminder {number} of {}", queue.reminders.max(number)));
    let announced = after_reminders(queue).is_some_and(|(kind, _)| kind == Kind::WaitingAnnouncement);
    let reason = if announced { "closes" } else { "stays" };
    change.tell_requester(&ticket, Notice::WaitingReminder, Vars { reason: reason.to_owned(), ..Vars::default() });
    if let Some(after) = queue.remind_after.filter(|_| number < queue.reminders) {
        set(change, id, Kind::WaitingReminder, after, number.saturating_add(1));
    } else if let Some((kind, after)) = after_reminders(queue) {
        set(change, id, kind, after, 1);
    }
}

/// The customer hears when the ticket will be closed.
pub(super) fn announce(change: &mut Change<'_>, id: TicketId, _: &FollowUp) {
    let Some(ticket) = waits(change, id) else { return };
    // The configuration may have changed since the step was set.
    let Some(after) = change.rules.queue(&ticket.queue).close_after else { return };
    change.event(id, "closing_announced", None, String::new());
    let closes_at = set(change, id, Kind::WaitingClose, after, 1);
    let when = post::date_time(closes_at, change.requester_language(&ticket));
    change.tell_requester(&ticket, Notice::Closing, Vars { when, ..Vars::default() });
}

/// The customer did not answer: the ticket is closed.
pub(super) fn close(change: &mut Change<'_>, id: TicketId, _: &FollowUp) {
    let Some(ticket) = waits(change, id) else { return };
    if change.rules.queue(&ticket.queue).close_after.is_some() {
        close::close(change, id, None, "no_answer");
    }
}

/// What comes when all reminders are sent: nothing where tickets are never closed by themselves.
fn after_reminders(queue: Queue) -> Option<(Kind, SignedDuration)> {
    let close_after = queue.close_after?;
    Some(queue.announce_after.map_or((Kind::WaitingClose, close_after), |after| (Kind::WaitingAnnouncement, after)))
}

/// Sets the next step; when it is due.
fn set(change: &mut Change<'_>, id: TicketId, kind: Kind, after: SignedDuration, number: u32) -> Timestamp {
    let detail = if kind == Kind::WaitingReminder { number.to_string() } else { String::new() };
    let at = due_at(change.now, Working(after));
    change.follow_up(id, kind, at, detail);
    at
}

/// The ticket itself, if it waits for the customer; what it was merged into has follow-ups of its own.
fn waits(change: &Change<'_>, id: TicketId) -> Option<Ticket> {
    change.ticket(id).filter(|ticket| ticket.id == id && ticket.status == Status::Waiting)
}
