//! Whether a mail belongs to a case, told from its header alone: for mails that are not to be kept unless they do.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use anyhow::Context;

use crate::desk::arrival::thread::{self, Found};
use crate::desk::arrival::{author, identity};
use crate::desk::event::Event;
use crate::desk::inbound::arrival::Arrival;
use crate::desk::rules::Rules;
use crate::desk::seal::link::Entropy;
use crate::desk::seal::secret::{Unseen, known::Known};
use crate::mail;
use crate::store::{Store, facts};
use crate::time::Clock;

/// Tells what belongs to cases. Clones share everything.
#[derive(Debug, Clone)]
pub struct Belongs {
    /// Knows the cases.
    pub store: Store,
    /// What the administrator decided.
    pub rules: Arc<Rules>,
    /// Tells the time.
    pub clock: Clock,
}

impl Belongs {
    /// Whether each of these headers is of a mail that proves to belong to a case: by a token of ours that its sender was given, or by
    /// References to a case that its sender takes part in. A case number in the subject proves nothing: anybody can guess one. What our
    /// server disowns (DMARC) belongs nowhere. Nothing is written.
    pub async fn of(&self, headers: Vec<Vec<u8>>) -> anyhow::Result<Vec<bool>> {
        if headers.is_empty() {
            return Ok(Vec::new());
        }
        let (rules, now) = (self.rules.clone(), self.clock.now());
        let reading = tokio::task::spawn_blocking(move || {
            let read =
                |header: &Vec<u8>| std::panic::catch_unwind(AssertUnwindSafe(|| arrival(&rules, header, now))).ok();
            headers.iter().map(read).collect::<Vec<_>>()
        });
        let mails = reading.await.context("reading headers")?;
        let events: Vec<Event<'_>> = mails.iter().flatten().map(Event::Arrived).collect();
        let mut tx = self.store.read().await?;
        let facts = facts::load(&mut tx, &self.rules, &events, Entropy::default(), now).await?;
        tx.rollback().await.context("ending a look at the cases")?;
        let belongs = |arrival: &Arrival| {
            let sender = arrival.from().and_then(|from| facts.person_by_email(&from.email)).map(|person| person.id);
            let found = thread::find(&self.rules, &facts, arrival, sender, &mut Vec::new());
            let proven = matches!(found, Found::Ticket { rule: "token" | "references", .. });
            proven && !identity::is_disowned(&self.rules, arrival)
        };
        Ok(mails.iter().map(|mail| mail.as_ref().is_some_and(belongs)).collect())
    }
}

fn arrival(rules: &Rules, header: &[u8], now: jiff::Timestamp) -> Arrival {
    let mail = Unseen::of(mail::read(header)).shown(&Known::default());
    Arrival {
        ledger: 0,
        mailbox: String::new(),
        folder: String::new(),
        author: author::of(rules, &mail),
        message_id: mail.message_id.clone().unwrap_or_default(),
        mail,
        content_hash: [0; 32],
        body_hash: [0; 32],
        oversize: None,
        received_at: now,
        attempts: 1,
        dkim_verified: Vec::new(),
        past: None,
    }
}
