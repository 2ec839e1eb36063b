//! What a token says of itself, when it is a JSON Web Token: read to explain a refusal, never believed.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

/// The claims that explain refusals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Claims {
    /// For whom the token was made (RFC 7519 §4.1.3): a text or a list.
    pub aud: Option<Value>,
    /// The end of its life, seconds since 1970.
    pub exp: Option<i64>,
    /// Delegated permissions (Microsoft).
    pub scp: Option<String>,
    /// Application permissions (Microsoft).
    pub roles: Option<Vec<String>>,
    /// Scopes (RFC 8693 §4.2).
    pub scope: Option<Value>,
    /// Whose mailbox, as Microsoft names people.
    pub upn: Option<String>,
    /// Whose mailbox, as others do.
    pub email: Option<String>,
}

impl Claims {
    /// The claims of a token; nothing for tokens that say nothing (opaque ones).
    pub fn of(token: &SecretString) -> Self {
        let body = token.expose_secret().split('.').nth(1).unwrap_or_default();
        let bytes = BASE64URL_NOPAD.decode(body.trim_end_matches('=').as_bytes()).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// What the token allows; empty when it does not say.
    pub fn scopes(&self) -> String {
        let roles = self.roles.as_ref().map(|roles| roles.join(" "));
        self.scp.clone().or(roles).or_else(|| self.scope.as_ref().map(listed)).unwrap_or_default()
    }

    /// In one line, the address masked: `for https://outlook.office.com, allows IMAP.AccessAsApp, until …`.
    pub fn words(&self) -> String {
        let allows = Some(self.scopes()).filter(|scopes| !scopes.is_empty());
        let user = self.upn.as_ref().or(self.email.as_ref()).map(|user| crate::mail::address::masked(user));
        let until = self.exp.and_then(|exp| Timestamp::from_second(exp).ok());
        let parts = [
            self.aud.as_ref().map(|aud| format!("for {}", listed(aud))),
            user.map(|user| format!("of {user}")),
            allows.map(|allows| format!("allows {allows}")),
            until.map(|until| format!("until {until:.0}")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// A text, or the texts of a list.
fn listed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(words) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        _ => String::new(),
    }
}
