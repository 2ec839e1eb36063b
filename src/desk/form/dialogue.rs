//! What a form does next: ask for what is missing, or go on.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::letter::{self, Case, Say};
use super::state::{FormState, Stage};
use super::task::{NewTask, Purpose};
use super::{hand_over, second_factor, wanted};
use crate::config::form::{FieldKind, Form, FormAction};
use crate::desk::TicketId;
use crate::desk::change::Change;
use crate::desk::directory::{Registrant, Task};
use crate::desk::facts::Status;
use crate::desk::follow_up::{self, Kind, Working};
use crate::desk::link::{LinkPurpose, Withdrawn};
use crate::desk::notice::Notice;

/// A form that changed: asks for what is missing, or confirms it and has it carried out.
pub(super) fn proceed(change: &mut Change<'_>, form: &Form, state: FormState) {
    if !wanted(form, &state).is_empty() {
        return ask(change, form, state, "");
    }
    change.cancel(state.ticket, Kind::FormReminder);
    match form.action {
        FormAction::Register => {
            confirm(change, form, &state);
            register(change, form, state, false);
        }
        FormAction::ResetPassword => {
            confirm(change, form, &state);
            find(change, form, state, Purpose::Password);
        }
        FormAction::ResetSecondFactor => second_factor::go_on(change, form, state),
        FormAction::SignInHelp | FormAction::PartnerSignInHelp => find(change, form, state, Purpose::SignIn),
        FormAction::RegistrationFile | FormAction::Engineer => {
            confirm(change, form, &state);
            hand_over::to_engineers(change, form, state, "complete", Say::default());
        }
    }
}

/// One mail with everything that is open; after the configured rounds an engineer gets the form.
pub(super) fn ask(change: &mut Change<'_>, form: &Form, mut state: FormState, reason: &'static str) {
    if state.data.rounds >= form.rounds {
        return hand_over::to_engineers(change, form, state, "rounds", Say::default());
    }
    state.data.rounds += 1;
    state.data.reminders = 0;
    state.stage = Stage::Asking;
    change.status(state.ticket, Status::Waiting, None);
    question(change, form, &state, reason);
    let due = follow_up::due_at(change.now, Working(form.remind_after));
    change.follow_up(state.ticket, Kind::FormReminder, due, String::new());
    change.keep(state);
}

fn question(change: &mut Change<'_>, form: &Form, state: &FormState, reason: &'static str) {
    let Some(ticket) = change.ticket(state.ticket) else { return };
    let Some(requester) = change.person_by_id(ticket.requester) else { return };
    let case = Case { form, state, ticket: &ticket };
    letter::send(change, &case, &requester, Notice::FormQuestion, Say { reason, ..Say::default() });
    let fields: Vec<&str> = wanted(form, state).into_iter().map(|field| field.name.as_str()).collect();
    change.event(state.ticket, "form_asked", None, format!("{}: {}", form.name, fields.join(", ")));
}

/// Nobody answered a question: it is asked again, as often as configured, then an engineer gets the form.
pub(super) fn remind(change: &mut Change<'_>, form: &Form, mut state: FormState) {
    if state.stage != Stage::Asking {
        return;
    }
    if state.data.reminders >= form.reminders {
        return hand_over::to_engineers(change, form, state, "no_answer", Say::default());
    }
    state.data.reminders += 1;
    question(change, form, &state, "reminder");
    let due = follow_up::due_at(change.now, Working(form.remind_after));
    change.follow_up(state.ticket, Kind::FormReminder, due, String::new());
    change.keep(state);
}

/// The values back, and what happens next: the same words whether anything is known of them or not.
pub(super) fn confirm(change: &mut Change<'_>, form: &Form, state: &FormState) {
    let Some(ticket) = change.ticket(state.ticket) else { return };
    let Some(requester) = change.person_by_id(ticket.requester) else { return };
    let case = Case { form, state, ticket: &ticket };
    letter::send(change, &case, &requester, Notice::FormReceived, Say::default());
    change.event(state.ticket, "form_complete", None, form.name.clone());
}

/// Asks the directory to register who the form is about.
pub(super) fn register(change: &mut Change<'_>, form: &Form, state: FormState, approved: bool) {
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
pub(super) fn find(change: &mut Change<'_>, form: &Form, state: FormState, purpose: Purpose) {
    let task = Task::Find { email: state.email(form) };
    work(change, state, purpose, task);
}

/// Leaves a form to the directory.
pub(super) fn work(change: &mut Change<'_>, mut state: FormState, purpose: Purpose, task: Task) {
    change.ask_directory(Some(state.ticket), purpose, task);
    state.data.task = change.out.next.directory_task;
    state.stage = Stage::Working;
    change.keep(state);
}

impl Change<'_> {
    /// A question to the directory of accounts, numbered.
    pub fn ask_directory(&mut self, ticket: Option<TicketId>, purpose: Purpose, task: Task) {
        self.out.next.directory_task += 1;
        self.out.tasks.push(NewTask { id: self.out.next.directory_task, ticket, purpose, task });
    }

    /// The links of these purposes that went out on a form's ticket are worth nothing any more.
    pub fn withdraw_links(&mut self, state: &FormState, purposes: &[LinkPurpose]) {
        let form = self.rules.config.forms.get(&state.form);
        let email = form.map(|form| state.email(form)).unwrap_or_default();
        let ticket = Some(state.ticket);
        let all = purposes.iter().map(|purpose| Withdrawn { email: email.clone(), purpose: *purpose, ticket });
        self.out.withdrawn.extend(all);
    }

    /// The same for whatever went to an address.
    pub fn withdraw_all_links(&mut self, email: &str, purposes: &[LinkPurpose]) {
        let all = purposes.iter().map(|purpose| Withdrawn { email: email.to_owned(), purpose: *purpose, ticket: None });
        self.out.withdrawn.extend(all);
    }

    /// The day it is, in UTC: what dates of forms are compared with.
    pub fn today(&self) -> Date {
        self.now.to_zoned(TimeZone::UTC).date()
    }

    /// Records a form as it is now.
    pub fn keep(&mut self, mut state: FormState) {
        let form = self.rules.config.forms.get(&state.form);
        state.about = form.map(|form| state.email(form)).unwrap_or_default();
        self.out.forms.retain(|known| known.ticket != state.ticket);
        self.out.forms.push(state);
    }

    /// A ticket's form as it is in this outcome.
    pub fn form(&self, ticket: TicketId) -> Option<FormState> {
        let kept = self.out.forms.iter().find(|state| state.ticket == ticket);
        kept.or_else(|| self.facts.forms.get(&ticket)).cloned()
    }
}
