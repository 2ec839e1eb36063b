//! What was in a mailbox before the gateway: kept, and answered by nobody.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use super::{Store, micros, timestamp};

/// A folder as it was when it was first seen under its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstSight {
    /// The configured mailbox by its name.
    pub mailbox: String,
    /// The IMAP folder; empty for other sources.
    pub folder: String,
    /// Which generation of UIDs (RFC 9051 §2.3.1.1); 0 for sources without.
    pub uidvalidity: u32,
    /// The last UID that was there; for sources without any.
    pub upto: u32,
    /// What arrived before is history.
    pub before: Timestamp,
}

impl FirstSight {
    /// Whether a mail is history. One of which nobody knows when it arrived is not: better a letter too many than a request that
    /// nobody hears of.
    pub fn is_history(&self, uid: u32, arrived_at: Option<Timestamp>) -> bool {
        uid <= self.upto && arrived_at.is_some_and(|at| at < self.before)
    }
}

/// How a folder was first seen; `None` where it was not seen yet, or under other numbers.
pub async fn get(store: &Store, mailbox: &str, folder: &str, uidvalidity: u32) -> anyhow::Result<Option<FirstSight>> {
    let row =
        sqlx::query("SELECT upto, before FROM first_sight WHERE mailbox = $1 AND folder = $2 AND uidvalidity = $3")
            .bind(mailbox.to_owned())
            .bind(folder.to_owned())
            .bind(i64::from(uidvalidity))
            .fetch_optional(store.reader())
            .await
            .context("reading how a folder was first seen")?;
    row.map(|row| {
        Ok(FirstSight {
            mailbox: mailbox.to_owned(),
            folder: folder.to_owned(),
            uidvalidity,
            upto: u32::try_from(row.try_get::<i64, _>("upto")?)?,
            before: timestamp(row.try_get("before")?)?,
        })
    })
    .transpose()
}

/// Remembers it, in the place of an earlier one.
pub async fn set(store: &Store, sight: &FirstSight) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    sqlx::query(
        "INSERT INTO first_sight (mailbox, folder, uidvalidity, upto, before) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (mailbox, folder) DO UPDATE SET uidvalidity = excluded.uidvalidity, upto = excluded.upto,
         before = excluded.before",
    )
    .bind(sight.mailbox.clone())
    .bind(sight.folder.clone())
    .bind(i64::from(sight.uidvalidity))
    .bind(i64::from(sight.upto))
    .bind(micros(sight.before))
    .execute(&mut *tx)
    .await
    .context("remembering how a folder was first seen")?;
    tx.commit().await.context("committing how a folder was first seen")
}

/// When the last mail arrived that a mailbox got by IMAP, whichever server it was on then; `None` when there was none. Of mails from
/// before this was kept, when they were taken.
pub async fn last_arrival(store: &Store, mailbox: &str) -> anyhow::Result<Option<Timestamp>> {
    let row =
        sqlx::query("SELECT MAX(COALESCE(arrived_at, received_at)) FROM ledger WHERE mailbox = $1 AND source = 'imap'")
            .bind(mailbox.to_owned())
            .fetch_one(store.reader())
            .await
            .context("looking for the last mail of a mailbox")?;
    row.try_get::<Option<i64>, _>(0)?.map(timestamp).transpose()
}
