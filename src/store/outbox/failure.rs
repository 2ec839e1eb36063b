//! Failures that somebody has to be told of.

use anyhow::Context;
use sqlx::{AssertSqlSafe, Row};

use crate::desk::inbound::sent::FailureCause;
use crate::store::{Store, Tx, value_list};

/// A mail that failed for good, of which nobody has been told yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The row.
    pub id: i64,
    /// The ticket it is about.
    pub ticket_id: Option<i64>,
    /// Whom it goes to.
    pub person_id: Option<i64>,
    /// The notice's name.
    pub notice: String,
    /// The address it goes to.
    pub recipient: String,
    /// As sent.
    pub subject: String,
    /// What the server said last, or why it was given up.
    pub error: String,
    /// Why it will not be delivered.
    pub cause: FailureCause,
}

/// Failed mails of which the assignee has not been told, oldest first, at most `limit`.
pub async fn untold_failures(store: &Store, limit: u32) -> anyhow::Result<Vec<Failure>> {
    let rows = sqlx::query(
        "SELECT id, ticket_id, person_id, notice, recipient, subject, last_error, cause FROM outbox
         WHERE state = 'failed' AND failure_told = 0 ORDER BY id LIMIT $1",
    )
    .bind(i64::from(limit))
    .fetch_all(store.reader())
    .await
    .context("reading failed mails")?;
    rows.iter()
        .map(|row| {
            Ok(Failure {
                id: row.try_get("id")?,
                ticket_id: row.try_get("ticket_id")?,
                person_id: row.try_get("person_id")?,
                notice: row.try_get("notice")?,
                recipient: row.try_get("recipient")?,
                subject: row.try_get("subject")?,
                error: row.try_get("last_error")?,
                cause: cause(row.try_get("cause")?)?,
            })
        })
        .collect()
}

/// Why; without a word, in rows of a time before there was one, the server refused it.
fn cause(word: String) -> anyhow::Result<FailureCause> {
    match word.as_str() {
        "" => Ok(FailureCause::Refused),
        word => FailureCause::parse(word).with_context(|| format!("a failed mail has the unknown cause {word}")),
    }
}

/// The assignees were told of these failures, in the transaction that queues the mails which tell them.
pub async fn mark_failures_told(tx: &mut Tx, ids: &[i64]) -> anyhow::Result<()> {
    for chunk in ids.chunks(500) {
        let sql = format!("UPDATE outbox SET failure_told = 1 WHERE id IN ({})", value_list(chunk.len()));
        let query = chunk.iter().fold(sqlx::query(AssertSqlSafe(sql)).persistent(false), |query, id| query.bind(*id));
        query.execute(&mut **tx).await.context("marking failures as told")?;
    }
    Ok(())
}
