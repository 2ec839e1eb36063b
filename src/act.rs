//! Facts → decide → letters → commit: the one way in which anything changes.

use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use tokio::sync::Notify;

use crate::cores;
use crate::desk::decide;
use crate::desk::facts::Facts;
use crate::desk::follow_up::due::{Due, FollowUpChange};
use crate::desk::follow_up::kind::Kind;
use crate::desk::form::task::Answered;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::inbound::arrival::Arrival;
use crate::desk::inbound::page::PortalEvent;
use crate::desk::inbound::sent::Failure;
use crate::desk::inbound::verdict::Verdict;
use crate::desk::notice::post::Post;
use crate::desk::outcome::Outcome;
use crate::desk::rules::Rules;
use crate::desk::seal::link::Entropy;
use crate::letters::{Letters, Rendered};
use crate::store::commit::{self, Decided, Letter};
use crate::store::directory::business;
use crate::store::work::{self, Claimed, Span};
use crate::store::{Store, Tx, facts, outbox, task};
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

/// What became of one mail, for the log.
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
    /// How many letters it caused.
    pub letters: usize,
}

/// A follow-up that was carried out, for the log.
#[derive(Debug, Clone)]
pub struct Done {
    /// What.
    pub kind: Kind,
    /// `CASE-7`.
    pub case_id: String,
    /// How many letters it caused.
    pub letters: usize,
}

