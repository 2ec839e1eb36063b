//! A ticket begins to wait for the customer; the clock goes on ([`crate::desk::due`]), and any word of the customer ends it all
//! ([`Change::status`]).

use jiff::{SignedDuration, Timestamp};

use crate::config::Queue;
use crate::desk::change::Change;
use crate::desk::follow_up::due::{Working, due_at};
use crate::desk::follow_up::kind::Kind;
use crate::desk::id::TicketId;
use crate::desk::ticket::{Status, Ticket};

/// Begins anew: an engineer answered.
pub(in crate::desk) fn begin(change: &mut Change<'_>, id: TicketId) {
    let Some(ticket) = waits(change, id) else { return };
    change.stop_waiting(id);
    let queue = change.rules.queue(&ticket.queue);
    let first = queue.remind_after.map(|after| (Kind::WaitingReminder, after)).or_else(|| after_reminders(queue));
    if let Some((kind, after)) = first {
        set(change, id, kind, after, 1);
    }
}

/// What comes when all reminders are sent: nothing where tickets are never closed by themselves.
pub(in crate::desk) fn after_reminders(queue: Queue) -> Option<(Kind, SignedDuration)> {
    let close_after = queue.close_after?;
    Some(queue.announce_after.map_or((Kind::WaitingClose, close_after), |after| (Kind::WaitingAnnouncement, after)))
}

/// Sets the next step; when it is due.
pub(in crate::desk) fn set(
    change: &mut Change<'_>,
    id: TicketId,
    kind: Kind,
    after: SignedDuration,
    number: u32,
) -> Timestamp {
    let detail = if kind == Kind::WaitingReminder { number.to_string() } else { String::new() };
    let at = due_at(change.now, Working(after));
    change.follow_up(id, kind, at, detail);
    at
}

/// The ticket itself, if it waits for the customer; what it was merged into has follow-ups of its own.
pub(in crate::desk) fn waits(change: &Change<'_>, id: TicketId) -> Option<Ticket> {
    change.ticket(id).filter(|ticket| ticket.id == id && ticket.status == Status::Waiting)
}
