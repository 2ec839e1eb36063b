//! Failures that somebody has to be told of.

use anyhow::Context;
use sqlx::Row;

use crate::desk::id::TicketId;
use crate::desk::inbound::sent::{Failure, FailureCause};
use crate::store::dialect::Dialect;
use crate::store::{Store, Tx, value_list};

/// Failed mails of which the assignee has not been told, oldest first, at most `limit`.
pub async fn untold_failures(store: &Store, limit: u32) -> anyhow::Result<Vec<Failure>> {
    let rows = sqlx::query(
        "SELECT id, ticket_id, notice, recipient, last_error, cause FROM outbox
         WHERE state = 'failed' AND failure_told = 0 ORDER BY id LIMIT $1",
    )
    .bind(i64::from(limit))
    .fetch_all(store.reader())
    .await
    .context("reading failed mails")?;
    rows.iter()
        .map(|row| {
            Ok(Failure {
                outbox: row.try_get("id")?,
                ticket: row.try_get::<Option<i64>, _>("ticket_id")?.map(TicketId),
                notice: row.try_get("notice")?,
                recipient: row.try_get("recipient")?,
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
        let query = sqlx::query(Dialect::at(tx).numbered(sql)).persistent(false);
        let query = chunk.iter().fold(query, |query, id| query.bind(*id));
        query.execute(&mut **tx).await.context("marking failures as told")?;
    }
    Ok(())
}
