//! Getting past what breaks: smaller steps after a failure, and later attempts further apart.

use std::time::Duration;

use tokio::time::Instant;

/// Connections that one mail may break before it is left aside.
const MAX_BREAKS: u32 = 3;

/// How many mails are asked for at a time. A mail that breaks the connection (a server that crashes on it, an answer
/// that cannot be parsed) would otherwise break it for ever: batches shrink until it stands alone, and then it is left
/// aside.
#[derive(Debug, Default)]
pub(super) struct Caution {
    most: Option<usize>,
    suspect: Option<(u32, u32)>,
}

impl Caution {
    /// Mails in the next batch when `configured` are wanted.
    pub(super) fn most(&self, configured: usize) -> usize {
        self.most.unwrap_or(configured).min(configured).max(1)
    }

    /// Something broke and has not been passed yet.
    pub(super) fn is_on(&self) -> bool {
        self.most.is_some()
    }

    /// A batch went well.
    pub(super) fn relax(&mut self, configured: usize) {
        self.suspect = None;
        self.most = self.most.map(|most| most.saturating_mul(2)).filter(|most| *most < configured);
    }

    /// The connection broke over a batch of `asked`, at the latest at `uid`.
    pub(super) fn tighten(&mut self, uid: u32, asked: usize) {
        self.most = Some((asked / 8).max(1));
        if asked == 1 {
            let breaks = self.suspect.filter(|(suspect, _)| *suspect == uid).map_or(1, |(_, breaks)| breaks + 1);
            self.suspect = Some((uid, breaks));
        }
    }

    /// Whether this mail broke enough connections.
    pub(super) fn condemns(&self, uid: u32) -> bool {
        self.suspect.is_some_and(|(suspect, breaks)| suspect == uid && breaks >= MAX_BREAKS)
    }
}

/// Something to try again, less and less often.
#[derive(Debug)]
pub(super) struct Later {
    first: Duration,
    delay: Duration,
    at: Option<Instant>,
}

impl Later {
    pub(super) fn new(first: Duration) -> Self {
        Self { first, delay: first, at: None }
    }

    /// Whether it is time.
    pub(super) fn is_due(&self) -> bool {
        self.at.is_none_or(|at| Instant::now() >= at)
    }

    /// It failed, and did not go well since.
    pub(super) fn is_put_off(&self) -> bool {
        self.at.is_some()
    }

    /// Something came up: not at once, unless it waits already.
    pub(super) fn begin(&mut self) {
        if self.at.is_none() {
            self.put_off();
        }
    }

    /// It failed: not before the delay, which doubles.
    pub(super) fn put_off(&mut self) {
        self.at = Some(Instant::now() + self.delay);
        self.delay = (self.delay * 2).min(self.first * 36);
    }

    /// It went well.
    pub(super) fn settle(&mut self) {
        self.at = None;
        self.delay = self.first;
    }
}

#[cfg(test)]
mod tests {
    use super::Caution;

    #[test]
    fn a_mail_that_breaks_the_connection_is_isolated_and_left_aside() {
        let mut caution = Caution::default();
        let mut batch = caution.most(200);
        let mut breaks = 0;
        while !caution.condemns(7) {
            caution.tighten(7, batch);
            batch = caution.most(200);
            breaks += 1;
            assert!(breaks < 10);
        }
        assert_eq!(batch, 1);
        assert!(!caution.condemns(8));
        while caution.is_on() {
            caution.relax(200);
        }
        assert_eq!(caution.most(200), 200);
    }

    #[test]
    fn failures_at_different_mails_condemn_none() {
        let mut caution = Caution::default();
        for uid in 1..100 {
            caution.tighten(uid, 1);
            assert!(!caution.condemns(uid));
        }
    }
}
