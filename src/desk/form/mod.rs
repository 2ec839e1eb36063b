//! Mail forms: requests that need certain facts before anyone can act.
//!
//! `read` finds the facts in what people write, [`state`] keeps them, `dialogue` asks for the rest; then the form's
//! action goes on: it asks the directory of accounts by a row ([`task`]) and is told the answer by an event
//! (`event`), or hands the form to an engineer. One mechanism for every form, configured by `[form.NAME]`.

pub(super) mod commands;
mod dialogue;
pub(super) mod entry;
pub(super) mod event;
pub(super) mod file;
mod hand_over;
pub(super) mod letter;
mod password;
mod phrases;
pub mod read;
pub(super) mod registration;
mod said;
pub mod second_factor;
mod sign_in;
pub mod state;
pub mod task;

use self::state::FormState;
use crate::config::form::{Field, Form, FormAction};

/// The fields that are to be asked now.
fn wanted<'f>(form: &'f Form, state: &FormState) -> Vec<&'f Field> {
    match form.action {
        FormAction::ResetSecondFactor => second_factor::wanted(form, state),
        _ => state.missing(form),
    }
}

/// Engineers who must approve before a form is carried out.
pub fn approvals_needed(form: &Form) -> u32 {
    match form.action {
        FormAction::ResetSecondFactor => 2,
        _ => 1,
    }
}
