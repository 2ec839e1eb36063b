//! A link was not used in time.

use crate::config::form::{Form, FormAction};
use crate::desk::action::close;
use crate::desk::change::Change;
use crate::desk::flow::letter::Say;
use crate::desk::flow::{hand_over, subject};
use crate::desk::form::hand_over::HandOver;
use crate::desk::form::state::{FormState, Stage};
use crate::desk::ticket::Status;

/// A link was not used in time.
pub(super) fn unused(change: &mut Change<'_>, form: &Form, mut state: FormState) {
    let ticket = state.ticket;
    let waits = change.ticket(ticket).is_some_and(|ticket| ticket.status == Status::Waiting);
    match (state.stage, form.action) {
        (Stage::Sent, FormAction::ResetSecondFactor) => {
            hand_over::to_engineers(change, form, state, HandOver::NoAnswer, Say::default());
        }
        (Stage::Sent, _) => {
            state.stage = Stage::Declined;
            subject::end(change, state, "the link was not used");
        }
        // At its end already: only its case is still there, unless somebody wrote on it since.
        (Stage::Done | Stage::Declined, _) if waits => {
            close::quietly(change, ticket, None);
        }
        _ => {}
    }
}
