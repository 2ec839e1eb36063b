//! The ways out, and how connections to mail servers are protected.

use std::path::PathBuf;
use std::time::Duration;

use jiff::SignedDuration;
use secrecy::SecretString;

/// How a connection is protected.
#[derive(Debug, Clone)]
pub enum Tls {
    /// TLS from the first byte.
    Implicit {
        /// Certificates (PEM) trusted besides the system's.
        ca_file: Option<PathBuf>,
    },
    /// Upgraded before anything secret is said; refused when the server does not offer it.
    StartTls {
        /// Certificates (PEM) trusted besides the system's.
        ca_file: Option<PathBuf>,
    },
    /// Plain: validated to be loopback or declared `insecure = true`.
    None,
}

/// What proves to a mail server that an account is ours.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A password; empty when the configuration was read with [`Secrets::Leave`](super::Secrets::Leave).
    Password(SecretString),
    /// An access token of the provider with this name, [`Config::oauth`](super::Config::oauth).
    OAuth(String),
}

impl Credential {
    /// The provider of access tokens, where it is one that proves us.
    pub fn provider(&self) -> Option<&str> {
        match self {
            Self::Password(_) => None,
            Self::OAuth(name) => Some(name),
        }
    }
}

/// A way out.
#[derive(Debug, Clone)]
pub enum Transport {
    /// An SMTP server.
    Smtp(Box<Smtp>),
    /// Every mail as an `.eml` file in a folder.
    Folder {
        /// Where the files are written. It must be there.
        path: PathBuf,
    },
}

/// An SMTP server (RFC 5321).
#[derive(Debug, Clone)]
pub struct Smtp {
    /// Name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// User and what proves them, when the server wants AUTH.
    pub login: Option<(String, Credential)>,
    /// The name said in EHLO.
    pub hello: Option<String>,
    /// Connections open at the same time, at most.
    pub connections: u32,
    /// Limit on every command.
    pub timeout: Duration,
    /// Longest time between first attempt and giving up.
    pub give_up_after: SignedDuration,
    /// First delay after a temporary failure; doubles up to `max_delay`.
    pub first_delay: SignedDuration,
    /// Longest delay between two attempts.
    pub max_delay: SignedDuration,
}
