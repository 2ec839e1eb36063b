//! What another desk needs of tickets to go on with them, besides what people read.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use crate::store::{Store, timestamp};

/// A mail of ours about a ticket. Answers name it by its Message-ID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The ticket's number.
    pub ticket: i64,
    /// The kind of mail.
    pub notice: String,
    /// A machine decided to send it.
    pub automatic: bool,
    /// Whom it went to.
    pub recipient: String,
    /// As sent.
    pub subject: String,
    /// Without angle brackets.
    pub message_id: String,
    /// How far it is.
    pub state: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When a server took it.
    pub sent_at: Option<Timestamp>,
}

/// The letters about tickets `first` to `last`, in order.
pub async fn letters(store: &Store, first: i64, last: i64) -> anyhow::Result<Vec<Letter>> {
    let rows = sqlx::query(
        "SELECT ticket_id, notice, automatic, recipient, subject, message_id, state, created_at, sent_at FROM outbox
         WHERE ticket_id BETWEEN $1 AND $2 ORDER BY ticket_id, id",
    )
    .bind(first)
    .bind(last)
    .fetch_all(store.reader())
    .await
    .context("reading the letters of tickets")?;
    rows.iter()
        .map(|row| {
            Ok(Letter {
                ticket: row.try_get("ticket_id")?,
                notice: row.try_get("notice")?,
                automatic: row.try_get::<i64, _>("automatic")? != 0,
                recipient: row.try_get("recipient")?,
                subject: row.try_get("subject")?,
                message_id: row.try_get("message_id")?,
                state: row.try_get("state")?,
                created_at: timestamp(row.try_get("created_at")?)?,
                sent_at: row.try_get::<Option<i64>, _>("sent_at")?.map(timestamp).transpose()?,
            })
        })
        .collect()
}

/// A link or code that was sent, by which it is known in words; it opens nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLink {
    /// The ticket's number.
    pub ticket: i64,
    /// SHA-256 of its token.
    pub hash: Vec<u8>,
    /// What it was for.
    pub purpose: String,
    /// Whose account it was for.
    pub email: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it was good.
    pub expires_at: Timestamp,
}

/// The links that were sent on tickets `first` to `last`, in order.
pub async fn links(store: &Store, first: i64, last: i64) -> anyhow::Result<Vec<SentLink>> {
    let rows = sqlx::query(
        "SELECT ticket_id, hash, purpose, email, created_at, expires_at FROM link WHERE ticket_id BETWEEN $1 AND $2
         ORDER BY ticket_id, created_at, hash",
    )
    .bind(first)
    .bind(last)
    .fetch_all(store.reader())
    .await
    .context("reading the links of tickets")?;
    rows.iter()
        .map(|row| {
            Ok(SentLink {
                ticket: row.try_get("ticket_id")?,
                hash: row.try_get("hash")?,
                purpose: row.try_get("purpose")?,
                email: row.try_get("email")?,
                created_at: timestamp(row.try_get("created_at")?)?,
                expires_at: timestamp(row.try_get("expires_at")?)?,
            })
        })
        .collect()
}

/// How a ticket came, and what its follow-ups remember.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The ticket's number.
    pub ticket: i64,
    /// The mailbox it came through.
    pub mailbox: String,
    /// The alias that was written to.
    pub written_to: String,
    /// Requests that were filed on it as part of a flood.
    pub flooded: i64,
}

/// How tickets `first` to `last` came.
pub async fn origins(store: &Store, first: i64, last: i64) -> anyhow::Result<Vec<Origin>> {
    let rows =
        sqlx::query("SELECT id, mailbox, written_to, flooded FROM ticket WHERE id BETWEEN $1 AND $2 ORDER BY id")
            .bind(first)
            .bind(last)
            .fetch_all(store.reader())
            .await
            .context("reading how tickets came")?;
    rows.iter()
        .map(|row| {
            Ok(Origin {
                ticket: row.try_get("id")?,
                mailbox: row.try_get("mailbox")?,
                written_to: row.try_get("written_to")?,
                flooded: row.try_get("flooded")?,
            })
        })
        .collect()
}

/// The address of a person by their row; `None` when there is none.
pub async fn address(store: &Store, person: i64) -> anyhow::Result<Option<String>> {
    let row = sqlx::query("SELECT email FROM person WHERE id = $1").bind(person).fetch_optional(store.reader()).await;
    Ok(row.context("reading a person's address")?.map(|row| row.try_get("email")).transpose()?)
}
