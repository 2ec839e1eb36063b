//! A mail to itself every few minutes, through the real servers: the one sign that everything between them works.
//!
//! What arrives is known for our own by `X-Caseway` and dropped like any mail of ours that comes back: no canary opens a ticket. It is taken
//! out of the mailbox and of the ledger again.

mod own_mails;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;

pub use self::own_mails::OwnMails;
use crate::config::{self, Config, Mailbox, Source, Transport};
use crate::dkim::Signer;
use crate::intake;
use crate::mail::address::mask_all;
use crate::metrics::Metrics;
use crate::oauth::Tokens;
use crate::send;
use crate::store::{Store, ledger};
use crate::time::Clock;

/// How often the ledger is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Sends canaries and waits for them.
#[derive(Debug, Clone)]
pub struct Canaries {
    /// Whose, and how often.
    pub config: Arc<Config>,
    /// Where they arrive.
    pub store: Store,
    /// When they left.
    pub clock: Clock,
    /// Told how long they took.
    pub metrics: Metrics,
    /// Signs in where no passwords are taken.
    pub tokens: Option<Tokens>,
    /// Signs them as all that goes out.
    pub signer: Arc<Signer>,
}

impl Canaries {
    /// Lets them fly until `shutdown`, each mailbox's by itself.
    pub async fn run(&self, shutdown: CancellationToken) {
        let Some(settings) = &self.config.canary else { return shutdown.cancelled().await };
        let all = self.config.mailboxes.values().filter(|mailbox| !matches!(mailbox.source, Source::Pipe));
        let routes = all.filter_map(|mailbox| match self.config.transports.get(&mailbox.transport) {
            Some(way @ Transport::Smtp(_)) => Some((mailbox, way)),
            Some(Transport::Folder { .. }) | None => None,
        });
        let flights = routes.map(|(mailbox, way)| self.watch(settings, mailbox, way));
        tokio::select! {
            // Where there is none to be watched.
            _ = join_all(flights) => shutdown.cancelled().await,
            () = shutdown.cancelled() => {}
        }
    }

    async fn watch(&self, settings: &config::Canary, mailbox: &Mailbox, way: &Transport) {
        loop {
            let next = Instant::now() + settings.every;
            self.fly(settings, mailbox, way, next).await;
            sleep_until(next).await;
        }
    }

    /// One mail there and back; what came of it is in the metrics. Ends before `next`.
    async fn fly(&self, settings: &config::Canary, mailbox: &Mailbox, way: &Transport, next: Instant) {
        let (name, left) = (&mailbox.name, self.clock.now());
        let mut mail = OwnMails::canary(&self.config.desk, &mailbox.address, left);
        let signed = self.signer.sign(&mail.bytes).map(Cow::into_owned);
        if let Ok(signed) = signed {
            mail.bytes = signed;
        }
        let late_at = Instant::now() + settings.late;
        if let Err(error) = send::send_once(way, self.tokens.as_ref(), &mail).await {
            return self.lost(name, &format!("a mail to itself was not taken: {}", mask_all(&error)));
        }
        let mut arrival = timeout_at(late_at, self.arrival(&mail.message_id)).await.ok();
        if arrival.is_none() {
            let within = settings.late.as_secs();
            self.lost(name, &format!("a mail to itself is not back within {within} s"));
            arrival = timeout_at(next, self.arrival(&mail.message_id)).await.ok();
        }
        let Some(arrival) = arrival else { return };
        let took: Duration = arrival.duration_since(left).try_into().unwrap_or_default();
        self.metrics.canary_is_back(name, took);
        let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(event = "canary.back", mailbox = name, took_ms, "a mail to itself is back");
        // Whatever is not removed by then is removed with the next.
        let _ = timeout_at(next, self.remove(mailbox, mail.message_id)).await;
    }

    fn lost(&self, mailbox: &str, why: &str) {
        tracing::error!(event = "canary.late", mailbox, "mail may not reach customers, or not come from them: {why}");
        self.metrics.canary_is_late(mailbox, why);
    }

    /// When the mail came into the ledger; waits for it.
    async fn arrival(&self, message_id: &str) -> jiff::Timestamp {
        loop {
            match ledger::received_at(&self.store, message_id).await {
                Ok(Some(at)) => return at,
                Ok(None) => {}
                Err(error) => tracing::warn!(event = "canary.fault", "the ledger cannot be read: {error:#}"),
            }
            sleep(LOOK).await;
        }
    }

    /// Out of the mailbox, and out of the ledger once the mail has its verdict.
    async fn remove(&self, mailbox: &Mailbox, message_id: String) {
        if let Err(error) = intake::remove(mailbox, self.tokens.as_ref(), std::slice::from_ref(&message_id)).await {
            let mailbox = &mailbox.name;
            tracing::warn!(event = "canary.left", mailbox, "a mail to itself stays in the mailbox: {error:#}");
        }
        loop {
            let forgotten = async {
                ledger::forget_canaries(&self.store).await?;
                ledger::received_at(&self.store, &message_id).await
            };
            match forgotten.await {
                Ok(None) => return,
                Ok(Some(_)) => sleep(LOOK).await,
                Err(error) => {
                    tracing::warn!(event = "canary.fault", "a canary stays in the ledger: {error:#}");
                    return;
                }
            }
        }
    }
}
