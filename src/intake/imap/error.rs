//! What can go wrong with an IMAP server, said so that an administrator knows what to do.

use std::io;
use std::time::Duration;

use super::bounds::Excess;
pub use super::refusal::Refusal;

/// Names the command in the words of the protocol; never its arguments, which may be a password.
pub type Command = &'static str;

/// An IMAP connection or command that failed. `host`, `port` and `folder` are as configured, `text` is what the server
/// said, bounded and in one line, `reason` what the system or the TLS library said.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the fields' names are explained above, for all variants")]
pub enum ImapError {
    /// The name does not resolve.
    #[error("the host {host} is not found ({cause}); check `host` and the name service")]
    Resolve { host: String, cause: io::Error },
    /// Nothing listens there, or it cannot be reached.
    #[error("no connection to {host}:{port} ({cause}); check `port` and that no firewall is between")]
    Connect { host: String, port: u16, cause: io::Error },
    /// No TLS connection; the hint says why.
    #[error("no TLS connection to {host}:{port}: {reason}; {hint}")]
    Tls { host: String, port: u16, reason: String, hint: &'static str },
    /// The certificate authorities cannot be read.
    #[error("no certificate authorities: {0:#}")]
    Authorities(anyhow::Error),
    /// The server does not take STARTTLS, and nothing secret is said without it.
    #[error("{host}:{port} refuses STARTTLS ({text}); use `tls = \"implicit\"` with its port, usually 993")]
    StartTls { host: String, port: u16, text: String },
    /// The server does not greet as an IMAP server does, or sends us away at once.
    #[error("{host}:{port} does not greet as an IMAP server: {text}")]
    Greeting { host: String, port: u16, text: String },
    /// The server did not let us in. Its response code tells whether a person must act; `code` is [`Refusal::Other`] for a
    /// server that gives none, which means the password more often than not.
    #[error("the login was refused: {text}; {}", .code.advice())]
    Login { code: Refusal, text: String },
    /// The server looked at the access token and refused it, twice.
    #[error("the access token was refused: {text}")]
    Token { text: String },
    /// There is no access token to sign in with.
    #[error("no access token: {0}")]
    NoToken(String),
    /// The server will not work on this account for now, whichever mail is asked for. Mails wait there.
    #[error("the account cannot be read now ({command}: {text}); {}", .code.advice())]
    Account { command: Command, code: Refusal, text: String },
    /// The folder cannot be opened.
    #[error("the folder {folder:?} cannot be opened: {text}; {}", known_folders(.known))]
    Folder { folder: String, text: String, known: Vec<String> },
    /// A folder that mails are put into (`setting` names it) is not there and cannot be made.
    #[error("the folder {folder:?} cannot be opened or created: {text}; check `{setting}`{}", among(.known))]
    Target { folder: String, setting: &'static str, text: String, known: Vec<String> },
    /// The server does not number its mails durably (RFC 3501 §2.3.1.1).
    #[error("the folder {folder:?} has no UIDVALIDITY; this server cannot be read safely")]
    NoUids { folder: String },
    /// No answer in time. `hint` is for a wrong `tls`, which looks just like this.
    #[error("no answer to {command} within {limit:?}{hint}")]
    Timeout { command: Command, limit: Duration, hint: &'static str },
    /// NO or BAD: this command failed, the connection is fine.
    #[error("the server refused {command}: {text}")]
    Refused { command: Command, code: Refusal, text: String },
    /// The connection ended.
    #[error("the connection was lost during {command}: {reason}")]
    Lost { command: Command, reason: String },
    /// The server ended the connection politely (RFC 3501 §7.1.5).
    #[error("the server ended the connection: {text}")]
    Bye { text: String },
    /// The answer is not IMAP, or not such as we can read. What it was is left out: it may be a mail.
    #[error("the answer to {command} cannot be read as IMAP")]
    Garbled { command: Command },
    /// The server goes beyond every bound that a mail server has a use for; nothing of it was parsed.
    #[error(
        "the answer to {command} holds {what}; no mail server needs that, and the connection was ended. Is `host` a mail \
         server?"
    )]
    Excess { command: Command, what: String },
    /// The database could not take it.
    #[error("the database cannot take the mails now: {0:#}")]
    Store(anyhow::Error),
}

impl ImapError {
    /// The connection can still be used.
    pub fn connection_lives(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Folder { .. })
    }

    /// The server works, and not for this account: no mail is to blame.
    pub fn is_about_account(&self) -> bool {
        matches!(self, Self::Account { .. })
    }
}

fn known_folders(known: &[String]) -> String {
    match known {
        [] => "check `folder`".to_owned(),
        some => format!("there are: {}", some.join(", ")),
    }
}

fn among(known: &[String]) -> String {
    if known.is_empty() { String::new() } else { format!(" (there are: {})", known.join(", ")) }
}

/// The server's words, bounded, in one line.
pub(super) fn words(text: &str) -> String {
    let mut text: String = text.chars().filter(|c| !c.is_control()).take(200).collect();
    if text.is_empty() {
        text.push_str("without a word");
    }
    text
}

/// What an error of the library means.
pub(super) fn failed(command: Command, error: &async_imap::error::Error) -> ImapError {
    use async_imap::error::Error;
    match error {
        Error::Parse(_) => ImapError::Garbled { command },
        Error::Io(error) if let Some(excess) = Excess::of(error) => {
            ImapError::Excess { command, what: excess.to_string() }
        }
        Error::Io(error) if error.kind() == std::io::ErrorKind::Other => ImapError::Garbled { command },
        other => ImapError::Lost { command, reason: words(&other.to_string()) },
    }
}
