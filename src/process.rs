//! From the ledger to a verdict: read → judge → act.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::act::{Act, Caused, Settled};
use crate::desk::arrival::author;
use crate::desk::event::Event;
use crate::desk::inbound::arrival::Arrival;
use crate::desk::rules::Rules;
use crate::desk::seal::secret::known::Known;
use crate::dkim::Dkim;
use crate::mail;
use crate::metrics::Metrics;
use crate::readers::{Ended, Read, Readers, Reading};
use crate::store::work::{self, Claimed, Span, Work};
use crate::store::{facts, link, outbox};
use crate::worker::Worker;

/// Mails decided in one transaction.
const BATCH: u32 = 250;
/// Octets read for one batch.
const BATCH_OCTETS: u64 = 4_000_000;
/// Batches after which the database's log is brought into its file, while there is no end of new mails: pages that many
/// batches change are then written once. The log has about 64 MB by then.
const TIDY_EVERY: u32 = 8;
/// Mails whose DKIM keys are looked up at the same time: each may wait for a name server.
const DKIM_AT_A_TIME: usize = 16;
/// The table is asked this often even if nobody wakes us: another process may have written to it.
const SAFETY_POLL: Duration = Duration::from_secs(1);
/// A row whose attempts never end although reading it does no harm. High, as whoever kills the gateway again and again for
/// other reasons interrupts innocent mails as well.
const HOPELESS: u32 = 20;
/// Failures told in one transaction.
const FAILURES: u32 = 100;

/// Works off the ledger.
#[derive(Debug, Clone)]
pub struct Process {
    /// Decides and commits.
    pub act: Act,
    /// Verifies DKIM ourselves, where the administrator wants it.
    pub dkim: Option<Dkim>,
    /// Rows came into the ledger.
    pub arrived: Arc<Notify>,
    /// Rows went into the outbox.
    pub posted: Arc<Notify>,
    /// Mails of ours failed for good.
    pub failed: Arc<Notify>,
    /// Told of verdicts, and that the work goes on.
    pub metrics: Metrics,
    /// How mails are read.
    pub reading: Reading,
}

impl Worker for Process {
    fn woken(&self) -> impl Future<Output = ()> + Send {
        let (arrived, failed) = (self.arrived.notified(), self.failed.notified());
        async {
            tokio::select! {
                () = arrived => {}
                () = failed => {}
            }
        }
    }

    async fn turn(&self, shutdown: &CancellationToken) -> anyhow::Result<Duration> {
        self.metrics.processed();
        self.drain(shutdown).await?;
        self.remove_traces().await;
        Ok(SAFETY_POLL)
    }

    fn fault(&self, error: &anyhow::Error) {
        tracing::error!(event = "process.fault", "processing paused: {error:#}");
    }
}

impl Process {
    /// Works off everything that is new; how many mails. While one batch is decided and written, the next is read.
    pub async fn drain(&self, shutdown: &CancellationToken) -> anyhow::Result<u64> {
        // News of lost mails must not stand in the way of new ones.
        if let Err(error) = self.tell_failures().await {
            tracing::error!(event = "process.fault", "failed mails could not be told: {error:#}");
        }
        let (mut count, mut after) = (0, 0);
        let mut rounds = 0_u32;
        let (mut claimed, mut batch) = (Claimed::default(), Vec::new());
        let mut readers = Readers::new(self.reading.clone());
        loop {
            if claimed.is_empty() && !shutdown.is_cancelled() {
                claimed = work::claim(&self.act.store, span(after)).await?;
            }
            if claimed.is_empty() && batch.is_empty() {
                if !readers.is_idle() && !shutdown.is_cancelled() {
                    batch = self.late(&mut readers, shutdown).await?;
                    continue;
                }
                if count > 0 {
                    self.tidy().await;
                }
                return Ok(count);
            }
            self.metrics.processed();
            after = claimed.last().unwrap_or(after);
            let beyond = (!shutdown.is_cancelled()).then(|| span(after));
            rounds += 1;
            let tidying = async {
                if rounds.is_multiple_of(TIDY_EVERY) {
                    self.tidy().await;
                }
            };
            let (next, settled, ()) =
                tokio::join!(self.read(claimed, &mut readers, shutdown), self.settle(&batch, beyond), tidying);
            let settled = settled?;
            count += settled.0;
            claimed = settled.1;
            batch = next?;
        }
    }

