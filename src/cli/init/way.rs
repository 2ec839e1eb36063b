//! Where the servers are, and how they are reached.

use crate::discover::Kind;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Guard {
    /// TLS from the first octet
    Implicit,
    /// Upgraded by STARTTLS
    Starttls,
    /// Plain, to this machine only
    None,
}

impl Guard {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Implicit => "implicit",
            Self::Starttls => "starttls",
            Self::None => "none",
        }
    }

    /// For people.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Implicit => "TLS",
            Self::Starttls => "STARTTLS",
            Self::None => "no TLS",
        }
    }
}

/// Where a server is and who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) guard: Guard,
    pub(super) user: String,
    /// Port and protection are usual ones that nobody told.
    pub(super) is_guessed: bool,
}

impl Way {
    pub(super) fn place(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("{host}:{} ({})", self.port, self.guard.words())
    }
}

/// Both servers of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Servers {
    pub(super) imap: Way,
    pub(super) smtp: Way,
}

/// RFC 8314 §3, RFC 6409 §3.1.
pub(super) fn port_of(kind: Kind, guard: Guard) -> u16 {
    match (kind, guard) {
        (Kind::Imap, Guard::Implicit) => 993,
        (Kind::Imap, Guard::Starttls | Guard::None) => 143,
        (Kind::Smtp, Guard::Implicit) => 465,
        (Kind::Smtp, Guard::Starttls) => 587,
        (Kind::Smtp, Guard::None) => 25,
    }
}
