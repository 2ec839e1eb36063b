//! A form asks for what is missing, and confirms what it has.

use super::hand_over;
use super::letter::{self, Case, Say};
use crate::config::form::Form;
use crate::desk::change::Change;
use crate::desk::follow_up::due::{Working, due_at};
use crate::desk::follow_up::kind::Kind;
use crate::desk::form::hand_over::HandOver;
use crate::desk::form::state::{FormState, Stage};
use crate::desk::form::wanted::wanted;
use crate::desk::notice::kind::Notice;
use crate::desk::ticket::Status;
use crate::desk::ticket::history::EventKind;

/// One mail with everything that is open; after the configured rounds an engineer gets the form.
pub(in crate::desk) fn ask(change: &mut Change<'_>, form: &Form, mut state: FormState, reason: &'static str) {
    if state.data.rounds >= form.rounds {
        return hand_over::to_engineers(change, form, state, HandOver::Rounds, Say::default());
    }
    state.data.rounds += 1;
    state.data.reminders = 0;
    state.stage = Stage::Asking;
    change.status(state.ticket, Status::Waiting, None);
    question(change, form, &state, reason);
    let due = due_at(change.now, Working(form.remind_after));
    change.follow_up(state.ticket, Kind::FormReminder, due, String::new());
    change.keep(state);
}

fn question(change: &mut Change<'_>, form: &Form, state: &FormState, reason: &'static str) {
    let Some(ticket) = change.the_ticket(state.ticket) else { return };
    let Some(requester) = change.the_person(ticket.requester) else { return };
    let case = Case { form, state, ticket: &ticket };
    letter::send(change, &case, &requester, Notice::FormQuestion, Say { reason, ..Say::default() });
    let fields: Vec<&str> = wanted(form, state).into_iter().map(|field| field.name.as_str()).collect();
    change.event(state.ticket, EventKind::FormAsked, None, format!("{}: {}", form.name, fields.join(", ")));
}

/// Nobody answered a question: it is asked again, as often as configured, then an engineer gets the form.
pub(in crate::desk) fn remind(change: &mut Change<'_>, form: &Form, mut state: FormState) {
    if state.stage != Stage::Asking {
        return;
    }
    if state.data.reminders >= form.reminders {
        return hand_over::to_engineers(change, form, state, HandOver::NoAnswer, Say::default());
    }
    state.data.reminders += 1;
    question(change, form, &state, "reminder");
    let due = due_at(change.now, Working(form.remind_after));
    change.follow_up(state.ticket, Kind::FormReminder, due, String::new());
    change.keep(state);
}

/// The values back, and what happens next: the same words whether anything is known of them or not.
pub(in crate::desk) fn confirm(change: &mut Change<'_>, form: &Form, state: &FormState) {
    let Some(ticket) = change.the_ticket(state.ticket) else { return };
    let Some(requester) = change.the_person(ticket.requester) else { return };
    let case = Case { form, state, ticket: &ticket };
    letter::send(change, &case, &requester, Notice::FormReceived, Say::default());
    change.event(state.ticket, EventKind::FormComplete, None, form.name.clone());
}
