//! One value as its type stores it, or why it cannot be one.

mod choice;
mod date;
pub(super) mod email;
pub(super) mod identifier;
pub(super) mod name;

use jiff::civil::Date;

use super::reason::Reason;
use super::shape::Shape;
use super::value::{Trouble, Value};
use crate::config::form::{Field, FieldKind};

/// Characters of the longest value.
const MAX_VALUE: usize = 2_000;
/// Characters of the longest name of a person or a company.
const MAX_NAME: usize = 120;

/// One value as somebody typed it: an engineer behind `#set`, a person on a page. Fails with what is wrong with it.
pub fn check(field: &Field, typed: &str, today: Date) -> Result<Value, Trouble> {
    read(field, typed, today, None)
}

/// The same, of a text in a language that tells how dates are written.
pub(super) fn read(field: &Field, typed: &str, today: Date, language: Option<&str>) -> Result<Value, Trouble> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Trouble::invalid(typed, Reason::Empty));
    }
    if typed.chars().count() > MAX_VALUE {
        return Err(Trouble::invalid(typed, Reason::TooLong(MAX_VALUE)));
    }
    let one = |value: Result<String, Reason>| value.map(Value::One).map_err(|why| Trouble::invalid(typed, why));
    match &field.kind {
        FieldKind::Text => one(fitting(field, squeezed(typed))),
        FieldKind::Company => one(fitting(field, firm(&squeezed(typed))).and_then(short)),
        FieldKind::Name | FieldKind::FirstName | FieldKind::LastName => {
            one(name::read(typed, &field.kind).and_then(|name| fitting(field, name)).and_then(short))
        }
        FieldKind::Email => one(email::read(typed)),
        FieldKind::AccountId | FieldKind::Identifier => one(identifier::read(typed, field)),
        FieldKind::Date { future } => one(date::read(typed, *future, today, language)),
        FieldKind::Choice(choices) => one(choice::read(typed, choices)),
        FieldKind::Product(names) => one(choice::product(typed, names)),
        FieldKind::List { min, max } => list(field, typed, *min, *max),
    }
}

/// The items of a list that has too few of them.
pub(super) fn items(field: &Field, typed: &str) -> Option<Value> {
    listed(field, typed).ok().filter(|items| !items.is_empty()).map(Value::Many)
}

fn list(field: &Field, typed: &str, min: u32, max: u32) -> Result<Value, Trouble> {
    let items = listed(field, typed)?;
    let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
    if count < min || count > max {
        return Err(Trouble::invalid(typed, Reason::Items { count, min, max }));
    }
    Ok(Value::Many(items))
}

fn listed(field: &Field, typed: &str) -> Result<Vec<String>, Trouble> {
    // `DET-10022872 and DET-10022990`: IDs with nothing but words between.
    if let Some((found, wrong)) = Shape::of(field).map(|shape| shape.written(typed))
        && wrong.is_empty()
        && found.len() > 1
        && found
            .iter()
            .fold(typed.to_owned(), |rest, (_, id)| rest.replace(id.as_str(), ""))
            .chars()
            .all(|c| !c.is_ascii_digit())
    {
        return Ok(found.into_iter().map(|(id, _)| id).collect());
    }
    let mut items: Vec<String> = Vec::new();
    let blanks = field.pattern.is_some() && !typed.contains(['\n', ',', ';']);
    let between = |c: char| matches!(c, '\n' | ',' | ';') || blanks && c.is_whitespace();
    for item in typed.split(between).map(str::trim).filter(|item| !item.is_empty()) {
        let item = identifier::read(item, field).map_err(|why| Trouble::invalid(item, why))?;
        if !items.contains(&item) {
            items.push(item);
        }
    }
    Ok(items)
}

fn fitting(field: &Field, value: String) -> Result<String, Reason> {
    match field.pattern.as_ref().is_none_or(|pattern| pattern.is_match(&value)) {
        true => Ok(value),
        false => Err(wanted(field)),
    }
}

/// That a value does not look as the field wants it.
fn wanted(field: &Field) -> Reason {
    Reason::Shape(field.example.clone())
}

/// A company's name without the IDs that stand behind it: `Meblonord, C310556`, `Lapin Malmi Oy (C128406)`.
fn firm(typed: &str) -> String {
    let id = |part: &str| part.chars().filter(char::is_ascii_digit).count() >= 4;
    let name = typed.trim_start_matches(['|', ' ', '.', '*', '_', ',']).trim_end_matches(['|', ' ', '*', '_', ',']);
    let cut = name
        .char_indices()
        .filter(|(_, c)| matches!(c, ',' | '(' | '[' | ';'))
        .find(|(at, _)| name.get(*at..).is_some_and(id));
    cut.and_then(|(at, _)| name.get(..at)).filter(|name| !name.trim().is_empty()).unwrap_or(name).trim().to_owned()
}

fn short(value: String) -> Result<String, Reason> {
    if value.chars().count() > MAX_NAME { Err(Reason::TooLong(MAX_NAME)) } else { Ok(value) }
}

/// On one line, with single blanks, without control characters.
fn squeezed(text: &str) -> String {
    let printable: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    printable.split_whitespace().collect::<Vec<_>>().join(" ")
}
