//! Somebody did something on a page.

use super::change::Change;
use super::directory::{Known, Task};
use super::flow::find::{form_for, form_of, forms_about, own_resets};
use super::flow::letter::Say;
use super::flow::{begin, password, registration, second_factor, subject};
use super::form::state::{FormState, Stage};
use super::form::task::Purpose;
use super::inbound::page::PortalEvent;
use super::seal::link::LinkPurpose;
use crate::config::form::{Form, FormAction};

/// A person did something on a page.
pub(super) fn acted(change: &mut Change<'_>, event: &PortalEvent) {
    let known = change.facts.known.as_ref();
    match event {
        PortalEvent::Activated { email } => {
            change.withdraw_all_links(email, &[LinkPurpose::Activate, LinkPurpose::Code]);
            for (form, state) in forms_about(change, email, FormAction::Register, &[Stage::Sent, Stage::Working]) {
                registration::activated(change, form, state);
            }
            // Who had forgotten the password of an account that was not active yet has one now.
            for (form, state) in own_resets(change, email) {
                password::changed(change, form, state);
            }
        }
        PortalEvent::PasswordChanged { email } => {
            change.withdraw_all_links(email, &[LinkPurpose::Reset]);
            let open = own_resets(change, email);
            told(change, open, FormAction::ResetPassword, known, password::changed);
        }
        PortalEvent::SecondFactorEnrolled { email } => {
            change.withdraw_all_links(email, &[LinkPurpose::Enrol, LinkPurpose::Stop]);
            let open = forms_about(change, email, FormAction::ResetSecondFactor, &[Stage::Sent, Stage::Cooling]);
            told(change, open, FormAction::ResetSecondFactor, known, second_factor::enrolled);
        }
        // A reset that is under way is none of this: it goes on where it is.
        PortalEvent::SecondFactorRemoved { .. } => {
            told(change, Vec::new(), FormAction::ResetSecondFactor, known, second_factor::removed);
        }
        PortalEvent::SecondFactorStopped { ticket } => {
            if let Some((form, state)) = form_of(change, *ticket) {
                second_factor::stopped(change, form, state, Say::default());
            }
        }
        PortalEvent::Forgotten { email, by_owner } => {
            let purpose = if *by_owner { Purpose::OwnPassword } else { Purpose::Password };
            change.ask_directory(None, purpose, Task::Find { email: email.clone() });
        }
    }
}

type Told = fn(&mut Change<'_>, &Form, FormState);

/// The person is told on the tickets that wait for this, else on one of its own: such news must never be missed. Where no
/// form tells it, no case number is used up.
fn told(change: &mut Change<'_>, open: Vec<(&Form, FormState)>, action: FormAction, known: Option<&Known>, tell: Told) {
    let mut open = open.into_iter();
    let first = open.next().or_else(|| {
        let (known, form) = (known?, form_for(change.rules, action)?);
        let number = change.next_ticket();
        begin::quietly(change, number, form, known)
    });
    if let Some((form, state)) = first {
        tell(change, form, state);
    }
    for (_, mut state) in open {
        state.stage = Stage::Done;
        subject::end(change, state, "told on another case");
    }
}
