//! A form of a page: what stands in it, and what is wrong with that.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::pages::Word;

/// The fields of a page's form.
#[derive(Debug, Default)]
pub(super) struct Form {
    values: BTreeMap<&'static str, String>,
    problems: Vec<(&'static str, Word)>,
}

impl Form {
    /// Fields of which nothing is typed yet.
    pub(super) fn empty(names: &[&'static str]) -> Self {
        Self { values: names.iter().map(|name| (*name, String::new())).collect(), problems: Vec::new() }
    }

    /// What stands in a field from the start.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.insert(name, value.into());
        self
    }

    /// What stands in a field.
    pub(super) fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// Something is wrong with a field; an empty name is the form as a whole.
    pub(super) fn problem(&mut self, field: &'static str, word: Word) {
        if !self.problems.iter().any(|(known, _)| *known == field) {
            self.problems.push((field, word));
        }
    }

    /// Whether nothing is wrong.
    pub(super) fn is_fine(&self) -> bool {
        self.problems.is_empty()
    }

    pub(super) fn status(&self) -> StatusCode {
        let is_throttled = self.problems.iter().any(|(_, word)| matches!(word, Word::TooOften { .. }));
        match (self.is_fine(), is_throttled) {
            (true, _) => StatusCode::OK,
            (_, true) => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// For the templates: `form.values.email`, `form.errors.email`.
    pub(super) fn values(&self, say: impl Fn(Word) -> String) -> Value {
        let error = |name: &str| {
            let found = self.problems.iter().find(|(field, _)| *field == name);
            found.map(|(_, word)| say(word.clone())).unwrap_or_default()
        };
        let errors: BTreeMap<&str, String> = self.values.keys().map(|name| (*name, error(name))).collect();
        json!({ "values": self.values, "errors": errors })
    }

    /// For the summary above the page.
    pub(super) fn problems(&self, say: impl Fn(Word) -> String) -> Vec<Value> {
        self.problems.iter().map(|(field, word)| json!({ "field": field, "text": say(word.clone()) })).collect()
    }
}
