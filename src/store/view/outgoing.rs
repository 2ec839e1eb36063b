//! Mails that we send: the outbox as it is listed and shown.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Filter;
use crate::store::{Store, timestamp};

/// An outbox row, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Its number.
    pub id: i64,
    /// The kind of mail.
    pub notice: String,
    /// The configured way out.
    pub transport: String,
    /// A machine decided to send it.
    pub automatic: bool,
    /// The ticket's number.
    pub ticket: Option<i64>,
    /// The ledger row that caused it.
    pub caused_by: Option<i64>,
    /// Its one recipient, normalised.
    pub recipient: String,
    /// Envelope sender; empty is the null return path.
    pub return_path: String,
    /// As people read it.
    pub subject: String,
    /// Without angle brackets; empty when there is none.
    pub message_id: String,
    /// What became of it.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// It was resent after an ambiguous end.
    pub resent: bool,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was tried first.
    pub first_attempt_at: Option<Timestamp>,
    /// When it is tried next; `None` when it is not.
    pub next_attempt_at: Option<Timestamp>,
    /// When a server accepted it.
    pub sent_at: Option<Timestamp>,
    /// Why the last attempt did not succeed; empty when it did.
    pub last_error: String,
}

/// Which mails; every field that is set must hold.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// Any of these.
    pub state: Vec<String>,
    /// The ticket's number.
    pub ticket: Option<i64>,
    /// The kind of mail.
    pub notice: Option<String>,
    /// A normalised address.
    pub recipient: Option<String>,
    /// The ledger row that caused them.
    pub caused_by: Option<i64>,
}

const SELECT: &str = "SELECT id, notice, transport, automatic, ticket_id, ledger_id, recipient, return_path, subject,
 message_id, state, attempts, resent, created_at, first_attempt_at, next_attempt_at, sent_at, last_error FROM outbox";

/// Mails from the newest back, at most `limit`, those before `before` when that is given.
pub async fn newest(
    store: &Store,
    which: &Which,
    before: Option<i64>,
    limit: u32,
) -> anyhow::Result<Vec<OutgoingMail>> {
    let filter = Filter::default()
        .and_in("state", &which.state)
        .and_some("ticket_id =", which.ticket)
        .and_some("notice =", which.notice.clone())
        .and_some("recipient =", which.recipient.clone())
        .and_some("ledger_id =", which.caused_by)
        .and_some("id <", before);
    fetch(store, filter, "ORDER BY id DESC", limit).await
}

/// One mail.
pub async fn get(store: &Store, id: i64) -> anyhow::Result<Option<OutgoingMail>> {
    Ok(fetch(store, Filter::default().and_value("id =", id), "", 1).await?.pop())
}

async fn fetch(store: &Store, filter: Filter, order: &str, limit: u32) -> anyhow::Result<Vec<OutgoingMail>> {
    let rows = filter.query(SELECT, order, limit).fetch_all(store.reader()).await.context("reading the outbox")?;
    rows.iter().map(mail).collect()
}

fn mail(row: &AnyRow) -> anyhow::Result<OutgoingMail> {
    let state: String = row.try_get("state")?;
    // A row that is done keeps the time at which it was due, and one that is due never has the end of time.
    let next = Some(row.try_get::<i64, _>("next_attempt_at")?)
        .filter(|at| *at != i64::MAX && matches!(state.as_str(), "queued" | "later" | "ambiguous"));
    Ok(OutgoingMail {
        id: row.try_get("id")?,
        notice: row.try_get("notice")?,
        transport: row.try_get("transport")?,
        automatic: row.try_get::<i64, _>("automatic")? != 0,
        ticket: row.try_get("ticket_id")?,
        caused_by: row.try_get("ledger_id")?,
        recipient: row.try_get("recipient")?,
        return_path: row.try_get("return_path")?,
        subject: row.try_get("subject")?,
        message_id: row.try_get("message_id")?,
        state,
        attempts: row.try_get("attempts")?,
        resent: row.try_get::<i64, _>("resent")? == 2,
        created_at: timestamp(row.try_get("created_at")?)?,
        first_attempt_at: row.try_get::<Option<i64>, _>("first_attempt_at")?.map(timestamp).transpose()?,
        next_attempt_at: next.map(timestamp).transpose()?,
        sent_at: row.try_get::<Option<i64>, _>("sent_at")?.map(timestamp).transpose()?,
        last_error: row.try_get("last_error")?,
    })
}
