//! What only a person can mend, as everything that is known now says.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::config::{Config, Mailbox, Source, Transport};
use crate::mail::own_trouble;
use crate::metrics::{Metrics, late};
use crate::store::alarm::Alarm;
use crate::store::watch;

/// Something that a person must mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    /// What it is about, as people read it: `mailbox support`.
    pub(super) subject: String,
    /// What is wrong and what to do.
    pub(super) words: String,
    /// How long it lasts before anybody is told: most ends by itself.
    pub(super) patience: SignedDuration,
    /// Ways out that cannot tell of it.
    pub(super) stops: BTreeSet<String>,
    /// It still works: a day that is known to come.
    pub(super) ahead: bool,
}

/// What becomes of a trouble now.
pub(super) enum Turn {
    /// It is told.
    Tells(Trouble),
    /// It is over, and was told.
    Over(Alarm),
}

/// How long a server may be away before somebody is called.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// Days before the end of a client secret on which it is told.
const STAGES: [i32; 3] = [3, 14, 30];

fn trouble(subject: String, words: String, patience: SignedDuration) -> Trouble {
    Trouble { subject, words, patience, stops: BTreeSet::new(), ahead: false }
}

/// Providers that nobody can sign in by any more, each with what depends on it.
pub(super) fn signed_out(config: &Config, tokens: &[watch::Token]) -> Vec<Trouble> {
    let out = tokens.iter().filter(|token| token.signed_out);
    let by_provider: BTreeMap<&str, &str> = out.map(|token| (token.provider.as_str(), token.error.as_str())).collect();
    let told = by_provider.into_iter().map(|(provider, error)| {
        let words = format!(
            "[oauth.{provider}] is signed out: {error}\nMailboxes and transports that use it wait. See `caseway oauth status`."
        );
        let ways = config.transports.iter().filter(|(_, way)| provider_of(way) == Some(provider));
        let stops = ways.map(|(name, _)| name.clone()).collect();
        Trouble { stops, ..trouble(format!("sign-in {provider}"), words, SignedDuration::ZERO) }
    });
    told.collect()
}

fn provider_of(way: &Transport) -> Option<&str> {
    match way {
        Transport::Smtp(smtp) => smtp.login.as_ref().and_then(|(_, credential)| credential.provider()),
        Transport::Folder { .. } => None,
    }
}

/// Mailboxes that are not read any more. Those of a provider that is signed out are told with it.
pub(super) fn unread(config: &Config, metrics: &Metrics, tokens: &[watch::Token]) -> Vec<Trouble> {
    let waits = |mailbox: &Mailbox| match &mailbox.source {
        Source::Imap(imap) => {
            let provider = imap.credential.provider();
            tokens.iter().any(|token| token.signed_out && Some(token.provider.as_str()) == provider)
        }
        Source::Maildir(_) | Source::Pipe => false,
    };
    let read = config.mailboxes.values().filter(|mailbox| !waits(mailbox));
    let readers = read.filter_map(|mailbox| Some((mailbox.readers(), late(&mailbox.source)?)));
    let late = readers
        .flat_map(|(readers, late)| readers.into_iter().filter_map(move |reader| not_read(metrics, &reader, late)));
    late.collect()
}

fn not_read(metrics: &Metrics, reader: &str, late: Duration) -> Option<Trouble> {
    let seen = metrics.seen(reader)?;
    let ago = seen.read.map_or(Duration::MAX, |read| read.elapsed());
    if ago <= late {
        return None;
    }
    // The words stay the same as long as it lasts.
    let how = if seen.read.is_none() { "could not be read since the gateway started" } else { "is not read any more" };
    let why = if seen.error.is_empty() { String::new() } else { format!(": {}", seen.error) };
    Some(trouble(format!("mailbox {reader}"), format!("[mailbox.{reader}] {how}{why}"), PATIENCE))
}

/// Transports whose server takes nothing.
pub(super) fn stopped(metrics: &Metrics) -> Vec<Trouble> {
    let told = metrics.stopped().into_iter().map(|(name, reason)| {
        let words = format!("[transport.{name}] sends nothing, and mails wait: {reason}");
        Trouble { stops: BTreeSet::from([name.clone()]), ..trouble(format!("transport {name}"), words, PATIENCE) }
    });
    told.collect()
}

/// Client secrets and certificates whose end is known and near: each stage is a trouble of its own, and so told once.
pub(super) fn ends(config: &Config, today: Date) -> Vec<Trouble> {
    let told = config.oauth.values().filter_map(|provider| {
        let end = provider.ends?;
        let left = today.until(end).ok()?.get_days();
        let stage = STAGES.into_iter().find(|stage| left <= *stage)?;
        let name = &provider.name;
        let words = if left > 0 {
            format!("The client secret or certificate of [oauth.{name}] ends on {end}.")
        } else {
            format!("The client secret or certificate of [oauth.{name}] ended on {end}.")
        };
        let advice = "Make a new one at the provider, write it into `client_secret` or `certificate`, and the new day into `secret_ends`.";
        let subject = if left > 0 { format!("secret of {name} ({stage} days)") } else { format!("secret of {name}") };
        let words = format!("{words}\n{advice}");
        Some(Trouble { ahead: left > 0, ..trouble(subject, words, SignedDuration::ZERO) })
    });
    told.collect()
}

/// What receivers have against our domain, address or quota, by what they said of mails lately.
pub(super) fn refused(refusals: &[String]) -> Vec<Trouble> {
    let mut told: BTreeMap<&str, Trouble> = BTreeMap::new();
    for error in refusals {
        let Some(own) = own_trouble(error) else { continue };
        let words = format!("A receiver refused our mail ({}): {}.", own.code, own.remedy);
        told.entry(own.code).or_insert_with(|| trouble(format!("refusal {}", own.code), words, SignedDuration::ZERO));
    }
    told.into_values().collect()
}

/// Mailboxes whose mail to itself does not come back.
pub(super) fn canaries(config: &Config, metrics: &Metrics) -> Vec<Trouble> {
    let told = metrics.late_canaries().into_iter().map(|(name, why)| {
        let words = format!("[mailbox.{name}]: {why}\nCustomers' mails may not arrive, or ours not leave.");
        let way = config.mailboxes.get(&name).map(|mailbox| mailbox.transport.clone());
        // Where there is no other way, this one is better than none: it may be the way back that is broken.
        let stops = way.filter(|_| config.transports.len() > 1).into_iter().collect();
        Trouble { stops, ..trouble(format!("canary {name}"), words, SignedDuration::ZERO) }
    });
    told.collect()
}

/// Whether nobody is told of its end: the day came, or the next stage did.
pub(super) fn passes_quietly(subject: &str) -> bool {
    subject.starts_with("secret of ")
}
