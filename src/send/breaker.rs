//! One circuit breaker a server: while it is open nothing is claimed and the due mails wait in the outbox.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use jiff::{SignedDuration, Timestamp};

use super::ending::{Ending, Fault, Throttle};

/// Consecutive connection faults that open it.
const FAULTS: u32 = 5;
/// Consecutive 4.7.x replies about single recipients that count as one about us.
const DEFERRALS: u32 = 3;
/// Answers in a row after which earlier trouble is forgotten and pauses start small again.
const HEALTHY: u32 = 20;
/// The first pause; each further one doubles, up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(300);

/// Counts faults, says when to pause, and lets one mail probe before all others follow.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    state: State,
    faults: u32,
    deferrals: u32,
    answers: u32,
    /// Pauses since the server was last healthy.
    pauses: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Closed,
    Open {
        until: Timestamp,
    },
    Probing,
}

/// What the feeder may claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    Closed,
    /// One mail, to see.
    Probing,
    /// Nothing until then.
    Open(Timestamp),
}

/// What is worth a line in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// Nothing goes out for now; `again` when it was open and the probe failed.
    Opened {
        until: Timestamp,
        reason: String,
        again: bool,
    },
    Closed,
}

impl Breaker {
    /// What may be claimed now; an open breaker whose pause is over starts probing.
    pub(super) fn gate(&mut self, now: Timestamp) -> Gate {
        match self.state {
            State::Closed => Gate::Closed,
            // A pause that seems longer than there are was set while the clock was ahead.
            State::Open { until } if now < until && until.duration_since(now).unsigned_abs() <= LONGEST => {
                Gate::Open(until)
            }
            State::Open { .. } | State::Probing => {
                self.state = State::Probing;
                Gate::Probing
            }
        }
    }

    /// Until when nothing goes out; `None` while it is closed or probing.
    pub(super) fn open_until(&self) -> Option<Timestamp> {
        match self.state {
            State::Open { until } => Some(until),
            State::Closed | State::Probing => None,
        }
    }

    /// Learns from an attempt. Stragglers that end while it is open change nothing.
    pub(super) fn note(&mut self, ending: &Ending, now: Timestamp) -> Option<Change> {
        if matches!(self.state, State::Open { .. }) {
            return None;
        }
        match ending {
            Ending::HandedBack | Ending::Unsendable { .. } | Ending::Crowded { .. } => None,
            Ending::Sent
            | Ending::Refused { .. }
            | Ending::TooLarge { .. }
            | Ending::Deferred { throttle: Throttle::No, .. } => self.answered(0),
            Ending::Deferred { throttle: Throttle::Perhaps, error } => {
                if self.deferrals + 1 >= DEFERRALS {
                    return Some(self.open(now, error));
                }
                self.answered(self.deferrals + 1)
            }
            Ending::Deferred { throttle: Throttle::Yes | Throttle::Connections, error }
            | Ending::NotTried { fault: Fault::Lasting | Fault::Throttled, error } => Some(self.open(now, error)),
            Ending::Broken { error } | Ending::Lost { error } | Ending::NotTried { fault: Fault::Passing, error } => {
                self.faults += 1;
                self.answers = 0;
                let opens = self.faults >= FAULTS || self.state == State::Probing;
                opens.then(|| self.open(now, error))
            }
        }
    }

    fn answered(&mut self, deferrals: u32) -> Option<Change> {
        self.faults = 0;
        self.deferrals = deferrals;
        self.answers += 1;
        if self.answers >= HEALTHY {
            self.pauses = 0;
        }
        let closes = self.state == State::Probing;
        self.state = State::Closed;
        closes.then_some(Change::Closed)
    }

    fn open(&mut self, now: Timestamp, reason: &str) -> Change {
        let again = self.state == State::Probing;
        let until = now.saturating_add(pause(self.pauses)).unwrap_or(Timestamp::MAX);
        *self = Self { state: State::Open { until }, pauses: self.pauses + 1, ..Self::default() };
        Change::Opened { until, reason: reason.to_owned(), again }
    }
}

