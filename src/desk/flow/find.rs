//! The form of a ticket, and the forms about an address.

use crate::config::form::{Form, FormAction};
use crate::desk::change::Change;
use crate::desk::form::state::{FormState, Stage};
use crate::desk::id::TicketId;
use crate::desk::rules::Rules;

pub(in crate::desk) fn form_of<'a>(change: &Change<'a>, ticket: TicketId) -> Option<(&'a Form, FormState)> {
    let state = change.form(ticket)?;
    let rules = change.rules;
    rules.config.forms.get(&state.form).map(|form| (form, state))
}

/// The forms of one kind about an address that stand at one of these stages.
pub(in crate::desk) fn forms_about<'a>(
    change: &Change<'a>,
    email: &str,
    action: FormAction,
    stages: &[Stage],
) -> Vec<(&'a Form, FormState)> {
    let mut found: Vec<(&Form, FormState)> = Vec::new();
    for ticket in change.facts.forms.keys() {
        let Some((form, state)) = form_of(change, *ticket) else { continue };
        if form.action == action && stages.contains(&state.stage) && state.email(form) == email {
            found.push((form, state));
        }
    }
    found.sort_by_key(|(_, state)| state.ticket);
    found
}

/// The password resets that somebody asked for themselves. Those that others asked for end when their link does: that they
/// end earlier would tell that there is such an account.
pub(in crate::desk) fn own_resets<'a>(change: &Change<'a>, email: &str) -> Vec<(&'a Form, FormState)> {
    let mut found = forms_about(change, email, FormAction::ResetPassword, &[Stage::Sent]);
    found.retain(|(_, state)| {
        let requester = change.ticket(state.ticket).and_then(|ticket| change.person_by_id(ticket.requester));
        requester.is_some_and(|person| person.email == email)
    });
    found
}

/// The configured form that does this.
pub(in crate::desk) fn form_for(rules: &Rules, action: FormAction) -> Option<&Form> {
    rules.config.forms.values().find(|form| form.action == action)
}
