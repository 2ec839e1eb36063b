//! The clock: what is due on a ticket is carried out.

mod link;
mod waiting;

use super::change::Change;
use super::flow::find::form_of;
use super::flow::{ask, file, registration, second_factor};
use super::follow_up::due::{Due, FollowUp, FollowUpChange};
use super::follow_up::kind::Kind;
use super::id::TicketId;
use crate::desk::ticket::history::EventKind;

/// Carries out what is due, unless it was done, put off or cancelled meanwhile.
pub(super) fn carry_out(change: &mut Change<'_>, due: &Due) {
    let now = change.now;
    let found = change.facts.follow_up(due.ticket, due.kind).filter(|follow_up| follow_up.due_at <= now);
    if let Some(follow_up) = found
        && change.the_ticket(due.ticket).is_some()
    {
        change.cancel(due.ticket, due.kind);
        carry_out_kind(change, due.ticket, follow_up);
    }
}

/// The row itself is gone already.
fn carry_out_kind(change: &mut Change<'_>, ticket: TicketId, follow_up: &FollowUp) {
    let form = form_of(change, ticket);
    match (follow_up.kind, form) {
        (Kind::WaitingReminder, _) => waiting::remind(change, ticket, follow_up),
        (Kind::WaitingAnnouncement, _) => waiting::announce(change, ticket),
        (Kind::WaitingClose, _) => waiting::close(change, ticket),
        (Kind::FormReminder, Some((form, state))) => ask::remind(change, form, state),
        (Kind::ActivationReminder, Some((form, state))) => registration::remind(change, form, &state),
        (Kind::ActivationExpiry, Some((form, state))) => registration::expire(change, form, state),
        (Kind::CoolingOff, Some((form, state))) => second_factor::cooled(change, form, state),
        (Kind::LinkExpiry, Some((form, state))) => link::unused(change, form, state),
        (Kind::LicenceReminder, Some((form, state))) => file::remind(change, form, &state),
        // It was due to end, and that is all there is to it.
        (Kind::StatusPause, _) => {}
        // Its form is not configured any more.
        (
            Kind::FormReminder
            | Kind::ActivationReminder
            | Kind::ActivationExpiry
            | Kind::CoolingOff
            | Kind::LinkExpiry
            | Kind::LicenceReminder,
            None,
        ) => {}
    }
}

/// Gives up a follow-up that failed too often: the ticket's history tells.
pub(super) fn set_aside(change: &mut Change<'_>, due: &Due) {
    if change.facts.follow_up(due.ticket, due.kind).is_some() {
        change.out.follow_ups.push(FollowUpChange::SetAside { ticket: due.ticket, kind: due.kind });
        let words = format!("{}: failed {} times and is tried no more", due.kind.words(), due.attempts);
        change.event(due.ticket, EventKind::FollowUpFailed, None, words);
    }
}
