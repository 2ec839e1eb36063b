//! The hands of a clock that a test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use caseway::time::Clock;
use jiff::{SignedDuration, Timestamp};

/// Clones move the same clock.
#[derive(Clone)]
pub struct Hands {
    time_of_day: Arc<AtomicI64>,
    elapsed: Arc<AtomicU64>,
}

impl Hands {
    pub fn new() -> Self {
        let start: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        Self { time_of_day: Arc::new(AtomicI64::new(start.as_microsecond())), elapsed: Arc::default() }
    }

    pub fn clock(&self) -> Clock {
        let (day, passed) = (self.clone(), self.elapsed.clone());
        Clock::driven_by(move || day.now(), move || Duration::from_micros(passed.load(Ordering::Relaxed)))
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.time_of_day.load(Ordering::Relaxed)).unwrap()
    }

    /// Time passes; with less than none of it the clock is set back.
    pub fn pass(&self, time: SignedDuration) {
        self.set(time);
        self.elapsed.fetch_add(u64::try_from(time.as_micros()).unwrap_or_default(), Ordering::Relaxed);
    }

    /// Somebody sets the clock, forwards or backwards; no time passes.
    pub fn set(&self, by: SignedDuration) {
        self.time_of_day.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::Relaxed);
    }
}
