//! The configuration after validation: every value here can be relied on.
//!
//! `raw` reads the file (unknown keys refused), `validate` turns it into these types and collects *all* problems
//! with their key paths.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use jiff::SignedDuration;
use secrecy::SecretString;

use crate::mail::language::Language;

/// Everything an administrator decides.
#[derive(Debug, Clone)]
pub struct Config {
    pub desk: Desk,
    pub database: Database,
    /// By name, at least one.
    pub mailboxes: BTreeMap<String, Mailbox>,
    /// By name, at least one.
    pub transports: BTreeMap<String, Transport>,
    pub trust: Trust,
    pub limits: Limits,
    pub log: Log,
    /// A folder whose files override the embedded templates one by one.
    pub templates: Option<PathBuf>,
}

/// Who we are to the customer.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The display name of the desk: `Example Support`.
    pub name: String,
    /// `CASE` in `CASE-1042`: letters and digits, upper case.
    pub case_prefix: String,
    pub default_language: Language,
    /// Opening hours in words, by language; shown in acknowledgements.
    pub hours: BTreeMap<Language, String>,
    /// Phone numbers as they should be read: `Helsinki +358 9 1234`.
    pub phones: Vec<String>,
    /// Links shown below acknowledgements, `(label, URL)`: knowledge base, community.
    pub links: Vec<(String, String)>,
    /// A notice shown in acknowledgements while an incident is declared, by language.
    pub incident: BTreeMap<Language, String>,
    /// How long after closing a reply reopens the ticket; later it opens a new, linked one.
    pub reopen_within: SignedDuration,
}

/// Where the truth is kept.
#[derive(Debug, Clone)]
pub struct Database {
    /// `sqlite:///var/lib/caseway/caseway.db`, built from a path or given in full.
    pub url: String,
}

/// An account that is read, with the address it serves.
#[derive(Debug, Clone)]
pub struct Mailbox {
    pub name: String,
    /// The desk's address: customers write to it, our mails come from it. Normalised.
    pub address: String,
    /// Further addresses that reach this mailbox. Normalised.
    pub aliases: Vec<String>,
    pub queue: String,
    /// Whether `local+token@domain` reaches this mailbox.
    pub plus_addressing: bool,
    /// Name of the transport its mails go out by.
    pub transport: String,
    /// Language assumed when a text does not tell.
    pub language: Option<Language>,
    pub source: Source,
}

/// Where a mailbox's mails come from.
#[derive(Debug, Clone)]
pub enum Source {
    Imap(Box<Imap>),
    Maildir(Maildir),
    /// Only through `caseway ingest`.
    Pipe,
}

/// An IMAP account (RFC 3501/9051).
#[derive(Debug, Clone)]
pub struct Imap {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub user: String,
    pub password: SecretString,
    pub mechanism: ImapAuth,
    pub folder: String,
    pub after: After,
    /// Use IDLE (RFC 2177) where the server has it.
    pub idle: bool,
    /// Use COMPRESS=DEFLATE (RFC 4978) where the server has it.
    pub compress: bool,
    /// Polling interval: the fallback without IDLE and the safety net beside it.
    pub poll: Duration,
    /// Limit on every command.
    pub timeout: Duration,
    /// Most mails in one batch; a batch also ends at 8 MB.
    pub batch: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImapAuth {
    Login,
    Plain,
}

/// How a connection is protected.
#[derive(Debug, Clone)]
pub enum Tls {
    /// TLS from the first byte.
    Implicit { ca_file: Option<PathBuf> },
    /// Upgraded before anything secret is said; refused when the server does not offer it.
    StartTls { ca_file: Option<PathBuf> },
    /// Plain: validated to be loopback or declared `insecure = true`.
    None,
}

/// What the server is told once a mail is durable here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    Keep,
    Seen,
    Move(String),
    Delete,
}

/// A Maildir (new/, cur/, tmp/).
#[derive(Debug, Clone)]
pub struct Maildir {
    pub path: PathBuf,
    /// `Seen` moves new/ to cur/ with the S flag; `Delete` removes; `Move` takes a folder path.
    pub after: After,
    pub poll: Duration,
}

/// A way out.
#[derive(Debug, Clone)]
pub enum Transport {
    Smtp(Box<Smtp>),
    /// Every mail as an `.eml` file in a folder.
    Folder {
        path: PathBuf,
    },
}

/// An SMTP server (RFC 5321).
#[derive(Debug, Clone)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    /// User and password, when the server wants AUTH.
    pub login: Option<(String, SecretString)>,
    /// The name said in EHLO.
    pub hello: Option<String>,
    pub connections: u32,
    /// Limit on every command.
    pub timeout: Duration,
    /// Longest time between first attempt and giving up.
    pub give_up_after: SignedDuration,
    /// First delay after a temporary failure; doubles up to `max_delay`.
    pub first_delay: SignedDuration,
    pub max_delay: SignedDuration,
}

/// Whom to believe.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The authserv-id of the `Authentication-Results` that our own server writes (RFC 8601 §2.5).
    pub authserv_id: Option<String>,
    /// Verify DKIM signatures ourselves (needs DNS) when nothing else proves an engineer.
    pub verify_dkim: bool,
    /// `ip:port` of the name server to ask instead of the system's.
    pub dns_server: Option<std::net::SocketAddr>,
}

/// Bounds on what one mail or one correspondent may cause.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Octets of a mail that is taken whole (25 MB).
    pub mail_size: u64,
    /// Octets of attachments passed on with one relay or notification.
    pub attach_size: u64,
    /// Automatic mails to one address: (window, most), every window holds.
    pub per_recipient: Vec<(SignedDuration, u32)>,
    /// Automatic mails to one address about one ticket.
    pub per_ticket: Vec<(SignedDuration, u32)>,
    /// Automatic mails in total.
    pub total: Vec<(SignedDuration, u32)>,
    /// Attempts at processing one mail before it is quarantined.
    pub attempts: u32,
    /// How long a stop may drain.
    pub shutdown: Duration,
}

#[derive(Debug, Clone)]
pub struct Log {
    pub format: LogFormat,
    /// An `EnvFilter` directive: `info`, `caseway=debug`.
    pub level: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Readable,
    Json,
}