impl Act {
    /// Decides a batch of mails in order, each knowing what became of those before it, and commits state and letters in
    /// one transaction, and with them the claim on the rows that come `next`. On an error nothing of the batch has
    /// happened.
    pub async fn arrivals(&self, batch: &[Arrival], next: Option<Span>) -> anyhow::Result<(Vec<Settled>, Claimed)> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let mut facts = facts::load(&mut tx, &self.rules, batch, entropy(), now).await?;
        let mut outcomes = Vec::with_capacity(batch.len());
        for arrival in batch {
            let outcome = decide::arrival(&self.rules, &facts, arrival, now);
            facts.apply(&outcome);
            outcomes.push(outcome);
        }
        let settled = outcomes.iter().filter_map(|outcome| self.settled(outcome)).collect();
        let claimed = match next {
            Some(span) => work::claim_in(&mut tx, span).await?,
            None => Claimed::default(),
        };
        self.commit(tx, outcomes, facts, now).await?;
        Ok((settled, claimed))
    }

    /// Tells engineers of mails that failed for good since the last time; how many.
    pub async fn failures(&self) -> anyhow::Result<usize> {
        let failed = outbox::untold_failures(&self.store, FAILURES).await?;
        if failed.is_empty() {
            return Ok(0);
        }
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let tickets = failed.iter().filter_map(|failure| failure.ticket_id);
        let recipients = failed.iter().map(|failure| failure.recipient.clone());
        let mut facts = facts::load_tickets(&mut tx, tickets).await?;
        facts::add_people(&mut tx, &mut facts, recipients).await?;
        let mut outcomes = Vec::with_capacity(failed.len());
        for failure in &failed {
            let failure = Failure {
                notice: failure.notice.clone(),
                outbox: failure.id,
                ticket: failure.ticket_id.map(TicketId),
                recipient: failure.recipient.clone(),
                error: failure.error.clone(),
                cause: failure.cause,
            };
            let outcome = decide::failure(&self.rules, &facts, &failure, now);
            facts.apply(&outcome);
            outcomes.push(outcome);
        }
        self.commit(tx, outcomes, facts, now).await?;
        Ok(failed.len())
    }

    /// Carries out what is due, each row and all that it causes in one transaction. What is not due any more, because it
    /// was done or stopped meanwhile, is left out. On an error nothing of the batch has happened.
    pub async fn due(&self, batch: &[Due]) -> anyhow::Result<Vec<Done>> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let tickets = batch.iter().map(|due| due.ticket.0);
        let mut facts = facts::load_for_letters(&mut tx, &self.rules, tickets, entropy(), now).await?;
        let mut outcomes = Vec::with_capacity(batch.len());
        let mut done = Vec::with_capacity(batch.len());
        for due in batch {
            let outcome = decide::due(&self.rules, &facts, due, now);
            facts.apply(&outcome);
            if !outcome.follow_ups.is_empty() {
                let (case_id, letters) = (self.rules.case_id(due.ticket), outcome.posts.len());
                done.push(Done { kind: due.kind, case_id, letters });
            }
            outcomes.push(outcome);
        }
        self.commit(tx, outcomes, facts, now).await?;
        Ok(done)
    }

    /// Goes on with what the directory answered; how many letters it caused. An answer that was acted on before is left
    /// out.
    pub async fn answered(&self, answered: &Answered) -> anyhow::Result<usize> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        if !task::is_open(&mut tx, answered.asked.id).await? {
            return Ok(0);
        }
        let (ticket, email) = (answered.asked.ticket, answered.asked.task.email());
        let mut facts = facts::load_about(&mut tx, &self.rules, ticket, email, entropy(), now).await?;
        let outcome = decide::answered(&self.rules, &facts, answered, now);
        let letters = outcome.posts.len();
        facts.apply(&outcome);
        self.commit(tx, vec![outcome], facts, now).await?;
        Ok(letters)
    }

    /// Goes on with what somebody did on a page, in the transaction in which the page did it; how many letters it caused.
    pub async fn portal(&self, mut tx: Tx, event: &PortalEvent) -> anyhow::Result<usize> {
        let now = self.clock.now();
        let (ticket, email) = event.about();
        let mut facts = facts::load_about(&mut tx, &self.rules, ticket, email, entropy(), now).await?;
        let known = business::known_in(&mut tx, email).await?;
        let outcome = decide::portal(&self.rules, &facts, event, known.as_ref(), now);
        let letters = outcome.posts.len();
        facts.apply(&outcome);
        self.commit(tx, vec![outcome], facts, now).await?;
        Ok(letters)
    }

    /// Gives up what could not be carried out; the ticket's history tells.
    pub async fn set_aside(&self, due: &Due) -> anyhow::Result<()> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let mut facts = facts::load_tickets(&mut tx, std::iter::once(due.ticket.0)).await?;
        let outcome = decide::set_aside(&self.rules, &facts, due, now);
        facts.apply(&outcome);
        self.commit(tx, vec![outcome], facts, now).await
    }

    /// Closes a ticket, by a person or by nobody; how many letters it caused.
    pub async fn close(&self, ticket: TicketId, by: Option<PersonId>) -> anyhow::Result<usize> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let mut facts =
            facts::load_for_letters(&mut tx, &self.rules, std::iter::once(ticket.0), entropy(), now).await?;
        let outcome = decide::close(&self.rules, &facts, ticket, by, now);
        let letters = outcome.posts.len();
        facts.apply(&outcome);
        self.commit(tx, vec![outcome], facts, now).await?;
        Ok(letters)
    }

    async fn commit(&self, mut tx: Tx, outcomes: Vec<Outcome>, facts: Facts, now: Timestamp) -> anyhow::Result<()> {
        let set = |outcome: &Outcome| outcome.follow_ups.iter().any(|it| matches!(it, FollowUpChange::Set { .. }));
        let is_set = outcomes.iter().any(set);
        let asks = outcomes.iter().any(|outcome| !outcome.tasks.is_empty());
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
    async fn render(&self, outcomes: Vec<Outcome>) -> anyhow::Result<Vec<Decided>> {
        let act = self.clone();
        let decided = cores::divide(outcomes, move |outcome| act.finish(outcome)).await;
        decided.context("writing letters")?.into_iter().collect()
    }

    fn finish(&self, outcome: Outcome) -> anyhow::Result<Decided> {
        let letter = |post: &Post| {
            let Rendered { subject, bytes, .. } = self.letters.render(&post.letter)?;
            let spare = post.letter.without_files().map(|letter| self.letters.render(&letter)).transpose()?;
            anyhow::Ok(Letter { subject, bytes, spare: spare.map(|spare| spare.bytes) })
        };
        let letters = outcome.posts.iter().map(letter).collect::<Result<_, _>>();
        Ok(Decided { letters: letters.context("writing letters")?, outcome })
    }

    fn settled(&self, outcome: &Outcome) -> Option<Settled> {
        let settlement = outcome.settlement.as_ref()?;
        Some(Settled {
            ledger: settlement.ledger,
            verdict: settlement.verdict,
            reason: settlement.reason.clone(),
            case_id: settlement.ticket.map(|id| self.rules.case_id(id)).unwrap_or_default(),
            letters: outcome.posts.len(),
        })
    }
}

/// Failures told in one transaction.
const FAILURES: u32 = 100;

/// What the tokens of one transaction are made of.
fn entropy() -> Entropy {
    Entropy::new(rand::random())
}
