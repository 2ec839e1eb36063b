//! What an administrator decides, as values: one type a table of the file.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret, SecretString};

use super::dkim::DkimKey;
use super::form::Form;
use super::mailbox::Mailbox;
use super::oauth::OAuth;
use super::transport::Transport;
use super::values;
use crate::intent::examples::Taught;
use crate::mail::auth_results;
use crate::mail::language::Language;

/// Everything an administrator decides.
#[derive(Debug, Clone)]
pub struct Config {
    /// Who we are to the customer.
    pub desk: Desk,
    /// Where the truth is kept.
    pub database: Database,
    /// By name, at least one.
    pub mailboxes: BTreeMap<String, Mailbox>,
    /// Providers of access tokens, by name.
    pub oauth: BTreeMap<String, OAuth>,
    /// By name; a queue that is not here has the defaults.
    pub queues: BTreeMap<String, Queue>,
    /// By queue: the address that its mails come from, one of a mailbox's own.
    pub queue_addresses: BTreeMap<String, String>,
    /// By name, at least one.
    pub transports: BTreeMap<String, Transport>,
    /// Where customer accounts and Business Accounts are kept.
    pub directory: Directory,
    /// Keys that sign what we send, by selector.
    pub dkim: BTreeMap<String, DkimKey>,
    /// What people sign in to, by name.
    pub portals: BTreeMap<String, Portal>,
    /// Requests that need certain facts, by name.
    pub forms: BTreeMap<String, Form>,
    /// What was learnt from the examples of forms.
    pub taught: Taught,
    /// Whom to believe.
    pub trust: Trust,
    /// Bounds on what one mail or one correspondent may cause.
    pub limits: Limits,
    /// What is logged, and how.
    pub log: Log,
    /// A folder whose files override the embedded templates one by one.
    pub templates: Option<PathBuf>,
    /// Where monitors are answered; `None` where they are not.
    pub metrics: Option<SocketAddr>,
    /// A mail to itself every few minutes; `None` where nobody wants any.
    pub canary: Option<Canary>,
    /// The pages; `None` when there are none.
    pub web: Option<Web>,
}

/// Where customer accounts and Business Accounts are kept.
#[derive(Debug, Clone, Default)]
pub enum Directory {
    /// In our own database.
    #[default]
    Embedded,
    /// Business Accounts at an identity provider; customer accounts in our own database.
    Scim(Box<Scim>),
}

/// An identity provider that speaks SCIM 2.0 (RFC 7644).
#[derive(Debug, Clone)]
pub struct Scim {
    /// The service's base, without a slash at the end: `https://id.example.test/scim/v2`. Validated: `http` only to
    /// loopback or where declared insecure.
    pub url: String,
    /// The bearer token (RFC 6750); empty when the configuration was read with [`Secrets::Leave`](super::Secrets::Leave).
    pub token: SecretString,
    /// Certificates (PEM) trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Limit on every request.
    pub timeout: Duration,
}

/// The pages that people open in a browser. Validated: nobody can be reached by plain HTTP but this machine and the
/// proxies named here.
#[derive(Debug, Clone)]
pub struct Web {
    /// Where the server waits.
    pub listen: SocketAddr,
    /// Where people find it, without a slash at the end: `https://help.example.test`.
    pub base_url: String,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The server speaks TLS itself.
    pub tls: Option<WebTls>,
    /// Hashes of passwords that are known to thieves, sorted, one a line.
    pub breached_passwords: Option<PathBuf>,
    /// The mailbox that cases go to which are opened on the pages; the only one without a form when none is named.
    pub new_cases: Option<String>,
}

impl Web {
    /// Whether browsers reach the pages by TLS, ours or a proxy's.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

/// A certificate of the pages' own.
#[derive(Debug, Clone)]
pub struct WebTls {
    /// Certificate and chain, PEM.
    pub certificate: PathBuf,
    /// Private key, PEM.
    pub key: PathBuf,
}

/// Who we are to the customer.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The display name of the desk: `Example Support`.
    pub name: String,
    /// `CASE` in `CASE-1042`: letters and digits, upper case.
    pub case_prefix: String,
    /// Written where neither the customer's text nor the mailbox tells a language.
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
    /// Where its people are: what times in letters and on pages are told in.
    pub time_zone: TimeZone,
    /// Who hears of what only a person can mend about the gateway; `None` where nobody does.
    pub lead: Option<String>,
    /// Whether customers may react to its mails by a click (`X-MS-Reactions` forbids it where not): nobody answers a thumb.
    pub reactions: bool,
}

/// Mails that each mailbox gets from itself, through the real servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Canary {
    /// How often.
    pub every: Duration,
    /// From when on one that is not back is told; no longer than `every`.
    pub late: Duration,
}

