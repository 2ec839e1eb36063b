//! A form that needs a person: its engineers get all that is known, and what they can do.

use super::letter::{self, Case, Say};
use crate::config::form::Form;
use crate::desk::change::Change;
use crate::desk::follow_up::kind::Kind;
use crate::desk::form::hand_over::HandOver;
use crate::desk::form::state::{FormState, Stage};
use crate::desk::notice::kind::Notice;
use crate::desk::ticket::Status;
use crate::desk::ticket::history::EventKind;

/// Hands a form to the engineers.
pub(in crate::desk) fn to_engineers(
    change: &mut Change<'_>,
    form: &Form,
    mut state: FormState,
    reason: HandOver,
    say: Say,
) {
    state.stage = if reason.awaits_approval() { Stage::Approval } else { Stage::Engineer };
    state.data.handed_over = Some(reason);
    for kind in [Kind::FormReminder, Kind::ActivationReminder, Kind::ActivationExpiry] {
        change.cancel(state.ticket, kind);
    }
    change.status(state.ticket, Status::Open, None);
    change.event(state.ticket, EventKind::HandedOver, None, format!("{}: {}", form.name, reason.as_str()));
    tell(change, form, &state, reason, say);
    change.keep(state);
}

/// The same news again, without a change of the form.
pub(in crate::desk) fn tell(change: &mut Change<'_>, form: &Form, state: &FormState, reason: HandOver, mut say: Say) {
    let Some(ticket) = change.the_ticket(state.ticket) else { return };
    if say.words.is_empty() {
        say.words = change.facts.last_words.get(&ticket.id).map(|words| words.text.clone()).unwrap_or_default();
    }
    let say = Say { reason: reason.as_str(), user: letter::user_vars(state, form), ..say };
    // An engineer who asks for help is helped by the others, where there are any.
    let others = change.looked_after_by(&ticket).iter().any(|reader| reader.id != ticket.requester);
    let case = Case { form, state, ticket: &ticket };
    letter::send_to_engineers(change, &case, Notice::FormHandover, &say, others.then_some(ticket.requester));
}
