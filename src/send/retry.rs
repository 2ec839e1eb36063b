//! What follows from the end of an attempt: sent, again later, failed, ambiguous.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use jiff::{SignedDuration, Timestamp};

use super::breaker;
use super::ending::Ending;
use crate::desk::inbound::sent::FailureCause;
use crate::store::outbox::{Claimed, Outcome};

/// When to try again, and when to stop trying.
#[derive(Debug, Clone, Copy)]
pub(super) struct Policy {
    /// After the first refusal; doubles with each further one.
    pub(super) first_delay: SignedDuration,
    pub(super) max_delay: SignedDuration,
    /// Counted from the first attempt; `None` never gives up.
    pub(super) give_up_after: Option<SignedDuration>,
}

impl Policy {
    /// The pause after attempt `attempts` (counted from 1): exponential, with jitter, never more than `max_delay`.
    fn delay(&self, attempts: u32) -> SignedDuration {
        let first = Duration::try_from(self.first_delay).unwrap_or_default();
        let longest = Duration::try_from(self.max_delay).unwrap_or_default().max(first);
        let delays = ExponentialBuilder::new().with_min_delay(first).with_max_delay(longest).without_max_times();
        // After 64 doublings every delay is the longest.
        let nth = attempts.saturating_sub(1).min(64) as usize;
        let delay = delays.with_jitter().build().nth(nth).unwrap_or(longest).min(longest);
        SignedDuration::try_from(delay).unwrap_or(self.max_delay)
    }

    /// No mail waits longer than this for its next attempt; with room for the pauses of a breaker, and of a restart.
    pub(super) fn longest_wait(&self) -> SignedDuration {
        self.max_delay.max(self.first_delay).saturating_add(SignedDuration::from_hours(1))
    }

    /// First attempts before this time are given up.
    pub(super) fn give_up_before(&self, now: Timestamp) -> Option<Timestamp> {
        Some(now.saturating_sub(self.give_up_after?).unwrap_or(Timestamp::MIN))
    }

    /// `given up after 120h`
    pub(super) fn given_up(&self) -> String {
        format!("given up after {:#}", self.give_up_after.unwrap_or_default())
    }
}

/// The outcome to record. `open_until` is when the circuit breaker lets mails go again.
pub(super) fn outcome(
    ending: Ending,
    mail: &Claimed,
    policy: &Policy,
    now: Timestamp,
    open_until: Option<Timestamp>,
) -> Outcome {
    match ending {
        Ending::Sent => Outcome::Sent,
        Ending::Refused { error, blame } => {
            Outcome::Failed { error: perhaps_sent(mail, error), cause: FailureCause::refused(blame) }
        }
        Ending::TooLarge { error } if mail.has_spare => Outcome::WithoutFiles { at: now, error },
        Ending::TooLarge { error } | Ending::Unsendable { error } => {
            Outcome::Failed { error: perhaps_sent(mail, error), cause: FailureCause::Refused }
        }
        Ending::Deferred { error, .. } | Ending::Broken { error } => {
            if given_up(mail, policy, now) {
                return give_up(mail, policy, &error);
            }
            Outcome::Later { at: next(mail, policy, now), error }
        }
        Ending::Lost { error } if mail.resent => Outcome::Ambiguous { at: None, error },
        Ending::Lost { error } => Outcome::Ambiguous { at: Some(next(mail, policy, now)), error },
        Ending::NotTried { error, .. } => {
            if given_up(mail, policy, now) {
                return give_up(mail, policy, &error);
            }
            let soon = now.saturating_add(breaker::pause(0)).unwrap_or(now);
            Outcome::NotTried { at: open_until.unwrap_or(soon), error }
        }
        // Somebody whose connection works takes it.
        Ending::HandedBack | Ending::Crowded { .. } => {
            Outcome::NotTried { at: open_until.unwrap_or(now), error: String::new() }
        }
    }
}

fn given_up(mail: &Claimed, policy: &Policy, now: Timestamp) -> bool {
    policy.give_up_before(now).is_some_and(|since| mail.first_attempt_at <= since)
}

fn give_up(mail: &Claimed, policy: &Policy, error: &str) -> Outcome {
    let error = format!("{}; last: {error}", policy.given_up());
    if mail.resent {
        return Outcome::Ambiguous { at: None, error };
    }
    Outcome::Failed { error, cause: FailureCause::Expired }
}

