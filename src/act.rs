//! Facts → decide → letters → commit: the one way in which anything changes.

use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use tokio::sync::Notify;

use crate::cores;
use crate::desk::decide::decide;
use crate::desk::event::Event;
use crate::desk::facts::Facts;
use crate::desk::follow_up::due::FollowUpChange;
use crate::desk::inbound::verdict::Verdict;
use crate::desk::notice::post::Post;
use crate::desk::outcome::Outcome;
use crate::desk::rules::Rules;
use crate::desk::seal::link::Entropy;
use crate::letters::{Letters, Rendered};
use crate::store::commit::{self, Decided, Letter};
use crate::store::work::{self, Claimed, Span};
use crate::store::{self, Store, Tx, facts};
use crate::time::Clock;

/// What changes anything needs. Clones share.
#[derive(Debug, Clone)]
pub struct Act {
    /// The database.
    pub store: Store,
    /// Configuration and keys.
    pub rules: Arc<Rules>,
    /// The templates.
    pub letters: Arc<Letters>,
    /// What tells the time.
    pub clock: Clock,
    /// Something is due that was not before.
    pub follow_up_set: Arc<Notify>,
    /// The directory of accounts is asked something.
    pub directory_asked: Arc<Notify>,
}

/// How often a decision is made again that had to give way to another.
const DECIDED_AGAIN: u32 = 8;

/// What an event caused, for the log.
#[derive(Debug, Clone)]
pub struct Caused {
    /// What became of the mail, if it was one.
    pub settled: Option<Settled>,
    /// It was carried out: something that was due may have been done or stopped meanwhile.
    pub happened: bool,
    /// How many letters it caused.
    pub letters: usize,
}

/// What became of one mail.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The ledger's id.
    pub ledger: i64,
    /// What became of it.
    pub verdict: Verdict,
    /// Why, in words.
    pub reason: String,
    /// `CASE-7`; empty when there is none.
    pub case_id: String,
}

impl Act {
    /// Decides events in order, each knowing what became of those before it, and commits state and letters in one
    /// transaction; what each caused. On an error nothing of it has happened.
    pub async fn events(&self, events: &[Event<'_>]) -> anyhow::Result<Vec<Caused>> {
        Ok(self.events_and_claim(events, None).await?.0)
    }

    /// The same, and the rows that come `next` are claimed in the transaction. A database that makes one of two writers
    /// give way has the loser decide again, from the facts as they are then.
    pub async fn events_and_claim(
        &self,
        events: &[Event<'_>],
        next: Option<Span>,
    ) -> anyhow::Result<(Vec<Caused>, Claimed)> {
        let mut left = DECIDED_AGAIN;
        loop {
            let deciding = async { self.events_in(self.store.write().await?, events, next).await };
            match deciding.await {
                Err(error) if left > 0 && store::gave_way(&error) => left -= 1,
                done => return done,
            }
        }
    }

    /// The same in a transaction that has begun, in which the rows that come `next` are claimed as well.
    pub async fn events_in(
        &self,
        mut tx: Tx,
        events: &[Event<'_>],
        next: Option<Span>,
    ) -> anyhow::Result<(Vec<Caused>, Claimed)> {
        let now = self.clock.now();
        let mut facts = facts::load(&mut tx, &self.rules, events, entropy(), now).await?;
        let mut outcomes = Vec::with_capacity(events.len());
        for event in events {
            let outcome = decide(&self.rules, &facts, *event, event.past().unwrap_or(now));
            if let Some(what) = &outcome.impossible {
                anyhow::bail!("this cannot be: {what}");
            }
            facts.apply(&outcome);
            outcomes.push((event.past(), outcome));
        }
        let caused = outcomes.iter().map(|(_, outcome)| self.caused(outcome)).collect();
        let claimed = match next {
            Some(span) => work::claim_in(&mut tx, span).await?,
            None => Claimed::default(),
        };
        self.commit(tx, outcomes, facts, now).await?;
        Ok((caused, claimed))
    }

    async fn commit(
        &self,
        mut tx: Tx,
        outcomes: Vec<(Option<Timestamp>, Outcome)>,
        facts: Facts,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let set =
            |(_, outcome): &(_, Outcome)| outcome.follow_ups.iter().any(|it| matches!(it, FollowUpChange::Set { .. }));
        let is_set = outcomes.iter().any(set);
        let asks = outcomes.iter().any(|(_, outcome)| !outcome.tasks.is_empty());
        let decided = self.render(outcomes).await?;
        commit::write(&mut tx, decided, facts.next, now).await?;
        tx.commit().await.context("committing decisions")?;
        if is_set {
            self.follow_up_set.notify_waiters();
        }
        if asks {
            self.directory_asked.notify_waiters();
        }
        Ok(())
    }

    /// Letters are the dearest part of a batch.
    async fn render(&self, outcomes: Vec<(Option<Timestamp>, Outcome)>) -> anyhow::Result<Vec<Decided>> {
        let act = self.clone();
        let decided = cores::divide(outcomes, move |(past, outcome)| act.finish(past, outcome)).await;
        decided.context("writing letters")?.into_iter().collect()
    }

    fn finish(&self, past: Option<Timestamp>, outcome: Outcome) -> anyhow::Result<Decided> {
        let letter = |post: &Post| {
            let Rendered { subject, bytes, .. } = self.letters.render(&post.letter)?;
            let spare = post.letter.without_files().map(|letter| self.letters.render(&letter)).transpose()?;
            anyhow::Ok(Letter { subject, bytes, spare: spare.map(|spare| spare.bytes) })
        };
        let letters = outcome.posts.iter().map(letter).collect::<Result<_, _>>();
        Ok(Decided { letters: letters.context("writing letters")?, outcome, past })
    }

    fn caused(&self, outcome: &Outcome) -> Caused {
        let settled = outcome.settlement.as_ref().map(|settlement| Settled {
            ledger: settlement.ledger,
            verdict: settlement.verdict,
            reason: settlement.reason.clone(),
            case_id: settlement.ticket.map(|id| self.rules.case_id(id)).unwrap_or_default(),
        });
        Caused { settled, happened: !outcome.follow_ups.is_empty(), letters: outcome.posts.len() }
    }
}

/// What the tokens of one transaction are made of.
fn entropy() -> Entropy {
    Entropy::new(rand::random())
}
