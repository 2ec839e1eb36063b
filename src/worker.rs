//! The loop of every worker that works off a table: look, rest, look again.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;

/// Pause after the database refused the work, or the work panicked.
const AFTER_FAULT: Duration = Duration::from_secs(2);

/// Who works off a table. The table is the truth: what wakes only spares time.
pub trait Worker: Sync {
    /// Ends when there is something to do. It is registered when this is called, not when it is first waited for.
    fn woken(&self) -> impl Future<Output = ()> + Send;

    /// Works off what is there; how long to rest when nobody wakes.
    fn turn(&self, shutdown: &CancellationToken) -> impl Future<Output = anyhow::Result<Duration>> + Send;

    /// Says that the work pauses, and why.
    fn fault(&self, error: &anyhow::Error);
}

/// Works until told to stop; finishes what is in hand. Neither an error nor a panic ends it: rows count their own attempts.
pub async fn run(worker: &impl Worker, shutdown: &CancellationToken) {
    while !shutdown.is_cancelled() {
        // Registered before looking, so that a row written meanwhile is not missed.
        let woken = worker.woken();
        let turn = AssertUnwindSafe(worker.turn(shutdown)).catch_unwind().await;
        let (pause, sound) = match turn.unwrap_or_else(|_| Err(anyhow::anyhow!("it panicked"))) {
            Ok(pause) => (pause, true),
            Err(error) => {
                worker.fault(&error);
                (AFTER_FAULT, false)
            }
        };
        tokio::select! {
            // What failed is not tried sooner because more of it comes.
            () = woken, if sound => {}
            () = tokio::time::sleep(pause) => {}
            () = shutdown.cancelled() => {}
        }
    }
}
