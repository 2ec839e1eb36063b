//! What a form does next: ask for what is missing, or go on.

use super::ask::{ask, confirm};
use super::directory::{find, register};
use super::letter::Say;
use super::{hand_over, second_factor};
use crate::config::form::{Form, FormAction};
use crate::desk::change::Change;
use crate::desk::follow_up::kind::Kind;
use crate::desk::form::hand_over::HandOver;
use crate::desk::form::state::FormState;
use crate::desk::form::task::Purpose;
use crate::desk::form::wanted::wanted;

/// A form that changed: asks for what is missing, or confirms it and has it carried out.
pub(in crate::desk) fn proceed(change: &mut Change<'_>, form: &Form, state: FormState) {
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
            hand_over::to_engineers(change, form, state, HandOver::Complete, Say::default());
        }
    }
}
