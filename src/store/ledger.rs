//! The ledger: every mail ever fetched, with its raw bytes.

use std::collections::{HashMap, HashSet};

use anyhow::Context;
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};

use super::cursor::{self, Cursor};
use super::dialect::Dialect;
pub use super::incoming::{Incoming, Source};
use super::{Store, Tx, insert_many, micros, placeholders, take_ids, timestamp, value_list};
use crate::desk::inbound::verdict::Verdict;

/// Stores a batch durably and moves the cursor past it, in one transaction. When this returns, the source may be told.
/// The rows' ids, in order; a UID that is there already keeps its old row and gets no new one.
pub async fn append(
    store: &Store,
    batch: Vec<Incoming>,
    cursor: Option<&Cursor>,
    now: Timestamp,
) -> anyhow::Result<Vec<i64>> {
    let mut tx = store.write().await?;
    let ids = insert(&mut tx, &batch).await?;
    let first = ids.first().copied().unwrap_or_default();
    let inserted = count_from(&mut tx, first).await?;
    if let Some(cursor) = cursor {
        cursor::set(&mut tx, cursor, now).await?;
    }
    tx.commit().await.context("committing a batch to the ledger")?;
    // Which of them were there already is not told; then all are read back.
    if inserted == ids.len() {
        store.fresh.keep(ids.iter().copied().zip(batch).filter(|(_, mail)| !mail.history));
    }
    Ok(ids)
}

/// The rows of a batch, in a transaction that is under way; their ids, in order.
pub(in crate::store) async fn insert(tx: &mut Tx, batch: &[Incoming]) -> anyhow::Result<Vec<i64>> {
    let first = take_ids(tx, "ledger", batch.len()).await?;
    let ids: Vec<i64> = (first..).take(batch.len()).collect();
    let known = same_bytes(tx, batch).await?;
    let mut fresh: HashMap<&[u8; 32], i64> = HashMap::new();
    let mut rows = Vec::with_capacity(batch.len());
    let mut raws = Vec::with_capacity(batch.len());
    for (&id, mail) in ids.iter().zip(batch) {
        let raw_id = known.get(&mail.sha256).or_else(|| fresh.get(&mail.sha256)).copied().unwrap_or(id);
        if raw_id == id {
            fresh.insert(&mail.sha256, id);
            raws.push((id, mail));
        }
        rows.push((id, raw_id, mail));
    }
    insert_many(tx, "INSERT INTO raw (id, bytes)", 2, "", &raws, |query, (id, mail)| query.bind(*id).bind(&mail.raw))
        .await?;
    insert_rows(tx, &rows).await?;
    Ok(ids)
}

/// Why nothing came of a mail that was there before the gateway.
const HISTORY: &str = "it was in the mailbox before the gateway: kept, not answered";

async fn insert_rows(tx: &mut Tx, rows: &[(i64, i64, &Incoming)]) -> anyhow::Result<()> {
    insert_many(
        tx,
        "INSERT INTO ledger (id, source, mailbox, folder, uidvalidity, uid, place, raw_id, sha256, content_hash, size,
         oversize, message_id, received_at, told, arrived_at, state, verdict, reason, settled_at)",
        20,
        "ON CONFLICT DO NOTHING",
        rows,
        |query, (id, raw_id, mail)| {
            query
                .bind(*id)
                .bind(mail.source.as_str().to_owned())
                .bind(mail.mailbox.clone())
                .bind(mail.folder.clone())
                .bind(i64::from(mail.uidvalidity))
                .bind(i64::from(mail.uid))
                .bind(mail.place.clone())
                .bind(*raw_id)
                .bind(mail.sha256.to_vec())
                .bind(mail.content_hash.to_vec())
                .bind(i64::try_from(mail.size).unwrap_or(i64::MAX))
                .bind(i64::from(mail.oversize))
                .bind(mail.message_id.clone())
                .bind(micros(mail.received_at))
                .bind(i64::from(mail.told))
                .bind(mail.arrived_at.map(micros))
                .bind(if mail.history { "done" } else { "new" })
                .bind(if mail.history { Verdict::History.as_str() } else { "" })
                .bind(if mail.history { HISTORY } else { "" })
                .bind(mail.history.then(|| micros(mail.received_at)))
        },
    )
    .await
}

async fn count_from(tx: &mut Tx, first: i64) -> anyhow::Result<usize> {
    let row = sqlx::query("SELECT COUNT(*) FROM ledger WHERE id >= $1").bind(first).fetch_one(&mut **tx).await;
    Ok(usize::try_from(row.context("counting new rows")?.try_get::<i64, _>(0)?)?)
}

/// Raw bytes that are stored already (a mail read again after a UIDVALIDITY change), by their hash. Found through the
/// Message-ID's index; equality is the hash's.
async fn same_bytes(tx: &mut Tx, batch: &[Incoming]) -> anyhow::Result<HashMap<[u8; 32], i64>> {
    let mut known = HashMap::new();
    for chunk in batch.chunks(500) {
        let sql = format!(
            "SELECT sha256, raw_id FROM ledger WHERE message_id <> '' AND message_id IN ({})",
            value_list(chunk.len())
        );
        let query = sqlx::query(Dialect::at(tx).numbered(sql)).persistent(false);
        let query = chunk.iter().fold(query, |query, mail| query.bind(mail.message_id.clone()));
        for row in query.fetch_all(&mut **tx).await.context("looking for mails already stored")? {
            if let Ok(hash) = <[u8; 32]>::try_from(row.try_get::<Vec<u8>, _>("sha256")?) {
                known.insert(hash, row.try_get("raw_id")?);
            }
        }
    }
    Ok(known)
}

