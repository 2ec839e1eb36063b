//! What an answer means, however it comes.

use std::io;

use async_imap::imap_proto::{Capability, Outcome, ResponseCode, Status};

use super::bounds::Excess;
use super::error::{Command, ImapError, Refusal, words};

/// How a command ended well.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) read_only: bool,
    /// The server left some of the mails out that the command was about (RFC 9738).
    pub(super) ended_early: bool,
}

pub(super) fn done(name: Command, status: &Status, outcome: &Outcome<'_>) -> Result<Done, ImapError> {
    match status {
        Status::Ok => Ok(Done {
            read_only: matches!(outcome.code, Some(ResponseCode::ReadOnly)),
            ended_early: limit_said(outcome).is_some(),
        }),
        _ => {
            let text = said(outcome);
            let code = match outcome.code {
                Some(ResponseCode::TryCreate) => Refusal::TryCreate,
                _ => Refusal::read(&text),
            };
            // Of what is written to a folder, the same codes speak of that folder or that mail.
            let reads = matches!(name, "FETCH" | "SEARCH" | "SELECT" | "EXAMINE" | "CAPABILITY" | "NOOP");
            Err(if reads && code.is_about_account() {
                ImapError::Account { command: name, code, text }
            } else {
                ImapError::Refused { command: name, code, text }
            })
        }
    }
}

/// How many mails the server takes up in one command, where it says that it stopped there: `[MESSAGELIMIT 1000 23221]` (RFC 9738 §3.1),
/// with OK and with NO. The library leaves codes that it does not know before the words.
pub(super) fn limit_said(outcome: &Outcome<'_>) -> Option<usize> {
    let words = outcome.information.as_deref()?.strip_prefix('[')?;
    let mut parts = words.split([' ', ']']);
    let is_it = parts.next()?.eq_ignore_ascii_case("MESSAGELIMIT");
    parts.next().filter(|_| is_it)?.parse().ok()
}

/// The same, announced by a capability (RFC 9738 §3).
pub(super) fn limit_announced(capability: &str) -> Option<usize> {
    capability.strip_prefix("MESSAGELIMIT=")?.parse().ok()
}

pub(super) fn said(outcome: &Outcome<'_>) -> String {
    words(outcome.information.as_deref().unwrap_or_default())
}

pub(super) fn hung_up(command: Command) -> ImapError {
    ImapError::Lost { command, reason: "the server hung up".to_owned() }
}

pub(super) fn lost(command: Command, error: &io::Error) -> ImapError {
    if let Some(excess) = Excess::of(error) {
        return ImapError::Excess { command, what: excess.to_string() };
    }
    match error.kind() {
        // The library reports by this kind what it cannot parse, with the whole text, which may be a mail.
        io::ErrorKind::Other => ImapError::Garbled { command },
        io::ErrorKind::UnexpectedEof => {
            ImapError::Lost { command, reason: "the server hung up in the middle of an answer".to_owned() }
        }
        _ => ImapError::Lost { command, reason: words(&error.to_string()) },
    }
}

pub(super) fn capability_name(capability: &Capability<'_>) -> String {
    match capability {
        Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
        Capability::Auth(name) => format!("AUTH={}", name.to_ascii_uppercase()),
        Capability::Atom(name) => name.to_ascii_uppercase(),
    }
}
