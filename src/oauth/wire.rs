//! One exchange with a provider's endpoints: a form, its answer or the reason why there is none.

use std::time::Duration;

use data_encoding::BASE64;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{Request, StatusCode};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::OnceCell;

use super::advice;
use super::assertion::{self, Statement};
use super::fault::Fault;
use super::form::{Form, encoded};
use crate::config::{ClientAuth, Grant, OAuth, SigningKey};
use crate::http::{self, Http};
use crate::mail::address::mask_all;

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// What a statement about a client is called (RFC 7523 §2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// Octets of an answer that are read.
const MAX_ANSWER: usize = 256 * 1024;
/// Characters of the provider's own words that are passed on.
const MAX_WORDS: usize = 300;

/// Speaks with one provider.
#[derive(Debug)]
pub struct Wire {
    pub(super) config: OAuth,
    /// Made when first needed: reading certificates takes a while, and a broken file must be curable at run time.
    http: OnceCell<Http>,
}

/// What a provider granted (RFC 6749 §5.1).
#[derive(Debug, Clone)]
pub struct Granted {
    /// The access token.
    pub access: SecretString,
    /// A new refresh token, where there is one.
    pub refresh: Option<SecretString>,
    /// How long the access token lives.
    pub life: Option<SignedDuration>,
    /// What it allows, where that differs from what was asked for.
    pub scopes: Option<String>,
}

/// The answer of a token endpoint.
#[derive(Deserialize)]
struct Answer {
    access_token: SecretString,
    refresh_token: Option<SecretString>,
    expires_in: Option<Seconds>,
    scope: Option<String>,
}

/// Some providers write the number as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(i64),
    Text(String),
}

impl Seconds {
    fn read(&self) -> Option<SignedDuration> {
        let seconds = match self {
            Self::Number(seconds) => *seconds,
            Self::Text(text) => text.trim().parse().ok()?,
        };
        (seconds > 0).then(|| SignedDuration::from_secs(seconds))
    }
}

/// An error of a token endpoint (RFC 6749 §5.2).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Refusal {
    pub(super) error: String,
    pub(super) error_description: String,
}

/// What a request came to.
pub(super) enum Told {
    Granted(Bytes),
    Refused(StatusCode, Refusal),
}

impl Wire {
    pub(super) fn new(config: OAuth) -> Self {
        Self { config, http: OnceCell::new() }
    }

    /// Asks for an access token without anybody's help.
    pub(super) async fn renew(
        &self,
        subject: &str,
        refresh: Option<&SecretString>,
        now: Timestamp,
    ) -> Result<Granted, Fault> {
        let form = match (&self.config.grant, refresh) {
            (Grant::JwtBearer { key }, _) => {
                let scopes = &self.config.scopes;
                Form::new(JWT_BEARER).with("assertion", self.statement(key, subject, scopes, now)?)
            }
            (_, Some(refresh)) => Form::new("refresh_token").with_secret("refresh_token", refresh),
            (_, None) => Form::new("client_credentials").with_scopes(&self.config.scopes),
        };
        self.grant(form, now).await
    }

    /// Posts a form to the token endpoint and reads what it grants.
    pub(super) async fn grant(&self, form: Form, now: Timestamp) -> Result<Granted, Fault> {
        match self.post(&self.config.token_url, form, now).await? {
            Told::Granted(body) => self.granted(&body),
            Told::Refused(status, refusal) => Err(self.refused(status, &refusal)),
        }
    }

    pub(super) fn granted(&self, body: &Bytes) -> Result<Granted, Fault> {
        // The parser's own words may repeat what it read.
        let answer: Answer = serde_json::from_slice(body).map_err(|_| {
            Fault::temporary(format!("{}: the answer holds no token; check `token_url`", self.config.token_url))
        })?;
        Ok(Granted {
            access: answer.access_token,
            refresh: answer.refresh_token,
            life: answer.expires_in.and_then(|seconds| seconds.read()),
            scopes: answer.scope,
        })
    }

