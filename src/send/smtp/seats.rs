//! How many connections a server takes from us: what is configured, until the server says that it is too many.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

/// After this long without such a refusal one connection more is tried: limits are raised, and other clients leave.
const REGAIN: Duration = Duration::from_mins(10);

/// The seats of one server. Whoever wants to carry mails to it takes one first.
#[derive(Debug)]
pub(super) struct Seats {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    configured: usize,
    allowed: usize,
    taken: usize,
    /// Connections that are coming about.
    opening: usize,
    /// Connections that can carry mails.
    open: usize,
    refused_at: Option<Instant>,
}

impl Seats {
    pub(super) fn new(configured: usize) -> Self {
        let state = State { configured, allowed: configured, taken: 0, opening: 0, open: 0, refused_at: None };
        Self { state: Mutex::new(state), changed: Notify::new() }
    }

    /// Waits for a seat. There is always one at least.
    pub(super) async fn take(self: &Arc<Self>) -> Seat {
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            if self.state().take(Instant::now()) {
                return Seat(Arc::clone(self));
            }
            // One more may be due although nothing changed.
            let _ = timeout(REGAIN, changed).await;
        }
    }

    /// A connection is about to be opened.
    pub(super) fn begin(self: &Arc<Self>) -> Opening {
        self.state().opening += 1;
        Opening(Arc::clone(self))
    }

    /// A connection was refused, or called one too many: whether others work, so that there are simply too many of them. If so,
    /// the number that is allowed from now on. Waits for those that are just coming about.
    pub(super) async fn crowded(&self) -> Option<usize> {
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            {
                let mut state = self.state();
                if state.open > 0 {
                    state.allowed = (state.open + state.opening).min(state.allowed);
                    state.refused_at = Some(Instant::now());
                    return Some(state.allowed);
                }
                if state.opening == 0 {
                    return None;
                }
            }
            changed.await;
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_waiters();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, now: Instant) -> bool {
        if self.allowed < self.configured && self.refused_at.is_none_or(|at| now.duration_since(at) >= REGAIN) {
            self.allowed += 1;
            self.refused_at = Some(now);
        }
        let free = self.taken < self.allowed;
        self.taken += usize::from(free);
        free
    }
}

/// The right to one connection; given back when dropped.
#[derive(Debug)]
pub(super) struct Seat(Arc<Seats>);

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.change(|state| state.taken -= 1);
    }
}

/// A connection that is coming about.
#[derive(Debug)]
pub(super) struct Opening(Arc<Seats>);

impl Opening {
    /// It can carry mails.
    pub(super) fn done(self) -> Presence {
        self.0.state().open += 1;
        Presence(Arc::clone(&self.0))
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        self.0.change(|state| state.opening -= 1);
    }
}

/// A connection that can carry mails, for as long as it does.
#[derive(Debug)]
pub(super) struct Presence(Arc<Seats>);

impl Drop for Presence {
    fn drop(&mut self) {
        self.0.change(|state| state.open -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_number_that_works_is_learned_and_one_more_tried_after_a_while() {
        let seats = Arc::new(Seats::new(4));
        let mut taken = Vec::new();
        for _ in 0..4 {
            taken.push(seats.take().await);
        }
        let working = [seats.begin().done(), seats.begin().done(), seats.begin().done()];
        assert_eq!(seats.crowded().await, Some(3));
        taken.pop();
        let now = Instant::now();
        assert!(!seats.state().take(now), "not at once");
        assert!(seats.state().take(now + REGAIN));
        assert!(!seats.state().take(now + REGAIN), "no more than was configured");
        drop(working);
        assert_eq!(seats.crowded().await, None, "nobody gets in: it is not about the number");
    }

    #[tokio::test]
    async fn who_is_refused_first_waits_for_those_who_still_knock() {
        let seats = Arc::new(Seats::new(4));
        let slow = seats.begin();
        let (crowded, presence) = tokio::join!(seats.crowded(), async { slow.done() });
        assert_eq!(crowded, Some(1));
        drop(presence);
        assert_eq!(seats.crowded().await, None, "nobody gets in: it is not about the number");
    }
}
