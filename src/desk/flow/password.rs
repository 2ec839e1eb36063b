//! A new password: a link to the address on record, and nowhere else.

use super::hand_over;
use super::letter::Say;
use super::subject::{end, say, send_link, subject};
use crate::config::form::Form;
use crate::desk::change::Change;
use crate::desk::directory::{AccountState, Known};
use crate::desk::follow_up::due::{Elapsed, due_at};
use crate::desk::follow_up::kind::Kind;
use crate::desk::form::hand_over::HandOver;
use crate::desk::form::state::{FormState, Stage};
use crate::desk::notice::kind::Notice;
use crate::desk::seal::link::LinkPurpose;
use crate::desk::ticket::Status;
use crate::desk::ticket::history::EventKind;

/// What the directory knows of who forgot a password. Who asked heard the same words already, and sees the same case,
/// whatever comes now: a link to the address on record, or nothing.
pub(in crate::desk) fn answered(change: &mut Change<'_>, form: &Form, mut state: FormState, known: Option<&Known>) {
    // On the case whether known or not: engineers' answers show who else is on it.
    subject(change, form, &state);
    let reason = if std::mem::take(&mut state.data.again) > 0 { "again" } else { "" };
    match known.map(Known::state) {
        Some(AccountState::Active) => {
            send_link(change, form, &state, LinkPurpose::Reset, Notice::PasswordReset, reason, None);
        }
        Some(AccountState::Invited) => {
            send_link(change, form, &state, LinkPurpose::Activate, Notice::Activation, "again", None);
        }
        Some(AccountState::Disabled) => hand_over::tell(change, form, &state, HandOver::PersonDisabled, Say::default()),
        None => change.event(state.ticket, EventKind::UnknownPerson, None, "nothing was sent".to_owned()),
    }
    state.stage = Stage::Sent;
    change.status(state.ticket, Status::Waiting, None);
    let due = due_at(change.now, Elapsed(LinkPurpose::Activate.valid_for()));
    change.follow_up(state.ticket, Kind::LinkExpiry, due, String::new());
    change.keep(state);
}

/// A password was set anew.
pub(in crate::desk) fn changed(change: &mut Change<'_>, form: &Form, mut state: FormState) {
    say(change, form, &state, Notice::PasswordChanged, Say::default());
    state.stage = Stage::Done;
    end(change, state, "the password was changed");
}
