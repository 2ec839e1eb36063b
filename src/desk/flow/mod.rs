//! A form goes on: it asks for what is missing, has the directory of accounts do what it is for, or hands itself to an
//! engineer. Here is what follows from the directory's answers.

pub(super) mod ask;
pub(super) mod begin;
pub(super) mod closed;
pub(super) mod directory;
pub(super) mod file;
pub(super) mod find;
pub(super) mod hand_over;
pub(super) mod letter;
pub(super) mod password;
pub(super) mod proceed;
pub(super) mod registration;
pub(super) mod second_factor;
mod sign_in;
pub(super) mod subject;

use self::find::{form_for, form_of, own_resets};
use self::letter::Say;
use super::caps;
use super::change::Change;
use super::directory::Answer;
use super::form::state::Stage;
use super::form::task::{Answered, Purpose};
use super::id::TicketId;
use crate::config::form::FormAction;
use crate::desk::form::hand_over::HandOver;
use crate::desk::ticket::history::EventKind;

/// The directory answered.
pub(super) fn answered(change: &mut Change<'_>, answered: &Answered) {
    // One that was acted on before.
    if !change.facts.asked.contains(&answered.asked.id) {
        return;
    }
    change.out.task_done = Some((answered.asked.id, answered.answer.as_ref().err().cloned()));
    match answered.asked.ticket {
        Some(ticket) => on_ticket(change, ticket, answered),
        None => on_page(change, answered),
    }
}

fn on_ticket(change: &mut Change<'_>, ticket: TicketId, answered: &Answered) {
    // The form is not configured any more.
    let Some((form, state)) = form_of(change, ticket) else { return };
    // Of several questions only the last one's answer counts: an earlier one tells of what was.
    if state.stage != Stage::Working || state.data.task != answered.asked.id {
        return;
    }
    let answer = match &answered.answer {
        Ok(answer) => answer,
        Err(why) => {
            change.event(ticket, EventKind::DirectoryFailed, None, why.clone());
            let say = Say { detail: why.clone(), ..Say::default() };
            return hand_over::to_engineers(change, form, state, HandOver::DirectoryFailed, say);
        }
    };
    match (answered.asked.purpose, answer) {
        (Purpose::Register, Answer::Registered(registration)) => {
            registration::answered(change, form, state, registration);
        }
        (Purpose::Portal, _) => registration::portal_enabled(change, form, state),
        (Purpose::Password, Answer::Found(known)) => password::answered(change, form, state, known.as_ref()),
        (Purpose::SecondFactor, Answer::Found(known)) => second_factor::answered(change, form, state, known.as_ref()),
        (Purpose::SignIn, Answer::Found(known)) => sign_in::answered(change, form, state, known.as_ref()),
        _ => hand_over::to_engineers(change, form, state, HandOver::DirectoryFailed, Say::default()),
    }
}

/// A page asked: only who is known gets a mail, on a ticket of its own. One case number is used up whatever comes of it,
/// also when there is a ticket already or the directory could not be asked: whoever opens cases of their own before and
/// after must not be able to tell.
fn on_page(change: &mut Change<'_>, answered: &Answered) {
    let number = change.next_ticket();
    let by_owner = answered.asked.purpose == Purpose::OwnPassword;
    let (Purpose::Password | Purpose::OwnPassword, Ok(Answer::Found(Some(known)))) =
        (answered.asked.purpose, &answered.answer)
    else {
        return;
    };
    let email = &known.business.email;
    let open = own_resets(change, email).into_iter().next_back();
    // Nothing could be sent: no ticket tells of it, however often a page is asked.
    if open.is_none()
        && caps::links_broken(change.facts, &change.rules.config.limits, email, by_owner, change.now).is_some()
    {
        return;
    }
    let new = || {
        let form = form_for(change.rules, FormAction::ResetPassword)?;
        begin::quietly(change, number, form, known)
    };
    if let Some((form, mut state)) = open.or_else(new) {
        state.data.by_owner = by_owner;
        password::answered(change, form, state, Some(known));
    }
}
