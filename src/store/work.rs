//! Ledger rows that wait to be processed.

use anyhow::Context;
use futures_util::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::any::{Any, AnyRow};

use super::dialect::Dialect;
use super::ledger::Incoming;
use super::{Store, Tx, micros, timestamp, value_list};

/// A row to work on, with its bytes.
#[derive(Debug, Clone)]
pub struct Work {
    /// The row.
    pub id: i64,
    /// The configured mailbox by its name.
    pub mailbox: String,
    /// The folder of it, as it is configured; empty for sources that have none.
    pub folder: String,
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

/// The next rows to work on: those above an id, at most so many and about so many octets.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Rows up to this one are in hand.
    pub after: i64,
    /// Rows at most.
    pub rows: u32,
    /// Octets after which no further row is taken.
    pub octets: u64,
}

/// Rows whose attempt is counted, once the transaction that counted it is committed.
#[derive(Debug, Default)]
#[must_use]
pub struct Claimed(pub(super) Vec<Row>);

/// A row, and its attempts with this one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) attempts: u32,
}

impl Claimed {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The last row.
    pub fn last(&self) -> Option<i64> {
        self.0.last().map(|row| row.id)
    }
}

/// Takes rows in a transaction of its own: their attempts are counted before any work starts. Locks nothing when there
/// are none.
pub async fn claim(store: &Store, span: Span) -> anyhow::Result<Claimed> {
    let rows = waiting(store.reader(), span).await?;
    if rows.is_empty() {
        return Ok(Claimed::default());
    }
    let mut tx = store.write().await?;
    let claimed = count_attempt(&mut tx, rows).await?;
    tx.commit().await.context("committing attempts")?;
    Ok(claimed)
}

/// Takes rows in a transaction that is under way.
pub async fn claim_in(tx: &mut Tx, span: Span) -> anyhow::Result<Claimed> {
    let rows = waiting(&mut **tx, span).await?;
    count_attempt(tx, rows).await
}

async fn waiting<'e>(database: impl sqlx::Executor<'e, Database = Any>, span: Span) -> anyhow::Result<Vec<i64>> {
    let waiting =
        sqlx::query("SELECT id, size, attempts FROM ledger WHERE state = 'new' AND id > $1 ORDER BY id LIMIT $2")
            .bind(span.after)
            .bind(i64::from(span.rows))
            .fetch_all(database)
            .await
            .context("looking for new mails")?;
    let mut rows: Vec<i64> = Vec::with_capacity(waiting.len());
    let mut left = i64::try_from(span.octets)?;
    for row in waiting {
        // An attempt at this one did not end: it comes alone, so that its trouble is counted as nobody else's.
        let suspect = row.try_get::<i64, _>("attempts")? > 0;
        if suspect && !rows.is_empty() {
            break;
        }
        rows.push(row.try_get("id")?);
        if suspect {
            break;
        }
        left -= row.try_get::<i64, _>("size")?;
        if left <= 0 {
            break;
        }
    }
    Ok(rows)
}

/// Takes those that still wait: whoever looked outside the transaction may have been overtaken.
async fn count_attempt(tx: &mut Tx, waiting: Vec<i64>) -> anyhow::Result<Claimed> {
    if waiting.is_empty() {
        return Ok(Claimed::default());
    }
    let sql = format!(
        "UPDATE ledger SET attempts = attempts + 1 WHERE state = 'new' AND id IN ({}) RETURNING id, attempts",
        value_list(waiting.len())
    );
    let query = sqlx::query(Dialect::at(tx).numbered(sql)).persistent(false);
    let query = waiting.iter().fold(query, |query, id| query.bind(*id));
    let taken = query.fetch_all(&mut **tx).await.context("counting attempts")?;
    let mut rows: Vec<Row> = taken.iter().map(row).collect::<anyhow::Result<_>>()?;
    rows.sort_unstable_by_key(|row| row.id);
    Ok(Claimed(rows))
}

fn row(row: &AnyRow) -> anyhow::Result<Row> {
    Ok(Row { id: row.try_get("id")?, attempts: u32::try_from(row.try_get::<i64, _>("attempts")?)? })
}

/// Claimed rows with their bytes, in order: what is still in memory from its way in, and the rest from the ledger.
pub async fn load(store: &Store, claimed: Claimed) -> anyhow::Result<Vec<Work>> {
    let mut works = Vec::with_capacity(claimed.0.len());
    let mut stored = Vec::new();
    for row in claimed.0 {
        match store.fresh.take(row.id) {
            Some(mail) => works.push(fresh(row, mail)),
            None => stored.push(row.id),
        }
    }
    if !stored.is_empty() {
        works.extend(read(store, &stored).await?);
        works.sort_by_key(|work| work.id);
    }
    Ok(works)
}

fn fresh(row: Row, mail: Incoming) -> Work {
    Work {
        id: row.id,
        mailbox: mail.mailbox,
        folder: mail.folder,
        raw: mail.raw,
        size: mail.size,
        oversize: mail.oversize,
        message_id: mail.message_id,
        content_hash: mail.content_hash,
        received_at: mail.received_at,
        attempts: row.attempts,
    }
}

async fn read(store: &Store, ids: &[i64]) -> anyhow::Result<Vec<Work>> {
    let sql = format!(
        "SELECT l.id, l.mailbox, l.folder, r.bytes, l.size, l.oversize, l.message_id, l.content_hash, l.received_at, l.attempts
         FROM ledger l JOIN raw r ON r.id = l.raw_id WHERE l.id IN ({}) ORDER BY l.id",
        value_list(ids.len())
    );
    let query = sqlx::query(store.dialect.numbered(sql)).persistent(false);
    let query = ids.iter().fold(query, |query, id| query.bind(*id));
    // Row by row: together they would be in memory twice.
    query.fetch(store.reader()).map(|row| work(&row.context("reading new mails")?)).try_collect().await
}

fn work(row: &AnyRow) -> anyhow::Result<Work> {
    Ok(Work {
        id: row.try_get("id")?,
        mailbox: row.try_get("mailbox")?,
        folder: row.try_get("folder")?,
        raw: row.try_get("bytes")?,
        size: u64::try_from(row.try_get::<i64, _>("size")?)?,
        oversize: row.try_get::<i64, _>("oversize")? != 0,
        message_id: row.try_get("message_id")?,
        content_hash: row
            .try_get::<Vec<u8>, _>("content_hash")?
            .try_into()
            .map_err(|_| anyhow::anyhow!("a bad hash"))?,
        received_at: timestamp(row.try_get("received_at")?)?,
        attempts: u32::try_from(row.try_get::<i64, _>("attempts")?)?,
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
