//! One request of one browser: who it is, in which language, and how it is answered.

use std::net::IpAddr;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::client::Client;
use super::cookies::{self, Lives};
use super::fault::unmade;
use super::form::Form;
use super::pages::{Page, Word};
use super::secret::{Jar, Secret};
use super::site::Web;
use crate::desk::directory::AccountState;
use crate::directory::{Cause, Fault};
use crate::mail::address::masked;
use crate::mail::language::Language;
use crate::store::Tx;
use crate::store::web::session::{self, Session, Stage};

/// The cookie of a chosen language: no secret, and nothing follows from it.
const LANGUAGE: &str = "language";
/// A session that is not used for so long has ended.
const IDLE: SignedDuration = SignedDuration::from_hours(1);
/// No session lasts longer, however much it is used.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// Time to find the phone, after the password was right.
const FOR_CODE: SignedDuration = SignedDuration::from_mins(10);
/// The use of a session is noted this often: it need not be written for every request. The directory is asked just before
/// that, so whoever is switched off there is out after this time.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// A page waits so long for the directory's word on a session.
const ASKED_FOR: Duration = Duration::from_secs(3);
/// A clock that is set by others goes back by moments now and then.
const SLACK: SignedDuration = SignedDuration::from_mins(1);
/// A browser that was not signed in with for so long is a stranger's again.
const DEVICE_FOR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// A visitor's request.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) web: Web,
    pub(super) language: Language,
    /// Who asks, for the limits.
    pub(super) client: IpAddr,
    /// Somebody whose password was right, and perhaps more; not ended.
    pub(super) session: Option<Session>,
    /// The query, without the `?`.
    pub(super) query: String,
    secret: Secret,
    pub(super) device: Option<Secret>,
    /// Cookies that the answer sets.
    cookies: Vec<HeaderValue>,
}

/// What a browser is told once a transaction is committed: its new secret, and whether it is signed in.
#[derive(Debug)]
#[must_use]
pub(super) struct Renewal {
    secret: Secret,
    session: Option<Session>,
    device: Option<Secret>,
}

impl Renewal {
    /// A new secret, and no session.
    pub(super) fn signed_out() -> Self {
        Self { secret: Secret::new(), session: None, device: None }
    }
}

impl FromRequestParts<Web> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let chosen = asked_language(&query);
        let language = chosen
            .or_else(|| cookies::value(&parts.headers, LANGUAGE).and_then(Language::from_code))
            .or_else(|| accepted_language(&parts.headers))
            .unwrap_or(web.config().desk.default_language);
        let https = web.settings().is_https();
        let known = Secret::read(&parts.headers, Jar::Session, https);
        let client = parts.extensions.get::<Client>().map(|client| client.0);
        let mut visit = Self {
            web: web.clone(),
            language,
            client: client.ok_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response())?,
            session: None,
            query,
            device: Secret::read(&parts.headers, Jar::Device, https),
            secret: known.clone().unwrap_or_else(Secret::new),
            cookies: Vec::new(),
        };
        if chosen.is_some() {
            visit.cookies.extend(language_cookie(language));
        }
        match known {
            None => visit.cookies.extend(visit.secret.cookie(Jar::Session, https)),
            Some(_) => visit.session = visit.live_session().await.map_err(|error| visit.fault(&error))?,
        }
        Ok(visit)
    }
}

/// The visit of somebody who is signed in; others are sent to sign in first.
#[derive(Debug)]
pub(super) struct SignedIn {
    pub(super) visit: Visit,
    /// The Business Account's user name.
    pub(super) email: String,
}

impl FromRequestParts<Web> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, web).await?;
        match visit.signed_in().map(str::to_owned) {
            Some(email) => Ok(Self { visit, email }),
            None => Err(visit.redirect(&format!("/sign-in?next={}", parts.uri.path()))),
        }
    }
}

impl Visit {
    async fn live_session(&self) -> anyhow::Result<Option<Session>> {
        let now = self.web.clock().now();
        let id = self.secret.hash();
        let Some(session) = session::find(self.web.store(), id).await?.filter(|session| lives(session, now)) else {
            return Ok(None);
        };
        if now.duration_since(session.used_at) < NOTED_EVERY {
            return Ok(Some(session));
        }
        match self.is_active(&session.email).await {
            Some(true) => session::touch(self.web.store(), id, now).await?,
            Some(false) => {
                let mut tx = self.web.store().write().await?;
                session::end_all(&mut tx, &session.email).await?;
                tx.commit().await?;
                return Ok(None);
            }
            // It goes on, and is noted no more: so it ends like one that nobody uses.
            None => {}
        }
        Ok(Some(session))
    }

