//! Ledger rows that wait to be processed.

use anyhow::Context;
use futures_util::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::{Store, micros, placeholders, timestamp};

/// A row to work on, with its bytes.
#[derive(Debug, Clone)]
pub struct Work {
    /// The row.
    pub id: i64,
    /// The configured mailbox by its name.
    pub mailbox: String,
    /// The bytes.
    pub raw: Vec<u8>,
    /// Octets at the source.
    pub size: u64,
    /// Its body was left at the source.
    pub oversize: bool,
    /// Without angle brackets; empty when there is none.
    pub message_id: String,
    /// Equal for the same mail through another mailbox.
    pub content_hash: [u8; 32],
    /// When we took it.
    pub received_at: Timestamp,
    /// This attempt included; more than 1 when an earlier one did not end.
    pub attempts: u32,
}

/// Takes the next rows above `after`, at most `limit` and about `octets`, and counts the attempt before any work starts.
pub async fn claim(store: &Store, after: i64, limit: u32, octets: u64) -> anyhow::Result<Vec<Work>> {
    let waiting =
        sqlx::query("SELECT id, size, attempts FROM ledger WHERE state = 'new' AND id > $1 ORDER BY id LIMIT $2")
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(store.reader())
            .await
            .context("looking for new mails")?;
    let mut ids: Vec<i64> = Vec::with_capacity(waiting.len());
    let mut left = i64::try_from(octets)?;
    for row in waiting {
        // An attempt at this one did not end: it comes alone, so that its trouble is counted as nobody else's.
        let suspect = row.try_get::<i64, _>(2)? > 0;
        if suspect && !ids.is_empty() {
            break;
        }
        ids.push(row.try_get(0)?);
        if suspect {
            break;
        }
        left -= row.try_get::<i64, _>(1)?;
        if left <= 0 {
            break;
        }
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = store.write().await?;
    let sql = format!("UPDATE ledger SET attempts = attempts + 1 WHERE id IN ({})", placeholders(1, ids.len()));
    let query = ids.iter().fold(sqlx::query(AssertSqlSafe(sql)).persistent(false), |query, id| query.bind(*id));
    query.execute(&mut *tx).await.context("counting attempts")?;
    tx.commit().await.context("committing attempts")?;
    read(store, &ids).await
}

async fn read(store: &Store, ids: &[i64]) -> anyhow::Result<Vec<Work>> {
    let sql = format!(
        "SELECT l.id, l.mailbox, r.bytes, l.size, l.oversize, l.message_id, l.content_hash, l.received_at, l.attempts
         FROM ledger l JOIN raw r ON r.id = l.raw_id WHERE l.id IN ({}) ORDER BY l.id",
        placeholders(1, ids.len())
    );
    let query = ids.iter().fold(sqlx::query(AssertSqlSafe(sql)).persistent(false), |query, id| query.bind(*id));
    // Row by row: together they would be in memory twice.
    query.fetch(store.reader()).map(|row| work(&row.context("reading new mails")?)).try_collect().await
}

fn work(row: &AnyRow) -> anyhow::Result<Work> {
    Ok(Work {
        id: row.try_get(0)?,
        mailbox: row.try_get(1)?,
        raw: row.try_get(2)?,
        size: u64::try_from(row.try_get::<i64, _>(3)?)?,
        oversize: row.try_get::<i64, _>(4)? != 0,
        message_id: row.try_get(5)?,
        content_hash: row.try_get::<Vec<u8>, _>(6)?.try_into().map_err(|_| anyhow::anyhow!("a bad hash"))?,
        received_at: timestamp(row.try_get(7)?)?,
        attempts: u32::try_from(row.try_get::<i64, _>(8)?)?,
    })
}

/// Sets a row aside with the reason; its raw bytes stay, and it can be replayed.
pub async fn quarantine(store: &Store, id: i64, reason: &str, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    sqlx::query(
        "UPDATE ledger SET state = 'quarantined', verdict = 'quarantined', reason = $1, settled_at = $2
         WHERE id = $3 AND state = 'new'",
    )
    .bind(reason.to_owned())
    .bind(micros(now))
    .bind(id)
    .execute(&mut *tx)
    .await
    .context("quarantining a mail")?;
    tx.commit().await.context("committing a quarantine")
}
