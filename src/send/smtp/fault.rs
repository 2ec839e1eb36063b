//! Why a server cannot be used: what happened, where, and what to do.

use std::fmt;
use std::io;

use super::wire::Reply;
use crate::send::ending::{self, Ending};
use crate::tls;

/// A server that cannot be used, before any mail was offered to it. Readable as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}; {advice}")]
pub struct Fault {
    /// `host:port`.
    pub place: String,
    /// What it means for mail and server.
    pub kind: FaultKind,
    /// What happened, with the server's own words where it said any.
    pub problem: String,
    /// What a person can do about it.
    pub advice: &'static str,
}

/// At which step a server turned out to be unusable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// No connection, or it broke or fell silent before mail could be offered.
    Unreachable,
    /// A 4xx greeting or answer to EHLO.
    Busy,
    /// A 5xx greeting or answer to EHLO.
    Refused,
    /// STARTTLS is configured and not to be had.
    StartTls,
    /// The TLS handshake failed, or the CA file is unusable.
    Tls,
    /// User and password were refused, or the server knows no mechanism that we know.
    Login,
    /// There is no access token, or the server looked at it and refused it.
    Token,
    /// The login was refused for now (4xx).
    LoginLater,
}

impl Fault {
    pub(super) fn new(kind: FaultKind, place: &str, problem: impl fmt::Display) -> Self {
        Self { place: place.to_owned(), kind, problem: problem.to_string(), advice: kind.advice() }
    }

    /// A TLS handshake that failed.
    pub(super) fn tls(place: &str, error: &io::Error) -> Self {
        let fault = Self::new(FaultKind::Tls, place, format!("TLS failed: {error}"));
        Self { advice: tls::advice(error).unwrap_or(fault.advice), ..fault }
    }

    /// As the end of an attempt at a mail.
    pub(super) fn into_ending(self) -> Ending {
        let fault = match self.kind {
            FaultKind::Unreachable | FaultKind::LoginLater => ending::Fault::Passing,
            FaultKind::Busy => ending::Fault::Throttled,
            FaultKind::Refused | FaultKind::StartTls | FaultKind::Tls | FaultKind::Login | FaultKind::Token => {
                ending::Fault::Lasting
            }
        };
        Ending::NotTried { error: self.to_string(), fault }
    }
}

impl FaultKind {
    fn advice(self) -> &'static str {
        match self {
            Self::Unreachable => {
                "check `host` and `port`, that the server runs, and that no firewall is between (a port that wants TLS at once, as 465, stays silent without it)"
            }
            Self::Busy => "the server asks for patience; mails go on by themselves",
            Self::Refused => "ask the server's administrator whether this machine may connect",
            Self::StartTls => "check `port` (587 usually has STARTTLS, 465 wants `tls = \"implicit\"`)",
            Self::Tls => "check `host` (the name in the certificate), `ca_file`, `tls` and `port`",
            Self::Login => {
                "check `user` and `password`, and whether the account may send by SMTP (an app password may be needed)"
            }
            Self::Token => "check `user`, what the token allows (caseway oauth status), and sign in again if need be",
            Self::LoginLater => "mails go on by themselves",
        }
    }
}

/// A negative reply while opening.
pub(super) fn refused(place: &str, step: &str, reply: &Reply) -> Fault {
    let kind = if reply.code >= 500 { FaultKind::Refused } else { FaultKind::Busy };
    Fault::new(kind, place, format!("the server answered {step} with: {}", reply.text()))
}

/// A connection that failed while opening.
pub(super) fn broken(place: &str, step: &str, error: &io::Error) -> Fault {
    Fault::new(FaultKind::Unreachable, place, failed(step, error))
}

/// What an error of the connection means to a person.
pub(super) fn failed(step: &str, error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        format!("the server closed the connection instead of answering {step}")
    } else {
        format!("the connection failed at {step}: {error}")
    }
}
