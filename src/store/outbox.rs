//! The outbox: every mail we send, one row a recipient.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};

use super::{Store, micros, placeholders, timestamp};

/// What became of an outgoing mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Written, not tried yet.
    Queued,
    /// Claimed by a worker; the attempt is counted.
    Sending,
    /// Accepted by the server.
    Sent,
    /// Refused for now; tried again at `next_attempt_at`.
    Later,
    /// Refused for good, or given up.
    Failed,
    /// The connection broke after the final dot: perhaps sent. Resent once with the same bytes.
    Ambiguous,
    /// Withdrawn by a person.
    Cancelled,
}

impl State {
    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Later => "later",
            Self::Failed => "failed",
            Self::Ambiguous => "ambiguous",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A mail a worker holds; nobody else sends it before `leased_until`.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub id: i64,
    pub recipient: String,
    /// Envelope sender; empty is the null return path.
    pub return_path: String,
    pub message_id: String,
    pub bytes: Vec<u8>,
    /// This attempt included.
    pub attempts: u32,
    pub first_attempt_at: Timestamp,
    /// It was resent after an ambiguous end already, or this attempt is that resend.
    pub resent: bool,
}

/// How one attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// 2xx to the final dot.
    Sent,
    /// 4xx, a time-out or a connection fault before the final dot.
    Later { at: Timestamp, error: String },
    /// 5xx, or given up.
    Failed { error: String },
    /// The answer to the final dot was lost; `at` is when it is resent, `None` when it was resent already.
    Ambiguous { at: Option<Timestamp>, error: String },
    /// The server could not be reached at all: tried again at `at`, this attempt does not count.
    NotTried { at: Timestamp, error: String },
}

/// Takes up to `limit` due mails of a transport for this worker until `leased_until`, counting the attempt *before*
/// anything is sent. Oldest first.
pub async fn claim(
    store: &Store,
    transport: &str,
    now: Timestamp,
    leased_until: Timestamp,
    limit: u32,
) -> anyhow::Result<Vec<Claimed>> {
    let mut tx = store.write().await?;
    let due = sqlx::query(
        "SELECT id FROM outbox WHERE transport = $1 AND next_attempt_at <= $2
         AND state IN ('queued', 'later', 'ambiguous') ORDER BY next_attempt_at, id LIMIT $3",
    )
    .bind(transport.to_owned())
    .bind(micros(now))
    .bind(i64::from(limit))
    .fetch_all(&mut *tx)
    .await
    .context("looking for due mails")?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let ids = due.iter().map(|row| row.try_get::<i64, _>(0)).collect::<Result<Vec<_>, _>>()?;
    let sql = format!(
        "UPDATE outbox SET resent = CASE WHEN state = 'ambiguous' THEN 1 ELSE resent END, state = 'sending',
         attempts = attempts + 1, leased_until = $1, first_attempt_at = COALESCE(first_attempt_at, $2)
         WHERE id IN ({})",
        placeholders(3, ids.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false).bind(micros(leased_until)).bind(micros(now));
    for id in &ids {
        query = query.bind(*id);
    }
    query.execute(&mut *tx).await.context("claiming due mails")?;
    let sql = format!(
        "SELECT o.id, o.recipient, o.return_path, o.message_id, b.bytes, o.attempts, o.first_attempt_at, o.resent
         FROM outbox o JOIN outbox_bytes b ON b.outbox_id = o.id WHERE o.id IN ({}) ORDER BY o.id",
        placeholders(1, ids.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    for id in &ids {
        query = query.bind(*id);
    }
    let rows = query.fetch_all(&mut *tx).await.context("reading claimed mails")?;
    tx.commit().await.context("committing a claim")?;
    rows.iter()
        .map(|row| {
            Ok(Claimed {
                id: row.try_get(0)?,
                recipient: row.try_get(1)?,
                return_path: row.try_get(2)?,
                message_id: row.try_get(3)?,
                bytes: row.try_get(4)?,
                attempts: u32::try_from(row.try_get::<i64, _>(5)?)?,
                first_attempt_at: timestamp(row.try_get(6)?)?,
                resent: row.try_get::<i64, _>(7)? != 0,
            })
        })
        .collect()
}

/// Records how attempts ended, many in one transaction.
pub async fn record(store: &Store, ended: &[(i64, Outcome)], now: Timestamp) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    for (id, outcome) in ended {
        let (state, next, error, counted) = match outcome {
            Outcome::Sent => (State::Sent, None, "", 0),
            Outcome::Later { at, error } => (State::Later, Some(*at), error.as_str(), 0),
            Outcome::Failed { error } => (State::Failed, None, error.as_str(), 0),
            Outcome::Ambiguous { at, error } => (State::Ambiguous, *at, error.as_str(), 0),
            Outcome::NotTried { at, error } => (State::Later, Some(*at), error.as_str(), 1),
        };
        sqlx::query(
            "UPDATE outbox SET state = $1, next_attempt_at = $2, last_error = $3, attempts = attempts - $4,
             leased_until = 0, sent_at = $5 WHERE id = $6 AND state = 'sending'",
        )
        .bind(state.as_str())
        .bind(next.map_or(i64::MAX, micros))
        .bind(error.to_owned())
        .bind(counted)
        .bind((state == State::Sent).then(|| micros(now)))
        .bind(*id)
        .execute(&mut *tx)
        .await
        .context("recording an attempt")?;
    }
    tx.commit().await.context("committing attempts")
}

/// Mails whose worker died while sending: due at once, as the connection may or may not have got through.
/// With `all`, whatever the lease says (this process is the only one). How many.
pub async fn release(store: &Store, now: Timestamp, all: bool) -> anyhow::Result<u64> {
    let mut tx = store.write().await?;
    let released = sqlx::query(
        "UPDATE outbox SET state = 'later', next_attempt_at = $1, leased_until = 0,
         last_error = 'the gateway stopped while sending' WHERE state = 'sending' AND (leased_until < $1 OR $2 = 1)",
    )
    .bind(micros(now))
    .bind(i64::from(all))
    .execute(&mut *tx)
    .await
    .context("releasing mails of a worker that died")?
    .rows_affected();
    tx.commit().await.context("committing")?;
    Ok(released)
}

/// When the next mail of a transport is due; `None` when none waits.
pub async fn next_due(store: &Store, transport: &str) -> anyhow::Result<Option<Timestamp>> {
    let row = sqlx::query(
        "SELECT next_attempt_at FROM outbox WHERE transport = $1 AND state IN ('queued', 'later', 'ambiguous')
         ORDER BY next_attempt_at LIMIT 1",
    )
    .bind(transport.to_owned())
    .fetch_optional(store.reader())
    .await
    .context("looking for the next due mail")?;
    row.map(|row| row.try_get::<i64, _>(0)).transpose()?.filter(|at| *at != i64::MAX).map(timestamp).transpose()
}
