//! Questions to the directory of accounts that wait for their answer.

use std::collections::{BTreeSet, HashSet};

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::{Store, Tx, insert_many, member, micros, placeholders, select_in, timestamp};
use crate::desk::form::task::{NewTask, Purpose};
use crate::desk::id::TicketId;

/// A question whose attempt is counted.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// What is asked.
    pub asked: NewTask,
    /// Attempts at it, this one included.
    pub attempts: u32,
    /// When it was asked first.
    pub created_at: Timestamp,
}

/// A row that cannot be read: somebody changed it by hand, or a later version wrote it. It is left alone until its turn comes
/// again.
#[derive(Debug)]
pub struct Unreadable {
    /// The row.
    pub id: i64,
    /// What is wrong with it.
    pub error: anyhow::Error,
}

/// What was claimed.
#[derive(Debug, Default)]
pub struct Turn {
    /// In the order in which they were asked.
    pub claimed: Vec<Claimed>,
    /// What stands beside them and stops none of them.
    pub unreadable: Vec<Unreadable>,
}

/// Takes up to `limit` questions that are due; nobody else takes them before `until`.
pub async fn claim(store: &Store, now: Timestamp, until: Timestamp, limit: u32) -> anyhow::Result<Turn> {
    let waiting =
        sqlx::query("SELECT id FROM directory_task WHERE state = 'new' AND next_attempt_at <= $1 ORDER BY id LIMIT $2")
            .bind(micros(now))
            .bind(i64::from(limit))
            .fetch_all(store.reader())
            .await
            .context("looking for questions to the directory")?;
    let ids: Vec<i64> = waiting.iter().map(|row| row.try_get("id")).collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Ok(Turn::default());
    }
    let mut tx = store.write().await?;
    let sql = format!(
        "UPDATE directory_task SET attempts = attempts + 1, next_attempt_at = $1
         WHERE state = 'new' AND next_attempt_at <= $2 AND id IN ({})
         RETURNING id, ticket_id, purpose, task, attempts, created_at",
        placeholders(3, ids.len())
    );
    let query = sqlx::query(AssertSqlSafe(sql)).persistent(false).bind(micros(until)).bind(micros(now));
    let rows = ids.iter().fold(query, |query, id| query.bind(*id)).fetch_all(&mut *tx).await;
    let rows = rows.context("claiming questions to the directory")?;
    tx.commit().await.context("committing a claim")?;
    let mut turn = Turn::default();
    for row in &rows {
        match claimed(row) {
            Ok(claimed) => turn.claimed.push(claimed),
            Err(error) => turn.unreadable.push(Unreadable { id: row.try_get("id")?, error }),
        }
    }
    turn.claimed.sort_by_key(|claimed| claimed.asked.id);
    Ok(turn)
}

fn claimed(row: &AnyRow) -> anyhow::Result<Claimed> {
    let id: i64 = row.try_get("id")?;
    let task: String = row.try_get("task")?;
    Ok(Claimed {
        asked: NewTask {
            id,
            ticket: row.try_get::<Option<i64>, _>("ticket_id")?.map(TicketId),
            purpose: member(row.try_get("purpose")?, Purpose::parse, format!("task {id}"), "purpose")?,
            task: serde_json::from_str(&task).context("reading a question to the directory")?,
        },
        attempts: u32::try_from(row.try_get::<i64, _>("attempts")?)?,
        created_at: timestamp(row.try_get("created_at")?)?,
    })
}

/// Makes questions due now that wait longer than `longest`: the clock was ahead when they were asked or put off. How many.
pub async fn begin_anew(store: &Store, now: Timestamp, longest: SignedDuration) -> anyhow::Result<u64> {
    const WAITS: &str = "WHERE state = 'new' AND next_attempt_at > $1";
    let beyond = micros(now.saturating_add(longest).unwrap_or(Timestamp::MAX));
    let sql = format!("SELECT COUNT(*) FROM directory_task {WAITS}");
    let waits = sqlx::query(AssertSqlSafe(sql)).bind(beyond).fetch_one(store.reader()).await;
    if waits.context("looking for a wrong clock")?.try_get::<i64, _>(0)? == 0 {
        return Ok(0);
    }
    let mut tx = store.write().await?;
    let sql = format!(
        "UPDATE directory_task SET next_attempt_at = $2,
         created_at = CASE WHEN created_at > $2 THEN $2 ELSE created_at END {WAITS}"
    );
    let query = sqlx::query(AssertSqlSafe(sql)).bind(beyond).bind(micros(now));
    let begun = query.execute(&mut *tx).await.context("making questions due")?.rows_affected();
    tx.commit().await.context("committing what is due")?;
    Ok(begun)
}

/// The directory could not answer now: asked again at `at`.
pub async fn put_off(store: &Store, id: i64, at: Timestamp, error: &str) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    sqlx::query("UPDATE directory_task SET next_attempt_at = $1, last_error = $2 WHERE id = $3 AND state = 'new'")
        .bind(micros(at))
        .bind(error.to_owned())
        .bind(id)
        .execute(&mut *tx)
        .await
        .context("putting off a question to the directory")?;
    tx.commit().await.context("committing a delay")
}

/// Gives a question up whose answer nobody can act on; it is kept to be looked at.
pub async fn set_aside(store: &Store, id: i64, error: &str) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    finish(&mut tx, id, Some(error)).await?;
    tx.commit().await.context("committing that a question is given up")
}

/// When the next question is due; none waits otherwise.
pub async fn next_due(store: &Store) -> anyhow::Result<Option<Timestamp>> {
    let row = sqlx::query("SELECT MIN(next_attempt_at) FROM directory_task WHERE state = 'new'");
    let row = row.fetch_one(store.reader()).await.context("looking for the next question to the directory")?;
    row.try_get::<Option<i64>, _>(0)?.map(timestamp).transpose()
}

/// Which of these questions still wait for their answer.
pub(super) async fn open(tx: &mut Tx, ids: &BTreeSet<i64>) -> anyhow::Result<HashSet<i64>> {
    let rows = select_in(tx, "SELECT id FROM directory_task WHERE state = 'new' AND id", ids, "").await?;
    rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
}

/// Keeps new questions.
pub(super) async fn insert(tx: &mut Tx, tasks: &[&NewTask], now: Timestamp) -> anyhow::Result<()> {
    let mut rows = Vec::with_capacity(tasks.len());
    for task in tasks {
        rows.push((task, serde_json::to_string(&task.task).context("writing a question to the directory")?));
    }
    insert_many(
        tx,
        "INSERT INTO directory_task (id, ticket_id, purpose, task, state, created_at, next_attempt_at)",
        7,
        "",
        &rows,
        |query, (task, question)| {
            query
                .bind(task.id)
                .bind(task.ticket.map(|id| id.0))
                .bind(task.purpose.as_str().to_owned())
                .bind(question.clone())
                .bind("new".to_owned())
                .bind(micros(now))
                .bind(micros(now))
        },
    )
    .await
}

/// A question was answered, or given up with an error. What was asked is not kept: a page takes whatever is typed.
pub(super) async fn finish(tx: &mut Tx, id: i64, error: Option<&str>) -> anyhow::Result<()> {
    let sql = match error {
        Some(_) => "UPDATE directory_task SET state = 'failed', task = '', last_error = $2 WHERE id = $1",
        None => "DELETE FROM directory_task WHERE id = $1",
    };
    let query = sqlx::query(sql).bind(id);
    let query = if let Some(error) = error { query.bind(error.to_owned()) } else { query };
    query.execute(&mut **tx).await.context("finishing a question to the directory")?;
    Ok(())
}
