//! The accounts that are read.

use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Credential, Tls};
use crate::mail::language::Language;

/// An account that is read, with the address it serves.
#[derive(Debug, Clone)]
pub struct Mailbox {
    /// The name in the file, in tables and in commands.
    pub name: String,
    /// The desk's address: customers write to it, our mails come from it. Normalised.
    pub address: String,
    /// Further addresses that reach this mailbox. Normalised.
    pub aliases: Vec<String>,
    /// The engineers who are told of its tickets.
    pub queue: String,
    /// Whether `local+token@domain` reaches this mailbox.
    pub plus_addressing: bool,
    /// Name of the transport its mails go out by.
    pub transport: String,
    /// Language assumed when a text does not tell.
    pub language: Option<Language>,
    /// What of it is history when it is seen for the first time.
    pub first_start: FirstStart,
    /// Where its mails come from.
    pub source: Source,
}

/// Which mails are answered of those that are in a mailbox when it is seen for the first time. What arrived before is history: kept, and
/// answered by nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstStart {
    /// All of them.
    All,
    /// Those that arrived within this time.
    Within(SignedDuration),
    /// Those that arrived since.
    Since(Timestamp),
}

impl FirstStart {
    /// Mails that arrived before this are history; `None` when none is.
    pub fn before(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::All => None,
            Self::Within(time) => Some(now.saturating_sub(time).unwrap_or(Timestamp::MIN)),
            Self::Since(start) => Some(start),
        }
    }
}

impl Mailbox {
    /// Whether copies of its mails go into a folder of its account.
    pub fn keeps_sent(&self) -> bool {
        matches!(&self.source, Source::Imap(imap) if imap.sent_folder.is_some())
    }
}

/// Where a mailbox's mails come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// An IMAP account.
    Imap(Box<Imap>),
    /// A Maildir on this machine.
    Maildir(Maildir),
    /// Only through `caseway ingest`.
    Pipe,
}

/// An IMAP account (RFC 3501/9051).
#[derive(Debug, Clone)]
pub struct Imap {
    /// Name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// The account's user name.
    pub user: String,
    /// What proves that the account is ours.
    pub credential: Credential,
    /// How user and password are said.
    pub mechanism: ImapAuth,
    /// The folder that is read.
    pub folder: String,
    /// What the server is told about a mail that is durable here.
    pub after: After,
    /// The folder in which copies of sent mails are kept; another one than `folder`.
    pub sent_folder: Option<String>,
    /// Use IDLE (RFC 2177) where the server has it.
    pub idle: bool,
    /// Use COMPRESS=DEFLATE (RFC 4978) where the server has it.
    pub compress: bool,
    /// Polling interval: the fallback without IDLE and the safety net beside it.
    pub poll: Duration,
    /// Limit on every command.
    pub timeout: Duration,
    /// Most mails in one batch; a batch also ends at 4 MB.
    pub batch: u32,
}

/// How user and password are said to an IMAP server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImapAuth {
    /// The LOGIN command (RFC 3501 §6.2.3).
    Login,
    /// AUTHENTICATE PLAIN (RFC 4616): for passwords and names beyond ASCII.
    Plain,
}

/// What the server is told once a mail is durable here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// Nothing: the mail stays as it is.
    Keep,
    /// It is marked as read.
    Seen,
    /// It is moved to a folder: an IMAP folder's name, or the path of another Maildir.
    Move(String),
    /// It is removed.
    Delete,
}

/// A Maildir (new/, cur/, tmp/).
#[derive(Debug, Clone)]
pub struct Maildir {
    /// The folder that has `new`, `cur` and `tmp`.
    pub path: PathBuf,
    /// `Seen` moves new/ to cur/ with the S flag; `Delete` removes; `Move` takes a folder path.
    pub after: After,
    /// How often it is looked at.
    pub poll: Duration,
}
