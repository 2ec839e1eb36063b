//! Engineers' commands on a form: `#approve`, `#reject`, `#set field value`.

use super::arguments::{self, nothing};
use super::order::{FormOrder, Order};
use super::row::{Role, Row};
use crate::config::form::{Field, Form, FormAction};
use crate::desk::change::Change;
use crate::desk::flow::{directory, proceed, second_factor};
use crate::desk::follow_up::kind::Kind;
use crate::desk::form::hand_over::HandOver;
use crate::desk::form::read;
use crate::desk::form::said::Said;
use crate::desk::form::state::{FormState, Stage};
use crate::desk::form::task::Purpose;
use crate::desk::form::wanted::wanted;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::seal::link::LinkPurpose;
use crate::desk::ticket::Status;
use crate::desk::ticket::history::EventKind;

/// The commands of the family.
pub(super) const ROWS: &[Row] = &[
    Row {
        name: "approve",
        synonyms: &[],
        arguments: ["", "", ""],
        read: |words| nothing(words, Order::Form(FormOrder::Approve)),
        role: Role::Engineer,
        does: [
            "The form of the case may be carried out. Resetting a second factor needs two engineers.",
            "Das Formular des Falls darf ausgeführt werden. Einen zweiten Faktor geben zwei Personen frei.",
            "Tapauksen lomakkeen saa toteuttaa. Toisen tunnistustavan nollaukseen tarvitaan kaksi hyväksyjää.",
        ],
        example: "#approve",
    },
    Row {
        name: "reject",
        synonyms: &[],
        arguments: ["", "", ""],
        read: |words| nothing(words, Order::Form(FormOrder::Reject)),
        role: Role::Engineer,
        does: [
            "It may not: the request ends, and what had begun is stopped. The customer hears only what you write below.",
            "Es darf nicht ausgeführt werden: Die Anfrage endet, und was begonnen hatte, wird gestoppt. Die Kundin oder der Kunde liest nur, was Sie darunter schreiben.",
            "Sitä ei saa toteuttaa: pyyntö päättyy, ja jo alkanut pysäytetään. Asiakas saa tietää vain sen, mitä kirjoitat alle.",
        ],
        example: "#reject",
    },
    Row {
        name: "set",
        synonyms: &[],
        arguments: ["field value", "Feld Wert", "kenttä arvo"],
        read: |words| arguments::words(words, |words| Order::Form(FormOrder::Set { words })),
        role: Role::Engineer,
        does: [
            "This is the right value of the field, which may be called by its name or its label. The form is checked again.",
            "Das ist der richtige Wert des Feldes, das beim Namen oder bei seiner Beschriftung genannt wird. Das Formular wird neu geprüft.",
            "Tämä on kentän oikea arvo. Kentän voi nimetä nimellä tai otsikolla. Lomake tarkistetaan uudelleen.",
        ],
        example: "#set account_id AC-100234",
    },
];

/// Carries one out.
pub(super) fn obey(change: &mut Change<'_>, ticket: TicketId, order: &FormOrder, by: PersonId) -> Result<Said, Said> {
    let state = change.form(ticket).ok_or(Said::NoForm)?;
    let rules = change.rules;
    let form = rules.config.forms.get(&state.form).ok_or_else(|| Said::NotConfigured(state.form.clone()))?;
    match order {
        FormOrder::Set { words } => set(change, form, state, words, by),
        FormOrder::Approve => approve(change, form, state, by),
        FormOrder::Reject => reject(change, form, state, by),
    }
}

/// A form that an engineer has because of its values, and that has other values now, goes on by itself.
pub(super) fn check_anew(change: &mut Change<'_>, ticket: TicketId) {
    let rules = change.rules;
    let Some(state) = change.out.forms.iter().find(|state| state.ticket == ticket).cloned() else { return };
    // The form is not configured any more: the command said so.
    let Some(form) = rules.config.forms.get(&state.form) else { return };
    let waits = matches!(state.stage, Stage::Asking | Stage::Approval | Stage::Engineer);
    let before = change.facts.forms.get(&ticket).map(|before| &before.data.values);
    if !waits || before == Some(&state.data.values) || !wanted(form, &state).is_empty() {
        return;
    }
    match state.data.handed_over {
        Some(HandOver::UnknownAccount | HandOver::AccountDisabled | HandOver::ForeignAddress) => {
            directory::register(change, form, state, false)
        }
        Some(HandOver::UnknownPerson | HandOver::Approval) => {
            directory::find(change, form, state, Purpose::SecondFactor)
        }
        None | Some(HandOver::Rounds | HandOver::NoAnswer | HandOver::Unclear) => proceed::proceed(change, form, state),
        _ => {}
    }
}