    /// Whether the directory still lets somebody in, as far as it can be asked.
    async fn is_active(&self, email: &str) -> Option<bool> {
        let outage = self.web.outage();
        if outage.rests(email, self.web.clock().elapsed()) {
            return None;
        }
        let asked = tokio::time::timeout(ASKED_FOR, self.web.directory().find(email)).await;
        let why = match asked {
            Ok(Ok(known)) => {
                if outage.answered(email) {
                    tracing::info!(event = "web.confirmed", "sessions can be confirmed again");
                }
                return Some(known.is_some_and(|known| known.state() == AccountState::Active));
            }
            Ok(Err(fault)) => fault.what,
            Err(_) => format!("no answer within {ASKED_FOR:?}"),
        };
        if outage.unanswered(email, self.web.clock().elapsed()) {
            tracing::warn!(event = "web.unconfirmed", to = masked(email), "a session could not be confirmed: {why}");
        }
        None
    }

    /// The user name of somebody who is signed in wholly.
    pub(super) fn signed_in(&self) -> Option<&str> {
        self.session.as_ref().filter(|session| session.stage == Stage::SignedIn).map(|session| session.email.as_str())
    }

    /// Whether a form was made for this browser.
    pub(super) fn is_csrf(&self, given: &str) -> bool {
        self.secret.is_csrf(given)
    }

    /// What the forms of this browser carry.
    pub(super) fn csrf(&self) -> String {
        self.secret.csrf()
    }

    /// The secret of a second factor that this browser is about to enrol.
    pub(super) fn factor(&self, email: &str) -> Vec<u8> {
        self.secret.factor(email)
    }

    /// Begins a session under a new secret: one that somebody planted before is worth nothing. The browser hears of it by
    /// [`Self::renew`], once the transaction is committed.
    pub(super) async fn begin(&self, tx: &mut Tx, email: &str, stage: Stage) -> anyhow::Result<Renewal> {
        let now = self.web.clock().now();
        self.end(tx).await?;
        let mut renewal = Renewal::signed_out();
        session::begin(tx, renewal.secret.hash(), email, stage, now, now - LONGEST).await?;
        if stage == Stage::SignedIn {
            let device = self.device.clone().unwrap_or_else(Secret::new);
            session::remember_device(tx, device.hash(), email, now, now - DEVICE_FOR).await?;
            renewal.device = Some(device);
        }
        renewal.session = Some(Session { email: email.to_owned(), stage, created_at: now, used_at: now });
        Ok(renewal)
    }

    /// Ends this browser's session. The browser forgets its secret by [`Self::renew`].
    pub(super) async fn end(&self, tx: &mut Tx) -> anyhow::Result<()> {
        session::end(tx, self.secret.hash()).await
    }

    /// Goes on under a new secret.
    pub(super) fn renew(&mut self, renewal: Renewal) {
        let https = self.web.settings().is_https();
        self.secret = renewal.secret;
        self.session = renewal.session;
        self.cookies.extend(self.secret.cookie(Jar::Session, https));
        if let Some(device) = renewal.device {
            self.cookies.extend(device.cookie(Jar::Device, https));
            self.device = Some(device);
        }
    }

    /// Goes on in another language, which the browser remembers.
    pub(super) fn speak(&mut self, language: Language) {
        self.language = language;
        self.cookies.extend(language_cookie(language));
    }

    /// A text in the visitor's language.
    pub(super) fn say(&self, word: Word) -> String {
        self.web.pages().say(self.language, word)
    }

    /// A page of one message, with a link to where it goes on.
    pub(super) fn message(&self, status: StatusCode, title: Word, text: Word, link: (&str, Word)) -> Response {
        let values = json!({ "text": self.say(text), "link": link.0, "label": self.say(link.1) });
        self.page(status, Page::Message, self.say(title), &values, None)
    }

    /// The answer to a path that leads nowhere, or to what this visitor may not see: the same for both.
    pub(super) fn not_found(&self) -> Response {
        self.message(StatusCode::NOT_FOUND, Word::NotFound, Word::NotFoundText, ("/", Word::ToStart))
    }

