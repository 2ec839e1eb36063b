//! A form: what was typed into it, what is wrong with it, and that our own page sent it.

use std::collections::BTreeMap;

use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::Web;
use super::pages::Word;
use super::visit::Visit;

/// What a browser sent.
pub(super) type Fields = BTreeMap<String, String>;

/// A form that one of our pages in this very browser sent.
#[derive(Debug)]
pub(super) struct Posted {
    pub(super) visit: Visit,
    pub(super) fields: Fields,
}

impl FromRequest<Web> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, web).await?;
        if is_foreign(&parts.headers) {
            return Err(refused(&visit));
        }
        let form = axum::Form::<Fields>::from_request(Request::from_parts(parts, body), web).await;
        let fields = match form {
            Ok(axum::Form(fields)) => fields,
            Err(FormRejection::BytesRejection(_)) => return Err(too_large(&visit)),
            Err(_) => return Err(refused(&visit)),
        };
        match fields.get("csrf").is_some_and(|given| visit.is_csrf(given)) {
            true => Ok(Self { visit, fields }),
            false => Err(refused(&visit)),
        }
    }
}

impl Posted {
    /// A field without blanks around it.
    pub(super) fn text(&self, name: &str) -> String {
        self.fields.get(name).map(|value| value.trim().to_owned()).unwrap_or_default()
    }

    /// A field as it is.
    pub(super) fn secret(&self, name: &str) -> SecretString {
        SecretString::from(self.fields.get(name).cloned().unwrap_or_default())
    }
}

/// Whether a browser says that another site sends the form (Fetch Metadata, W3C): refused before anything is read.
pub(super) fn is_foreign(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"))
}

/// Another site sent the form, or the page was open for too long.
pub(super) fn refused(visit: &Visit) -> Response {
    visit.message(StatusCode::FORBIDDEN, Word::Refused, Word::RefusedText, ("/", Word::ToStart))
}

/// More was sent than is taken.
pub(super) fn too_large(visit: &Visit) -> Response {
    visit.message(StatusCode::PAYLOAD_TOO_LARGE, Word::TooLarge, Word::TooLargeText, ("/cases", Word::ToCases))
}

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

    /// The same fields as they were sent. Secrets are never sent back.
    pub(super) fn sent(names: &[&'static str], posted: &Posted) -> Self {
        let shown = |name: &str| !matches!(name, "password" | "again" | "current" | "code");
        let value = |name: &&'static str| if shown(name) { posted.text(name) } else { String::new() };
        Self { values: names.iter().map(|name| (*name, value(name))).collect(), problems: Vec::new() }
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
