//! Signatures on what we send, with every key of the sender's domain.

use std::borrow::Cow;

use anyhow::{Context, anyhow};
use data_encoding::BASE64;
use mail_auth::common::crypto::{self, Algorithm, Ed25519Key, RsaKey, Sha256, SigningKey};
use mail_auth::common::headers::{HeaderWriter, Writable};
use mail_auth::dkim::DkimSigner;
use mail_auth::dkim::generate::DkimKeyPair;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use secrecy::{ExposeSecret, SecretString};

use crate::config::{DkimKey, DkimKind};
use crate::mail::headers::DECISIVE;
use crate::mail::{Headers, address};

/// What a signature covers besides what decides something, where the mail has it. Each is signed once more than it stands there
/// (RFC 6376 §8.15), so that nobody adds a second one. What a list on the way adds of its own may follow.
const ALSO: [&str; 2] = ["Auto-Submitted", "MIME-Version"];
/// Covered where they stand, and no further: lists on the way write their own.
const LISTS: &[&str] = &["List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"];
/// Bits of a new RSA key: what every receiver verifies (RFC 8301 §3.2), in a record that still fits into one answer.
const RSA_BITS: usize = 2048;

/// Signs mails.
#[derive(Debug, Default)]
pub struct Signer(Vec<Ready>);

/// A key that can sign.
struct Ready {
    selector: String,
    domain: String,
    key: crypto::DkimKey,
}

impl std::fmt::Debug for Ready {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}._domainkey.{}", self.selector, self.domain)
    }
}

impl Signer {
    /// Signs with these keys. Fails where one cannot sign, which the reading of the configuration finds first.
    pub fn new<'k>(keys: impl IntoIterator<Item = &'k DkimKey>) -> anyhow::Result<Self> {
        let ready = keys.into_iter().map(|key| {
            let name = || format!("the key of [dkim.{}]", key.selector);
            Ok(Ready {
                selector: key.selector.clone(),
                domain: key.domain.clone(),
                key: usable(key).with_context(name)?,
            })
        });
        Ok(Self(ready.collect::<anyhow::Result<_>>()?))
    }

    /// The mail with a signature of each key of its sender's domain on top; the mail as it is where there is none. Signed at `now` by the
    /// machine's own clock, so a retry bears another time.
    pub fn sign<'m>(&self, raw: &'m [u8]) -> anyhow::Result<Cow<'m, [u8]>> {
        if self.0.is_empty() {
            return Ok(Cow::Borrowed(raw));
        }
        let headers = Headers::of(raw);
        let Some(domain) = headers.first("From").and_then(sender_domain) else {
            return Ok(Cow::Borrowed(raw));
        };
        let covered = covered(&headers);
        let mut signed = Vec::new();
        for ready in self.0.iter().filter(|ready| ready.speaks_for(&domain)) {
            let header = ready.sign(&covered, raw).map_err(|error| anyhow!("signing with {ready:?}: {error}"))?;
            signed.extend_from_slice(header.as_bytes());
        }
        if signed.is_empty() {
            return Ok(Cow::Borrowed(raw));
        }
        signed.extend_from_slice(raw);
        Ok(Cow::Owned(signed))
    }
}

impl Ready {
    /// Of the domain itself and those below it: what DMARC's relaxed alignment asks for (RFC 9989).
    fn speaks_for(&self, domain: &str) -> bool {
        domain == self.domain || domain.strip_suffix(&self.domain).is_some_and(|below| below.ends_with('.'))
    }

    fn sign(&self, covered: &[&'static str], raw: &[u8]) -> mail_auth::Result<String> {
        let signer = DkimSigner::from_key(Lent(&self.key)).domain(&self.domain).selector(&self.selector);
        Ok(signer.headers(covered.iter().copied()).sign(raw)?.to_header())
    }
}

/// A key for one signature: the library's signer wants one of its own, and knows which headers it covers from the start.
struct Lent<'k>(&'k crypto::DkimKey);

impl SigningKey for Lent<'_> {
    type Hasher = Sha256;

    fn sign(&self, input: impl Writable) -> mail_auth::Result<Vec<u8>> {
        self.0.sign(input)
    }

    fn algorithm(&self) -> Algorithm {
        self.0.algorithm()
    }
}

fn sender_domain(from: &str) -> Option<String> {
    let address = address::usable(from).into_iter().next()?;
    Some(address.domain().to_owned())
}

fn covered(headers: &Headers) -> Vec<&'static str> {
    let stands = |name: &&&str| headers.first(name).is_some();
    let once_more = DECISIVE.iter().chain(&ALSO).filter(stands).flat_map(|name| [*name, *name]);
    once_more.chain(LISTS.iter().filter(stands).copied()).collect()
}

fn usable(key: &DkimKey) -> anyhow::Result<crypto::DkimKey> {
    let der = PrivateKeyDer::from_pem_slice(key.pem.expose_secret().as_bytes())?;
    let library = |error: mail_auth::Error| anyhow!("{error}");
    Ok(match key.kind {
        DkimKind::Rsa => RsaKey::<Sha256>::from_key_der(der).map_err(library)?.into(),
        DkimKind::Ed25519 => Ed25519Key::from_pkcs8_maybe_unchecked_der(der.secret_der()).map_err(library)?.into(),
    })
}

/// A new private key, PEM: of RSA as PKCS #1 (RFC 8017 §A.1.2), of Ed25519 as PKCS #8 (RFC 8410 §7).
pub fn keygen(kind: DkimKind) -> anyhow::Result<SecretString> {
    let (made, label) = match kind {
        DkimKind::Rsa => (DkimKeyPair::generate_rsa(RSA_BITS), "RSA PRIVATE KEY"),
        DkimKind::Ed25519 => (DkimKeyPair::generate_ed25519(), "PRIVATE KEY"),
    };
    let made = made.map_err(|error| anyhow!("making a key: {error}"))?;
    let text = BASE64.encode(made.private_key());
    let mut pem = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem.push_str(&format!("-----END {label}-----\n"));
    Ok(SecretString::from(pem))
}
