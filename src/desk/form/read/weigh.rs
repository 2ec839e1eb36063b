//! Candidates, weighed: which is the value, and what has to be asked.

use jiff::civil::Date;

use super::check;
use super::value::{Doubt, Found, Place, Reading, Trouble, Value};
use super::vocabulary::Target;
use crate::config::form::{Field, Form};

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
}

/// Decides every field on its own.
pub(super) fn weigh(form: &Form, candidates: Vec<Candidate>, today: Date, language: Option<&str>) -> Reading {
    let mut reading = Reading::default();
    for (at, field) in form.fields.iter().enumerate() {
        let own = candidates.iter().filter(|candidate| candidate.target == Target::Field(at));
        match decide(field, own.collect(), today, language) {
            Some(Ok((value, place))) => reading.found.push(Found { field: field.name.clone(), value, place }),
            Some(Err(trouble)) => reading.doubts.push(Doubt { field: field.name.clone(), trouble }),
            None => {}
        }
    }
    reading
}

fn decide(
    field: &Field,
    candidates: Vec<&Candidate>,
    today: Date,
    language: Option<&str>,
) -> Option<Result<(Value, Place), Trouble>> {
    let rank = |candidate: &&Candidate| (candidate.quoted, candidate.place);
    let best = candidates.iter().map(rank).min()?;
    let mut values: Vec<Value> = Vec::new();
    let mut trouble = None;
    for candidate in candidates.iter().filter(|candidate| rank(candidate) == best) {
        match check::read(field, &candidate.text, today, language) {
            Ok(value) if !values.contains(&value) => values.push(value),
            Ok(_) => {}
            Err(why) => trouble = Some(why),
        }
    }
    match (values.as_slice(), trouble) {
        ([], trouble) => trouble.map(Err),
        ([value], None) => Some(Ok((value.clone(), best.1))),
        ([_], Some(trouble)) => Some(Err(trouble)),
        (values, _) => Some(Err(Trouble::Conflict { values: values.iter().map(Value::to_string).collect() })),
    }
}
