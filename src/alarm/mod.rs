//! What only a person can mend is told to one: by mail over a way that works, once, and once more when it is over.

mod letter;
mod trouble;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use self::trouble::{Trouble, Turn};
use crate::config::{Config, Mailbox};
use crate::letters::Letters;
use crate::metrics::Metrics;
use crate::store::alarm::{self as table, Alarm};
use crate::store::outbox::NewMail;
use crate::store::{Store, Tx, outbox};
use crate::time::Clock;

/// How often everything is looked at.
const PAUSE: Duration = Duration::from_secs(30);
/// How long a refusal that is about us counts: when no other came for so long, it is over.
const REFUSED_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// Looks for what a person must mend.
#[derive(Debug, Clone)]
pub struct Alarms {
    /// Who is told, and over which ways.
    pub config: Arc<Config>,
    /// What is known, and what was told.
    pub store: Store,
    /// The words.
    pub letters: Arc<Letters>,
    /// The time.
    pub clock: Clock,
    /// Which workers get on.
    pub metrics: Metrics,
    /// Mails went into the outbox.
    pub posted: Arc<Notify>,
}

impl Alarms {
    /// Looks until `shutdown`.
    pub async fn run(&self, shutdown: CancellationToken) {
        while !shutdown.is_cancelled() {
            if let Err(error) = self.look().await {
                tracing::warn!(event = "alarm.fault", "what needs a person cannot be looked for: {error:#}");
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = shutdown.cancelled() => {}
            }
        }
    }

    /// One look at everything.
    pub async fn look(&self) -> anyhow::Result<()> {
        let now = self.clock.now();
        let troubles = self.troubles(now).await?;
        let known: BTreeMap<String, Alarm> =
            table::all(&self.store).await?.into_iter().map(|alarm| (alarm.subject.clone(), alarm)).collect();
        if troubles.is_empty() && known.is_empty() {
            return Ok(());
        }
        let mut tx = self.store.write().await?;
        let mut told = false;
        let lasts = |alarm: &Alarm| troubles.iter().any(|trouble| trouble.subject == alarm.subject);
        for alarm in known.values().filter(|alarm| !lasts(alarm) && !self.is_open(&alarm.subject)) {
            table::forget(&mut tx, &alarm.subject).await?;
            tracing::info!(event = "alarm.over", subject = alarm.subject, "over: {}", alarm.subject);
            if alarm.told && !trouble::passes_quietly(&alarm.subject) {
                told |= self.tell(&mut tx, &Turn::Over(alarm.clone()), now).await?;
            }
        }
        for trouble in troubles {
            told |= self.take_up(&mut tx, known.get(&trouble.subject), trouble, now).await?;
        }
        tx.commit().await?;
        if told {
            self.posted.notify_waiters();
        }
        Ok(())
    }

    /// Remembers a trouble, and tells of it when it has lasted.
    async fn take_up(
        &self,
        tx: &mut Tx,
        known: Option<&Alarm>,
        trouble: Trouble,
        now: Timestamp,
    ) -> anyhow::Result<bool> {
        if known.is_none() {
            tracing::error!(event = "alarm.begun", subject = trouble.subject, "a person must act: {}", trouble.words);
        }
        let since = known.map_or(now, |alarm| alarm.since);
        let was_told = known.is_some_and(|alarm| alarm.told);
        let (subject, words) = (trouble.subject.clone(), trouble.words.clone());
        let is_due = !was_told && now.duration_since(since) >= trouble.patience;
        let tells = is_due && self.tell(tx, &Turn::Tells(trouble), now).await?;
        if known.is_none_or(|alarm| tells || alarm.words != words) {
            table::set(tx, &Alarm { subject, since, words, told: was_told || tells }).await?;
        }
        Ok(tells)
    }

    async fn troubles(&self, now: Timestamp) -> anyhow::Result<Vec<Trouble>> {
        let tokens = self.store.tokens().await?;
        let refusals = table::refusals(&self.store, now, REFUSED_WITHIN).await?;
        let today = now.to_zoned(TimeZone::UTC).date();
        let mut troubles = trouble::signed_out(&self.config, &tokens);
        troubles.extend(trouble::unread(&self.config, &self.metrics, &tokens));
        troubles.extend(trouble::stopped(&self.metrics));
        troubles.extend(trouble::canaries(&self.config, &self.metrics));
        troubles.extend(trouble::ends(&self.config, today));
        troubles.extend(trouble::refused(&refusals));
        Ok(troubles)
    }

    /// Whether nobody knows yet: after a start, workers have not tried what did not work before.
    fn is_open(&self, subject: &str) -> bool {
        match subject.split_once(' ') {
            Some(("mailbox", reader)) => {
                let mut readers = self.config.mailboxes.values().flat_map(Mailbox::readers);
                readers.any(|known| known == reader) && self.metrics.seen(reader).is_none_or(|seen| seen.read.is_none())
            }
            Some(("canary", name)) => self.config.canary.is_some() && self.metrics.canary(name).is_none(),
            Some(("transport", name)) => self.config.transports.contains_key(name) && !self.metrics.has_gone(name),
            _ => false,
        }
    }

    /// Writes the mail, where there is somebody to tell and a way that works.
    async fn tell(&self, tx: &mut Tx, turn: &Turn, now: Timestamp) -> anyhow::Result<bool> {
        let Some(lead) = &self.config.desk.lead else { return Ok(false) };
        let Some(mailbox) = self.way(turn) else { return Ok(false) };
        let id = outbox::new_ids(tx, 1).await?;
        let letter = letter::letter(&self.config, mailbox, lead, turn, now);
        let rendered = self.letters.render(&letter)?;
        let mail = NewMail {
            id,
            notice: letter.notice,
            transport: mailbox.transport.clone(),
            automatic: true,
            ticket_id: None,
            ledger_id: None,
            person_id: None,
            recipient: lead.clone(),
            // Nobody wants a report about it.
            return_path: String::new(),
            subject: rendered.subject,
            message_id: letter.message_id,
            bytes: rendered.bytes,
            spare: None,
            created_at: now,
            next_attempt_at: now,
            copy_to: None,
        };
        outbox::insert(tx, &[mail]).await?;
        Ok(true)
    }

    /// A mailbox whose transport the trouble does not stop, nor any other that is known.
    fn way(&self, turn: &Turn) -> Option<&Mailbox> {
        let stopped = self.metrics.stopped();
        let works = |mailbox: &&Mailbox| {
            let stops = matches!(turn, Turn::Tells(trouble) if trouble.stops.contains(&mailbox.transport));
            !stops && !stopped.contains_key(&mailbox.transport)
        };
        self.config.mailboxes.values().find(works)
    }
}