/// The pause after `earlier` others: exponential, with jitter so that several gateways do not come back together.
pub(super) fn pause(earlier: usize) -> SignedDuration {
    let pauses = ExponentialBuilder::new().with_min_delay(SHORTEST).with_max_delay(LONGEST).without_max_times();
    let pause = pauses.with_jitter().build().nth(earlier.min(16)).unwrap_or(LONGEST);
    SignedDuration::try_from(pause.min(LONGEST)).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }
    fn broken() -> Ending {
        Ending::Broken { error: "cut".into() }
    }
    fn deferred(throttle: Throttle) -> Ending {
        Ending::Deferred { error: "451 4.7.1 slow down".into(), throttle }
    }
    fn opened(breaker: &mut Breaker, now: Timestamp, ending: &Ending) -> Timestamp {
        match breaker.note(ending, now) {
            Some(Change::Opened { until, .. }) => until,
            other => panic!("did not open: {other:?}"),
        }
    }

    #[test]
    fn faults_in_a_row_open_it_and_an_answer_between_them_does_not_let_it() {
        let mut breaker = Breaker::default();
        for _ in 0..3 {
            for _ in 0..FAULTS - 1 {
                assert_eq!(breaker.note(&broken(), at(0)), None);
            }
            assert_eq!(breaker.note(&Ending::Refused { error: "550".into(), blame: None }, at(0)), None);
        }
        for _ in 0..FAULTS - 1 {
            assert_eq!(breaker.note(&broken(), at(0)), None);
        }
        let until = opened(&mut breaker, at(0), &broken());
        assert!(until >= at(5) && until <= at(10), "{until}");
        assert_eq!(breaker.gate(at(1)), Gate::Open(until));
    }

    #[test]
    fn one_probe_closes_it_or_opens_it_for_longer() {
        let mut breaker = Breaker::default();
        let lasting = Ending::NotTried { error: "535".into(), fault: Fault::Lasting };
        let mut now = at(0);
        let mut last = SignedDuration::ZERO;
        for _ in 0..5 {
            let until = opened(&mut breaker, now, &lasting);
            assert!(until.duration_since(now) >= last, "pauses grow");
            last = until.duration_since(now).min(SignedDuration::from_secs(40));
            now = until;
            assert_eq!(breaker.gate(now), Gate::Probing);
            assert_eq!(breaker.gate(now), Gate::Probing, "still the same probe");
        }
        assert_eq!(breaker.note(&Ending::HandedBack, now), None, "no news");
        assert_eq!(breaker.note(&Ending::Sent, now), Some(Change::Closed));
        assert_eq!(breaker.gate(now), Gate::Closed);
        let soon = opened(&mut breaker, now, &lasting);
        assert!(soon.duration_since(now) >= SignedDuration::from_secs(80), "one answer does not forget the trouble");
    }

    #[test]
    fn health_makes_pauses_short_again() {
        let mut breaker = Breaker { pauses: 6, ..Breaker::default() };
        for _ in 0..HEALTHY {
            assert_eq!(breaker.note(&Ending::Sent, at(0)), None);
        }
        assert!(opened(&mut breaker, at(0), &deferred(Throttle::Yes)) <= at(10));
    }

    #[test]
    fn greylisting_of_some_recipients_is_no_rate_limit_but_of_all_it_is() {
        let mut breaker = Breaker::default();
        for _ in 0..10 {
            assert_eq!(breaker.note(&deferred(Throttle::Perhaps), at(0)), None);
            assert_eq!(breaker.note(&deferred(Throttle::Perhaps), at(0)), None);
            assert_eq!(breaker.note(&Ending::Sent, at(0)), None);
        }
        assert_eq!(breaker.note(&deferred(Throttle::Perhaps), at(0)), None);
        assert_eq!(breaker.note(&deferred(Throttle::Perhaps), at(0)), None);
        opened(&mut breaker, at(0), &deferred(Throttle::Perhaps));
    }

    #[test]
    fn stragglers_of_other_connections_do_not_close_it() {
        let mut breaker = Breaker::default();
        let until = opened(&mut breaker, at(0), &deferred(Throttle::Yes));
        assert_eq!(breaker.note(&Ending::Sent, at(1)), None);
        assert_eq!(breaker.note(&broken(), at(1)), None);
        assert_eq!(breaker.open_until(), Some(until));
    }

    #[test]
    fn pauses_are_bounded() {
        for earlier in [0, 1, 6, 7, 100, usize::MAX] {
            let pause = pause(earlier);
            assert!(pause >= SignedDuration::from_secs(5) && pause <= SignedDuration::from_secs(300), "{pause:?}");
        }
    }
}
