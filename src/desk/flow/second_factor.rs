//! A new second factor: self-service where the old device is at hand, another administrator where there is one, else an
//! identity check by two engineers and a time in which those concerned can stop it.

use super::letter::{self, Case, Say};
use super::subject::{end, say, send_link, subject};
use super::{ask, directory, hand_over};
use crate::config::form::{ADMINISTRATOR, DEVICE, Form};
use crate::desk::action::wait;
use crate::desk::change::Change;
use crate::desk::directory::Known;
use crate::desk::follow_up::due::{Elapsed, due_at};
use crate::desk::follow_up::kind::Kind;
use crate::desk::form::hand_over::HandOver;
use crate::desk::form::said::Said;
use crate::desk::form::state::{FormState, KnownPerson, Stage};
use crate::desk::form::task::Purpose;
use crate::desk::form::wanted::approvals_needed;
use crate::desk::id::PersonId;
use crate::desk::notice::kind::Notice;
use crate::desk::seal::link::LinkPurpose;
use crate::desk::ticket::Status;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::person::Person;
use crate::mail::{Address, language};

/// All that had to be asked is known.
pub(in crate::desk) fn go_on(change: &mut Change<'_>, form: &Form, state: FormState) {
    if state.value(DEVICE) == "yes" {
        return steps(change, form, state, Notice::SecondFactorSelfService);
    }
    if state.value(ADMINISTRATOR) == "yes" {
        return steps(change, form, state, Notice::SecondFactorByAdministrator);
    }
    ask::confirm(change, form, &state);
    directory::find(change, form, state, Purpose::SecondFactor);
}

/// Steps that help without us; the ticket waits, is asked after and closes by the clock.
fn steps(change: &mut Change<'_>, form: &Form, mut state: FormState, notice: Notice) {
    let Some(ticket) = change.the_ticket(state.ticket) else { return };
    let Some(requester) = change.the_person(ticket.requester) else { return };
    letter::send(change, &Case { form, state: &state, ticket: &ticket }, &requester, notice, Say::default());
    state.stage = Stage::Sent;
    change.status(state.ticket, Status::Waiting, None);
    wait::begin(change, state.ticket);
    change.keep(state);
}

/// What the directory knows of who asks: two engineers decide on it.
pub(in crate::desk) fn answered(change: &mut Change<'_>, form: &Form, mut state: FormState, known: Option<&Known>) {
    state.data.known = known.map(KnownPerson::of).unwrap_or_default();
    let reason = if known.is_some() { HandOver::Approval } else { HandOver::UnknownPerson };
    hand_over::to_engineers(change, form, state, reason, Say::default());
}

/// An engineer approves; the second one starts the time in which it can be stopped. What came of it, in words.
pub(in crate::desk) fn approve(
    change: &mut Change<'_>,
    form: &Form,
    mut state: FormState,
    by: PersonId,
) -> Result<Said, Said> {
    keep_engineers(change, &mut state);
    if !state.approve(by) {
        return Err(Said::ApprovedBefore);
    }
    let (given, needed) = (state.data.approved_by.len(), approvals_needed(form));
    change.event(state.ticket, EventKind::Approved, Some(by), format!("{given} of {needed}"));
    if u32::try_from(given).unwrap_or(u32::MAX) < needed {
        remind_engineers(change, form, &state, by);
        change.keep(state);
        return Ok(Said::Approved { given, needed });
    }
    cool(change, form, state);
    Ok(Said::ApprovedByAll(form.cooling_off))
}

/// Who left the desk meanwhile has no say any more.
fn keep_engineers(change: &Change<'_>, state: &mut FormState) {
    state.data.approved_by.retain(|id| change.facts.is_engineer(PersonId(*id)));
}

fn remind_engineers(change: &mut Change<'_>, form: &Form, state: &FormState, but: PersonId) {
    let Some(mut ticket) = change.the_ticket(state.ticket) else { return };
    // The assignee is the one who approved, as a rule: the second approval is another one's.
    ticket.assignee = None;
    let say = Say { reason: HandOver::SecondApproval.as_str(), user: letter::user_vars(state, form), ..Say::default() };
    letter::send_to_engineers(change, &Case { form, state, ticket: &ticket }, Notice::FormHandover, &say, Some(but));
}

