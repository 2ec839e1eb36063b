//! What a form still needs.

use super::state::FormState;
use crate::config::form::{ADMINISTRATOR, DEVICE, Field, Form, FormAction};

/// The fields that are to be asked now.
pub fn wanted<'f>(form: &'f Form, state: &FormState) -> Vec<&'f Field> {
    match form.action {
        FormAction::ResetSecondFactor => wanted_of_second_factor(form, state),
        _ => state.missing(form),
    }
}

/// What is still to be asked: the two questions one after the other, and only if both do not help, who is asking and why.
fn wanted_of_second_factor<'f>(form: &'f Form, state: &FormState) -> Vec<&'f Field> {
    for question in [DEVICE, ADMINISTRATOR] {
        if let Some(field) = form.fields.iter().find(|field| field.name == question) {
            match state.value(question).as_str() {
                "yes" => return Vec::new(),
                "" => return vec![field],
                _ => {}
            }
        }
    }
    state.missing(form)
}

/// Engineers who must approve before a form is carried out.
pub fn approvals_needed(form: &Form) -> u32 {
    match form.action {
        FormAction::ResetSecondFactor => 2,
        _ => 1,
    }
}
