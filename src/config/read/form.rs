//! `[form.NAME]`: requests that need certain facts before anyone can act.

mod field;

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::desk::by_language;
use crate::config::form::{Field, FieldKind, Form, FormAction};
use crate::config::section::{Section, Value};
use crate::config::{Mailbox, Portal, values};
use crate::intent::judge::speaks_of_false_positives;
use crate::intent::wish::Wish;
use crate::mail::language::Language;

/// Questions before an engineer gets a form.
const ROUNDS: u32 = 3;
/// Reminders of one question.
const REMINDERS: u32 = 2;
const REMIND_AFTER: SignedDuration = SignedDuration::from_hours(3 * 24);
const COOLING_OFF: SignedDuration = SignedDuration::from_hours(24);
const REMIND_BEFORE: SignedDuration = SignedDuration::from_hours(30 * 24);

pub(super) fn forms(
    root: &Section<'_>,
    mailboxes: Option<&BTreeMap<String, Mailbox>>,
    portals: &BTreeMap<String, Portal>,
) -> BTreeMap<String, Form> {
    let Some(section) = root.section("form") else { return BTreeMap::new() };
    let mut forms: BTreeMap<String, Form> = BTreeMap::new();
    for entry in section.entries() {
        if let Err(what) = values::name(entry.key()) {
            entry.problem(what);
        }
        let Some(section) = entry.section("form.NAME") else { continue };
        let Some(form) = form(entry.key(), &section, portals) else { continue };
        for mailbox in &form.mailboxes {
            if let Some(known) = mailboxes.filter(|known| !known.contains_key(mailbox)) {
                let names: Vec<&str> = known.keys().map(String::as_str).collect();
                section
                    .problem_at("mailboxes", format!("there is no [mailbox.{mailbox}]; there is {}", names.join(", ")));
            }
            if let Some(other) = forms.values().find(|other| other.mailboxes.contains(mailbox)) {
                section.problem_at("mailboxes", format!("{mailbox} leads to form.{} already", other.name));
            }
        }
        forms.insert(form.name.clone(), form);
    }
    forms
}

fn form(name: &str, section: &Section<'_>, portals: &BTreeMap<String, Portal>) -> Option<Form> {
    let title = by_language(section, "title");
    let title = section.required(
        "title",
        Some(title).filter(|title| !title.is_empty()),
        "what people call it, like { en = \"Portal account\" }",
    );
    let mailboxes = section.list("mailboxes").iter().filter_map(|name| name.parsed(values::name)).collect();
    let subjects = section.list("subjects").iter().filter_map(|pattern| pattern.parsed(subject)).collect();
    let words = section.list("words").iter().filter_map(|words| words.parsed(phrase)).collect();
    let examples = section.list("examples").iter().filter_map(|example| example.parsed(values::text)).collect();
    let chosen = section.parsed("wish", wish);
    let action = section.parsed("action", |word| values::one_of(word, &FormAction::ALL));
    let action = section.required("action", action, "what happens when it is complete, like \"register\"");
    let portal = section.get("portal").and_then(|portal| named(&portal, portals));
    let listed = section.list("fields");
    let fields: Vec<Option<Field>> =
        listed.iter().map(|entry| field::field(&entry.section("form.NAME.fields")?)).collect();
    let fields: Option<Vec<Field>> = fields.into_iter().collect();
    if listed.is_empty() && section.is_absent("fields") {
        section.problem_at("fields", "missing: what has to be known, like [{ name = \"email\", type = \"email\" }]");
    } else if listed.is_empty() {
        section.problem_at("fields", "a form needs at least one field");
    }
    let rounds = section.number("rounds", 1..=20).unwrap_or(ROUNDS);
    let remind_after = section.parsed("remind_after", values::duration).unwrap_or(REMIND_AFTER);
    let reminders = section.number("reminders", 0..=20).unwrap_or(REMINDERS);
    let cooling_off = section.parsed("cooling_off", values::duration).unwrap_or(COOLING_OFF);
    let remind_before = section.parsed("remind_before", values::duration).unwrap_or(REMIND_BEFORE);
    section.refuse_unknown();
    let title = title.unwrap_or_default();
    let wish = chosen.unwrap_or_else(|| action.and_then(|action| of_action(action, &title)));
    let form = Form {
        name: name.to_owned(),
        title,
        mailboxes,
        subjects,
        words,
        examples,
        wish,
        fields: fields?,
        action: action?,
        portal,
        rounds,
        remind_after,
        reminders,
        cooling_off,
        remind_before,
    };
    check(&form, section);
    Some(form)
}

