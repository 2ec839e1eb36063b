//! The one place that reads the clock.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Where "now" comes from: the system, or a hand on a dial in tests.
///
/// There are two: the time of day, which somebody may set, and the time that has passed, which only grows. What lasts no
/// longer than the process is measured by the second.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    elapsed: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl Clock {
    /// The system's clock.
    #[expect(clippy::disallowed_methods, reason = "the one home of the clock")]
    pub fn system() -> Self {
        let start = Instant::now();
        Self { now: Arc::new(Timestamp::now), elapsed: Arc::new(move || start.elapsed()) }
    }

    /// A clock that `now` drives: the time of day, and `elapsed`: the time that has passed.
    pub fn driven_by(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        elapsed: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> Self {
        Self { now: Arc::new(now), elapsed: Arc::new(elapsed) }
    }

    /// The time of day. Somebody may set it, forwards and backwards.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// The time that has passed since some moment of this process; it never goes back, whatever becomes of the time of
    /// day.
    pub fn elapsed(&self) -> Duration {
        (self.elapsed)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