/// Where the truth is kept.
#[derive(Debug, Clone)]
pub struct Database {
    /// `sqlite:///var/lib/caseway/caseway.db`, built from a path, or `postgres://caseway@host/caseway`, without a password.
    pub url: String,
    /// What the user of the url proves itself by.
    pub password: Option<SecretString>,
}

impl Database {
    /// The url with the password in it.
    pub fn connection(&self) -> SecretString {
        let Some(password) = &self.password else { return SecretString::from(self.url.clone()) };
        let glue = if self.url.contains('?') { '&' } else { '?' };
        let password = values::percent_encoded(password.expose_secret());
        SecretString::from(format!("{}{glue}password={password}", self.url))
    }

    /// The database's file, when it is one.
    pub fn file(&self) -> Option<PathBuf> {
        let path = self.url.strip_prefix("sqlite://")?;
        values::percent_decoded(path.split('?').next().unwrap_or(path)).map(PathBuf::from)
    }
}

/// How the tickets of a queue are followed up while they wait for the customer. Each time counts from the step before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// From the engineer's answer, and from each reminder, to the next reminder; `None`: nobody is reminded.
    pub remind_after: Option<SignedDuration>,
    /// How often the customer is reminded.
    pub reminders: u32,
    /// From the last reminder to the announcement that the ticket will be closed; `None`: it is closed unannounced.
    pub announce_after: Option<SignedDuration>,
    /// From the announcement to the closing; `None`: tickets stay open until somebody closes them.
    pub close_after: Option<SignedDuration>,
}

impl Queue {
    /// Nothing happens by itself.
    pub const OFF: Self = Self { remind_after: None, reminders: 1, announce_after: None, close_after: None };
}

impl Default for Queue {
    fn default() -> Self {
        let days = |days: i64| Some(SignedDuration::from_hours(days * 24));
        Self { remind_after: days(3), reminders: 1, announce_after: days(4), close_after: days(3) }
    }
}

/// Something that people sign in to with their Business Account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portal {
    /// As people call it: `Case portal`.
    pub title: String,
    /// Where they sign in.
    pub url: String,
    /// Where they ask for a new password; our own page when there is none.
    pub forgot_url: Option<String>,
}

/// Whom to believe.
#[derive(Debug, Clone)]
pub struct Trust {
    /// Whose `Authentication-Results` are believed: our own server's (`authserv_id`).
    pub server: Option<auth_results::Server>,
    /// Verify DKIM signatures ourselves (needs DNS) when nothing else proves an engineer.
    pub verify_dkim: bool,
    /// What becomes of a new request that a filter marked as spam.
    pub spam: Spam,
    /// `ip:port` of the name server to ask instead of the system's.
    pub dns_server: Option<std::net::SocketAddr>,
    /// How far the Date of an engineer's mail may be from when it came, either way; beyond, it is not acted on.
    pub date_within: SignedDuration,
}

impl Default for Trust {
    /// Longer than any server keeps trying (RFC 5321 §4.5.4.1), and longer than most clocks are wrong.
    fn default() -> Self {
        let date_within = SignedDuration::from_hours(30 * 24);
        Self { server: None, verify_dkim: false, spam: Spam::default(), dns_server: None, date_within }
    }
}

/// What becomes of a new request that the desk's own filter marked as spam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spam {
    /// Opened, told to the engineers and not acknowledged: its sender is forged as a rule.
    #[default]
    Silent,
    /// Held for an engineer's decision.
    Hold,
    /// Nothing comes of it; its bytes are kept.
    Drop,
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
    /// Links and codes to one address.
    pub links: Vec<(SignedDuration, u32)>,
    /// New tickets of one sender: (window, most), every window holds.
    pub per_sender: Vec<(SignedDuration, u32)>,
    /// Automatic letters an hour to people whom we do not know; more where more are usual.
    pub first_contacts: u32,
    /// Attempts at processing one mail before it is quarantined.
    pub attempts: u32,
    /// How long a stop may drain.
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let hour = SignedDuration::from_hours(1);
        let day = SignedDuration::from_hours(24);
        Self {
            mail_size: 25_000_000,
            attach_size: 10_000_000,
            per_recipient: vec![(hour, 40), (day, 120)],
            per_ticket: vec![(hour, 10), (day, 40)],
            total: vec![(hour, 20_000), (day, 100_000)],
            links: vec![(hour, 4), (day, 8)],
            per_sender: vec![(hour, 20), (day, 100)],
            first_contacts: 40,
            attempts: 3,
            shutdown: Duration::from_secs(30),
        }
    }
}

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// For people or for machines.
    pub format: LogFormat,
    /// A filter as `EnvFilter` reads it: `warn,caseway=info`.
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Readable, level: "warn,caseway=info".to_owned() }
    }
}

/// The form of a line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// A sentence with its fields.
    Readable,
    /// One JSON object.
    Json,
}