/// The last attempt is made when the time is up, not after it.
fn next(mail: &Claimed, policy: &Policy, now: Timestamp) -> Timestamp {
    let at = now.saturating_add(policy.delay(mail.attempts)).unwrap_or(Timestamp::MAX);
    let end = policy.give_up_after.and_then(|after| mail.first_attempt_at.saturating_add(after).ok());
    end.map_or(at, |end| at.min(end.max(now)))
}

fn perhaps_sent(mail: &Claimed, error: String) -> String {
    if mail.resent { format!("{error}; an earlier attempt perhaps got through") } else { error }
}

#[cfg(test)]
mod tests {
    use super::super::ending::{Fault, Throttle};
    use super::*;
    use crate::mail::BounceKind;

    const POLICY: Policy = Policy {
        first_delay: SignedDuration::from_secs(60),
        max_delay: SignedDuration::from_hours(4),
        give_up_after: Some(SignedDuration::from_hours(120)),
    };

    fn start() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }
    fn mail(attempts: u32, resent: bool) -> Claimed {
        Claimed {
            id: 1,
            recipient: "alice@example.test".into(),
            return_path: String::new(),
            message_id: "m@example.test".into(),
            bytes: Vec::new(),
            attempts,
            first_attempt_at: start(),
            resent,
            has_spare: false,
        }
    }
    fn deferred() -> Ending {
        Ending::Deferred { error: "451 busy".into(), throttle: Throttle::No }
    }

    #[test]
    fn delays_double_with_jitter_up_to_the_longest() {
        for attempts in [1, 2, 3, 8, 9, 10, 64, 5_000, u32::MAX] {
            let base = 60.0 * 2_f64.powi(attempts.min(20).cast_signed() - 1);
            for _ in 0..50 {
                let delay = POLICY.delay(attempts).as_secs_f64();
                assert!(delay >= base.min(14_400.0) - 0.01, "attempt {attempts}: {delay}");
                assert!(delay <= (base * 2.0).min(14_400.0) + 0.01, "attempt {attempts}: {delay}");
            }
        }
        let some: Vec<_> = (0..20).map(|_| POLICY.delay(3)).collect();
        assert!(some.windows(2).any(|two| two[0] != two[1]), "jitter");
    }

    #[test]
    fn the_last_attempt_is_when_the_time_is_up_and_then_it_is_given_up() {
        let late = start() + SignedDuration::from_hours(119);
        let Outcome::Later { at, .. } = outcome(deferred(), &mail(40, false), &POLICY, late, None) else {
            panic!("still in time");
        };
        assert_eq!(at, start() + SignedDuration::from_hours(120));
        assert_eq!(
            outcome(deferred(), &mail(41, false), &POLICY, at, None),
            Outcome::Failed { error: "given up after 120h; last: 451 busy".into(), cause: FailureCause::Expired }
        );
    }

    #[test]
    fn an_unreachable_server_charges_nothing_but_time() {
        let unreachable = || Ending::NotTried { error: "refused".into(), fault: Fault::Passing };
        let until = start() + SignedDuration::from_secs(77);
        assert_eq!(
            outcome(unreachable(), &mail(1, false), &POLICY, start(), Some(until)),
            Outcome::NotTried { at: until, error: "refused".into() }
        );
        let end = start() + SignedDuration::from_hours(120);
        assert!(matches!(outcome(unreachable(), &mail(1, false), &POLICY, end, None), Outcome::Failed { .. }));
        let never = Policy { give_up_after: None, ..POLICY };
        assert!(matches!(outcome(unreachable(), &mail(1, false), &never, end, None), Outcome::NotTried { .. }));
    }

    #[test]
    fn a_lost_answer_is_resent_once_and_then_left_to_a_person() {
        let lost = || Ending::Lost { error: "cut".into() };
        assert!(matches!(
            outcome(lost(), &mail(1, false), &POLICY, start(), None),
            Outcome::Ambiguous { at: Some(_), .. }
        ));
        assert_eq!(
            outcome(lost(), &mail(2, true), &POLICY, start(), None),
            Outcome::Ambiguous { at: None, error: "cut".into() }
        );
        let end = start() + SignedDuration::from_hours(121);
        assert!(
            matches!(outcome(deferred(), &mail(9, true), &POLICY, end, None), Outcome::Ambiguous { at: None, .. }),
            "given up, but never called failed: perhaps it got through"
        );
        let refused = Ending::Refused { error: "550 no".into(), blame: Some(BounceKind::Soft) };
        let Outcome::Failed { error, cause: FailureCause::Soft } =
            outcome(refused, &mail(2, true), &POLICY, start(), None)
        else {
            panic!("a clear no");
        };
        assert!(error.contains("perhaps got through"), "{error}");
    }
}
