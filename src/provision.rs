//! Questions to the directory of accounts → answers → act.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::act::Act;
use crate::desk::directory::Answer;
use crate::desk::event::Event;
use crate::desk::form::task::Answered;
use crate::directory::{Directory, Fault};
use crate::store::task::{self, Claimed};
use crate::worker::Worker;

/// Questions asked at the same time.
const BATCH: u32 = 16;
/// A question that nobody finished is taken up again after this time.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// The table is looked at this often even if nobody wakes us: another process may have written to it.
const SAFETY_POLL: Duration = Duration::from_secs(2);
/// First delay after a fault that may pass; doubles up to `MAX_DELAY`.
const FIRST_DELAY: SignedDuration = SignedDuration::from_secs(5);
/// Longest delay between two attempts.
const MAX_DELAY: SignedDuration = SignedDuration::from_mins(15);
/// After this time an engineer gets what the directory did not answer.
const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Works off what the desk asks of the directory.
#[derive(Debug, Clone)]
pub struct Provision {
    /// Decides on the answers and commits.
    pub act: Act,
    /// Who is asked.
    pub directory: Arc<dyn Directory>,
    /// Rows went into the outbox.
    pub posted: Arc<Notify>,
}

impl Worker for Provision {
    fn woken(&self) -> impl Future<Output = ()> + Send {
        self.act.directory_asked.notified()
    }

    async fn turn(&self, shutdown: &CancellationToken) -> anyhow::Result<Duration> {
        self.drain(shutdown).await?;
        Ok(self.until_next().await)
    }

    fn fault(&self, error: &anyhow::Error) {
        tracing::error!(event = "directory.fault", "questions to the directory wait: {error:#}");
    }
}

impl Provision {
    async fn until_next(&self) -> Duration {
        let next = task::next_due(&self.act.store).await.ok().flatten();
        let wait = next.map(|next| Duration::try_from(self.act.clock.now().duration_until(next)).unwrap_or_default());
        wait.map_or(SAFETY_POLL, |wait| wait.min(SAFETY_POLL))
    }

    /// Works off every question that is due now.
    pub async fn drain(&self, shutdown: &CancellationToken) -> anyhow::Result<()> {
        let begun = task::begin_anew(&self.act.store, self.act.clock.now(), MAX_DELAY).await?;
        if begun > 0 {
            tracing::warn!(
                event = "directory.set_back",
                begun,
                "the clock was set back: {begun} questions are due now"
            );
        }
        while !shutdown.is_cancelled() {
            let now = self.act.clock.now();
            let turn = task::claim(&self.act.store, now, now + LEASE, BATCH).await?;
            for row in &turn.unreadable {
                let error = &row.error;
                tracing::error!(event = "directory.unreadable", task = row.id, "a question cannot be read: {error:#}");
            }
            if turn.claimed.is_empty() && turn.unreadable.is_empty() {
                break;
            }
            let answers = join_all(turn.claimed.iter().map(|claimed| self.ask(claimed))).await;
            for (claimed, answer) in turn.claimed.iter().zip(answers) {
                self.go_on(claimed, answer).await;
            }
        }
        Ok(())
    }

    async fn ask(&self, claimed: &Claimed) -> Result<Answer, Fault> {
        let asking = AssertUnwindSafe(self.directory.carry_out(&claimed.asked.task)).catch_unwind().await;
        asking.unwrap_or_else(|_| Err(Fault::temporary("asking it panicked")))
    }

    /// One answer that cannot be acted on must not hold up the others. It is asked for again, and in the end engineers get
    /// the question back; when not even that can be, the row is set aside.
    async fn go_on(&self, claimed: &Claimed, answer: Result<Answer, Fault>) {
        let id = claimed.asked.id;
        let Err(error) = guarded(self.act_on(claimed, answer)).await else { return };
        tracing::error!(event = "directory.fault", task = id, "an answer could not be acted on: {error:#}");
        if !self.is_hopeless(claimed) {
            return;
        }
        let why = format!("its answer could not be acted on: {error:#}");
        let told = guarded(self.tell(Answered { asked: claimed.asked.clone(), answer: Err(why.clone()) })).await;
        let Err(error) = told else { return };
        tracing::error!(event = "directory.set_aside", task = id, "a question is given up: {error:#}");
        if let Err(error) = task::set_aside(&self.act.store, id, &why).await {
            tracing::error!(event = "directory.fault", task = id, "a question could not be given up: {error:#}");
        }
    }

    async fn act_on(&self, claimed: &Claimed, answer: Result<Answer, Fault>) -> anyhow::Result<()> {
        let asked = claimed.asked.clone();
        match answer {
            Ok(answer) => self.tell(Answered { asked, answer: Ok(answer) }).await,
            Err(fault) if !fault.permanent && !self.is_hopeless(claimed) => self.later(claimed, &fault).await,
            Err(fault) => {
                let what = &fault.what;
                tracing::error!(event = "directory.failed", task = asked.id, "the directory did not do it: {what}");
                self.tell(Answered { asked, answer: Err(fault.what) }).await
            }
        }
    }

    async fn tell(&self, answered: Answered) -> anyhow::Result<()> {
        let caused = self.act.events(&[Event::Answered(&answered)]).await?;
        if caused.iter().any(|caused| caused.letters > 0) {
            self.posted.notify_waiters();
        }
        Ok(())
    }

    fn is_hopeless(&self, claimed: &Claimed) -> bool {
        self.act.clock.now().duration_since(claimed.created_at) > GIVE_UP_AFTER
    }

    async fn later(&self, claimed: &Claimed, fault: &Fault) -> anyhow::Result<()> {
        let what = fault.what.as_str();
        let now = self.act.clock.now();
        let at = fault.retry_after.map_or_else(|| retry_at(now, claimed.attempts), |after| now + after.min(MAX_DELAY));
        tracing::warn!(
            event = "directory.later",
            task = claimed.asked.id,
            attempts = claimed.attempts,
            "asked again later: {what}"
        );
        task::put_off(&self.act.store, claimed.asked.id, at, what).await
    }
}

/// A rule that panics is one question's trouble, like any other error.
async fn guarded(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| Err(anyhow::anyhow!("deciding it panicked")))
}

fn retry_at(now: Timestamp, attempts: u32) -> Timestamp {
    let doubled = FIRST_DELAY.checked_mul(1 << attempts.saturating_sub(1).min(16)).unwrap_or(MAX_DELAY);
    now + doubled.min(MAX_DELAY)
}
