//! The accounts that are read.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{Credential, Tls, values};
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

impl FromStr for FirstStart {
    type Err = String;

    /// `"2d"`, `"all"` or a day, from its beginning in UTC.
    fn from_str(written: &str) -> Result<Self, String> {
        if written.trim() == "all" {
            return Ok(Self::All);
        }
        if let Ok(day) = written.trim().parse::<Date>() {
            let start = day.to_zoned(TimeZone::UTC).map_err(|_| format!("{written:?} is no day that can be"))?;
            return Ok(Self::Since(start.timestamp()));
        }
        values::duration(written).map(Self::Within).map_err(|_| {
            format!("{written:?} is neither a duration as \"2d\", nor a day as \"2026-03-01\", nor \"all\"")
        })
    }
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

    /// The queue that mails of a folder feed.
    pub fn queue_of(&self, folder: &str) -> &str {
        let own = self.folders().find(|own| own.name == folder).and_then(|own| own.queue.as_deref());
        own.unwrap_or(&self.queue)
    }

    /// All queues that its mails may feed: its own, which forms and rescued mails go to, and those of folders.
    pub fn queues(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.queue.as_str()).chain(self.folders().filter_map(|folder| folder.queue.as_deref()))
    }

    /// What reads one of its folders, for monitors and the log: the mailbox by its name, and with the folder behind it where it is not
    /// the first.
    pub fn reader(&self, folder: &str) -> String {
        match self.folders().next() {
            Some(first) if first.name != folder => format!("{}:{folder}", self.name),
            _ => self.name.clone(),
        }
    }

    /// Everything that reads it, by its names.
    pub fn readers(&self) -> Vec<String> {
        let readers: Vec<String> = self.folders().map(|folder| self.reader(&folder.name)).collect();
        if readers.is_empty() { vec![self.name.clone()] } else { readers }
    }

    fn folders(&self) -> impl Iterator<Item = &Folder> {
        let imap = match &self.source {
            Source::Imap(imap) => Some(imap),
            Source::Maildir(_) | Source::Pipe => None,
        };
        imap.into_iter().flat_map(|imap| imap.folders())
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
    pub folder: Folder,
    /// More folders that are read, each by a connection of its own.
    pub further: Vec<Folder>,
    /// What is done about mails in the folder for spam.
    pub junk: Junk,
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

impl Imap {
    /// All folders that are read; the first is the one whose connection does the rest, too.
    pub fn folders(&self) -> impl Iterator<Item = &Folder> {
        std::iter::once(&self.folder).chain(&self.further)
    }
}

/// A folder of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// As the administrator writes it: `/` stands for whatever the server puts between levels.
    pub name: String,
    /// The queue that its mails feed; `None` for the mailbox's.
    pub queue: Option<String>,
}

impl From<&str> for Folder {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), queue: None }
    }
}

/// What is done about mails that the server put into its folder for spam (`\Junk`, RFC 6154).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Junk {
    /// Those that prove to belong to a case are taken; nothing else of it is touched or kept.
    Rescue,
    /// It is read like every folder.
    Take,
    /// Nobody looks there.
    Ignore,
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
