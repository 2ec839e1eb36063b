//! From the ledger to a verdict: read → judge → act.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::act::Act;
use crate::desk::arrival::Arrival;
use crate::dkim::Dkim;
use crate::mail;
use crate::probe;
use crate::store::facts;
use crate::store::work::{self, Work};

/// Mails decided in one transaction.
const BATCH: u32 = 250;
/// Octets read for one batch.
const BATCH_OCTETS: u64 = 4_000_000;
/// Mails whose DKIM keys are looked up at the same time: each may wait for a name server.
const DKIM_AT_A_TIME: usize = 16;
/// The table is asked this often even if nobody wakes us: another process may have written to it.
const SAFETY_POLL: Duration = Duration::from_secs(1);
/// A row whose attempts never end although reading it does no harm. High, as whoever kills the gateway again and again for
/// other reasons interrupts innocent mails as well.
const HOPELESS: u32 = 20;
/// Pause after the database refused a batch.
const AFTER_FAULT: Duration = Duration::from_secs(2);

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
}

impl Process {
    /// Works until told to stop; finishes the batch in hand.
    pub async fn run(&self, shutdown: CancellationToken) {
        while !shutdown.is_cancelled() {
            // Registered before looking, so that a row written meanwhile is not missed.
            let (arrived, failed) = (self.arrived.notified(), self.failed.notified());
            let pause = match self.drain(&shutdown).await {
                Ok(_) => SAFETY_POLL,
                Err(error) => {
                    tracing::error!(event = "process.fault", "processing paused: {error:#}");
                    AFTER_FAULT
                }
            };
            tokio::select! {
                () = arrived, if pause == SAFETY_POLL => {}
                () = failed, if pause == SAFETY_POLL => {}
                () = tokio::time::sleep(pause) => {}
                () = shutdown.cancelled() => {}
            }
        }
    }

    /// Works off everything that is new; how many mails. While one batch is decided and written, the next is read.
    pub async fn drain(&self, shutdown: &CancellationToken) -> anyhow::Result<u64> {
        match self.act.failures().await {
            Ok(0) => {}
            Ok(_) => self.posted.notify_waiters(),
            // News of lost mails must not stand in the way of new ones.
            Err(error) => tracing::error!(event = "process.fault", "failed mails could not be told: {error:#}"),
        }
        let (mut count, mut after, mut batch) = (0, 0, Vec::new());
        loop {
            // Counts its attempts before the batch in hand takes the write lock, so that the two do not wait for each other.
            let claimed = if shutdown.is_cancelled() { Vec::new() } else { self.claim(after).await? };
            if claimed.is_empty() && batch.is_empty() {
                return Ok(count);
            }
            after = claimed.last().map_or(after, |work| work.id);
            let (next, settled, tidied) =
                tokio::join!(self.read(claimed), self.settle(&batch), self.act.store.checkpoint());
            if let Err(error) = tidied {
                tracing::warn!(event = "process.log_grows", "the database's log grows: {error:#}");
            }
            count += settled?;
            batch = next?;
        }
    }

    async fn claim(&self, after: i64) -> anyhow::Result<Vec<Work>> {
        work::claim(&self.act.store, after, BATCH, BATCH_OCTETS).await
    }

    /// The mails of these rows. A row whose earlier attempt did not end may have killed us: it is first read in a process
    /// of its own. What cannot be read is set aside.
    async fn read(&self, claimed: Vec<Work>) -> anyhow::Result<Vec<Arrival>> {
        let mut sound = Vec::with_capacity(claimed.len());
        for work in claimed {
            match work.attempts {
                0 | 1 => sound.push(work),
                HOPELESS.. => {
                    let why = format!("{} attempts at it did not end", work.attempts - 1);
                    self.quarantine(work.id, &why).await?;
                }
                _ => sound.extend(self.probed(work).await?),
            }
        }
        let sound = Arc::new(sound);
        let works = sound.clone();
        let mut arrivals = Vec::with_capacity(sound.len());
        for read in tokio::task::spawn_blocking(move || read_all(&works)).await? {
            match read {
                Ok(arrival) => arrivals.push(arrival),
                Err((ledger, why)) => self.quarantine(ledger, &why).await?,
            }
        }
        let Some(dkim) = &self.dkim else { return Ok(arrivals) };
        let judging = arrivals.into_iter().map(|arrival| self.judged(dkim, arrival, &sound));
        stream::iter(judging).buffered(DKIM_AT_A_TIME).try_collect().await
    }