fn cool(change: &mut Change<'_>, form: &Form, mut state: FormState) {
    state.stage = Stage::Cooling;
    let due = due_at(change.now, Elapsed(form.cooling_off));
    for person in concerned(change, form, &state) {
        let Some(ticket) = change.the_ticket(state.ticket) else { return };
        let case = Case { form, state: &state, ticket: &ticket };
        let Some(link) = letter::fresh_link(change, &case, LinkPurpose::Stop, None) else { continue };
        let when = language::date_time(
            due,
            letter::language(change, Notice::SecondFactorPending, &person, &ticket),
            &change.rules.config.desk.time_zone,
        );
        let user = letter::user_vars(&state, form);
        letter::send(change, &case, &person, Notice::SecondFactorPending, Say { link, when, user, ..Say::default() });
    }
    change.status(state.ticket, Status::Waiting, None);
    change.follow_up(state.ticket, Kind::CoolingOff, due, String::new());
    change.keep(state);
}

/// Every address we know of the person, and the account's administrators.
fn concerned(change: &mut Change<'_>, form: &Form, state: &FormState) -> Vec<Person> {
    let mut people: Vec<Person> = subject(change, form, state).into_iter().collect();
    let requester = change.ticket(state.ticket).and_then(|ticket| change.person_by_id(ticket.requester));
    people.extend(requester);
    for administrator in &state.data.known.administrators {
        people.push(change.person(&Address::new("", administrator)));
    }
    let mut seen = Vec::new();
    people.retain(|person| {
        let new = !seen.contains(&person.id);
        seen.push(person.id);
        new
    });
    people
}

/// Nobody stopped it: the link to enrol anew.
pub(in crate::desk) fn cooled(change: &mut Change<'_>, form: &Form, mut state: FormState) {
    if state.stage != Stage::Cooling {
        return;
    }
    keep_engineers(change, &mut state);
    let given = state.data.approved_by.len();
    if u32::try_from(given).unwrap_or(u32::MAX) < approvals_needed(form) {
        change.withdraw_links(&state, &[LinkPurpose::Stop]);
        let reason = if given == 0 { HandOver::Approval } else { HandOver::SecondApproval };
        return hand_over::to_engineers(change, form, state, reason, Say::default());
    }
    send_link(change, form, &state, LinkPurpose::Enrol, Notice::SecondFactorEnrol, "", None);
    state.stage = Stage::Sent;
    let due = due_at(change.now, Elapsed(LinkPurpose::Enrol.valid_for()));
    change.follow_up(state.ticket, Kind::LinkExpiry, due, String::new());
    change.keep(state);
}

/// Somebody who was told of it stopped it: nothing was reset, and the engineers hear of it.
pub(in crate::desk) fn stopped(change: &mut Change<'_>, form: &Form, state: FormState, said: Say) {
    if !matches!(state.stage, Stage::Cooling | Stage::Sent) {
        return;
    }
    change.cancel(state.ticket, Kind::CoolingOff);
    change.cancel(state.ticket, Kind::LinkExpiry);
    change.withdraw_links(&state, &[LinkPurpose::Enrol, LinkPurpose::Stop]);
    say(
        change,
        form,
        &state,
        Notice::SecondFactorStopped,
        Say { user: letter::user_vars(&state, form), ..Say::default() },
    );
    hand_over::to_engineers(change, form, state, HandOver::Stopped, said);
}

/// Somebody concerned answers while it can be stopped: what they say is for engineers, and until then nothing is reset.
/// True when it was theirs to stop.
pub(in crate::desk) fn objected(
    change: &mut Change<'_>,
    form: &Form,
    state: FormState,
    author: &Person,
    said: Say,
) -> bool {
    let concerned = concerned(change, form, &state).iter().any(|person| person.id == author.id);
    if concerned {
        stopped(change, form, state, said);
    }
    concerned
}

/// An engineer stops it: the link that may be out is worth nothing, and the person hears that nothing was reset.
pub(in crate::desk) fn rejected(change: &mut Change<'_>, form: &Form, state: &FormState) {
    change.cancel(state.ticket, Kind::CoolingOff);
    change.cancel(state.ticket, Kind::LinkExpiry);
    let user = letter::user_vars(state, form);
    say(change, form, state, Notice::SecondFactorStopped, Say { user, ..Say::default() });
    change.status(state.ticket, Status::Open, None);
}

/// A new second factor is enrolled.
pub(in crate::desk) fn enrolled(change: &mut Change<'_>, form: &Form, mut state: FormState) {
    say(change, form, &state, Notice::SecondFactorChanged, Say::default());
    state.stage = Stage::Done;
    end(change, state, "a new second factor is enrolled");
}

/// The second factor was removed: the password alone is enough from now on.
pub(in crate::desk) fn removed(change: &mut Change<'_>, form: &Form, mut state: FormState) {
    say(change, form, &state, Notice::SecondFactorRemoved, Say::default());
    state.stage = Stage::Done;
    end(change, state, "the second factor was removed");
}
