//! Engineers' commands on a form: `#approve`, `#reject`, `#set field value`.

use super::read;
use super::state::{FormState, Stage};
use super::task::Purpose;
use super::{dialogue, second_factor};
use crate::config::form::{Field, Form, FormAction};
use crate::desk::change::Change;
use crate::desk::command::{Command, Line};
use crate::desk::link::LinkPurpose;
use crate::desk::notice::ResultVars;
use crate::desk::{PersonId, TicketId};

/// Carries out the commands of one mail, in order; what came of each. After one that failed the others are not tried.
pub fn run(change: &mut Change<'_>, ticket: TicketId, lines: &[Line], by: PersonId) -> Vec<ResultVars> {
    let mut results: Vec<ResultVars> = Vec::with_capacity(lines.len());
    let mut failed = false;
    for line in lines {
        let outcome = if failed {
            Err("not tried, as the one before it failed".to_owned())
        } else {
            one(change, ticket, line, by)
        };
        failed |= outcome.is_err();
        let ok = outcome.is_ok();
        let said = outcome.unwrap_or_else(|why| why);
        change.event(ticket, "command", Some(by), format!("{}: {said}", line.typed));
        results.push(ResultVars { command: line.typed.clone(), ok, said });
    }
    if !failed {
        check_anew(change, ticket);
    }
    results
}

/// A form that an engineer has because of its values, and that has other values now, goes on by itself.
fn check_anew(change: &mut Change<'_>, ticket: TicketId) {
    let rules = change.rules;
    let Some(state) = change.out.forms.iter().find(|state| state.ticket == ticket).cloned() else { return };
    let Some(form) = rules.config.forms.get(&state.form) else { return };
    let waits = matches!(state.stage, Stage::Asking | Stage::Approval | Stage::Engineer);
    let before = change.facts.forms.get(&ticket).map(|before| &before.data.values);
    if !waits || before == Some(&state.data.values) || !super::wanted(form, &state).is_empty() {
        return;
    }
    match state.data.handed_over.as_str() {
        "unknown_account" | "foreign_address" => dialogue::register(change, form, state, false),
        "unknown_person" | "approval" => dialogue::find(change, form, state, Purpose::SecondFactor),
        "rounds" | "no_answer" | "unclear" | "" => dialogue::proceed(change, form, state),
        _ => {}
    }
}

fn one(change: &mut Change<'_>, ticket: TicketId, line: &Line, by: PersonId) -> Result<String, String> {
    let Some(command) = &line.command else {
        return Err("no such command; there are #approve, #reject and #set field value".to_owned());
    };
    let state = change.form(ticket).ok_or_else(|| "this case has no form".to_owned())?;
    let rules = change.rules;
    let form = rules
        .config
        .forms
        .get(&state.form)
        .ok_or_else(|| format!("the form {} is not configured any more", state.form))?;
    match command {
        Command::Set { words } => set(change, form, state, words, by),
        Command::Approve => approve(change, form, state, by),
        Command::Reject => reject(change, form, state, by),
    }
}

fn set(
    change: &mut Change<'_>,
    form: &Form,
    mut state: FormState,
    words: &str,
    by: PersonId,
) -> Result<String, String> {
    if !matches!(state.stage, Stage::Asking | Stage::Approval | Stage::Engineer) {
        return Err(format!("the form is {} and takes no values any more", state.stage.as_str()));
    }
    let (field, typed) = named(form, words).ok_or_else(|| unknown_field(form))?;
    let value = read::check(field, typed, change.today()).map_err(|trouble| trouble.to_string())?;
    let said = format!("{} is {value}", field.name);
    state.set(&field.name, value);
    // What was approved is not what it is now.
    state.data.approved_by.clear();
    change.event(state.ticket, "form_set", Some(by), said.clone());
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

fn unknown_field(form: &Form) -> String {
    let names: Vec<&str> = form.fields.iter().map(|field| field.name.as_str()).collect();
    format!("write #set FIELD VALUE; the fields are {}", names.join(", "))
}

fn approve(change: &mut Change<'_>, form: &Form, state: FormState, by: PersonId) -> Result<String, String> {
    if state.stage != Stage::Approval {
        return Err(format!("there is nothing to approve: the form is {}", state.stage.as_str()));
    }
    let before = change.facts.forms.get(&state.ticket).map(|before| &before.data.values);
    if before != Some(&state.data.values) {
        return Err("its values have just been changed: approve it when they are checked".to_owned());
    }
    if change.person_by_id(by).is_some_and(|person| person.email == state.email(form)) {
        return Err("it is about yourself; other engineers must approve it".to_owned());
    }
    match form.action {
        FormAction::ResetSecondFactor => second_factor::approve(change, form, state, by),
        FormAction::Register => {
            change.event(state.ticket, "approved", Some(by), form.name.clone());
            dialogue::register(change, form, state, true);
            Ok("approved; the registration goes on".to_owned())
        }
        _ => Err("this form needs no approval".to_owned()),
    }
}

fn reject(change: &mut Change<'_>, form: &Form, mut state: FormState, by: PersonId) -> Result<String, String> {
    if !matches!(state.stage, Stage::Approval | Stage::Engineer | Stage::Asking) {
        return Err(format!("there is nothing to reject: the form is {}", state.stage.as_str()));
    }
    state.stage = Stage::Declined;
    change.withdraw_links(&state, &LinkPurpose::ALL);
    change.event(state.ticket, "rejected", Some(by), form.name.clone());
    change.keep(state);
    Ok("rejected; the customer hears only what you write".to_owned())
}