    /// An engineer's mail with its DKIM signatures verified.
    async fn judged(&self, dkim: &Dkim, mut arrival: Arrival, works: &[Work]) -> anyhow::Result<Arrival> {
        let signed = arrival.mail.headers.first("DKIM-Signature").is_some();
        let from = arrival.mail.from.as_ref().filter(|_| signed).map(|from| from.email.clone());
        let work = works.iter().find(|work| work.id == arrival.ledger);
        if let (Some(from), Some(work)) = (from, work)
            && facts::is_engineer(&self.act.store, &from).await?
        {
            arrival.dkim_verified = dkim.verified_domains(&work.raw).await;
        }
        Ok(arrival)
    }

    async fn probed(&self, work: Work) -> anyhow::Result<Option<Work>> {
        match probe::survives(&work.raw).await? {
            Ok(()) => Ok(Some(work)),
            Err(why) => self.quarantine(work.id, &why).await.map(|()| None),
        }
    }

    /// Decides a batch; when it fails as a whole, one by one, so that one bad mail stops no other.
    async fn settle(&self, batch: &[Arrival]) -> anyhow::Result<u64> {
        if batch.is_empty() {
            return Ok(0);
        }
        let Err(error) = self.act_on(batch).await else { return Ok(batch.len() as u64) };
        tracing::warn!(event = "process.split", "a batch failed and is tried mail by mail: {error:#}");
        let mut settled = 0;
        for arrival in batch {
            match self.act_on(std::slice::from_ref(arrival)).await {
                Ok(()) => settled += 1,
                Err(error) if self.may_pass(arrival, &error) => {
                    tracing::warn!(event = "process.later", ledger = arrival.ledger, "tried again later: {error:#}");
                }
                Err(error) => self.quarantine(arrival.ledger, &format!("{error:#}")).await?,
            }
        }
        Ok(settled)
    }

    /// The database may take the mail another time; but not for ever, as a mail itself may be what it refuses.
    fn may_pass(&self, arrival: &Arrival, error: &anyhow::Error) -> bool {
        arrival.attempts < self.act.rules.config.limits.attempts && error.chain().any(|cause| cause.is::<sqlx::Error>())
    }

    async fn act_on(&self, batch: &[Arrival]) -> anyhow::Result<()> {
        // A rule that panics is one mail's trouble, like any other error.
        let deciding = AssertUnwindSafe(self.act.arrivals(batch)).catch_unwind().await;
        for settled in deciding.unwrap_or_else(|_| Err(anyhow::anyhow!("deciding it panicked")))? {
            tracing::info!(
                event = "mail.settled",
                ledger = settled.ledger,
                verdict = settled.verdict.as_str(),
                case_id = settled.case_id,
                letters = settled.letters,
                "mail {} {}: {}",
                settled.ledger,
                settled.verdict.as_str(),
                mail::address::mask_all(&settled.reason),
            );
            if settled.letters > 0 {
                self.posted.notify_waiters();
            }
        }
        Ok(())
    }

    async fn quarantine(&self, ledger: i64, why: &str) -> anyhow::Result<()> {
        tracing::error!(event = "mail.quarantined", ledger, "mail {ledger} set aside: {why}");
        work::quarantine(&self.act.store, ledger, why, self.act.clock.now()).await
    }
}

/// A mail that could not be read, and why.
type Unread = (i64, String);

/// Every core reads a share.
fn read_all(batch: &[Work]) -> Vec<Result<Arrival, Unread>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = batch.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let threads: Vec<_> = batch
            .chunks(share)
            .map(|chunk| (chunk, scope.spawn(|| chunk.iter().map(read).collect::<Vec<_>>())))
            .collect();
        let died = |chunk: &[Work]| chunk.iter().map(|work| Err((work.id, "its reader died".to_owned()))).collect();
        threads.into_iter().flat_map(|(chunk, thread)| thread.join().unwrap_or_else(|_| died(chunk))).collect()
    })
}

fn read(work: &Work) -> Result<Arrival, Unread> {
    // Reading never panics by design; if it does, the mail is set aside and the next one is read.
    let mail = std::panic::catch_unwind(|| mail::read(&work.raw));
    let mail = mail.map_err(|_| (work.id, "its reader panicked".to_owned()))?;
    Ok(Arrival {
        ledger: work.id,
        mailbox: work.mailbox.clone(),
        mail,
        message_id: work.message_id.clone(),
        content_hash: work.content_hash,
        oversize: work.oversize.then_some(work.size),
        received_at: work.received_at,
        attempts: work.attempts,
        dkim_verified: Vec::new(),
    })
}
