//! Whether the database takes changes, as it was found last.

use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};

/// What was found last, and when by [`crate::time::Clock::elapsed`].
#[derive(Debug, Default)]
pub(super) struct Soundness(Mutex<Option<(Duration, bool)>>);

impl Soundness {
    /// What was found last; whoever holds it looks alone.
    pub(super) async fn lock(&self) -> MutexGuard<'_, Option<(Duration, bool)>> {
        self.0.lock().await
    }
}
