//! Facts → decide → letters → commit: the one way in which anything changes.

use std::sync::Arc;

use anyhow::Context;

use crate::desk::arrival::Arrival;
use crate::desk::decide;
use crate::desk::outcome::{Outcome, Verdict};
use crate::desk::rules::Rules;
use crate::letters::Letters;
use crate::mail::Origin;
use crate::store::commit::{self, Decided};
use crate::store::{Store, facts};
use crate::time::Clock;

/// What changes anything needs. Clones share.
#[derive(Debug, Clone)]
pub struct Act {
    pub store: Store,
    pub rules: Arc<Rules>,
    pub letters: Arc<Letters>,
    pub clock: Clock,
}

/// What became of one mail, for the log.
#[derive(Debug, Clone)]
pub struct Settled {
    pub ledger: i64,
    pub verdict: Verdict,
    pub reason: String,
    /// `CASE-7`; empty when there is none.
    pub case_id: String,
    pub letters: usize,
}

impl Act {
    /// Decides a batch of mails in order, each knowing what became of those before it, and commits state and letters in
    /// one transaction. On an error nothing of the batch has happened.
    pub async fn arrivals(&self, batch: &[Arrival]) -> anyhow::Result<Vec<Settled>> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let mut facts = facts::load(&mut tx, &self.rules, batch, now).await?;
        let mut outcomes = Vec::with_capacity(batch.len());
        for arrival in batch {
            let outcome = decide::arrival(&self.rules, &facts, arrival, now);
            facts.apply(&outcome);
            outcomes.push((outcome, arrival.mail.origin));
        }
        let settled = outcomes.iter().map(|(outcome, _)| self.settled(outcome)).collect();
        let decided = tokio::task::block_in_place(|| self.render(outcomes))?;
        commit::write(&mut tx, decided, facts.next, now).await?;
        tx.commit().await.context("committing a batch of decisions")?;
        Ok(settled)
    }

    /// Letters are the dearest part of a batch, so every core takes a share.
    fn render(&self, outcomes: Vec<(Outcome, Origin)>) -> anyhow::Result<Vec<Decided>> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let share = outcomes.len().div_ceil(cores).max(1);
        let mut outcomes = outcomes.into_iter();
        let shares: Vec<Vec<_>> = std::iter::from_fn(|| Some(outcomes.by_ref().take(share).collect::<Vec<_>>()))
            .take_while(|share| !share.is_empty())
            .collect();
        let render_share = |share: Vec<(Outcome, Origin)>| -> anyhow::Result<Vec<Decided>> {
            share.into_iter().map(|(outcome, origin)| self.finish(outcome, origin)).collect()
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> =
                shares.into_iter().map(|share| scope.spawn(|| render_share(share))).collect();
            let mut decided = Vec::new();
            for thread in threads {
                decided.extend(thread.join().map_err(|_| anyhow::anyhow!("a letter could not be written"))??);
            }
            Ok(decided)
        })
    }

    fn finish(&self, outcome: Outcome, origin: Origin) -> anyhow::Result<Decided> {
        let letters = outcome.posts.iter().map(|post| self.letters.render(&post.letter)).collect::<Result<_, _>>();
        let letters = letters.with_context(|| format!("writing the letters of mail {}", outcome.ledger))?;
        Ok(Decided { outcome, origin, letters })
    }

    fn settled(&self, outcome: &Outcome) -> Settled {
        Settled {
            ledger: outcome.ledger,
            verdict: outcome.verdict,
            reason: outcome.reason.clone(),
            case_id: outcome.ticket.map(|id| self.rules.case_id(id)).unwrap_or_default(),
            letters: outcome.posts.len(),
        }
    }
}
