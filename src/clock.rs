//! What is due → act: reminders, announcements and closings, from rows in the database.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::act::Act;
use crate::desk::event::Event;
use crate::desk::follow_up::due::Due;
use crate::store::follow_up;
use crate::worker::{self, Worker};

/// Follow-ups decided in one transaction.
const BATCH: u32 = 100;
/// The table is looked at this often even if nothing is due: the system's clock may have been set, and another process
/// may have written to it.
const SAFETY_POLL: Duration = Duration::from_secs(5);
/// How long a gateway that starts leaves what is due alone: the mailboxes are read first, as a reply that came while it was
/// down ends the waiting.
pub const SETTLE: Duration = Duration::from_secs(30);
/// Attempts at one follow-up before it is set aside; with the pauses between them they take about five hours.
const ATTEMPTS: u32 = 10;

/// Works off what is due.
#[derive(Debug, Clone)]
pub struct FollowUps {
    /// Decides and commits.
    pub act: Act,
    /// Rows went into the outbox.
    pub posted: Arc<Notify>,
    /// See [`SETTLE`].
    pub settle: Duration,
}

impl Worker for FollowUps {
    fn woken(&self) -> impl Future<Output = ()> + Send {
        self.act.follow_up_set.notified()
    }

    async fn turn(&self, shutdown: &CancellationToken) -> anyhow::Result<Duration> {
        let next = self.drain(shutdown).await?;
        Ok(self.until(next))
    }

    fn fault(&self, error: &anyhow::Error) {
        tracing::error!(event = "clock.fault", "what is due waits: {error:#}");
    }
}

impl FollowUps {
    /// Works until told to stop; finishes the batch in hand.
    pub async fn run(&self, shutdown: CancellationToken) {
        tokio::select! {
            () = tokio::time::sleep(self.settle) => {}
            () = shutdown.cancelled() => {}
        }
        worker::run(self, &shutdown).await;
    }

    fn until(&self, next: Option<Timestamp>) -> Duration {
        let wait = next.map(|next| self.act.clock.now().duration_until(next));
        // In the past when the step came due while we looked: no pause.
        wait.map_or(SAFETY_POLL, |wait| Duration::try_from(wait).unwrap_or_default().min(SAFETY_POLL))
    }

    /// Works off everything that is due now; when the next follow-up is.
    pub async fn drain(&self, shutdown: &CancellationToken) -> anyhow::Result<Option<Timestamp>> {
        let store = &self.act.store;
        let begun = follow_up::begin_anew(store, self.act.clock.now()).await?;
        if begun > 0 {
            tracing::warn!(event = "clock.set_back", begun, "the clock was set back: {begun} waits begin anew");
        }
        while !shutdown.is_cancelled() {
            let claimed = follow_up::claim(store, self.act.clock.now(), BATCH).await?;
            for kind in &claimed.unknown {
                tracing::warn!(event = "follow_up.unknown", kind, "a follow-up of a later version waits for it");
            }
            if claimed.due.is_empty() && claimed.unknown.is_empty() {
                break;
            }
            self.carry_out(&claimed.due).await?;
        }
        follow_up::next_due(store, self.act.clock.now()).await
    }

    /// Carries out a batch; when it fails as a whole, one by one, so that one bad row stops no other.
    async fn carry_out(&self, batch: &[Due]) -> anyhow::Result<()> {
        let Err(error) = self.act_on(batch).await else { return Ok(()) };
        tracing::warn!(event = "follow_up.split", "follow-ups failed and are tried one by one: {error:#}");
        for due in batch {
            let Err(error) = self.act_on(std::slice::from_ref(due)).await else { continue };
            let (kind, ticket) = (due.kind.as_str(), due.ticket.0);
            if due.attempts < ATTEMPTS {
                tracing::warn!(event = "follow_up.later", kind, ticket, "a follow-up is tried again later: {error:#}");
                continue;
            }
            tracing::error!(event = "follow_up.set_aside", kind, ticket, "a follow-up is given up: {error:#}");
            self.act.events(&[Event::SetAside(due)]).await?;
        }
        Ok(())
    }

    async fn act_on(&self, batch: &[Due]) -> anyhow::Result<()> {
        // A rule that panics is one follow-up's trouble, like any other error.
        let events: Vec<Event<'_>> = batch.iter().map(Event::Due).collect();
        let deciding = AssertUnwindSafe(self.act.events(&events)).catch_unwind().await;
        let caused = deciding.unwrap_or_else(|_| Err(anyhow::anyhow!("deciding it panicked")))?;
        for (due, caused) in batch.iter().zip(caused).filter(|(_, caused)| caused.happened) {
            let case_id = self.act.rules.case_id(due.ticket);
            tracing::info!(
                event = "follow_up.done",
                kind = due.kind.as_str(),
                case_id,
                letters = caused.letters,
                "{case_id}: {}",
                due.kind.words(),
            );
            if caused.letters > 0 {
                self.posted.notify_waiters();
            }
        }
        Ok(())
    }
}
