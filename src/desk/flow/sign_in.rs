//! Somebody cannot sign in: the steps in order, with what the directory knows of them.

use super::letter::{self, Case, Say};
use super::subject::send_link;
use crate::config::form::{Form, FormAction};
use crate::desk::action::wait;
use crate::desk::change::Change;
use crate::desk::directory::{AccountState, Known};
use crate::desk::form::state::{FormState, KnownPerson, Stage};
use crate::desk::notice::flow::UserVars;
use crate::desk::notice::kind::Notice;
use crate::desk::seal::link::LinkPurpose;
use crate::desk::ticket::Status;

/// The steps to who asked. What the directory knows goes to the address on record only.
pub(in crate::desk) fn answered(change: &mut Change<'_>, form: &Form, mut state: FormState, known: Option<&Known>) {
    state.data.known = known.map(KnownPerson::of).unwrap_or_default();
    let Some(ticket) = change.the_ticket(state.ticket) else { return };
    let Some(requester) = change.the_person(ticket.requester) else { return };
    let own = requester.email == state.email(form);
    let user = if own { letter::user_vars(&state, form) } else { UserVars::default() };
    let reason = if own { "" } else { "other_name" };
    let notice = match form.action {
        FormAction::PartnerSignInHelp => Notice::PartnerSignInHelp,
        _ => Notice::SignInHelp,
    };
    letter::send(
        change,
        &Case { form, state: &state, ticket: &ticket },
        &requester,
        notice,
        Say { reason, user, ..Say::default() },
    );
    if own && known.is_some_and(|known| known.business.state == AccountState::Invited) {
        send_link(change, form, &state, LinkPurpose::Activate, Notice::Activation, "again", None);
    }
    state.stage = Stage::Sent;
    change.status(state.ticket, Status::Waiting, None);
    wait::begin(change, state.ticket);
    change.keep(state);
}
