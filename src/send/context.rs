//! What a transport needs from the rest of the gateway.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::dkim::Signer;
use crate::metrics::Metrics;
use crate::oauth::Tokens;
use crate::store::Store;
use crate::time::Clock;

/// What a transport needs from the rest of the gateway.
#[derive(Debug, Clone)]
pub struct SendContext {
    /// The database.
    pub store: Store,
    /// What tells the time.
    pub clock: Clock,
    /// Signs in to servers that take no passwords; `None` where nothing of the kind is configured.
    pub tokens: Option<Tokens>,
    /// Woken by `notify_waiters` after rows were added to the outbox, or the hands of a test's clock were moved. One for
    /// all transports. A missed wake-up costs 30 seconds at most.
    pub wake: Arc<Notify>,
    /// Gets a `notify_one` when a mail failed for good: [`crate::store::outbox::untold_failures`] has it.
    pub failed: Arc<Notify>,
    /// Woken by `notify_waiters` after mails were recorded as sent.
    pub sent: Arc<Notify>,
    /// Told how attempts ended.
    pub metrics: Metrics,
    /// Signs what goes out.
    pub signer: Arc<Signer>,
    /// Ends [`run`](super::run) once the mails in hand are finished and recorded.
    pub shutdown: CancellationToken,
}
