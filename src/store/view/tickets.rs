//! Tickets as they are listed, shown and exported.

use std::collections::HashMap;

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Filter;
use crate::mail::Address;
use crate::store::{Store, Tx, micros, select_in, tags, timestamp};

/// A ticket with the people it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its number.
    pub id: i64,
    /// As people read it.
    pub subject: String,
    /// Where it stands.
    pub status: String,
    /// How urgent it is.
    pub priority: String,
    /// Words that engineers gave it, in alphabetical order.
    pub tags: Vec<String>,
    /// The queue.
    pub queue: String,
    /// ISO 639-1 code.
    pub language: String,
    /// Whose request it is.
    pub requester: Address,
    /// The engineer who has it.
    pub assignee: Option<Address>,
    /// The ticket that this one became a part of.
    pub merged_into: Option<i64>,
    /// The ticket that the first mail claimed or followed.
    pub linked_to: Option<i64>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When something happened on it last.
    pub updated_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// Who has a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assigned {
    /// Nobody has it.
    Nobody,
    /// A normalised address.
    To(String),
}

/// Which tickets; every field that is set must hold.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// Any of these.
    pub status: Vec<String>,
    /// The queue.
    pub queue: Option<String>,
    /// The engineer who has it.
    pub assignee: Option<Assigned>,
    /// A normalised address.
    pub requester: Option<String>,
}

const SELECT: &str =
    "SELECT t.id, t.subject, t.status, t.priority, t.tags, t.queue, t.language, r.name AS requester_name, r.email AS requester_email, a.name AS assignee_name, a.email AS assignee_email,
 t.merged_into, t.linked_to, t.created_at, t.updated_at, t.closed_at
 FROM ticket t JOIN person r ON r.id = t.requester_id LEFT JOIN person a ON a.id = t.assignee_id";

/// Tickets from the one changed last back, at most `limit`, after `last` when that is given.
pub async fn newest(store: &Store, which: &Which, last: Option<&Ticket>, limit: u32) -> anyhow::Result<Vec<Ticket>> {
    let mut filter = Filter::default()
        .and_in("t.status", &which.status)
        .and_some("t.queue =", which.queue.clone())
        .and_some("r.email =", which.requester.clone())
        .and_before("t.updated_at", "t.id", last.map(|ticket| (micros(ticket.updated_at), ticket.id)));
    filter = match &which.assignee {
        Some(Assigned::Nobody) => filter.and("t.assignee_id IS NULL"),
        Some(Assigned::To(email)) => filter.and_value("a.email =", email.as_str()),
        None => filter,
    };
    fetch(store, filter, "ORDER BY t.updated_at DESC, t.id DESC", limit).await
}

/// Tickets in the order of their ids, at most `limit`, after ticket `after`.
pub async fn page(store: &Store, after: i64, limit: u32) -> anyhow::Result<Vec<Ticket>> {
    fetch(store, Filter::default().and_value("t.id >", after), "ORDER BY t.id", limit).await
}

/// One ticket.
pub async fn get(store: &Store, id: i64) -> anyhow::Result<Option<Ticket>> {
    Ok(fetch(store, Filter::default().and_value("t.id =", id), "", 1).await?.pop())
}

/// Tickets by their numbers, within a transaction.
pub async fn some(tx: &mut Tx, ids: &[i64]) -> anyhow::Result<HashMap<i64, Ticket>> {
    let rows = select_in(tx, &format!("{SELECT} WHERE t.id"), &ids.iter().copied().collect(), "").await?;
    rows.iter().map(|row| ticket(row).map(|ticket| (ticket.id, ticket))).collect()
}

async fn fetch(store: &Store, filter: Filter, order: &str, limit: u32) -> anyhow::Result<Vec<Ticket>> {
    let rows = filter.query(SELECT, order, limit).fetch_all(store.reader()).await.context("reading tickets")?;
    rows.iter().map(ticket).collect()
}

fn ticket(row: &AnyRow) -> anyhow::Result<Ticket> {
    let assignee = match row.try_get::<Option<String>, _>("assignee_email")? {
        Some(email) => Some(Address { name: row.try_get("assignee_name")?, email }),
        None => None,
    };
    Ok(Ticket {
        id: row.try_get("id")?,
        subject: row.try_get("subject")?,
        status: row.try_get("status")?,
        priority: row.try_get("priority")?,
        tags: tags::read(&row.try_get::<String, _>("tags")?).into_iter().collect(),
        queue: row.try_get("queue")?,
        language: row.try_get("language")?,
        requester: Address { name: row.try_get("requester_name")?, email: row.try_get("requester_email")? },
        assignee,
        merged_into: row.try_get("merged_into")?,
        linked_to: row.try_get("linked_to")?,
        created_at: timestamp(row.try_get("created_at")?)?,
        updated_at: timestamp(row.try_get("updated_at")?)?,
        closed_at: row.try_get::<Option<i64>, _>("closed_at")?.map(timestamp).transpose()?,
    })
}
