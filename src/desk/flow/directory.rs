//! What a form asks of the directory of accounts.

use crate::config::form::{FieldKind, Form};
use crate::desk::change::Change;
use crate::desk::directory::{Registrant, Task};
use crate::desk::form::state::{FormState, Stage};
use crate::desk::form::task::Purpose;

/// Asks the directory to register who the form is about.
pub(in crate::desk) fn register(change: &mut Change<'_>, form: &Form, state: FormState, approved: bool) {
    let asker = change.ticket(state.ticket).and_then(|ticket| change.person_by_id(ticket.requester));
    // Only who is proven to have asked can vouch for somebody.
    let asker = asker.filter(|_| state.data.proven);
    let (first_name, last_name) = state.names(form);
    let task = Task::Register(Registrant {
        email: state.email(form),
        first_name,
        last_name,
        account_id: state.of_kind(form, |kind| matches!(kind, FieldKind::AccountId)),
        portal: form.portal.clone(),
        asked_by: asker.map(|person| person.email).unwrap_or_default(),
        approved,
    });
    work(change, state, Purpose::Register, task);
}

/// Asks the directory who the form is about.
pub(in crate::desk) fn find(change: &mut Change<'_>, form: &Form, state: FormState, purpose: Purpose) {
    let task = Task::Find { email: state.email(form) };
    work(change, state, purpose, task);
}

/// Leaves a form to the directory.
pub(in crate::desk) fn work(change: &mut Change<'_>, mut state: FormState, purpose: Purpose, task: Task) {
    change.ask_directory(Some(state.ticket), purpose, task);
    state.data.task = change.out.next.directory_task;
    state.stage = Stage::Working;
    change.keep(state);
}
