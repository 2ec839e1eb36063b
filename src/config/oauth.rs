//! `[oauth.NAME]`: where access tokens for mailboxes and transports come from (RFC 6749).

use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;
use rustls::SignatureScheme;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::Signer;
use secrecy::{ExposeSecret, SecretString};

/// A provider of access tokens, and what we are to it.
#[derive(Debug, Clone)]
pub struct OAuth {
    /// The name in the file, in the database and in commands.
    pub name: String,
    /// What tokens are asked for by.
    pub grant: Grant,
    /// The token endpoint (RFC 6749 §3.2).
    pub token_url: String,
    /// The client identifier (RFC 6749 §2.2); of a service account its address.
    pub client_id: String,
    /// How we prove to be that client.
    pub client: ClientAuth,
    /// What the tokens are to allow (RFC 6749 §3.3).
    pub scopes: Vec<String>,
    /// Certificates (PEM) trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Limit on every request.
    pub timeout: Duration,
    /// The day on which the client secret or certificate ends, where the administrator wrote it down.
    pub ends: Option<Date>,
}

/// What an access token is asked for by.
#[derive(Debug, Clone)]
pub enum Grant {
    /// The client's own right (RFC 6749 §4.4): application permission at Microsoft.
    ClientCredentials,
    /// Somebody signs in once on another device (RFC 8628).
    DeviceCode {
        /// The device authorization endpoint.
        device_url: String,
    },
    /// Somebody signs in once in a browser on this machine (RFC 6749 §4.1 with RFC 7636 and RFC 8252 §7.3).
    AuthorizationCode {
        /// The authorization endpoint.
        authorization_url: String,
    },
    /// A signed statement about the mailbox's user (RFC 7523 §2.1): a service account at Google.
    JwtBearer {
        /// What the statement is signed with.
        key: SigningKey,
    },
}

impl Grant {
    /// Whether somebody must sign in before there is any token.
    pub fn is_delegated(&self) -> bool {
        matches!(self, Self::DeviceCode { .. } | Self::AuthorizationCode { .. })
    }

    /// The word of the file.
    pub fn word(&self) -> &'static str {
        match self {
            Self::ClientCredentials => "client_credentials",
            Self::DeviceCode { .. } => "device_code",
            Self::AuthorizationCode { .. } => "authorization_code",
            Self::JwtBearer { .. } => "jwt_bearer",
        }
    }
}

/// How a client proves to be itself at the token endpoint.
#[derive(Debug, Clone)]
pub enum ClientAuth {
    /// It does not: a public client (RFC 6749 §2.1).
    None,
    /// The secret in the Authorization header (RFC 6749 §2.3.1).
    Basic(SecretString),
    /// The secret in the form.
    Post(SecretString),
    /// A signed statement about itself (RFC 7523 §2.2).
    PrivateKeyJwt(SigningKey),
}

/// A private RSA key that signs statements, and how its owner knows it again.
#[derive(Debug, Clone)]
pub struct SigningKey {
    /// PEM; empty when the configuration was read with [`Secrets::Leave`](super::Secrets::Leave).
    pub pem: SecretString,
    /// The `kid` of RFC 7515 §4.1.4.
    pub key_id: Option<String>,
    /// The certificate in DER, whose SHA-256 is the `x5t#S256` of RFC 7515 §4.1.8: how Microsoft knows a key.
    pub certificate: Option<Vec<u8>>,
}

impl SigningKey {
    /// Signs by RSASSA-PKCS1-v1_5 with SHA-256, the RS256 of RFC 7518 §3.3; `None` where the text holds no such key.
    pub fn signer(&self) -> Option<Box<dyn Signer>> {
        let key = PrivateKeyDer::from_pem_slice(self.pem.expose_secret().as_bytes()).ok()?;
        let key = rustls::crypto::ring::sign::any_supported_type(&key).ok()?;
        key.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256])
    }
}
