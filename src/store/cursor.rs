//! How far each mailbox was read, and the UIDs that the server would not hand out.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use super::{Store, Tx, micros};

/// How far a folder was read: every UID up to `uid` of this UIDVALIDITY is in the ledger or among the unfetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The configured mailbox by its name.
    pub mailbox: String,
    /// The IMAP folder; empty for other sources.
    pub folder: String,
    /// Which generation of UIDs (RFC 9051 §2.3.1.1).
    pub uidvalidity: u32,
    /// The mail within the folder.
    pub uid: u32,
}

/// A UID that the server lists and does not hand out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfetched {
    /// The configured mailbox by its name.
    pub mailbox: String,
    /// The IMAP folder; empty for other sources.
    pub folder: String,
    /// Which generation of UIDs (RFC 9051 §2.3.1.1).
    pub uidvalidity: u32,
    /// The mail within the folder.
    pub uid: u32,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong: the server's words.
    pub error: String,
}

/// The cursor of a folder; `None` before its first batch.
pub async fn get(store: &Store, mailbox: &str, folder: &str) -> anyhow::Result<Option<Cursor>> {
    let row = sqlx::query("SELECT uidvalidity, uid FROM cursor WHERE mailbox = $1 AND folder = $2")
        .bind(mailbox.to_owned())
        .bind(folder.to_owned())
        .fetch_optional(store.reader())
        .await
        .context("reading the cursor")?;
    row.map(|row| {
        Ok(Cursor {
            mailbox: mailbox.to_owned(),
            folder: folder.to_owned(),
            uidvalidity: u32::try_from(row.try_get::<i64, _>("uidvalidity")?)?,
            uid: u32::try_from(row.try_get::<i64, _>("uid")?)?,
        })
    })
    .transpose()
}

/// Moves a cursor, in the transaction that stores what it passed.
pub(super) async fn set(tx: &mut Tx, cursor: &Cursor, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO cursor (mailbox, folder, uidvalidity, uid, updated_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (mailbox, folder) DO UPDATE SET uidvalidity = excluded.uidvalidity, uid = excluded.uid,
         updated_at = excluded.updated_at",
    )
    .bind(cursor.mailbox.clone())
    .bind(cursor.folder.clone())
    .bind(i64::from(cursor.uidvalidity))
    .bind(i64::from(cursor.uid))
    .bind(micros(now))
    .execute(&mut **tx)
    .await
    .context("moving the cursor")?;
    Ok(())
}

/// Records that a UID could not be fetched, counting the attempts; with the cursor, when it passes the UID.
pub async fn record_unfetched(
    store: &Store,
    missing: &[Unfetched],
    cursor: Option<&Cursor>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    for uid in missing {
        sqlx::query(
            "INSERT INTO unfetched (mailbox, folder, uidvalidity, uid, attempts, error, updated_at)
             VALUES ($1, $2, $3, $4, 1, $5, $6) ON CONFLICT (mailbox, folder, uidvalidity, uid) DO UPDATE
             SET attempts = unfetched.attempts + 1, error = excluded.error, updated_at = excluded.updated_at",
        )
        .bind(uid.mailbox.clone())
        .bind(uid.folder.clone())
        .bind(i64::from(uid.uidvalidity))
        .bind(i64::from(uid.uid))
        .bind(uid.error.clone())
        .bind(micros(now))
        .execute(&mut *tx)
        .await
        .context("recording an unfetched UID")?;
    }
    if let Some(cursor) = cursor {
        set(&mut tx, cursor, now).await?;
    }
    tx.commit().await.context("committing unfetched UIDs")
}

/// The UIDs of a folder that are still owed, oldest first.
pub async fn unfetched(store: &Store, mailbox: &str, folder: &str) -> anyhow::Result<Vec<Unfetched>> {
    let rows = sqlx::query(
        "SELECT uidvalidity, uid, attempts, error FROM unfetched WHERE mailbox = $1 AND folder = $2 ORDER BY uid",
    )
    .bind(mailbox.to_owned())
    .bind(folder.to_owned())
    .fetch_all(store.reader())
    .await
    .context("reading the unfetched UIDs")?;
    rows.iter()
        .map(|row| {
            Ok(Unfetched {
                mailbox: mailbox.to_owned(),
                folder: folder.to_owned(),
                uidvalidity: u32::try_from(row.try_get::<i64, _>("uidvalidity")?)?,
                uid: u32::try_from(row.try_get::<i64, _>("uid")?)?,
                attempts: u32::try_from(row.try_get::<i64, _>("attempts")?)?,
                error: row.try_get("error")?,
            })
        })
        .collect()
}

/// A UID is settled: fetched after all, or no longer on the server.
pub async fn forget_unfetched(store: &Store, uid: &Unfetched) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    sqlx::query("DELETE FROM unfetched WHERE mailbox = $1 AND folder = $2 AND uidvalidity = $3 AND uid = $4")
        .bind(uid.mailbox.clone())
        .bind(uid.folder.clone())
        .bind(i64::from(uid.uidvalidity))
        .bind(i64::from(uid.uid))
        .execute(&mut *tx)
        .await
        .context("settling an unfetched UID")?;
    tx.commit().await.context("committing")
}