    /// Something of ours, or the directory, failed; told to the administrator once, here.
    pub(super) fn fault(&self, error: &anyhow::Error) -> Response {
        tracing::error!(event = "web.fault", "a page could not be made: {error:#}");
        let (status, title, text) = match error.downcast_ref::<Fault>() {
            Some(fault) if fault.is_unsure => (StatusCode::SERVICE_UNAVAILABLE, Word::Unsure, Word::UnsureText),
            Some(fault) if fault.cause != Cause::Ours => (StatusCode::SERVICE_UNAVAILABLE, Word::Away, Word::AwayText),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, Word::Broken, Word::BrokenText),
        };
        self.message(status, title, text, ("/", Word::ToStart))
    }

    /// What came of an attempt to answer.
    pub(super) fn answer(&self, answered: anyhow::Result<Response>) -> Response {
        answered.unwrap_or_else(|error| self.fault(&error))
    }

    /// Sends the browser to another page of ours by GET.
    pub(super) fn redirect(&self, path: &str) -> Response {
        match HeaderValue::try_from(path) {
            Ok(path) => self.finish((StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()),
            Err(_) => self.not_found(),
        }
    }

    /// A page whose title is its own.
    pub(super) fn show(&self, page: Page, values: &impl Serialize) -> Response {
        self.page(StatusCode::OK, page, self.web.pages().title(self.language, page), values, None)
    }

    /// A page with a form, and what is wrong with what was typed.
    pub(super) fn form(&self, page: Page, title: Option<String>, values: &Value, form: &Form) -> Response {
        let title = title.unwrap_or_else(|| self.web.pages().title(self.language, page));
        let mut values = if let Value::Object(values) = values { values.clone() } else { Map::new() };
        values.insert("form".to_owned(), form.values(|word| self.say(word)));
        self.page(form.status(), page, title, &values, Some(form))
    }

    /// A whole page.
    pub(super) fn page(
        &self,
        status: StatusCode,
        page: Page,
        title: String,
        values: &impl Serialize,
        form: Option<&Form>,
    ) -> Response {
        let values = match serde_json::to_value(values) {
            Ok(Value::Object(values)) => values,
            _ => Map::new(),
        };
        match self.web.pages().render(page, self.frame(page, title, form), values) {
            Ok(html) => self.finish((status, Html(html)).into_response()),
            Err(error) => unmade(&error),
        }
    }

    fn frame(&self, page: Page, title: String, form: Option<&Form>) -> Map<String, Value> {
        let languages = Language::ALL.map(|language| {
            json!({ "code": language.code(), "name": language.own_name(), "current": language == self.language })
        });
        let news = self.parameter("news").and_then(Word::news);
        let frame = json!({
            "language": self.language.code(),
            "languages": languages,
            "desk": self.web.config().desk.name,
            "title": title,
            "csrf": self.csrf(),
            "signed_in": self.signed_in().is_some(),
            "person": self.signed_in().unwrap_or_default(),
            "in_cases": page.is_about_cases(),
            "in_profile": page.is_about_profile(),
            "elsewhere": self.web.directory().is_elsewhere(),
            "problems": form.map(|form| form.problems(|word| self.say(word))).unwrap_or_default(),
            "news": news.filter(|_| form.is_none_or(Form::is_fine)).map(|word| self.say(word)).unwrap_or_default(),
        });
        if let Value::Object(frame) = frame { frame } else { Map::new() }
    }

    /// A parameter of the query, as it stands there: ours need no escapes.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// Adds the cookies that this visit sets.
    pub(super) fn finish(&self, mut response: Response) -> Response {
        for cookie in &self.cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
        response
    }
}

/// A session of the future was begun or used while the clock was ahead: it would last until that time comes again.
fn lives(session: &Session, now: Timestamp) -> bool {
    let idle = if session.stage == Stage::Code { FOR_CODE } else { IDLE };
    let age = |at: Timestamp, most: SignedDuration| (-SLACK..most).contains(&now.duration_since(at));
    age(session.used_at, idle) && age(session.created_at, LONGEST)
}

fn language_cookie(language: Language) -> Option<HeaderValue> {
    cookies::set(LANGUAGE, language.code(), Lives::Year, false)
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
