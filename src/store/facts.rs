//! Loads what the decisions of one batch need, with few statements whatever the size of the batch.

mod copies;
mod lately;
mod mails;
mod people;
mod tickets;
mod words;

use std::collections::BTreeSet;

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use super::{Tx, form, proof};
use crate::desk::arrival::quoted;
use crate::desk::facts::Facts;
use crate::desk::id::{NextIds, TicketId};
use crate::desk::inbound::arrival::Arrival;
use crate::desk::rules::Rules;
use crate::desk::seal::link::Entropy;

pub use people::{add_people, is_engineer};

/// Everything that deciding `batch` may look at.
pub async fn load(
    tx: &mut Tx,
    rules: &Rules,
    batch: &[Arrival],
    entropy: Entropy,
    now: Timestamp,
) -> anyhow::Result<Facts> {
    let mut facts =
        Facts { entropy, next: next_ids(tx).await?, engineers: people::engineers(tx).await?, ..Facts::default() };
    mails::seen(tx, batch, &mut facts).await?;
    mails::sent_mails(tx, rules, batch, &mut facts).await?;
    mails::threads(tx, batch, &mut facts).await?;
    copies::load(tx, batch, &mut facts).await?;
    lately::opened(tx, rules, batch, &mut facts, now).await?;
    tickets::tickets(tx, rules, batch, &mut facts).await?;
    people::people(tx, batch, &mut facts).await?;
    let senders = batch.iter().filter_map(Arrival::from).map(|from| from.email.clone());
    people::in_directory(tx, &senders.collect(), &mut facts).await?;
    people::forwarded_authors(tx, rules, batch, &mut facts).await?;
    let quoted = batch.iter().filter_map(|arrival| quoted::ticket(rules, &facts, arrival)).map(|id| id.0).collect();
    words::last_words(tx, rules, quoted, &mut facts).await?;
    proof::obeyed(tx, batch, &mut facts).await?;
    if !rules.config.forms.is_empty() {
        form::links(tx, &mut facts, now).await?;
    }
    lately::sent(tx, rules, batch, &mut facts, now).await?;
    Ok(facts)
}

/// What is known of some tickets and the people on them.
pub async fn load_tickets(tx: &mut Tx, tickets: impl Iterator<Item = i64>) -> anyhow::Result<Facts> {
    let mut facts = Facts { next: next_ids(tx).await?, engineers: people::engineers(tx).await?, ..Facts::default() };
    tickets::ticket_rows(tx, tickets.collect(), &mut facts).await?;
    people::people(tx, &[], &mut facts).await?;
    Ok(facts)
}

/// The same, with how much automatic mail the people on them got: for letters that no mail of theirs caused.
pub async fn load_for_letters(
    tx: &mut Tx,
    rules: &Rules,
    tickets: impl Iterator<Item = i64>,
    entropy: Entropy,
    now: Timestamp,
) -> anyhow::Result<Facts> {
    let mut facts = Facts { entropy, ..load_tickets(tx, tickets).await? };
    if !facts.forms.is_empty() {
        form::links(tx, &mut facts, now).await?;
        let tickets = facts.forms.keys().map(|id| id.0).collect();
        words::last_words(tx, rules, tickets, &mut facts).await?;
    }
    lately::sent(tx, rules, &[], &mut facts, now).await?;
    Ok(facts)
}

/// What an event about some tickets, or about somebody's forms, may look at.
pub async fn load_about(
    tx: &mut Tx,
    rules: &Rules,
    ticket: Option<TicketId>,
    email: &str,
    entropy: Entropy,
    now: Timestamp,
) -> anyhow::Result<Facts> {
    let emails = BTreeSet::from([email.to_owned()]);
    let mut tickets: BTreeSet<i64> = ticket.map(|id| id.0).into_iter().collect();
    if ticket.is_none() && !email.is_empty() {
        tickets = form::tickets_about(tx, &emails).await?;
    }
    let mut facts = load_for_letters(tx, rules, tickets.into_iter(), entropy, now).await?;
    people::people_of(tx, &emails, &mut facts).await?;
    form::links_to(tx, &emails, &mut facts, now).await?;
    Ok(facts)
}

async fn next_ids(tx: &mut Tx) -> anyhow::Result<NextIds> {
    let mut next = NextIds::default();
    for row in sqlx::query("SELECT name, value FROM counter").fetch_all(&mut **tx).await.context("reading counters")? {
        let value: i64 = row.try_get("value")?;
        match row.try_get::<String, _>("name")?.as_str() {
            "person" => next.person = value,
            "ticket" => next.ticket = value,
            "message" => next.message = value,
            "event" => next.event = value,
            "outbox" => next.outbox = value,
            "directory_task" => next.directory_task = value,
            _ => {}
        }
    }
    Ok(next)
}
