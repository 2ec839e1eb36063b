//! A form that was sent to us: that our own page sent it, and what was typed into it.

use std::collections::BTreeMap;

use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use secrecy::SecretString;

use super::form::Form;
use super::pages::Word;
use super::site::Web;
use super::visit::Visit;

/// What a browser sent.
type Fields = BTreeMap<String, String>;

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
            Ok(axum::Form(fields)) => without_nul(fields),
            Err(FormRejection::BytesRejection(_)) => return Err(too_large(&visit)),
            Err(_) => return Err(refused(&visit)),
        };
        match fields.get("csrf").is_some_and(|given| visit.is_csrf(given)) {
            true => Ok(Self { visit, fields }),
            false => Err(refused(&visit)),
        }
    }
}

/// No database keeps a NUL in a text, and PostgreSQL refuses to look for one; nobody types it.
fn without_nul(fields: Fields) -> Fields {
    fields.into_iter().map(|(name, value)| (name, value.replace('\0', ""))).collect()
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

impl Form {
    /// The fields of a page's form as they were sent. Secrets are never sent back.
    pub(super) fn sent(names: &[&'static str], posted: &Posted) -> Self {
        let shown = names.iter().filter(|name| !matches!(**name, "password" | "again" | "current" | "code"));
        shown.fold(Self::empty(names), |form, name| form.with(name, posted.text(name)))
    }
}
