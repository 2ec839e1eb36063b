//! Questions to the directory that were not answered, so that they are not asked again with every page.
//!
//! Only a hint, forgotten at a restart: a session that nobody could confirm ends by itself.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A question that was not answered is not asked again for so long.
const REST: Duration = Duration::from_mins(1);
/// Addresses that are remembered at most; others are asked for as if there had been an answer.
const MOST: usize = 10_000;

/// What was not answered lately.
#[derive(Debug, Default)]
pub(super) struct Outage(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// When each address was asked for in vain, by the time that passed.
    asked: HashMap<String, Duration>,
    /// No question was answered since the first that was not.
    lasts: bool,
}

impl Outage {
    /// Whether an address was asked for in vain just now.
    pub(super) fn rests(&self, email: &str, now: Duration) -> bool {
        self.kept().asked.get(email).is_some_and(|at| is_resting(*at, now))
    }

    /// Nobody answered; whether that is news.
    pub(super) fn unanswered(&self, email: &str, now: Duration) -> bool {
        let mut kept = self.kept();
        if kept.asked.len() >= MOST {
            kept.asked.retain(|_, at| is_resting(*at, now));
        }
        if kept.asked.len() < MOST {
            kept.asked.insert(email.to_owned(), now);
        }
        !std::mem::replace(&mut kept.lasts, true)
    }

    /// Somebody answered; whether that is news.
    pub(super) fn answered(&self, email: &str) -> bool {
        let mut kept = self.kept();
        kept.asked.remove(email);
        std::mem::take(&mut kept.lasts)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_resting(at: Duration, now: Duration) -> bool {
    now.saturating_sub(at) < REST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_answered_rests_a_minute_and_is_told_once() {
        let (outage, now) = (Outage::default(), Duration::ZERO);
        assert!(outage.unanswered("anna@customer.test", now), "the first is news");
        assert!(!outage.unanswered("maija@customer.test", now), "the others are not");
        assert!(outage.rests("anna@customer.test", now + Duration::from_secs(59)));
        assert!(!outage.rests("anna@customer.test", now + Duration::from_secs(60)));
        assert!(!outage.rests("nobody@customer.test", now));
        assert!(outage.answered("anna@customer.test"), "its end is news");
        assert!(!outage.answered("anna@customer.test") && !outage.rests("anna@customer.test", now));
        assert!(outage.rests("maija@customer.test", now));
        assert!(outage.unanswered("anna@customer.test", now), "so is the next outage");
    }

    #[test]
    fn no_number_of_addresses_fills_the_memory() {
        let (outage, now) = (Outage::default(), Duration::ZERO);
        for number in 0..=MOST {
            outage.unanswered(&format!("{number}@customer.test"), now);
        }
        assert_eq!(outage.kept().asked.len(), MOST);
        outage.unanswered("anna@customer.test", now + REST);
        assert_eq!(outage.kept().asked.len(), 1);
    }
}
