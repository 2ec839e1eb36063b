//! How attempts ended.

use crate::store::outbox::{Claimed, Outcome};

/// An attempt and what follows from it.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) mail: Claimed,
    pub(super) outcome: Outcome,
}

/// How many attempts ended in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Accepted.
    pub sent: u64,
    /// Refused for now.
    pub later: u64,
    /// Refused for good.
    pub failed: u64,
    /// Perhaps sent.
    pub ambiguous: u64,
    /// The server could not be used, or they were handed back.
    pub not_tried: u64,
}

impl Tally {
    /// Counts one more.
    pub(super) fn count(&mut self, outcome: &Outcome) {
        let counter = match outcome {
            Outcome::Sent => &mut self.sent,
            Outcome::Later { .. } | Outcome::WithoutFiles { .. } => &mut self.later,
            Outcome::Failed { .. } => &mut self.failed,
            Outcome::Ambiguous { .. } => &mut self.ambiguous,
            Outcome::NotTried { .. } => &mut self.not_tried,
        };
        *counter += 1;
    }
}
