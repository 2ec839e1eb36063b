//! Candidates, weighed: which is the value, and what has to be asked.

use jiff::civil::Date;

use super::check;
use super::reason::Reason;
use super::value::{Doubt, Found, Place, Reading, Trouble, Value};
use super::vocabulary::{Target, key};
use crate::config::form::{Field, FieldKind, Form};

/// Something that may be the value of a field.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// What it may be the value of.
    pub(super) target: Target,
    /// As written; items of a list by line.
    pub(super) text: String,
    /// Where it stood.
    pub(super) place: Place,
    /// It stood in the mail that is answered.
    pub(super) quoted: bool,
    /// The other part of a whole name: the last name of a first name, and the first name of a last name.
    pub(super) beside: Option<String>,
}

impl Candidate {
    pub(super) fn new(target: Target, text: impl Into<String>, place: Place) -> Self {
        Self { target, text: text.into(), place, quoted: false, beside: None }
    }
}

/// Decides every field, the parts of a name together.
pub(super) fn weigh(form: &Form, candidates: Vec<Candidate>, today: Date, language: Option<&str>) -> Reading {
    let mut reading = Reading::default();
    for (at, field) in form.fields.iter().enumerate() {
        let own = candidates.iter().filter(|candidate| candidate.target == Target::Field(at));
        let own: Vec<&Candidate> =
            own.filter(|candidate| !is_of_another(candidate, field, form, &candidates)).collect();
        let place = own.iter().map(|candidate| candidate.place).min();
        match decide(field, own.clone(), today, language) {
            Some(Ok((value, place))) => {
                let typed = typed(field, &own, place, &value);
                reading.found.push(Found { field: field.name.clone(), value, place, typed });
            }
            Some(Err(trouble)) => {
                // What came is kept: the rest alone is asked for.
                if let Trouble::Invalid { typed, why: Reason::Items { count, max, .. } } = &trouble
                    && count <= max
                    && let Some((value, place)) = check::items(field, typed).zip(place)
                {
                    reading.found.push(Found { field: field.name.clone(), value, place, typed: String::new() });
                }
                reading.doubts.push(Doubt { field: field.name.clone(), trouble });
            }
            None => {}
        }
    }
    reading
}

/// Characters of what was written that are said again.
const MOST_TYPED: usize = 40;

/// How an ID was written that was completed: `AC 100234` for `AC-100234`. Empty where it stood as it is, in whatever letters.
fn typed(field: &Field, candidates: &[&Candidate], place: Place, value: &Value) -> String {
    if !matches!(field.kind, FieldKind::AccountId | FieldKind::Identifier) {
        return String::new();
    }
    let (value, best) = (value.to_string().to_uppercase(), candidates.iter().filter(|one| one.place == place));
    let mut texts = best.map(|one| one.text.trim().trim_end_matches(['.', ',', ';']));
    let written = |text: &str| text.chars().count() <= MOST_TYPED && !text.to_uppercase().contains(&value);
    match texts.clone().any(|text| text.to_uppercase() == value) {
        true => String::new(),
        false => texts.find(|text| written(text)).unwrap_or_default().to_owned(),
    }
}

/// Half of a name that was not said expressly, where the other half was, and differs: it is another person's.
fn is_of_another(candidate: &Candidate, field: &Field, form: &Form, all: &[Candidate]) -> bool {
    let Some(beside) = candidate.beside.as_ref().filter(|_| !candidate.place.is_express()) else { return false };
    let other = match field.kind {
        FieldKind::FirstName => FieldKind::LastName,
        FieldKind::LastName => FieldKind::FirstName,
        _ => return false,
    };
    let other = form.fields.iter().position(|field| field.kind == other).map(Target::Field);
    let said = all.iter().filter(|candidate| Some(candidate.target) == other && candidate.place.is_express());
    said.into_iter().any(|candidate| key(&candidate.text) != key(beside))
}

type Decision = Result<(Value, Place), Trouble>;

fn decide(field: &Field, candidates: Vec<&Candidate>, today: Date, language: Option<&str>) -> Option<Decision> {
    // What a question shows as an example is nobody's answer.
    let untouched = |candidate: &&Candidate| candidate.quoted && key(&candidate.text) == key(&field.example);
    let candidates: Vec<&Candidate> = candidates.into_iter().filter(|candidate| !untouched(candidate)).collect();
    // Who signs and who sends is the last resort: a line filled in inside of the quote says more.
    let rank = |candidate: &&Candidate| (!candidate.place.is_express(), candidate.quoted, candidate.place);
    let best = candidates.iter().map(rank).min()?;
    let mut values: Vec<Value> = Vec::new();
    let mut trouble = None;
    for candidate in candidates.iter().filter(|candidate| rank(candidate) == best) {
        match check::read(field, &candidate.text, today, language).and_then(|value| not_the_example(field, value)) {
            Ok(value) if !values.contains(&value) => values.push(value),
            Ok(_) => {}
            Err(why) => trouble = Some(why),
        }
    }
    match (values.as_slice(), trouble) {
        ([], trouble) => trouble.map(Err),
        ([value], None) => Some(Ok((value.clone(), best.2))),
        ([_], Some(trouble)) => Some(Err(trouble)),
        (values, _) => Some(Err(Trouble::Conflict { values: values.iter().map(Value::to_string).collect() })),
    }
}

/// An ID or an address that stands in our question as an example is not anybody's.
fn not_the_example(field: &Field, value: Value) -> Result<Value, Trouble> {
    let unique =
        matches!(field.kind, FieldKind::Email | FieldKind::AccountId | FieldKind::Identifier | FieldKind::List { .. });
    let typed = value.to_string();
    match unique && !field.example.is_empty() && key(&typed) == key(&field.example) {
        true => Err(Trouble::invalid(&typed, Reason::OurExample)),
        false => Ok(value),
    }
}
