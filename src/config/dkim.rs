//! `[dkim.SELECTOR]`: keys that sign what we send (RFC 6376).

use std::sync::Arc;

use rustls::SignatureAlgorithm;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::SigningKey;
use secrecy::{ExposeSecret, SecretString};

use super::values;

/// Octets at the end of an Ed25519 key in its general form that are the key itself (RFC 8410 §4).
const ED25519: usize = 32;

/// A private key, and where receivers find its public half: `SELECTOR._domainkey.DOMAIN` (RFC 6376 §3.6.2.1).
#[derive(Debug, Clone)]
pub struct DkimKey {
    /// The name in the file and in the DNS.
    pub selector: String,
    /// Whose mails it signs: those from addresses of this domain and below it. In the DNS's letters (A-labels), lower case.
    pub domain: String,
    /// PEM; empty when the configuration was read with [`Secrets::Leave`](super::Secrets::Leave).
    pub pem: SecretString,
    /// What kind of key it is.
    pub kind: DkimKind,
}

/// The two kinds of keys that DKIM knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DkimKind {
    /// `rsa-sha256` (RFC 6376 §3.3.1): verified everywhere.
    Rsa,
    /// `ed25519-sha256` (RFC 8463): shorter, and not verified by many; beside an RSA key.
    Ed25519,
}

impl DkimKind {
    /// The word of the key's record (RFC 6376 §3.6.1, RFC 8463 §4).
    pub fn word(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ed25519 => "ed25519",
        }
    }

    /// What kind a private key is; `None` where the text holds none that signs here.
    pub fn of(pem: &str) -> Option<Self> {
        match loaded(pem)?.algorithm() {
            SignatureAlgorithm::RSA => Some(Self::Rsa),
            SignatureAlgorithm::ED25519 => Some(Self::Ed25519),
            _ => None,
        }
    }
}

impl DkimKey {
    /// A key of that name; what is wrong with it otherwise.
    pub fn new(selector: &str, domain: &str, pem: SecretString) -> Result<Self, String> {
        let kind =
            DkimKind::of(pem.expose_secret()).ok_or("no private key (PEM) of RSA, 2048 bits or more, or Ed25519")?;
        Ok(Self { selector: values::selector(selector)?, domain: values::domain(domain)?, pem, kind })
    }

    /// Where the public half belongs in the DNS.
    pub fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// The public half, as the record has it before base64: of RSA a SubjectPublicKeyInfo, which every receiver reads (RFC 6376, erratum 3017),
    /// of Ed25519 the bare key (RFC 8463 §4). `None` where the key was not read.
    pub fn public(&self) -> Option<Vec<u8>> {
        let key = loaded(self.pem.expose_secret())?.public_key()?.to_vec();
        Some(match self.kind {
            DkimKind::Rsa => key,
            DkimKind::Ed25519 => key.get(key.len().checked_sub(ED25519)?..)?.to_vec(),
        })
    }
}

fn loaded(pem: &str) -> Option<Arc<dyn SigningKey>> {
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).ok()?;
    rustls::crypto::ring::sign::any_supported_type(&key).ok()
}
