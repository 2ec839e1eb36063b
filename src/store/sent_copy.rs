//! Copies of sent mails that are owed to a folder of their mailbox.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use super::outbox::NewMail;
use super::{Store, Tx, insert_many, timestamp, value_list};

/// A mail that was sent, and whose copy is not known to be in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// The mail.
    pub outbox: i64,
    /// Without angle brackets.
    pub message_id: String,
    /// The Date of the mail.
    pub date: Timestamp,
    /// The last attempt has no known end: the copy may be there.
    pub begun: bool,
    /// Attempts before.
    pub attempts: u32,
}

/// Owes a copy of each mail that is to have one, from when it is sent.
pub(super) async fn insert(tx: &mut Tx, mails: &[NewMail]) -> anyhow::Result<()> {
    let copied: Vec<(i64, &str)> = mails.iter().filter_map(|mail| Some((mail.id, mail.copy_to.as_deref()?))).collect();
    insert_many(tx, "INSERT INTO sent_copy (outbox_id, mailbox)", 2, "", &copied, |query, (id, mailbox)| {
        query.bind(*id).bind((*mailbox).to_owned())
    })
    .await
}

/// Sent mails of a mailbox whose copies are owed, those that failed least often first, at most `limit`.
pub async fn owed(store: &Store, mailbox: &str, limit: u32) -> anyhow::Result<Vec<Owed>> {
    let rows = sqlx::query(
        "SELECT c.outbox_id, o.message_id, o.created_at, c.begun, c.attempts FROM sent_copy c JOIN outbox o ON o.id = c.outbox_id
         WHERE c.mailbox = $1 AND o.sent_at IS NOT NULL ORDER BY c.attempts, c.outbox_id LIMIT $2",
    )
    .bind(mailbox.to_owned())
    .bind(i64::from(limit))
    .fetch_all(store.reader())
    .await
    .context("looking for copies that are owed")?;
    rows.iter()
        .map(|row| {
            Ok(Owed {
                outbox: row.try_get("outbox_id")?,
                message_id: row.try_get("message_id")?,
                date: timestamp(row.try_get("created_at")?)?,
                begun: row.try_get::<i64, _>("begun")? != 0,
                attempts: u32::try_from(row.try_get::<i64, _>("attempts")?)?,
            })
        })
        .collect()
}

/// The text of a mail; `None` when it is gone.
pub async fn bytes(store: &Store, outbox: i64) -> anyhow::Result<Option<Vec<u8>>> {
    let row = sqlx::query("SELECT bytes FROM outbox_bytes WHERE outbox_id = $1").bind(outbox);
    let row = row.fetch_optional(store.reader()).await.context("reading a mail to be copied")?;
    Ok(row.map(|row| row.try_get("bytes")).transpose()?)
}

/// A copy goes to the server next; counts the attempt.
pub async fn begin(store: &Store, outbox: i64) -> anyhow::Result<()> {
    let sql = "UPDATE sent_copy SET attempts = attempts + 1, begun = 1 WHERE outbox_id";
    change(store, sql, &[outbox]).await
}

/// These copies are certainly not there, and still owed.
pub async fn missing(store: &Store, outbox: &[i64]) -> anyhow::Result<()> {
    change(store, "UPDATE sent_copy SET begun = 0 WHERE outbox_id", outbox).await
}

/// These copies are there, or are not owed any more.
pub async fn settle(store: &Store, outbox: &[i64]) -> anyhow::Result<()> {
    change(store, "DELETE FROM sent_copy WHERE outbox_id", outbox).await
}

/// Runs `head IN (ids)`; `ids` are few.
async fn change(store: &Store, head: &str, ids: &[i64]) -> anyhow::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut tx = store.write().await?;
    let sql = format!("{head} IN ({})", value_list(ids.len()));
    let query = sqlx::query(store.dialect.numbered(sql)).persistent(false);
    let query = ids.iter().fold(query, |query, id| query.bind(*id));
    query.execute(&mut *tx).await.with_context(|| head.to_owned())?;
    tx.commit().await.context("committing what became of copies")
}