fn set(change: &mut Change<'_>, form: &Form, mut state: FormState, words: &str, by: PersonId) -> Result<Said, Said> {
    if !matches!(state.stage, Stage::Asking | Stage::Approval | Stage::Engineer) {
        return Err(Said::NoValues(state.stage));
    }
    let (field, typed) = named(form, words).ok_or_else(|| unknown_field(form))?;
    let value = read::check(field, typed, change.today()).map_err(Said::Invalid)?;
    let said = Said::Set { field: field.name.clone(), value: value.to_string() };
    state.set(&field.name, value);
    // What was approved is not what it is now.
    state.data.approved_by.clear();
    change.event(state.ticket, EventKind::FormSet, Some(by), said.english());
    change.keep(state);
    Ok(said)
}

/// The field that words begin with, by its name or any of its labels, and the rest.
fn named<'f, 'w>(form: &'f Form, words: &'w str) -> Option<(&'f Field, &'w str)> {
    let names = |field: &'f Field| std::iter::once(field.name.as_str()).chain(field.all_labels());
    let mut best: Option<(usize, &Field, &str)> = None;
    for field in &form.fields {
        for name in names(field) {
            let Some(rest) = strip_name(words, name) else { continue };
            if best.is_none_or(|(length, _, _)| name.len() > length) {
                best = Some((name.len(), field, rest));
            }
        }
    }
    best.map(|(_, field, rest)| (field, rest.trim_start_matches([':', '=']).trim()))
        .filter(|(_, rest)| !rest.is_empty())
}

fn strip_name<'w>(words: &'w str, name: &str) -> Option<&'w str> {
    let (head, rest) = words.split_at_checked(name.len())?;
    let ends = rest.starts_with(|c: char| c.is_whitespace() || c == ':' || c == '=');
    (ends && head.to_lowercase() == name.to_lowercase()).then(|| rest.trim_start())
}

fn unknown_field(form: &Form) -> Said {
    Said::NoField(form.fields.iter().map(|field| field.name.clone()).collect())
}

fn approve(change: &mut Change<'_>, form: &Form, state: FormState, by: PersonId) -> Result<Said, Said> {
    if state.stage != Stage::Approval {
        return Err(Said::NothingToApprove(state.stage));
    }
    let before = change.facts.forms.get(&state.ticket).map(|before| &before.data.values);
    if before != Some(&state.data.values) {
        return Err(Said::JustChanged);
    }
    if change.person_by_id(by).is_some_and(|person| person.email == state.email(form)) {
        return Err(Said::AboutYourself);
    }
    match form.action {
        FormAction::ResetSecondFactor => second_factor::approve(change, form, state, by),
        FormAction::Register => {
            change.event(state.ticket, EventKind::Approved, Some(by), form.name.clone());
            directory::register(change, form, state, true);
            Ok(Said::Registration)
        }
        _ => Err(Said::NoApproval),
    }
}

fn reject(change: &mut Change<'_>, form: &Form, mut state: FormState, by: PersonId) -> Result<Said, Said> {
    let approved = form.action == FormAction::ResetSecondFactor && !state.data.approved_by.is_empty();
    let under_way = approved && matches!(state.stage, Stage::Cooling | Stage::Sent);
    if !under_way && !matches!(state.stage, Stage::Approval | Stage::Engineer | Stage::Asking) {
        return Err(Said::NothingToReject(state.stage));
    }
    if under_way {
        second_factor::rejected(change, form, &state);
    }
    state.stage = Stage::Declined;
    change.withdraw_links(&state, &LinkPurpose::ALL);
    change.event(state.ticket, EventKind::Rejected, Some(by), form.name.clone());
    // Nobody asks the customer any more: what becomes of the case is the engineers' matter.
    change.cancel(state.ticket, Kind::FormReminder);
    if change.ticket(state.ticket).is_some_and(|ticket| ticket.status == Status::Waiting) {
        change.status(state.ticket, Status::Open, Some(by));
    }
    change.keep(state);
    Ok(if under_way { Said::Stopped } else { Said::Rejected })
}
