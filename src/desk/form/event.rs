//! What happens to forms apart from mails: the directory answers, a person does something on a page, a time comes.

use jiff::Timestamp;

use super::letter::Say;
use super::state::{FormState, Stage};
use super::task::{Answered, Purpose};
use super::{dialogue, hand_over, password, registration, second_factor, sign_in};
use crate::config::form::{Form, FormAction};
use crate::desk::change::Change;
use crate::desk::directory::{Answer, Known, Task};
use crate::desk::facts::{Facts, Status, Ticket};
use crate::desk::follow_up::Kind;
use crate::desk::link::LinkPurpose;
use crate::desk::outcome::{NewTicket, Outcome};
use crate::desk::portal::PortalEvent;
use crate::desk::rules::Rules;
use crate::desk::{PersonId, TicketId, caps, close};
use crate::mail::Address;

/// The directory answered.
pub fn answered(rules: &Rules, facts: &Facts, answered: &Answered, now: Timestamp) -> Outcome {
    let mut change = Change::new(rules, facts, now);
    change.out.task_done = Some((answered.asked.id, answered.answer.as_ref().err().cloned()));
    match answered.asked.ticket {
        Some(ticket) => on_ticket(&mut change, ticket, answered),
        None => on_page(&mut change, answered),
    }
    change.out
}

fn on_ticket(change: &mut Change<'_>, ticket: TicketId, answered: &Answered) {
    let Some((form, state)) = form_of(change, ticket) else { return };
    // Of several questions only the last one's answer counts: an earlier one tells of what was.
    if state.stage != Stage::Working || state.data.task != answered.asked.id {
        return;
    }
    let answer = match &answered.answer {
        Ok(answer) => answer,
        Err(why) => {
            change.event(ticket, "directory_failed", None, why.clone());
            let say = Say { detail: why.clone(), ..Say::default() };
            return hand_over::to_engineers(change, form, state, "directory_failed", say);
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
        _ => hand_over::to_engineers(change, form, state, "directory_failed", Say::default()),
    }
}

/// A page asked: only who is known gets a mail, on a ticket of its own. One case number is used up whatever comes of it,
/// also when there is a ticket already or the directory could not be asked: whoever opens cases of their own before and
/// after must not be able to tell.
fn on_page(change: &mut Change<'_>, answered: &Answered) {
    let number = next_ticket(change);
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
        quiet_form(change, number, form, known)
    };
    if let Some((form, mut state)) = open.or_else(new) {
        state.data.by_owner = by_owner;
        password::answered(change, form, state, Some(known));
    }
}

/// A person did something on a page.
pub fn portal(rules: &Rules, facts: &Facts, event: &PortalEvent, known: Option<&Known>, now: Timestamp) -> Outcome {
    let mut change = Change::new(rules, facts, now);
    match event {
        PortalEvent::Activated { email } => {
            change.withdraw_all_links(email, &[LinkPurpose::Activate, LinkPurpose::Code]);
            for (form, state) in forms_about(&change, email, FormAction::Register, &[Stage::Sent, Stage::Working]) {
                registration::activated(&mut change, form, state);
            }
            // Who had forgotten the password of an account that was not active yet has one now.
            for (form, state) in own_resets(&change, email) {
                password::changed(&mut change, form, state);
            }
        }
        PortalEvent::PasswordChanged { email } => {
            change.withdraw_all_links(email, &[LinkPurpose::Reset]);
            let open = own_resets(&change, email);
            told(&mut change, open, FormAction::ResetPassword, known, password::changed);
        }
        PortalEvent::SecondFactorEnrolled { email } => {
            change.withdraw_all_links(email, &[LinkPurpose::Enrol, LinkPurpose::Stop]);
            let open = forms_about(&change, email, FormAction::ResetSecondFactor, &[Stage::Sent, Stage::Cooling]);
            told(&mut change, open, FormAction::ResetSecondFactor, known, second_factor::enrolled);
        }
        // A reset that is under way is none of this: it goes on where it is.
        PortalEvent::SecondFactorRemoved { .. } => {
            told(&mut change, Vec::new(), FormAction::ResetSecondFactor, known, second_factor::removed);
        }
        PortalEvent::SecondFactorStopped { ticket } => {
            if let Some((form, state)) = form_of(&change, *ticket) {
                second_factor::stopped(&mut change, form, state, Say::default());
            }
        }
        PortalEvent::Forgotten { email, by_owner } => {
            let purpose = if *by_owner { Purpose::OwnPassword } else { Purpose::Password };
            change.ask_directory(None, purpose, Task::Find { email: email.clone() });
        }
    }
    change.out
}

