//! A ticket was closed: its form ends with it.

use super::find::form_of;
use super::hand_over;
use super::letter::Say;
use crate::desk::change::Change;
use crate::desk::form::hand_over::HandOver;
use crate::desk::form::state::Stage;
use crate::desk::id::TicketId;
use crate::desk::seal::link::LinkPurpose;
use crate::desk::ticket::history::EventKind;

/// A ticket is closed: its form ends with it, and with the form the links that were sent. Who asks again begins anew. What
/// an engineer has is the engineer's, open or closed.
pub(in crate::desk) fn closed(change: &mut Change<'_>, ticket: TicketId) {
    // Most tickets have no form.
    let Some((form, mut state)) = form_of(change, ticket) else { return };
    let undecided = matches!(state.stage, Stage::Cooling | Stage::Approval);
    if !undecided && !matches!(state.stage, Stage::Asking | Stage::Working | Stage::Sent) {
        return;
    }
    change.withdraw_links(&state, &LinkPurpose::ALL);
    state.stage = Stage::Declined;
    change.event(ticket, EventKind::FormEnded, None, "the case was closed".to_owned());
    if undecided {
        hand_over::tell(change, form, &state, HandOver::Closed, Say::default());
    }
    change.keep(state);
}