    /// Waits for a slow mail, or for something else to do.
    async fn late(&self, readers: &mut Readers, shutdown: &CancellationToken) -> anyhow::Result<Vec<Arrival>> {
        if readers.have_more() {
            return self.read(Claimed::default(), readers, shutdown).await;
        }
        tokio::select! {
            ended = readers.next() => self.arrivals(ended?).await,
            () = self.arrived.notified() => Ok(Vec::new()),
            () = tokio::time::sleep(SAFETY_POLL) => Ok(Vec::new()),
            () = shutdown.cancelled() => Ok(Vec::new()),
        }
    }

    /// Tells engineers of mails that failed for good since the last time.
    async fn tell_failures(&self) -> anyhow::Result<()> {
        let failed = outbox::untold_failures(&self.act.store, FAILURES).await?;
        if !failed.is_empty() {
            self.act.events(&failed.iter().map(Event::Failed).collect::<Vec<_>>()).await?;
            self.posted.notify_waiters();
        }
        Ok(())
    }

    /// Brings what was written into the database's file.
    async fn tidy(&self) {
        if let Err(error) = self.act.store.checkpoint().await {
            tracing::warn!(event = "process.log_grows", "the database's log grows: {error:#}");
        }
    }

    /// What was erased meanwhile is gone from the log as well, now that there is time.
    async fn remove_traces(&self) {
        if let Err(error) = self.act.store.remove_traces().await {
            tracing::warn!(event = "process.traces", "what was erased stays in the database's log for now: {error:#}");
        }
    }

    /// The mails of these rows that are read, and slow ones of before. What cannot be read is set aside.
    async fn read(
        &self,
        claimed: Claimed,
        readers: &mut Readers,
        shutdown: &CancellationToken,
    ) -> anyhow::Result<Vec<Arrival>> {
        let works = work::load(&self.act.store, claimed).await?;
        let (hopeless, works): (Vec<Work>, Vec<Work>) = works.into_iter().partition(|work| work.attempts >= HOPELESS);
        for work in hopeless {
            let why = format!("{} attempts at it did not end", work.attempts - 1);
            self.quarantine(work.id, &why).await?;
        }
        let ended = readers.read(works, shutdown).await?;
        self.arrivals(ended).await
    }

    /// What was read, in the order in which it came; engineers' mails judged.
    async fn arrivals(&self, ended: Vec<Ended>) -> anyhow::Result<Vec<Arrival>> {
        let mut mails = Vec::with_capacity(ended.len());
        for ended in ended {
            match ended {
                Ended::Read(read) => mails.push(*read),
                Ended::Unreadable(ledger, why) => self.quarantine(ledger, &why).await?,
                Ended::TooLong(ledger) => tracing::warn!(
                    event = "process.slow",
                    ledger,
                    "reading mail {ledger} takes too long; a process of its own reads it next"
                ),
            }
        }
        mails.sort_by_key(|read| read.work.id);
        let candidates = mails.iter().flat_map(|read| read.mail.candidates()).collect();
        let known = link::known(&self.act.store, candidates).await?;
        let rules = &self.act.rules;
        let arrivals: Vec<_> = mails.into_iter().map(|read| arrival(rules, read, &known)).collect();
        let Some(dkim) = &self.dkim else { return Ok(arrivals.into_iter().map(|(arrival, _)| arrival).collect()) };
        let judging = arrivals.into_iter().map(|(arrival, raw)| self.judged(dkim, arrival, raw));
        stream::iter(judging).buffered(DKIM_AT_A_TIME).try_collect().await
    }

    /// An engineer's mail with its DKIM signatures verified.
    async fn judged(&self, dkim: &Dkim, mut arrival: Arrival, raw: Vec<u8>) -> anyhow::Result<Arrival> {
        let signed = arrival.mail.headers.first("DKIM-Signature").is_some();
        let from = arrival.mail.from.as_ref().filter(|_| signed).map(|from| from.email.clone());
        if let Some(from) = from
            && facts::is_engineer(&self.act.store, &from).await?
        {
            arrival.dkim_verified = dkim.verified_domains(mail::headers::mail(&raw)).await;
        }
        Ok(arrival)
    }

