//! A new password: a link to the address on record, and nowhere else.

use super::hand_over;
use super::letter::Say;
use super::registration::{self, end, say, send_link};
use super::state::{FormState, Stage};
use crate::config::form::Form;
use crate::desk::change::Change;
use crate::desk::directory::{AccountState, Known};
use crate::desk::facts::Status;
use crate::desk::link::LinkPurpose;
use crate::desk::notice::Notice;

/// What the directory knows of who forgot a password. Who asked heard the same words already, whatever comes now.
pub(super) fn answered(change: &mut Change<'_>, form: &Form, mut state: FormState, known: Option<&Known>) {
    match known.map(|known| known.business.state) {
        Some(AccountState::Active) => {
            send_link(change, form, &state, LinkPurpose::Reset, Notice::PasswordReset, "");
            state.stage = Stage::Sent;
            change.status(state.ticket, Status::Waiting, None);
            change.keep(state);
        }
        Some(AccountState::Invited) => {
            registration::send_link(change, form, &state, LinkPurpose::Activate, Notice::Activation, "again");
            state.stage = Stage::Sent;
            change.status(state.ticket, Status::Waiting, None);
            change.keep(state);
        }
        Some(AccountState::Disabled) => {
            hand_over::to_engineers(change, form, state, "person_disabled", Say::default());
        }
        None => {
            state.stage = Stage::Declined;
            end(change, state, "the directory knows nobody of this address: nothing was sent");
        }
    }
}

/// A password was set anew.
pub(super) fn changed(change: &mut Change<'_>, form: &Form, mut state: FormState) {
    say(change, form, &state, Notice::PasswordChanged, Say::default());
    state.stage = Stage::Done;
    end(change, state, "the password was changed");
}