/// Whether any file of a mailbox's Maildir was taken before.
pub async fn has_files(store: &Store, mailbox: &str) -> anyhow::Result<bool> {
    let query =
        sqlx::query("SELECT 1 FROM ledger WHERE source = 'maildir' AND mailbox = $1 LIMIT 1").bind(mailbox.to_owned());
    Ok(query.fetch_optional(store.reader()).await.context("looking for files taken before")?.is_some())
}

/// Which of these files of a Maildir are in the ledger already, by their base names.
pub async fn known_places(store: &Store, mailbox: &str, places: &[String]) -> anyhow::Result<HashSet<String>> {
    let mut known = HashSet::new();
    for chunk in places.chunks(500) {
        let sql = format!(
            "SELECT place FROM ledger WHERE source = 'maildir' AND mailbox = $1 AND place IN ({})",
            placeholders(2, chunk.len())
        );
        let query = sqlx::query(AssertSqlSafe(sql)).persistent(chunk.len() == 500).bind(mailbox.to_owned());
        let query = chunk.iter().fold(query, |query, place| query.bind(place.clone()));
        for row in query.fetch_all(store.reader()).await.context("looking for files taken before")? {
            known.insert(row.try_get("place")?);
        }
    }
    Ok(known)
}

/// A row whose source has not been told yet that the mail is durable.
#[derive(Debug, Clone)]
pub struct Untold {
    /// The row.
    pub id: i64,
    /// Which generation of UIDs (RFC 9051 §2.3.1.1).
    pub uidvalidity: u32,
    /// The mail within the folder.
    pub uid: u32,
    /// What names it at its source, for people.
    pub place: String,
    /// Its body was left at the source.
    pub oversize: bool,
}

/// Rows of a mailbox's folder that still have to be told to their source, oldest first, at most `limit`. `folder` is empty
/// for sources that have none. Those of other folders wait for a connection to theirs.
pub async fn untold(store: &Store, mailbox: &str, folder: &str, limit: u32) -> anyhow::Result<Vec<Untold>> {
    let rows = sqlx::query(
        "SELECT id, uidvalidity, uid, place, oversize FROM ledger WHERE mailbox = $1 AND folder = $2 AND told = 0
         ORDER BY id LIMIT $3",
    )
    .bind(mailbox.to_owned())
    .bind(folder.to_owned())
    .bind(i64::from(limit))
    .fetch_all(store.reader())
    .await
    .context("reading what the source has not been told")?;
    rows.iter()
        .map(|row| {
            Ok(Untold {
                id: row.try_get("id")?,
                uidvalidity: u32::try_from(row.try_get::<i64, _>("uidvalidity")?)?,
                uid: u32::try_from(row.try_get::<i64, _>("uid")?)?,
                place: row.try_get("place")?,
                oversize: row.try_get::<i64, _>("oversize")? != 0,
            })
        })
        .collect()
}

/// The source was told of these rows.
pub async fn mark_told(store: &Store, ids: &[i64]) -> anyhow::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut tx = store.write().await?;
    for chunk in ids.chunks(500) {
        let sql = format!("UPDATE ledger SET told = 1 WHERE id IN ({})", value_list(chunk.len()));
        let query = sqlx::query(store.dialect.numbered(sql)).persistent(false);
        let query = chunk.iter().fold(query, |query, id| query.bind(*id));
        query.execute(&mut *tx).await.context("marking what the source was told")?;
    }
    tx.commit().await.context("committing what the source was told")
}

/// What the Message-IDs of canaries begin with.
pub const CANARY: &str = "caseway-canary-";

/// When a mail with this Message-ID was taken first.
pub async fn received_at(store: &Store, message_id: &str) -> anyhow::Result<Option<Timestamp>> {
    let row = sqlx::query("SELECT MIN(received_at) FROM ledger WHERE message_id = $1")
        .bind(message_id.to_owned())
        .fetch_one(store.reader())
        .await
        .context("looking for a mail by its Message-ID")?;
    row.try_get::<Option<i64>, _>(0)?.map(timestamp).transpose()
}

/// Forgets canaries that were settled: nobody will ask for them. Nothing else can be among them: a mail of ours that came back was
/// dropped, and somebody else's of such a Message-ID was not.
pub async fn forget_canaries(store: &Store) -> anyhow::Result<()> {
    const ARE: &str =
        "message_id >= 'caseway-canary-' AND message_id < 'caseway-canary.' AND state = 'done' AND verdict = 'dropped'
         AND ticket_id IS NULL AND told = 1 AND NOT EXISTS (SELECT 1 FROM obeyed WHERE obeyed.ledger_id = ledger.id)";
    let mut tx = store.write().await?;
    let rows = sqlx::query(AssertSqlSafe(format!("DELETE FROM ledger WHERE {ARE} RETURNING raw_id")))
        .fetch_all(&mut *tx)
        .await;
    for row in rows.context("forgetting canaries")? {
        sqlx::query("DELETE FROM raw WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM ledger WHERE raw_id = $1)")
            .bind(row.try_get::<i64, _>("raw_id")?)
            .execute(&mut *tx)
            .await
            .context("forgetting a canary's text")?;
    }
    tx.commit().await.context("committing")
}

/// Those of these Message-IDs that the ledger has a mail of.
pub async fn held(store: &Store, message_ids: &[String]) -> anyhow::Result<Vec<String>> {
    let mut held = Vec::new();
    for id in message_ids {
        let row = sqlx::query("SELECT message_id FROM ledger WHERE message_id = $1 LIMIT 1")
            .bind(id.clone())
            .fetch_optional(store.reader())
            .await
            .context("looking for mails by their Message-ID")?;
        held.extend(row.map(|row| row.try_get::<String, _>("message_id")).transpose()?);
    }
    Ok(held)
}