    /// Decides a batch and claims what comes next; when it fails as a whole, one by one, so that one bad mail stops no
    /// other. How many were settled, and the claim.
    async fn settle(&self, batch: &[Arrival], next: Option<Span>) -> anyhow::Result<(u64, Claimed)> {
        if batch.is_empty() {
            return Ok((0, Claimed::default()));
        }
        let error = match self.act_on(batch, next).await {
            Ok(claimed) => return Ok((batch.len() as u64, claimed)),
            Err(error) => error,
        };
        tracing::warn!(event = "process.split", "a batch failed and is tried mail by mail: {error:#}");
        let mut settled = 0;
        for arrival in batch {
            match self.act_on(std::slice::from_ref(arrival), None).await {
                Ok(_) => settled += 1,
                Err(error) if self.may_pass(arrival, &error) => {
                    tracing::warn!(event = "process.later", ledger = arrival.ledger, "tried again later: {error:#}");
                }
                Err(error) => self.quarantine(arrival.ledger, &format!("{error:#}")).await?,
            }
        }
        Ok((settled, Claimed::default()))
    }

    /// The database may take the mail another time; but not for ever, as a mail itself may be what it refuses.
    fn may_pass(&self, arrival: &Arrival, error: &anyhow::Error) -> bool {
        arrival.attempts < self.act.rules.config.limits.attempts && error.chain().any(|cause| cause.is::<sqlx::Error>())
    }

    async fn act_on(&self, batch: &[Arrival], next: Option<Span>) -> anyhow::Result<Claimed> {
        // A rule that panics is one mail's trouble, like any other error.
        let events: Vec<Event<'_>> = batch.iter().map(Event::Arrived).collect();
        let deciding = AssertUnwindSafe(self.act.events_and_claim(&events, next)).catch_unwind().await;
        let (caused, claimed) = deciding.unwrap_or_else(|_| Err(anyhow::anyhow!("deciding it panicked")))?;
        let now = self.act.clock.now();
        for Caused { settled, letters, .. } in caused {
            let Some(settled) = settled else { continue };
            self.count(batch, &settled, letters, now);
            tracing::info!(
                event = "mail.settled",
                ledger = settled.ledger,
                verdict = settled.verdict.as_str(),
                case_id = settled.case_id,
                letters,
                "mail {} {}: {}",
                settled.ledger,
                settled.verdict.as_str(),
                mail::address::mask_all(&settled.reason),
            );
            if letters > 0 {
                self.posted.notify_waiters();
            }
        }
        Ok(claimed)
    }

    /// For monitors: what became of the mail, and how long its letters took.
    fn count(&self, batch: &[Arrival], settled: &Settled, letters: usize, now: Timestamp) {
        let arrival = batch.iter().find(|arrival| arrival.ledger == settled.ledger && letters > 0);
        let waited = arrival.and_then(|arrival| now.duration_since(arrival.received_at).try_into().ok());
        self.metrics.settled(settled.verdict.as_str(), waited);
    }

    async fn quarantine(&self, ledger: i64, why: &str) -> anyhow::Result<()> {
        self.metrics.settled("quarantined", None);
        tracing::error!(event = "mail.quarantined", ledger, "mail {ledger} set aside: {why}");
        work::quarantine(&self.act.store, ledger, why, self.act.clock.now()).await
    }
}

/// What a batch may be, above this row.
fn span(after: i64) -> Span {
    Span { after, rows: BATCH, octets: BATCH_OCTETS }
}

/// A mail as the rules see it, and its bytes.
pub(crate) fn arrival(rules: &Rules, read: Read, known: &Known) -> (Arrival, Vec<u8>) {
    let Read { work, mail, body_hash } = read;
    let mail = mail.shown(known);
    let arrival = Arrival {
        ledger: work.id,
        mailbox: work.mailbox,
        folder: work.folder,
        author: author::of(rules, &mail),
        mail,
        message_id: work.message_id,
        content_hash: work.content_hash,
        body_hash,
        oversize: work.oversize.then_some(work.size),
        received_at: work.received_at,
        attempts: work.attempts,
        dkim_verified: Vec::new(),
        past: None,
    };
    (arrival, work.raw)
}
