//! Records how attempts ended: whatever is ready, in one commit, so that the time in which a mail is sent and the
//! table does not know it is that of one commit.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;
use tracing::{error, info, warn};

use super::engine::Engine;
use super::tally::{Ended, Tally};
use crate::mail::address::{mask_all, masked};
use crate::store::outbox::{self, Outcome};

/// Most results in one commit.
const GROUP: usize = 500;
/// Tries to record after the gateway was told to stop; before that it tries for as long as it takes.
const LAST_TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(1);

impl Engine {
    /// Records until the couriers are gone.
    pub(super) async fn record_all(&self, mut results: mpsc::Receiver<Ended>) -> Tally {
        let mut tally = Tally::default();
        let mut group = Vec::new();
        while results.recv_many(&mut group, GROUP).await > 0 {
            let rows: Vec<(i64, Outcome)> = group.iter().map(|ended| (ended.mail.id, ended.outcome.clone())).collect();
            if self.record(&rows).await {
                for ended in &group {
                    tally.count(&ended.outcome);
                    self.ctx.metrics.attempted(&self.name, word(&ended.outcome));
                    self.log(ended);
                }
                let fails =
                    |outcome: &Outcome| matches!(outcome, Outcome::Failed { .. } | Outcome::WithoutFiles { .. });
                if rows.iter().any(|(_, outcome)| fails(outcome)) {
                    self.ctx.failed.notify_one();
                }
                if rows.iter().any(|(_, outcome)| *outcome == Outcome::Sent) {
                    self.ctx.metrics.goes(&self.name);
                    self.ctx.sent.notify_waiters();
                }
            }
            self.settle(&group);
            group.clear();
        }
        tally
    }

    /// Whether it was recorded. While the database refuses, nothing else makes sense than to try again.
    async fn record(&self, rows: &[(i64, Outcome)]) -> bool {
        let mut tries = 0;
        loop {
            let Err(error) = outbox::record(&self.ctx.store, rows, self.ctx.clock.now()).await else { return true };
            if tries == 0 {
                error!(
                    event = "outbox.unrecorded",
                    transport = self.name,
                    mails = rows.len(),
                    "What became of mails cannot be recorded, trying on: {error:#}"
                );
            }
            tries = if self.ctx.shutdown.is_cancelled() { tries + 1 } else { 1 };
            if tries > LAST_TRIES {
                error!(
                    event = "outbox.result_lost",
                    transport = self.name,
                    mails = rows.len(),
                    "The result of mails is lost; they are sent again after the next start: {error:#}"
                );
                return false;
            }
            sleep(PAUSE).await;
        }
    }

    /// One line for each mail, after the table knows it.
    fn log(&self, ended: &Ended) {
        let (mail, transport, to) = (ended.mail.id, self.name.as_str(), masked(&ended.mail.recipient));
        let attempt = ended.mail.attempts;
        match &ended.outcome {
            Outcome::Sent => info!(event = "mail.sent", mail, transport, to, attempt, "Sent"),
            Outcome::Later { at, error } => {
                let error = mask_all(error);
                info!(event = "mail.later", mail, transport, to, attempt, %at, error, "Not now, tried again later");
            }
            Outcome::WithoutFiles { error, .. } => {
                let error = mask_all(error);
                warn!(
                    event = "mail.too_large",
                    mail, transport, to, attempt, error, "Too large, sent without its files"
                );
            }
            Outcome::Failed { error, .. } => {
                warn!(event = "mail.failed", mail, transport, to, attempt, error = mask_all(error), "Failed for good");
            }
            Outcome::Ambiguous { at: Some(at), error } => {
                let error = mask_all(error);
                warn!(event = "mail.ambiguous", mail, transport, to, attempt, %at, error, "Perhaps sent, resent once");
            }
            Outcome::Ambiguous { at: None, error } => {
                let error = mask_all(error);
                warn!(event = "mail.ambiguous", mail, transport, to, attempt, error, "Perhaps sent, not tried again");
            }
            // Told once by the breaker, not once a mail.
            Outcome::NotTried { .. } => {}
        }
    }
}

/// How an attempt ended, for monitors.
fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Sent => "sent",
        Outcome::Later { .. } => "later",
        Outcome::WithoutFiles { .. } => "without_files",
        Outcome::Failed { .. } => "failed",
        Outcome::Ambiguous { .. } => "ambiguous",
        Outcome::NotTried { .. } => "not_tried",
    }
}
