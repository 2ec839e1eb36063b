//! What the gateway does, counted for monitors, and when each of its workers was last seen to get on.
//!
//! Names follow OpenMetrics; docs/METRICS.md describes them. Counters begin anew with the process. What stands in tables is
//! looked up when somebody asks ([`crate::store::watch`]).

mod late;
pub mod server;
mod text;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use tokio::time::Instant;

pub use self::late::late;

/// Bounds of the time from a mail's arrival to its letters, in seconds.
const SECONDS: [f64; 10] = [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0, 600.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Verdict {
    verdict: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Attempt {
    transport: String,
    outcome: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Mailbox {
    mailbox: String,
}

/// Counters and signs of life. Clones share everything.
#[derive(Debug, Clone, Default)]
pub struct Metrics(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settled: Family<Verdict, Counter>,
    attempts: Family<Attempt, Counter>,
    losses: Family<Mailbox, Counter>,
    restarts: Family<Mailbox, Counter>,
    answered: Histogram,
    /// The processing came round.
    processed: Mutex<Instant>,
    mailboxes: Mutex<BTreeMap<String, Seen>>,
    /// Why a transport sends nothing, empty while it does; those alone of which something was heard.
    transports: Mutex<BTreeMap<String, String>>,
    canaries: Mutex<BTreeMap<String, Canary>>,
}

/// What is known of a mailbox that is read.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its reader was at work, whatever came of it.
    pub alive: Instant,
    /// All that it held was taken; `None` before the first time.
    pub read: Option<Instant>,
    /// The last attempt at a connection ended in one.
    pub connected: bool,
    /// Why it did not; empty when it did.
    pub error: String,
}

/// What is known of a mailbox's mails to itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Canary {
    /// How long the last one took that came back.
    pub took: Option<Duration>,
    /// Why the newest did not; empty when it did.
    pub trouble: String,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            settled: Family::default(),
            attempts: Family::default(),
            losses: Family::default(),
            restarts: Family::default(),
            answered: Histogram::new(SECONDS),
            processed: Mutex::new(Instant::now()),
            mailboxes: Mutex::default(),
            transports: Mutex::default(),
            canaries: Mutex::default(),
        }
    }
}

impl Metrics {
    /// A mail has its verdict. `waited` is the time since it was taken in, where letters came of it.
    pub fn settled(&self, verdict: &str, waited: Option<Duration>) {
        self.0.settled.get_or_create(&Verdict { verdict: verdict.to_owned() }).inc();
        if let Some(waited) = waited {
            self.0.answered.observe(waited.as_secs_f64());
        }
    }

    /// An attempt to send a mail ended.
    pub fn attempted(&self, transport: &str, outcome: &str) {
        let labels = Attempt { transport: transport.to_owned(), outcome: outcome.to_owned() };
        self.0.attempts.get_or_create(&labels).inc();
    }

    /// The processing came round.
    pub fn processed(&self) {
        *locked(&self.0.processed) = Instant::now();
    }

    /// How long ago the processing came round.
    pub fn processed_ago(&self) -> Duration {
        locked(&self.0.processed).elapsed()
    }

    /// A mailbox's reader begins.
    pub fn begins(&self, mailbox: &str) {
        self.change(mailbox, |_| {});
    }

    /// A mailbox's reader gets on. What is piped into a mailbox has none.
    pub fn gets_on(&self, mailbox: &str) {
        if let Some(seen) = locked(&self.0.mailboxes).get_mut(mailbox) {
            seen.alive = Instant::now();
        }
    }

    /// All that a mailbox held was taken.
    pub fn read(&self, mailbox: &str) {
        self.change(mailbox, |seen| {
            seen.read = Some(Instant::now());
            seen.connected = true;
            seen.error.clear();
        });
    }

    /// A mailbox's connection was lost, or could not be had; why, in words for administrators.
    pub fn lost(&self, mailbox: &str, why: &str) {
        self.0.losses.get_or_create(&Mailbox { mailbox: mailbox.to_owned() }).inc();
        self.change(mailbox, |seen| {
            seen.connected = false;
            seen.error = why.to_owned();
        });
    }

    /// A mailbox's reader hung and was begun anew.
    pub fn restarted(&self, mailbox: &str) {
        self.0.restarts.get_or_create(&Mailbox { mailbox: mailbox.to_owned() }).inc();
    }

    /// What is known of a mailbox; `None` when nobody reads it.
    pub fn seen(&self, mailbox: &str) -> Option<Seen> {
        locked(&self.0.mailboxes).get(mailbox).cloned()
    }

    /// A transport's server cannot be used.
    pub fn stops(&self, transport: &str, why: &str) {
        locked(&self.0.transports).insert(transport.to_owned(), why.to_owned());
    }

    /// A transport's server takes mails.
    pub fn goes(&self, transport: &str) {
        locked(&self.0.transports).insert(transport.to_owned(), String::new());
    }

    /// Transports that send nothing, each with the reason.
    pub fn stopped(&self) -> BTreeMap<String, String> {
        let transports = locked(&self.0.transports);
        transports.iter().filter(|(_, why)| !why.is_empty()).map(|(name, why)| (name.clone(), why.clone())).collect()
    }

    /// Whether a transport's server took a mail since the start, and was not lost since.
    pub fn has_gone(&self, transport: &str) -> bool {
        locked(&self.0.transports).get(transport).is_some_and(String::is_empty)
    }

    /// A mailbox's mail to itself is back.
    pub fn canary_is_back(&self, mailbox: &str, took: Duration) {
        let canary = Canary { took: Some(took), trouble: String::new() };
        locked(&self.0.canaries).insert(mailbox.to_owned(), canary);
    }

    /// It is not, and should be; why, in words for administrators.
    pub fn canary_is_late(&self, mailbox: &str, why: &str) {
        locked(&self.0.canaries).entry(mailbox.to_owned()).or_default().trouble = why.to_owned();
    }

    /// What is known of a mailbox's; `None` before the first is back or late.
    pub fn canary(&self, mailbox: &str) -> Option<Canary> {
        locked(&self.0.canaries).get(mailbox).cloned()
    }

    /// Mailboxes whose newest is late, each with the reason.
    pub fn late_canaries(&self) -> BTreeMap<String, String> {
        let canaries = locked(&self.0.canaries);
        let late = canaries.iter().filter(|(_, canary)| !canary.trouble.is_empty());
        late.map(|(name, canary)| (name.clone(), canary.trouble.clone())).collect()
    }

    fn change(&self, mailbox: &str, change: impl FnOnce(&mut Seen)) {
        let mut mailboxes = locked(&self.0.mailboxes);
        let new = || Seen { alive: Instant::now(), read: None, connected: false, error: String::new() };
        let seen = mailboxes.entry(mailbox.to_owned()).or_insert_with(new);
        seen.alive = Instant::now();
        change(seen);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
