//! The tickets that a batch may be about, with all that belongs to them.

use std::collections::BTreeSet;

use sqlx::Row;
use sqlx::any::AnyRow;

use super::lately;
use crate::desk::arrival::tokens;
use crate::desk::facts::{Facts, MAX_MERGES};
use crate::desk::id::{PersonId, TicketId};
use crate::desk::inbound::arrival::Arrival;
use crate::desk::rules::Rules;
use crate::desk::ticket::{Priority, Role, Status, Ticket};
use crate::mail::language::Language;
use crate::store::{Tx, follow_up, form, member, proof, select_in, tags, timestamp};

/// Links of one mail whose tickets are loaded: nobody sends more of them back by chance.
const MAX_RETURNED: usize = 16;

/// Every ticket that a mail of the batch may belong to.
pub(super) async fn tickets(tx: &mut Tx, rules: &Rules, batch: &[&Arrival], facts: &mut Facts) -> anyhow::Result<()> {
    let mut wanted: BTreeSet<i64> = facts.threads.values().chain(facts.awaited.values()).map(|id| id.0).collect();
    let copied = facts.copies.values().flatten().map(|(_, ticket)| ticket.0);
    wanted.extend(copied.chain(facts.seen.values().filter_map(|(_, ticket)| *ticket).map(|id| id.0)));
    wanted.extend(facts.outbox.values().filter_map(|sent| sent.ticket).map(|id| id.0));
    wanted.extend(lately::flooded(rules, batch, facts));
    for arrival in batch {
        wanted.extend(tokens::tokens(rules, arrival).iter().map(|token| token.ticket.0));
        wanted.extend(tokens::case_numbers(rules, arrival));
        wanted.extend(tokens::bare_case_numbers(rules, arrival));
        wanted.extend(arrival.mail.returned().iter().take(MAX_RETURNED).map(|link| link.ticket.0));
    }
    if !rules.config.forms.is_empty() {
        let senders = batch.iter().filter_map(|arrival| arrival.from()).map(|from| from.email.clone());
        let senders = senders.collect();
        wanted.extend(form::tickets_about(tx, &senders).await?);
        wanted.extend(form::tickets_of(tx, &senders).await?);
    }
    ticket_rows(tx, wanted, facts).await
}

/// Tickets, and those they were merged into.
pub(super) async fn ticket_rows(tx: &mut Tx, mut wanted: BTreeSet<i64>, facts: &mut Facts) -> anyhow::Result<()> {
    for _ in 0..MAX_MERGES {
        wanted.retain(|id| !facts.tickets.contains_key(&TicketId(*id)));
        if wanted.is_empty() {
            break;
        }
        let rows = select_in(tx, &format!("SELECT {TICKET} FROM ticket WHERE id"), &wanted, "").await?;
        wanted.clear();
        for row in &rows {
            let ticket = ticket(row)?;
            wanted.extend(ticket.merged_into.map(|id| id.0));
            facts.tickets.insert(ticket.id, ticket);
        }
    }
    let ids: BTreeSet<i64> = facts.tickets.keys().map(|id| id.0).collect();
    participants(tx, &ids, facts).await?;
    proof::generations(tx, &ids, facts).await?;
    follow_up::load(tx, &ids, facts).await?;
    form::load(tx, &ids, facts).await?;
    thread_ends(tx, &ids, facts).await
}

const TICKET: &str = "id, subject, status, mailbox, queue, language, requester_id, assignee_id, merged_into, closed_at,
    flooded, written_to, priority, tags, updated_at";

fn ticket(row: &AnyRow) -> anyhow::Result<Ticket> {
    let id: i64 = row.try_get("id")?;
    let name = format!("ticket {id}");
    Ok(Ticket {
        id: TicketId(id),
        subject: row.try_get("subject")?,
        status: member(row.try_get("status")?, Status::parse, &name, "status")?,
        mailbox: row.try_get("mailbox")?,
        queue: row.try_get("queue")?,
        written_to: row.try_get("written_to")?,
        language: member(row.try_get("language")?, Language::from_code, &name, "language")?,
        requester: PersonId(row.try_get("requester_id")?),
        assignee: row.try_get::<Option<i64>, _>("assignee_id")?.map(PersonId),
        merged_into: row.try_get::<Option<i64>, _>("merged_into")?.map(TicketId),
        closed_at: row.try_get::<Option<i64>, _>("closed_at")?.map(timestamp).transpose()?,
        updated_at: timestamp(row.try_get("updated_at")?)?,
        others: Vec::new(),
        first_message_id: String::new(),
        last_message_id: String::new(),
        flooded: u32::try_from(row.try_get::<i64, _>("flooded")?)?,
        tags: tags::read(&row.try_get::<String, _>("tags")?),
        priority: member(row.try_get("priority")?, Priority::parse, &name, "priority")?,
    })
}

async fn participants(tx: &mut Tx, tickets: &BTreeSet<i64>, facts: &mut Facts) -> anyhow::Result<()> {
    let head = "SELECT ticket_id, person_id, role FROM participant WHERE ticket_id";
    for row in select_in(tx, head, tickets, "ORDER BY ticket_id, person_id").await? {
        let id: i64 = row.try_get("ticket_id")?;
        let role = member(row.try_get("role")?, role, format!("somebody on ticket {id}"), "role")?;
        if let Some(ticket) = facts.tickets.get_mut(&TicketId(id)) {
            ticket.others.push((PersonId(row.try_get("person_id")?), role));
        }
    }
    Ok(())
}

/// What somebody is on a ticket, by its stored word.
fn role(word: &str) -> Option<Role> {
    match word {
        "copied" => Some(Role::Copied),
        "follower" => Some(Role::Follower),
        _ => None,
    }
}

/// The first and last Message-ID that the customers' clients know of each ticket, without reading those between. Whoever is
/// on it no more is nobody whose mails are named.
async fn thread_ends(tx: &mut Tx, tickets: &BTreeSet<i64>, facts: &mut Facts) -> anyhow::Result<()> {
    let end = |order: &str| {
        format!(
            "COALESCE((SELECT message_id FROM message WHERE ticket_id = ticket.id AND direction = 'inbound'
             AND visibility = 'public' AND message_id <> '' AND (author_id = ticket.requester_id OR EXISTS (SELECT 1
             FROM participant p WHERE p.ticket_id = ticket.id AND p.person_id = author_id AND p.role = 'copied'))
             ORDER BY id {order} LIMIT 1), '')"
        )
    };
    let head = format!("SELECT id, {} AS first, {} AS last FROM ticket WHERE id", end("ASC"), end("DESC"));
    for row in select_in(tx, &head, tickets, "").await? {
        if let Some(ticket) = facts.tickets.get_mut(&TicketId(row.try_get("id")?)) {
            (ticket.first_message_id, ticket.last_message_id) = (row.try_get("first")?, row.try_get("last")?);
        }
    }
    Ok(())
}
