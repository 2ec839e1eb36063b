//! Everything in the text format of OpenMetrics 1.0.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use tokio::time::Instant;

use super::{Canary, Mailbox, Metrics, Seen, locked};
use crate::store::watch::Figures;

/// What [`encode`] may be asked for by HTTP.
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Transport {
    transport: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Token {
    provider: String,
    user: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Version {
    version: &'static str,
}

/// Counters of the process and figures of the tables.
pub(super) fn text(metrics: &Metrics, figures: &Figures, now: Timestamp) -> Result<String, std::fmt::Error> {
    let mut registry = Registry::with_prefix("caseway");
    counters(&mut registry, metrics);
    mailboxes(&mut registry, &locked(&metrics.0.mailboxes));
    canaries(&mut registry, &locked(&metrics.0.canaries));
    tables(&mut registry, figures, now);
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

fn counters(registry: &mut Registry, metrics: &Metrics) {
    let of = &metrics.0;
    let version: Family<Version, Gauge> = Family::default();
    version.get_or_create(&Version { version: env!("CARGO_PKG_VERSION") }).set(1);
    registry.register("build_info", "The version that runs", version);
    registry.register("mails_settled", "Mails that got their verdict", of.settled.clone());
    registry.register("send_attempts", "Attempts to send a mail, by how they ended", of.attempts.clone());
    registry.register(
        "mailbox_losses",
        "Connections to mailboxes that were lost or could not be had",
        of.losses.clone(),
    );
    registry.register("mailbox_restarts", "Readers of mailboxes that hung and were begun anew", of.restarts.clone());
    registry.register_with_unit(
        "answer",
        "From a mail's arrival to its letters in the outbox",
        Unit::Seconds,
        of.answered.clone(),
    );
}

fn canaries(registry: &mut Registry, canaries: &BTreeMap<String, Canary>) {
    let late: Family<Mailbox, Gauge> = Family::default();
    let took: Family<Mailbox, Gauge<f64, std::sync::atomic::AtomicU64>> = Family::default();
    for (name, canary) in canaries {
        let labels = Mailbox { mailbox: name.clone() };
        late.get_or_create(&labels).set(i64::from(!canary.trouble.is_empty()));
        if let Some(time) = canary.took {
            took.get_or_create(&labels).set(time.as_secs_f64());
        }
    }
    registry.register("canary_late", "1 while the mailbox's newest mail to itself is not back", late);
    registry.register_with_unit("canary_round_trip", "What the last mail to itself took", Unit::Seconds, took);
}

fn mailboxes(registry: &mut Registry, seen: &BTreeMap<String, Seen>) {
    let connected: Family<Mailbox, Gauge> = Family::default();
    let ago: Family<Mailbox, Gauge<f64, std::sync::atomic::AtomicU64>> = Family::default();
    for (name, seen) in seen {
        let labels = Mailbox { mailbox: name.clone() };
        connected.get_or_create(&labels).set(i64::from(seen.connected));
        if let Some(read) = seen.read {
            ago.get_or_create(&labels).set(Instant::now().saturating_duration_since(read).as_secs_f64());
        }
    }
    registry.register("mailbox_connected", "1 while the mailbox can be read", connected);
    registry.register_with_unit("mailbox_read_age", "Since all of a mailbox was taken last", Unit::Seconds, ago);
}

fn tables(registry: &mut Registry, figures: &Figures, now: Timestamp) {
    let age = |at: Option<Timestamp>| {
        at.map_or(0.0, |at| Duration::try_from(now.duration_since(at)).unwrap_or_default().as_secs_f64())
    };
    number(registry, "mails_unsettled", "Mails that wait for their verdict", figures.unsettled);
    seconds(
        registry,
        "mails_unsettled_age",
        "Of the oldest mail that waits for its verdict",
        age(figures.unsettled_since),
    );
    number(registry, "mails_quarantined", "Mails that were set aside and wait for a person", figures.quarantined);
    number(registry, "tickets_held", "Tickets that wait for a person to check who wrote", figures.held);
    registry.register_with_unit("database_size", "Of the database's file", Unit::Bytes, gauge(figures.octets));
    let waiting: Family<Transport, Gauge> = Family::default();
    let oldest: Family<Transport, Gauge<f64, std::sync::atomic::AtomicU64>> = Family::default();
    for queue in &figures.outbox {
        let labels = Transport { transport: queue.transport.clone() };
        waiting.get_or_create(&labels).set(queue.mails);
        oldest.get_or_create(&labels).set(age(Some(queue.since)));
    }
    registry.register("outbox_mails", "Mails that wait to be sent", waiting);
    registry.register_with_unit("outbox_age", "Of the oldest mail that waits to be sent", Unit::Seconds, oldest);
    let (life, signed_out): (Family<Token, Gauge>, Family<Token, Gauge>) = Default::default();
    for token in &figures.tokens {
        let labels = Token { provider: token.provider.clone(), user: token.user.clone() };
        life.get_or_create(&labels).set(token.expires_at.duration_since(now).as_secs());
        signed_out.get_or_create(&labels).set(i64::from(token.signed_out));
    }
    registry.register_with_unit("oauth_token_life", "Until an access token ends", Unit::Seconds, life);
    registry.register("oauth_signed_out", "1 when somebody must sign in again", signed_out);
}

fn gauge(value: i64) -> Gauge {
    let gauge = Gauge::default();
    gauge.set(value);
    gauge
}

fn number(registry: &mut Registry, name: &str, help: &str, value: i64) {
    registry.register(name, help, gauge(value));
}

fn seconds(registry: &mut Registry, name: &str, help: &str, value: f64) {
    let gauge: Gauge<f64, std::sync::atomic::AtomicU64> = Gauge::default();
    gauge.set(value);
    registry.register_with_unit(name, help, Unit::Seconds, gauge);
}
