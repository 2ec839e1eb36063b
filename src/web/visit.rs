//! One request of one browser: its language, and how it is answered.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Web;
use super::pages::{Page, Word};
use crate::mail::language::Language;

/// The cookie of a chosen language: no secret, and nothing follows from it.
const LANGUAGE: &str = "language";

/// A visitor's request.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) web: Web,
    pub(super) language: Language,
    /// `?lang=` chose the language: remembered.
    chosen: bool,
}

impl FromRequestParts<Web> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let chosen = parts.uri.query().and_then(asked_language);
        let language = chosen
            .or_else(|| cookie(&parts.headers, LANGUAGE).and_then(Language::from_code))
            .or_else(|| accepted_language(&parts.headers))
            .unwrap_or(web.0.config.desk.default_language);
        Ok(Self { web: web.clone(), language, chosen: chosen.is_some() })
    }
}

impl Visit {
    /// A text in the visitor's language.
    pub(super) fn say(&self, word: Word) -> String {
        self.web.pages().say(self.language, word)
    }

    /// A page of one message.
    pub(super) fn message(&self, status: StatusCode, title: Word, text: Word) -> Response {
        let values = json!({ "text": self.say(text), "link": "/", "label": self.say(Word::ToStart) });
        self.page(status, Page::Message, self.say(title), &values)
    }

    /// The answer to a path that leads nowhere, or to what this visitor may not see: the same for both.
    pub(super) fn not_found(&self) -> Response {
        self.message(StatusCode::NOT_FOUND, Word::NotFound, Word::NotFoundText)
    }

    /// Something of ours failed; told to the administrator once, here.
    #[expect(dead_code, reason = "the flows follow")]
    pub(super) fn fault(&self, error: &anyhow::Error) -> Response {
        tracing::error!(event = "web.fault", "a page could not be made: {error:#}");
        self.message(StatusCode::INTERNAL_SERVER_ERROR, Word::Broken, Word::BrokenText)
    }

    /// A whole page.
    pub(super) fn page(&self, status: StatusCode, page: Page, title: String, values: &impl Serialize) -> Response {
        let values = match serde_json::to_value(values) {
            Ok(Value::Object(values)) => values,
            _ => Map::new(),
        };
        match self.web.pages().render(page, self.frame(title), values) {
            Ok(html) => self.finish((status, Html(html)).into_response()),
            Err(error) => {
                tracing::error!(event = "web.fault", "a page could not be made: {error:#}");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    fn frame(&self, title: String) -> Map<String, Value> {
        let languages = Language::ALL.map(|language| {
            json!({ "code": language.code(), "name": own_name(language), "current": language == self.language })
        });
        let frame = json!({
            "language": self.language.code(),
            "languages": languages,
            "desk": self.web.0.config.desk.name,
            "title": title,
            "csrf": "",
            "signed_in": false,
            "person": "",
            "in_cases": false,
            "in_profile": false,
            "problems": [],
            "news": "",
        });
        if let Value::Object(frame) = frame { frame } else { Map::new() }
    }

    /// Adds the cookies that this visit sets.
    fn finish(&self, mut response: Response) -> Response {
        let language = format!("{LANGUAGE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", self.language.code());
        if self.chosen
            && let Ok(value) = language.parse()
        {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        response
    }
}

/// The value of a cookie.
pub(super) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(cookie::Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)?
        .value_raw()
}

/// The language of `?lang=de`.
fn asked_language(query: &str) -> Option<Language> {
    query.split('&').find_map(|pair| Language::from_code(pair.strip_prefix("lang=")?))
}

/// The first language of `Accept-Language` (RFC 9110 §12.5.4) that there is: browsers write the best one first.
fn accepted_language(headers: &HeaderMap) -> Option<Language> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    accepted.split(',').find_map(|range| {
        let tag = range.split(';').next()?.trim();
        Language::from_code(&tag.split('-').next()?.to_ascii_lowercase())
    })
}

fn own_name(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::De => "Deutsch",
        Language::Fi => "Suomi",
    }
}
