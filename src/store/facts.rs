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

use super::directory::business;
use super::{Tx, form, proof, task};
use crate::desk::arrival::quoted;
use crate::desk::event::Event;
use crate::desk::facts::Facts;
use crate::desk::id::{NextIds, TicketId};
use crate::desk::inbound::arrival::Arrival;
use crate::desk::rules::Rules;
use crate::desk::seal::link::Entropy;

pub use people::is_engineer;

/// Everything that deciding these events may look at.
pub async fn load(
    tx: &mut Tx,
    rules: &Rules,
    events: &[Event<'_>],
    entropy: Entropy,
    now: Timestamp,
) -> anyhow::Result<Facts> {
    let mut facts =
        Facts { entropy, next: next_ids(tx).await?, engineers: people::engineers(tx).await?, ..Facts::default() };
    let wanted = Wanted::of(events);
    if !wanted.mails.is_empty() {
        mails::seen(tx, &wanted.mails, &mut facts).await?;
        mails::sent_mails(tx, rules, &wanted.mails, &mut facts).await?;
        mails::threads(tx, &wanted.mails, &mut facts).await?;
        copies::load(tx, &wanted.mails, &mut facts).await?;
        lately::opened(tx, rules, &wanted.mails, &mut facts, now).await?;
        tickets::tickets(tx, rules, &wanted.mails, &mut facts).await?;
    }
    about(tx, &wanted, &mut facts).await?;
    people::people(tx, &wanted.mails, &mut facts).await?;
    for_mails(tx, rules, &wanted.mails, &mut facts).await?;
    for_forms(tx, rules, &wanted, &mut facts, now).await?;
    if wanted.letters {
        lately::sent(tx, rules, &wanted.mails, &mut facts, now).await?;
    }
    people::people_of(tx, &wanted.people, &mut facts).await?;
    form::links_to(tx, &wanted.people, &mut facts, now).await?;
    Ok(facts)
}

/// What events are about.
#[derive(Default)]
struct Wanted<'a> {
    mails: Vec<&'a Arrival>,
    tickets: BTreeSet<i64>,
    /// Addresses of people who may be on no ticket.
    people: BTreeSet<String>,
    /// Addresses whose forms are wanted, whatever tickets they are on.
    forms_about: BTreeSet<String>,
    /// Questions to the directory of accounts.
    tasks: BTreeSet<i64>,
    /// Who did something on a page.
    page: Option<&'a str>,
    /// Letters may follow that caps bound.
    letters: bool,
    /// Forms may go on, and be handed over to engineers.
    forms: bool,
}

impl<'a> Wanted<'a> {
    fn of(events: &[Event<'a>]) -> Self {
        let mut wanted = Self::default();
        for event in events {
            wanted.add(*event);
        }
        wanted
    }

    fn add(&mut self, event: Event<'a>) {
        self.letters |= !matches!(event, Event::SetAside(_));
        self.forms |= !matches!(event, Event::SetAside(_) | Event::Failed(_) | Event::Arrived(_));
        match event {
            Event::Arrived(mail) => self.mails.push(mail),
            Event::Failed(failure) => {
                self.tickets.extend(failure.ticket.map(|id| id.0));
                self.people.insert(failure.recipient.clone());
            }
            Event::Answered(answered) => {
                self.tasks.insert(answered.asked.id);
                self.add_about(answered.asked.ticket, answered.asked.task.email());
            }
            Event::Page(event) => {
                let (ticket, email) = event.about();
                self.page = Some(email);
                self.add_about(ticket, email);
            }
            Event::Due(due) | Event::SetAside(due) => {
                self.tickets.insert(due.ticket.0);
            }
            Event::Close { ticket, .. } => {
                self.tickets.insert(ticket.0);
            }
        }
    }

    fn add_about(&mut self, ticket: Option<TicketId>, email: &str) {
        self.tickets.extend(ticket.map(|id| id.0));
        if !email.is_empty() {
            self.people.insert(email.to_owned());
            if ticket.is_none() {
                self.forms_about.insert(email.to_owned());
            }
        }
    }
}

/// The tickets that events name, or that are found by somebody's forms.
async fn about(tx: &mut Tx, wanted: &Wanted<'_>, facts: &mut Facts) -> anyhow::Result<()> {
    let mut tickets = wanted.tickets.clone();
    if !wanted.forms_about.is_empty() {
        tickets.extend(form::tickets_about(tx, &wanted.forms_about).await?);
    }
    if !tickets.is_empty() {
        tickets::ticket_rows(tx, tickets, facts).await?;
    }
    facts.asked = task::open(tx, &wanted.tasks).await?;
    if let Some(email) = wanted.page {
        facts.known = business::known_in(tx, email).await?;
    }
    Ok(())
}

/// What mails need besides: who is known, and which words an answer quotes.
async fn for_mails(tx: &mut Tx, rules: &Rules, mails: &[&Arrival], facts: &mut Facts) -> anyhow::Result<()> {
    if mails.is_empty() {
        return Ok(());
    }
    let senders = mails.iter().filter_map(|mail| mail.from()).map(|from| from.email.clone());
    people::in_directory(tx, &senders.collect(), facts).await?;
    people::forwarded_authors(tx, rules, mails, facts).await?;
    let quoted = mails.iter().filter_map(|mail| quoted::ticket(rules, facts, mail)).map(|id| id.0).collect();
    words::last_words(tx, rules, quoted, facts).await?;
    proof::obeyed(tx, mails, facts).await
}

/// What the forms need: the links that went out lately, and what engineers are shown of the customer's words.
async fn for_forms(
    tx: &mut Tx,
    rules: &Rules,
    wanted: &Wanted<'_>,
    facts: &mut Facts,
    now: Timestamp,
) -> anyhow::Result<()> {
    if wanted.letters && (!facts.forms.is_empty() || !wanted.mails.is_empty() && !rules.config.forms.is_empty()) {
        form::links(tx, facts, now).await?;
    }
    if wanted.forms {
        let tickets = facts.forms.keys().map(|id| id.0).collect();
        words::last_words(tx, rules, tickets, facts).await?;
    }
    Ok(())
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
