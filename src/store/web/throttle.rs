//! Attempts that failed, counted so that a restart forgets none.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use super::Hashed;
use crate::store::{Tx, micros, timestamp};

/// What is counted under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed {
    /// How often, since the last success.
    pub count: u32,
    /// When it was last.
    pub last_at: Timestamp,
}

/// What is counted under a key.
pub async fn failed(tx: &mut Tx, id: Hashed) -> anyhow::Result<Option<Failed>> {
    let row = sqlx::query("SELECT failures, last_at FROM throttle WHERE id = $1")
        .bind(id.0.to_vec())
        .fetch_optional(&mut **tx)
        .await
        .context("looking for failed attempts")?;
    row.map(|row| {
        let count = u32::try_from(row.try_get::<i64, _>("failures")?).unwrap_or(u32::MAX);
        Ok(Failed { count, last_at: timestamp(row.try_get("last_at")?)? })
    })
    .transpose()
}

/// Counts one more attempt; counts that are older than `forgotten` begin anew, and go.
pub async fn count(tx: &mut Tx, id: Hashed, now: Timestamp, forgotten: Timestamp) -> anyhow::Result<()> {
    sqlx::query("DELETE FROM throttle WHERE last_at < $1")
        .bind(micros(forgotten))
        .execute(&mut **tx)
        .await
        .context("forgetting old attempts")?;
    sqlx::query(
        "INSERT INTO throttle (id, failures, last_at) VALUES ($1, 1, $2)
         ON CONFLICT (id) DO UPDATE SET failures = throttle.failures + 1, last_at = excluded.last_at",
    )
    .bind(id.0.to_vec())
    .bind(micros(now))
    .execute(&mut **tx)
    .await
    .context("counting an attempt")?;
    Ok(())
}

/// Forgets what was counted under a key.
pub async fn clear(tx: &mut Tx, id: Hashed) -> anyhow::Result<()> {
    let query = sqlx::query("DELETE FROM throttle WHERE id = $1").bind(id.0.to_vec());
    query.execute(&mut **tx).await.context("forgetting attempts")?;
    Ok(())
}
