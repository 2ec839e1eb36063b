//! How well values are read from the mails of this folder: counts, for `./dev bench forms` and the test beside it.

use std::collections::BTreeMap;
use std::path::Path;

use caseway::config::{self, Secrets};
use caseway::desk::form::read::{Context, Value, read};

/// The day on which the mails were written.
pub const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 24);

/// What became of the fields of one kind of mail.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// Fields looked at.
    pub fields: usize,
    /// The value, the doubt or the silence that was expected.
    pub right: usize,
    /// A value that is not right, and would have been acted upon.
    pub wrong: usize,
    /// A value that was there and is asked for all the same.
    pub asked: usize,
}

/// Reads all mails: scores by kind, and what came out otherwise. In `expected.jsonl` a value, `doubt` or `absent`; several
/// that would do, with `|` between.
pub fn score(folder: &Path, file: &str) -> (BTreeMap<String, Score>, Vec<String>) {
    let example = folder.join("../../deploy/example/caseway.toml");
    let forms = config::load(&example, Secrets::Leave).expect("the example loads").config.forms;
    let (mut scores, mut misses): (BTreeMap<String, Score>, Vec<String>) = Default::default();
    for line in std::fs::read_to_string(folder.join(file)).expect("the list of mails").lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row is JSON");
        let word = |key: &str| row[key].as_str().expect("a text").to_owned();
        let form = &forms[&word("form")];
        let raw = std::fs::read(folder.join(word("file"))).expect("the mail is there");
        let reading = read(form, &caseway::mail::read(&raw), &Context::first(TODAY));
        let score = scores.entry(word("kind")).or_default();
        for field in &form.fields {
            let value = reading.found.iter().find(|found| found.field == field.name).map(|found| &found.value);
            let doubt = reading.doubts.iter().find(|doubt| doubt.field == field.name);
            let wanted = &row["want"][&field.name];
            let wanted = if wanted.is_null() {
                "absent".to_owned()
            } else {
                wanted.as_str().map_or(wanted.to_string(), str::to_owned)
            };
            let value = value.filter(|_| doubt.is_none());
            let shown = match (value, doubt) {
                (Some(Value::One(text)), _) => text.clone(),
                (Some(Value::Many(items)), _) => serde_json::to_string(items).expect("texts are JSON"),
                (None, Some(_)) => "doubt".to_owned(),
                (None, None) => "absent".to_owned(),
            };
            let right = wanted.split('|').any(|wanted| wanted == shown);
            score.fields += 1;
            score.right += usize::from(right);
            score.wrong += usize::from(!right && value.is_some());
            score.asked += usize::from(!right && value.is_none());
            if !right {
                let why = doubt.map(|doubt| format!(" ({})", doubt.trouble)).unwrap_or_default();
                misses.push(format!("{}: {} is {shown}{why}, should be {wanted}", word("file"), field.name));
            }
        }
    }
    (scores, misses)
}
