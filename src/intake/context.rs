//! What every intake needs.

use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::belongs::Belongs;
use crate::config::{After, Limits};
use crate::metrics::Metrics;
use crate::oauth::Tokens;
use crate::store::Store;
use crate::time::Clock;

/// What every intake needs. Clones share everything.
#[derive(Debug, Clone)]
pub struct IntakeContext {
    /// Holds the ledger.
    pub store: Store,
    /// Tells when a mail was taken.
    pub clock: Clock,
    /// Notified after each append to the ledger.
    pub wake: Arc<Notify>,
    /// Notified after mails were sent: copies of them may be owed.
    pub sent: Arc<Notify>,
    /// Signs in to mailboxes that take no passwords; `None` where nothing of the kind is configured.
    pub tokens: Option<Tokens>,
    /// Tells what of a folder for spam belongs to cases; `None` where nobody looks into one.
    pub belongs: Option<Belongs>,
    /// Told when a mailbox was read, or lost.
    pub metrics: Metrics,
    /// Of these, the size of a mail.
    pub limits: Limits,
    /// Cancelled when it is time to end.
    pub shutdown: CancellationToken,
    /// How patiently to try again.
    pub pace: Pace,
}

/// Delays that are not for an administrator to choose; tests shorten them.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Before the first new attempt after a loss; doubles, with jitter.
    pub first_delay: Duration,
    /// The longest delay between attempts, before jitter.
    pub longest_delay: Duration,
    /// A connection that held this long was useful: the delay begins anew.
    pub useful_after: Duration,
    /// Before the first new attempt at a mail that the server would not hand out, or at a command after a mail was
    /// stored that it would not carry out; doubles up to 36 times this.
    pub owed_delay: Duration,
    /// How long a stop waits for what is under way.
    pub drain: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first_delay: Duration::from_secs(1),
            longest_delay: Duration::from_mins(5),
            useful_after: Duration::from_mins(1),
            owed_delay: Duration::from_mins(10),
            drain: Duration::from_secs(5),
        }
    }
}

impl Pace {
    /// Delays between attempts, without end.
    pub(super) fn delays(&self) -> ExponentialBackoff {
        ExponentialBuilder::new()
            .with_min_delay(self.first_delay)
            .with_max_delay(self.longest_delay)
            .with_jitter()
            .without_max_times()
            .build()
    }
}

impl IntakeContext {
    /// Waits for `delay`; false when it is time to end.
    pub(super) async fn pause(&self, delay: Duration) -> bool {
        tokio::select! {
            () = tokio::time::sleep(delay) => true,
            () = self.shutdown.cancelled() => false,
        }
    }

    /// Ends when the drain after a stop is over.
    pub(super) async fn drained(&self) {
        self.shutdown.cancelled().await;
        tokio::time::sleep(self.pace.drain).await;
    }
}

/// Whether a mail needs nothing told to its source: nothing is configured, or it was left there for its size.
pub(super) fn nothing_to_tell(after: &After, oversize: bool) -> bool {
    match after {
        After::Keep => true,
        After::Seen => false,
        After::Move(_) | After::Delete => oversize,
    }
}
