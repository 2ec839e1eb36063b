//! Signed statements (RFC 7523): a JSON Web Token (RFC 7519) in RS256.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::config::SigningKey;

/// Validity of a statement. Google refuses more than an hour, Microsoft more than ten minutes is of no use.
const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How far in the past a statement begins: providers refuse what begins after their own clock.
const SKEW: SignedDuration = SignedDuration::from_secs(30);

/// What a statement says.
pub(super) struct Statement<'a> {
    /// Who says it.
    pub(super) issuer: &'a str,
    /// Of whom.
    pub(super) subject: &'a str,
    /// To whom: the token endpoint.
    pub(super) audience: &'a str,
    /// What it asks for, in the statement itself where Google wants it; empty elsewhere.
    pub(super) scopes: &'a [String],
}

/// The statement, signed. Fails when the key cannot sign.
pub(super) fn signed(
    key: &SigningKey,
    statement: &Statement<'_>,
    id: [u8; 16],
    now: Timestamp,
) -> Result<String, &'static str> {
    let mut header = json!({ "typ": "JWT", "alg": "RS256" });
    if let Some(id) = &key.key_id {
        set(&mut header, "kid", json!(id));
    }
    if let Some(certificate) = &key.certificate {
        set(&mut header, "x5t#S256", json!(BASE64URL_NOPAD.encode(&Sha256::digest(certificate))));
    }
    let begins = now.as_second() - SKEW.as_secs();
    let mut claims = json!({
        "iss": statement.issuer,
        "sub": statement.subject,
        "aud": statement.audience,
        "iat": begins,
        "nbf": begins,
        "exp": now.as_second() + LIFE.as_secs(),
        "jti": HEXLOWER.encode(&id),
    });
    if !statement.scopes.is_empty() {
        set(&mut claims, "scope", json!(statement.scopes.join(" ")));
    }
    let words = format!("{}.{}", part(&header), part(&claims));
    let signer = key.signer().ok_or("its private key cannot sign (RSA, PEM)")?;
    let signature = signer.sign(words.as_bytes()).map_err(|_| "signing failed")?;
    Ok(format!("{words}.{}", BASE64URL_NOPAD.encode(&signature)))
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

fn part(value: &Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}
