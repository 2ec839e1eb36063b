//! One exchange with the identity provider: a request, its answer or the reason why there is none.

use std::time::Duration;

use anyhow::Context;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request, StatusCode};
use hyper_util::client::legacy;
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::wire::Complaint;
use crate::config;
use crate::directory::{Cause, Fault};
use crate::http::{self, Http};
use crate::mail::address::mask_all;
use crate::time::Clock;

/// RFC 7644 §3.1.
const SCIM_JSON: HeaderValue = HeaderValue::from_static("application/scim+json");
/// Octets of an answer that are read.
const MAX_ANSWER: usize = 4_000_000;
/// RFC 7644 §3.12: the value is not fit for its attribute.
const INVALID_VALUE: &str = "invalidValue";
/// Characters of the provider's own words that are passed on.
const MAX_DETAIL: usize = 200;
/// A provider that wants us to wait longer than this is asked again after it all the same.
const MAX_RETRY_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// Speaks with one identity provider.
#[derive(Debug, Clone)]
pub struct Client {
    http: Http,
    base: String,
    token: SecretString,
    timeout: Duration,
    clock: Clock,
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    body: Bytes,
    retry_after: Option<SignedDuration>,
    location: String,
}

impl Client {
    /// Reads the certificates that are to be trusted; connects to nothing yet.
    pub async fn new(config: &config::Scim, clock: Clock) -> anyhow::Result<Self> {
        Ok(Self {
            http: http::client(config.ca_file.clone()).await?,
            base: config.url.clone(),
            token: config.token.clone(),
            timeout: config.timeout,
            clock,
        })
    }

    /// Asks for something.
    pub async fn get(&self, path: &str) -> Result<Reply, Fault> {
        self.exchange(Method::GET, path, None, None).await
    }

    /// Asks for something to be created.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Reply, Fault> {
        self.exchange(Method::POST, path, None, Some(body)).await
    }

    /// Asks for something to be changed, in the version we know when it has one.
    pub async fn patch(&self, path: &str, version: Option<&str>, body: &Value) -> Result<Reply, Fault> {
        self.exchange(Method::PATCH, path, version, Some(body)).await
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        version: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Reply, Fault> {
        let request =
            self.request(method, path, version, body).map_err(|error| Fault::permanent(format!("{error:#}")))?;
        // What was sent and not answered may have been done.
        let unanswered = |fault: Fault| if body.is_some() { fault.unsure() } else { fault };
        let answered = async {
            let answer = self.http.request(request).await.map_err(|error| match error.is_connect() {
                true => self.unreachable(&error),
                false => unanswered(self.unreachable(&error)),
            })?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, MAX_ANSWER).collect().await;
            let body = body.map_err(|error| {
                unanswered(Fault::temporary(format!("{}: the answer broke off: {error}", self.base)))
            })?;
            Ok(Reply {
                status: head.status,
                body: body.to_bytes(),
                retry_after: self.retry_after(&head.headers),
                location: text(&head.headers, header::LOCATION),
            })
        };
        tokio::time::timeout(self.timeout, answered).await.unwrap_or_else(|_| {
            let what = format!("{}: no answer within {:?}; is it overloaded?", self.base, self.timeout);
            Err(unanswered(Fault::temporary(what)))
        })
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        version: Option<&str>,
        body: Option<&Value>,
    ) -> anyhow::Result<Request<Full<Bytes>>> {
        let mut token = HeaderValue::from_str(&format!("Bearer {}", self.token.expose_secret()))
            .context("the token of the identity provider has characters that no token has")?;
        token.set_sensitive(true);
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(header::AUTHORIZATION, token)
            .header(header::ACCEPT, SCIM_JSON)
            .header(header::USER_AGENT, concat!("caseway/", env!("CARGO_PKG_VERSION")));
        if let Some(version) = version {
            request = request.header(header::IF_MATCH, version);
        }
        let bytes = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, SCIM_JSON);
                Bytes::from(serde_json::to_vec(body).context("writing a request")?)
            }
            None => Bytes::new(),
        };
        request.body(Full::new(bytes)).context("making a request to the identity provider")
    }

    fn unreachable(&self, error: &legacy::Error) -> Fault {
        let causes = http::causes(error);
        let advice = if causes.iter().any(|cause| cause.contains("certificate")) {
            "for a certificate of your own, name its authority in ca_file"
        } else {
            "check `url`, and whether this machine may connect to it"
        };
        Fault::temporary(format!("{}: cannot be reached: {}; {advice}", self.base, causes.join(": ")))
    }

    /// RFC 9110 §10.2.3: seconds, or a date.
    fn retry_after(&self, headers: &HeaderMap) -> Option<SignedDuration> {
        let written = text(headers, header::RETRY_AFTER);
        let wait = match written.trim().parse::<u32>() {
            Ok(seconds) => SignedDuration::from_secs(i64::from(seconds)),
            Err(_) => {
                let at = jiff::fmt::rfc2822::parse(written.trim()).ok()?.timestamp();
                at.duration_since(self.clock.now())
            }
        };
        Some(wait.clamp(SignedDuration::ZERO, MAX_RETRY_AFTER))
    }

    /// What an answer says that we did not hope for. The provider's words are left out where they might repeat a secret.
    /// A value that is refused is then the password; other refusals concern what the provider can do, not what was typed.
    pub fn refused(&self, reply: &Reply, doing: &str, is_secret: bool) -> Fault {
        let status = reply.status.as_u16();
        let complaint: Complaint = serde_json::from_slice(&reply.body).unwrap_or_default();
        let is_password = is_secret && status == 400 && complaint.scim_type.as_deref() == Some(INVALID_VALUE);
        let word = complaint.scim_type.and_then(shown).map(|word| format!(" ({word})")).unwrap_or_default();
        let detail = complaint.detail.filter(|_| !is_secret).and_then(shown);
        let detail = detail.map(|detail| format!(": {detail}")).unwrap_or_default();
        let what = |advice: &str| format!("{}: {doing}: {status}{word}{detail}{advice}", self.base);
        match status {
            401 | 403 => Fault::temporary(what("; it refuses our token: check `token` and what it allows")),
            404 => Fault::temporary(what("; check `url`: there seems to be no SCIM service")),
            300..=399 => {
                let to = shown(reply.location.clone()).map(|to| format!(" to {to}")).unwrap_or_default();
                Fault::temporary(what(&format!("; it sends us{to}: write the service's own address as `url`")))
            }
            408 | 429 | 500..=599 => {
                Fault { retry_after: reply.retry_after, ..Fault::temporary(what("; it is tried again")) }
            }
            _ if is_password => Fault { cause: Cause::Password, ..Fault::permanent(what("")) },
            _ => Fault::permanent(what("")),
        }
    }

    /// An answer that cannot be understood.
    pub fn parsed<T: DeserializeOwned>(&self, reply: &Reply, doing: &str) -> Result<T, Fault> {
        serde_json::from_slice(&reply.body).map_err(|error| {
            let what = format!("{}: {doing}: the answer is no SCIM: {error}; check `url`", self.base);
            Fault::temporary(mask_all(&what))
        })
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// A stranger's words on one line, when there are any.
fn shown(text: String) -> Option<String> {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_DETAIL).collect();
    Some(mask_all(line.trim())).filter(|line| !line.is_empty())
}