/// What leads to a form beforehand: one of the wishes that forms are begun by, or nothing.
fn wish(word: &str) -> Result<Option<Wish>, String> {
    let forms = Wish::ALL.into_iter().filter(|(_, wish)| wish.is_form()).map(|(word, wish)| (word, Some(wish)));
    values::one_of(word, &forms.chain([("none", None)]).collect::<Vec<_>>())
}

/// What leads to a form by its action. Engineers do anything: what their form is for is read in its title.
fn of_action(action: FormAction, title: &BTreeMap<Language, String>) -> Option<Wish> {
    if action != FormAction::Engineer {
        return Wish::parse(action.as_str());
    }
    title.values().any(|title| speaks_of_false_positives(title)).then_some(Wish::AllowList)
}

/// A field that an action needs: its name, empty for any; whether a kind is the right one; what that is called.
type Need = (&'static str, fn(&FieldKind) -> bool, &'static str);

/// What an action needs to be carried out.
fn check(form: &Form, section: &Section<'_>) {
    for (at, field) in form.fields.iter().enumerate() {
        if form.fields.iter().take(at).any(|other| other.name == field.name) {
            section.problem_at("fields", format!("the field {} stands twice", field.name));
        }
    }
    let wanted: &[Need] = match form.action {
        FormAction::Register => &[
            ("first_name", |kind| *kind == FieldKind::FirstName, "first-name"),
            ("last_name", |kind| *kind == FieldKind::LastName, "last-name"),
            ("email", |kind| *kind == FieldKind::Email, "email"),
            ("account_id", |kind| *kind == FieldKind::AccountId, "account-id"),
        ],
        FormAction::RegistrationFile => {
            &[("", |kind| matches!(kind, FieldKind::Date { future: true }), "date with when = \"future\"")]
        }
        FormAction::Engineer => &[],
        _ => &[("", |kind| *kind == FieldKind::Email, "email")],
    };
    for (name, fits, kind) in wanted {
        if !form.fields.iter().any(|field| (name.is_empty() || field.name == *name) && fits(&field.kind)) {
            let which = if name.is_empty() { "a field".to_owned() } else { format!("a field {name}") };
            section.problem_at("fields", format!("action = \"{}\" needs {which} of type {kind}", form.action.as_str()));
        }
    }
    if form.portal.is_none() && form.action == FormAction::Register {
        section.problem_at("portal", "missing: which portal a registration enables");
    }
}

/// A regular expression found anywhere in a subject, in any case.
fn subject(written: &str) -> Result<regex::Regex, String> {
    values::pattern(&format!("(?i){}", values::text(written)?))
}

/// A regular expression, with a bound on what it costs.
/// Two words at least: one alone stands in many an ordinary request.
fn phrase(written: &str) -> Result<String, String> {
    let phrase = values::text(written)?.to_lowercase();
    if phrase.split_whitespace().count() < 2 {
        return Err(format!(
            "{written:?} is one word, which stands in ordinary requests as well; write a phrase of two or more"
        ));
    }
    Ok(phrase)
}

fn named(value: &Value<'_, '_>, portals: &BTreeMap<String, Portal>) -> Option<String> {
    value.parsed(|name| {
        if portals.contains_key(name) {
            return Ok(name.to_owned());
        }
        let known: Vec<&str> = portals.keys().map(String::as_str).collect();
        Err(format!(
            "there is no [portal.{name}]; there is {}",
            if known.is_empty() { "none".to_owned() } else { known.join(", ") }
        ))
    })
}
