//! How well values are read from mails as people write them, the right form given.

use std::collections::BTreeMap;
use std::path::Path;

use caseway::config::form::Form;
use caseway::config::{self, Secrets};
use caseway::desk::form::read::{Context, Value, read};
use serde_json::Value as Json;

/// The day on which the mails were written.
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 30);
/// Free words: what is a good excerpt is a matter of taste.
const FREE: [&str; 6] = ["reason", "portals", "vouches", "sub_category", "language", "category"];

/// What became of one field, or of one kind of answer.
#[derive(Debug, Default, Clone, Copy)]
pub struct Count {
    /// Values that a careful reader takes.
    pub wanted: usize,
    /// Read as they are.
    pub right: usize,
    /// Asked for all the same.
    pub missing: usize,
    /// Another value, that would have been acted upon.
    pub wrong: usize,
    /// A value where a careful reader finds none.
    pub extra: usize,
}

/// What became of all mails.
#[derive(Debug, Default)]
pub struct Score {
    /// By field.
    pub fields: BTreeMap<String, Count>,
    /// By question and what was meant.
    pub answers: BTreeMap<String, Count>,
    /// By language and by form: mails without a miss, and all.
    pub whole: BTreeMap<String, (usize, usize)>,
    /// The field, and what became of it.
    pub misses: Vec<(String, String)>,
}

/// Reads all `mails-*.jsonl` and `answers-*.jsonl` of a folder; of every third writer alone, when `held`.
pub fn score(folder: &Path, held: bool) -> Score {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/example/caseway.toml");
    let forms = config::load(&example, Secrets::Leave).expect("the example loads").config.forms;
    let mut score = Score::default();
    for row in rows(folder, "mails") {
        if !held || is_held(&row) {
            mail(&forms, &row, &mut score);
        }
    }
    for row in rows(folder, "answers") {
        if !held || is_held(&row) {
            answer(&forms, &row, &mut score);
        }
    }
    score
}

fn rows(folder: &Path, prefix: &str) -> Vec<Json> {
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let named = |path: &&std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with(prefix) && name.ends_with(".jsonl")
    };
    let texts = files.iter().filter(named).map(|path| std::fs::read_to_string(path).expect("text"));
    texts
        .flat_map(|text| text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect::<Vec<Json>>())
        .collect()
}

fn is_held(row: &Json) -> bool {
    row["writer"]
        .as_str()
        .or(row["hand"].as_str())
        .unwrap_or_default()
        .bytes()
        .fold(7u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)))
        % 3
        == 0
}

fn word<'r>(row: &'r Json, key: &str) -> &'r str {
    row[key].as_str().unwrap_or_default()
}

fn mail(forms: &BTreeMap<String, Form>, row: &Json, score: &mut Score) {
    let Some(form) = forms.get(word(row, "form")) else { return };
    let raw = format!(
        "From: \"{}\" <{}>\r\nTo: {}@example.test\r\nSubject: {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}",
        word(row, "from_name").replace('"', ""),
        word(row, "from"),
        word(row, "to"),
        word(row, "subject").replace('\n', " "),
        word(row, "body").replace('\n', "\r\n")
    );
    let reading = read(form, &caseway::mail::read(raw.as_bytes()), &Context::first(TODAY));
    let people = row["values"]["people"].as_array().cloned().unwrap_or_default();
    let mut wanted = people.first().cloned().unwrap_or_else(|| row["values"].clone());
    if wanted["account_id"].is_null() {
        wanted["account_id"] = row["values"]["account_id"].clone();
    }
    let mut whole = reading.others.len() == people.len().saturating_sub(1);
    if !whole {
        score.misses.push((
            "people".to_owned(),
            format!("{} for {}: {}", reading.others.len() + 1, people.len(), word(row, "body").replace('\n', " / ")),
        ));
    }
    for field in &form.fields {
        let found = reading.found.iter().find(|found| found.field == field.name).map(|found| &found.value);
        let count = score.fields.entry(format!("{} {}", form.name, field.name)).or_default();
        let want = &wanted[&field.name];
        let free = FREE.contains(&field.name.as_str());
        let right = found.is_some_and(|found| !want.is_null() && (free || same(found, want)));
        count.wanted += usize::from(!want.is_null());
        count.right += usize::from(right);
        count.missing += usize::from(!want.is_null() && found.is_none());
        count.wrong += usize::from(!want.is_null() && found.is_some() && !right);
        count.extra += usize::from(want.is_null() && found.is_some());
        if !right && (!want.is_null() || found.is_some()) && !free {
            whole = false;
            let doubt = reading.doubts.iter().find(|doubt| doubt.field == field.name);
            let shown =
                found.map(|found| format!("{found:?}")).or(doubt.map(|doubt| format!("asked, {}", doubt.trouble)));
            let miss = format!(
                "[{}] {} for {want}\n    {} <{}> | {} | {}",
                word(row, "lang"),
                shown.unwrap_or("nothing".to_owned()),
                word(row, "from_name"),
                word(row, "from"),
                word(row, "subject"),
                word(row, "body").replace('\n', " / ")
            );
            score.misses.push((field.name.clone(), miss));
        }
    }
    for key in [format!("language {}", word(row, "lang")), format!("form {}", form.name), "all".to_owned()] {
        let entry = score.whole.entry(key).or_default();
        entry.0 += usize::from(whole);
        entry.1 += 1;
    }
}

fn same(found: &Value, want: &Json) -> bool {
    let plain = |text: &str| {
        let parts = text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_' | '.'));
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
    };
    match (found, want) {
        (Value::One(text), Json::String(want)) => plain(text) == plain(want),
        (Value::One(text), want) => plain(text) == plain(&want.to_string()),
        (Value::Many(items), Json::Array(want)) => {
            let mut items: Vec<String> = items.iter().map(|item| plain(item)).collect();
            let mut want: Vec<String> = want.iter().map(|item| plain(item.as_str().unwrap_or_default())).collect();
            items.sort();
            want.sort();
            items == want
        }
        _ => false,
    }
}

fn answer(forms: &BTreeMap<String, Form>, row: &Json, score: &mut Score) {
    let asked = word(row, "asked");
    let Some(form) = forms.values().find(|form| form.field(asked).is_some()) else { return };
    let raw = format!(
        "From: Jo <jo@example.test>\r\nSubject: Re: Your request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}",
        word(row, "body").replace('\n', "\r\n")
    );
    let context = Context { asked: vec![asked.to_owned()], ..Context::first(TODAY) };
    let reading = read(form, &caseway::mail::read(raw.as_bytes()), &context);
    let found = reading.found.iter().find(|found| found.field == asked).map(|found| found.value.to_string());
    let want = word(row, "answer");
    let unclear = want == "unclear";
    let count = score.answers.entry(format!("{asked} {want}")).or_default();
    count.wanted += 1;
    let right = found.as_deref() == (!unclear).then_some(want);
    count.right += usize::from(right);
    count.missing += usize::from(!unclear && found.is_none());
    count.wrong += usize::from(!unclear && !right && found.is_some());
    count.extra += usize::from(unclear && found.is_some());
    if !right {
        let miss = format!("[{}] {found:?} for {want}: {}", word(row, "lang"), word(row, "body").replace('\n', " / "));
        score.misses.push((format!("answer.{asked}"), miss));
    }
}