    /// Posts a form, with the proof of who we are, and gives the answer whatever it is.
    pub(super) async fn post(&self, url: &str, form: Form, now: Timestamp) -> Result<Told, Fault> {
        let request = self.request(url, form, now)?;
        let (status, body) = self.exchange(url, request).await?;
        if status.is_success() {
            return Ok(Told::Granted(body));
        }
        Ok(Told::Refused(status, serde_json::from_slice(&body).unwrap_or_default()))
    }

    fn request(&self, url: &str, form: Form, now: Timestamp) -> Result<Request<Full<Bytes>>, Fault> {
        let id = self.config.client_id.as_str();
        let mut request = Request::post(url).header(header::CONTENT_TYPE, FORM).header(header::ACCEPT, JSON);
        // Whose statement is the grant itself says who it is.
        let form = match &self.config.client {
            ClientAuth::None if matches!(self.config.grant, Grant::JwtBearer { .. }) => form,
            ClientAuth::None => form.with("client_id", id),
            ClientAuth::Post(secret) => form.with("client_id", id).with_secret("client_secret", secret),
            ClientAuth::PrivateKeyJwt(key) => form
                .with("client_id", id)
                .with("client_assertion_type", ASSERTION_TYPE)
                .with("client_assertion", self.statement(key, id, &[], now)?),
            ClientAuth::Basic(secret) => {
                let pair = format!("{}:{}", encoded(id), encoded(secret.expose_secret()));
                let mut value = HeaderValue::from_str(&format!("Basic {}", BASE64.encode(pair.as_bytes())))
                    .map_err(|_| Fault::signed_out("the client secret cannot be written into a header"))?;
                value.set_sensitive(true);
                request = request.header(header::AUTHORIZATION, value);
                form
            }
        };
        request
            .header(header::USER_AGENT, concat!("caseway/", env!("CARGO_PKG_VERSION")))
            .body(Full::new(Bytes::from(form.encoded())))
            .map_err(|error| Fault::signed_out(format!("{url}: {error}; check the addresses under [oauth]")))
    }

    fn statement(&self, key: &SigningKey, subject: &str, scopes: &[String], now: Timestamp) -> Result<String, Fault> {
        let (issuer, audience) = (self.config.client_id.as_str(), self.config.token_url.as_str());
        assertion::signed(key, &Statement { issuer, subject, audience, scopes }, rand::random(), now)
            .map_err(|what| Fault::signed_out(format!("the signed statement for {}: {what}", self.config.name)))
    }

    async fn exchange(&self, url: &str, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes), Fault> {
        let client = self.http.get_or_try_init(|| http::client(self.config.ca_file.clone())).await;
        let client = client.map_err(|error| Fault::signed_out(format!("{error:#}")))?;
        let limit: Duration = self.config.timeout;
        let answered = async {
            let answer = client.request(request).await.map_err(|error| {
                let causes = http::causes(&error).join(": ");
                Fault::temporary(format!("{url}: cannot be reached: {causes}; it is tried again"))
            })?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, MAX_ANSWER).collect().await;
            let body = body.map_err(|error| {
                Fault::temporary(format!("{url}: the answer broke off: {error}; it is tried again"))
            })?;
            Ok((head.status, body.to_bytes()))
        };
        tokio::time::timeout(limit, answered)
            .await
            .unwrap_or_else(|_| Err(Fault::temporary(format!("{url}: no answer within {limit:?}; it is tried again"))))
    }

    /// A refusal in words: the provider's, on one line and without addresses, and what to do.
    pub(super) fn refused(&self, status: StatusCode, refusal: &Refusal) -> Fault {
        let (error, description) = (refusal.error.as_str(), refusal.error_description.as_str());
        let words: String =
            [error, description].join(" ").chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let words = mask_all(words.chars().take(MAX_WORDS).collect::<String>().trim());
        let told =
            format!("{}: {}{}{words}", self.config.token_url, status.as_u16(), if words.is_empty() { "" } else { " " });
        let is_busy =
            status.is_server_error() || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
        if is_busy || advice::passes(error, description) {
            return Fault::temporary(format!("{told}; it is tried again"));
        }
        let advice = advice::token_endpoint(error, description, self.config.grant.is_delegated());
        Fault::signed_out(format!("{told}; {advice}"))
    }
}