type Told = fn(&mut Change<'_>, &Form, FormState);

/// The person is told on the tickets that wait for this, else on one of its own: such news must never be missed. Where no
/// form tells it, no case number is used up.
fn told(change: &mut Change<'_>, open: Vec<(&Form, FormState)>, action: FormAction, known: Option<&Known>, tell: Told) {
    let mut open = open.into_iter();
    let first = open.next().or_else(|| {
        let (known, form) = (known?, form_for(change.rules, action)?);
        let number = next_ticket(change);
        quiet_form(change, number, form, known)
    });
    if let Some((form, state)) = first {
        tell(change, form, state);
    }
    for (_, mut state) in open {
        state.stage = Stage::Done;
        registration::end(change, state, "told on another case");
    }
}

/// A time came.
pub(in crate::desk) fn due(change: &mut Change<'_>, ticket: TicketId, kind: Kind) {
    let Some((form, state)) = form_of(change, ticket) else { return };
    match kind {
        Kind::FormReminder => dialogue::remind(change, form, state),
        Kind::ActivationReminder => registration::remind(change, form, &state),
        Kind::ActivationExpiry => registration::expire(change, form, state),
        Kind::CoolingOff => second_factor::cooled(change, form, state),
        Kind::LinkExpiry => unused(change, form, state),
        Kind::LicenceReminder => super::file::remind(change, form, &state),
        _ => {}
    }
}

/// A link was not used in time.
fn unused(change: &mut Change<'_>, form: &Form, mut state: FormState) {
    let ticket = state.ticket;
    let waits = change.ticket(ticket).is_some_and(|ticket| ticket.status == Status::Waiting);
    match (state.stage, form.action) {
        (Stage::Sent, FormAction::ResetSecondFactor) => {
            hand_over::to_engineers(change, form, state, "no_answer", Say::default());
        }
        (Stage::Sent, _) => {
            state.stage = Stage::Declined;
            registration::end(change, state, "the link was not used");
        }
        // At its end already: only its case is still there, unless somebody wrote on it since.
        (Stage::Done | Stage::Declined, _) if waits => {
            close::quietly(change, ticket, None);
        }
        _ => {}
    }
}

/// A ticket is closed: its form ends with it, and with the form the links that were sent. Who asks again begins anew. What
/// an engineer has is the engineer's, open or closed.
pub(in crate::desk) fn closed(change: &mut Change<'_>, ticket: TicketId) {
    let Some((form, mut state)) = form_of(change, ticket) else { return };
    let undecided = matches!(state.stage, Stage::Cooling | Stage::Approval);
    if !undecided && !matches!(state.stage, Stage::Asking | Stage::Working | Stage::Sent) {
        return;
    }
    change.withdraw_links(&state, &LinkPurpose::ALL);
    state.stage = Stage::Declined;
    change.event(ticket, "form_ended", None, "the case was closed".to_owned());
    if undecided {
        hand_over::tell(change, form, &state, "closed", Say::default());
    }
    change.keep(state);
}

fn form_of<'a>(change: &Change<'a>, ticket: TicketId) -> Option<(&'a Form, FormState)> {
    let state = change.form(ticket)?;
    let rules = change.rules;
    rules.config.forms.get(&state.form).map(|form| (form, state))
}

/// The forms of one kind about an address that stand at one of these stages.
fn forms_about<'a>(
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

/// Uses a case number up.
fn next_ticket(change: &mut Change<'_>) -> TicketId {
    change.out.next.ticket += 1;
    TicketId(change.out.next.ticket)
}

/// The password resets that somebody asked for themselves. Those that others asked for end when their link does: that they
/// end earlier would tell that there is such an account.
fn own_resets<'a>(change: &Change<'a>, email: &str) -> Vec<(&'a Form, FormState)> {
    let mut found = forms_about(change, email, FormAction::ResetPassword, &[Stage::Sent]);
    found.retain(|(_, state)| {
        let requester = change.ticket(state.ticket).and_then(|ticket| change.person_by_id(ticket.requester));
        requester.is_some_and(|person| person.email == email)
    });
    found
}

/// The configured form that does this.
fn form_for(rules: &Rules, action: FormAction) -> Option<&Form> {
    rules.config.forms.values().find(|form| form.action == action)
}

/// A form on a new ticket that nobody wrote a mail for.
fn quiet_form<'a>(
    change: &mut Change<'a>,
    id: TicketId,
    form: &'a Form,
    known: &Known,
) -> Option<(&'a Form, FormState)> {
    let config = &change.rules.config;
    let mailbox =
        form.mailboxes.iter().find_map(|name| config.mailboxes.get(name)).or(config.mailboxes.values().next())?;
    let business = &known.business;
    let person =
        change.person(&Address::new(format!("{} {}", business.first_name, business.last_name), &business.email));
    let language = person.language.or(mailbox.language).unwrap_or(config.desk.default_language);
    let ticket = Ticket {
        id,
        subject: form.title(language).to_owned(),
        status: Status::Open,
        mailbox: mailbox.name.clone(),
        queue: mailbox.queue.clone(),
        language,
        requester: PersonId(person.id.0),
        assignee: None,
        merged_into: None,
        closed_at: None,
        others: Vec::new(),
        first_message_id: String::new(),
        last_message_id: String::new(),
        flooded: 0,
    };
    change.out.tickets.push(NewTicket { ticket, linked_to: None });
    change.event(id, "opened", Some(person.id), "on a page".to_owned());
    change.event(id, "form", None, form.name.clone());
    Some((form, FormState::about(id, form, business)))
}
