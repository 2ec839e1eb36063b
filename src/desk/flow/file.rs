//! The registration file of a server without network: an engineer sends it, its end is remembered.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::letter::{self, Case, Say};
use crate::config::form::{Field, FieldKind, Form, FormAction};
use crate::desk::change::Change;
use crate::desk::follow_up::kind::Kind;
use crate::desk::form::said::Said;
use crate::desk::form::state::{FormState, Stage};
use crate::desk::notice::flow::ResultVars;
use crate::desk::notice::kind::Notice;
use crate::desk::ticket::history::EventKind;
use crate::mail::Attachment;
use crate::mail::language::{self, Language};

/// What an engineer's answer on such a form is: `None` when it brings no registration file and is an answer like any
/// other; an error when its file is none.
pub(in crate::desk) fn check(
    change: &Change<'_>,
    state: &FormState,
    files: &[Attachment],
    language: Language,
) -> Option<Result<(), ResultVars>> {
    let form = change.rules.config.forms.get(&state.form)?;
    if form.action != FormAction::RegistrationFile {
        return None;
    }
    let mut sent =
        files.iter().filter(|file| !file.inline && file.filename.to_lowercase().ends_with(".json")).peekable();
    sent.peek()?;
    Some(sent.try_for_each(|file| {
        serde_json::from_slice::<serde_json::Value>(&file.content).map(|_| ()).map_err(|error| ResultVars {
            command: file.filename.clone(),
            ok: false,
            said: Said::NoJson(error.to_string()).words(language),
            undo: String::new(),
        })
    }))
}

/// The file went to the customer: the form is done, and its end is remembered.
pub(in crate::desk) fn sent(change: &mut Change<'_>, mut state: FormState) {
    let rules = change.rules;
    // The form is not configured any more.
    let Some(form) = rules.config.forms.get(&state.form) else { return };
    if let Some(at) = expiry(form, &state).and_then(|date| midnight(date, change.now)) {
        let due = at.checked_sub(form.remind_before).unwrap_or(at);
        change.follow_up(state.ticket, Kind::LicenceReminder, due.max(change.now), String::new());
        change.event(state.ticket, EventKind::ExpiryFiled, None, at.to_string());
    }
    state.stage = Stage::Done;
    change.keep(state);
}

/// The licence ends soon: the customer is told in time to ask for a new file.
pub(in crate::desk) fn remind(change: &mut Change<'_>, form: &Form, state: &FormState) {
    let Some(ticket) = change.the_ticket(state.ticket) else { return };
    let Some(requester) = change.the_person(ticket.requester) else { return };
    let language = letter::language(change, Notice::LicenceReminder, &requester, &ticket);
    let when = expiry(form, state).map(|date| language::date(date, language)).unwrap_or_default();
    let case = Case { form, state, ticket: &ticket };
    letter::send(change, &case, &requester, Notice::LicenceReminder, Say { when, ..Say::default() });
}

/// The value of the form's date that lies ahead: when the licence ends.
fn expiry(form: &Form, state: &FormState) -> Option<Date> {
    let ends = |field: &&Field| matches!(field.kind, FieldKind::Date { future: true });
    let field = form.fields.iter().find(ends)?;
    state.value(&field.name).parse().ok()
}

fn midnight(date: Date, now: Timestamp) -> Option<Timestamp> {
    date.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp()).filter(|at| *at > now)
}
