//! What only a person can mend, and whether it was told.

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;

use super::{Store, Tx, micros, timestamp};

/// A trouble that lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// What it is about, as people read it.
    pub subject: String,
    /// When it was first seen.
    pub since: Timestamp,
    /// What is wrong and what to do.
    pub words: String,
    /// A mail about it was written.
    pub told: bool,
}

/// All that last, by subject.
pub async fn all(store: &Store) -> anyhow::Result<Vec<Alarm>> {
    let rows = sqlx::query("SELECT subject, since, words, told FROM alarm ORDER BY subject")
        .fetch_all(store.reader())
        .await
        .context("reading the alarms")?;
    let alarm = |row: &sqlx::any::AnyRow| {
        Ok(Alarm {
            subject: row.try_get("subject")?,
            since: timestamp(row.try_get("since")?)?,
            words: row.try_get("words")?,
            told: row.try_get::<i64, _>("told")? != 0,
        })
    };
    rows.iter().map(alarm).collect()
}

/// Remembers one, or what is known of it now.
pub async fn set(tx: &mut Tx, alarm: &Alarm) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO alarm (subject, since, words, told) VALUES ($1, $2, $3, $4)
         ON CONFLICT (subject) DO UPDATE SET words = excluded.words, told = excluded.told",
    )
    .bind(alarm.subject.clone())
    .bind(micros(alarm.since))
    .bind(alarm.words.clone())
    .bind(i64::from(alarm.told))
    .execute(&mut **tx)
    .await
    .context("remembering an alarm")?;
    Ok(())
}

/// It is over.
pub async fn forget(tx: &mut Tx, subject: &str) -> anyhow::Result<()> {
    sqlx::query("DELETE FROM alarm WHERE subject = $1")
        .bind(subject.to_owned())
        .execute(&mut **tx)
        .await
        .context("forgetting an alarm")?;
    Ok(())
}

/// What servers said lately of mails that they did not take; newest first, so many at most.
pub async fn refusals(store: &Store, now: Timestamp, within: SignedDuration) -> anyhow::Result<Vec<String>> {
    let rows = sqlx::query(
        "SELECT last_error FROM outbox WHERE last_error LIKE '%.7.%' AND state IN ('failed', 'later')
         AND created_at > $1 ORDER BY created_at DESC LIMIT 500",
    )
    .bind(micros(now.saturating_sub(within).unwrap_or(Timestamp::MIN)))
    .fetch_all(store.reader())
    .await
    .context("looking for refusals that are about us")?;
    rows.iter().map(|row| Ok(row.try_get("last_error")?)).collect()
}
