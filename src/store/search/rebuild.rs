//! The index is made anew from the mails, while the gateway runs: a better reader is a better search.

use std::collections::HashMap;

use anyhow::Context;
use sqlx::Row;

use super::choice;
use crate::desk::seal::keys::Keys;
use crate::desk::search::entry::Entry;
use crate::store::view::conversation::{Content, bytes};
use crate::store::{Store, Tx, link};

/// Messages written at once: whoever else writes waits for no more.
const PAGE: i64 = 50;

/// Makes the index anew; `told` hears how many messages are done of how many. Stopped on the way, it holds a part, and the next
/// call begins again. How many messages can be found.
pub async fn rebuild(store: &Store, keys: &Keys, mut told: impl FnMut(u64, u64)) -> anyhow::Result<u64> {
    let mut tx = store.write().await?;
    choice::clear(&mut tx).await?;
    // What comes later is written by who writes it.
    let row = sqlx::query("SELECT COALESCE(MAX(id), 0), COUNT(*) FROM message WHERE ledger_id IS NOT NULL");
    let row = row.fetch_one(&mut *tx).await.context("counting messages")?;
    let (newest, all): (i64, u64) = (row.try_get(0)?, row.try_get::<i64, _>(1)?.unsigned_abs());
    tx.commit().await.context("emptying the search index")?;
    let (mut last, mut done) = (0, 0);
    loop {
        let page = page(store, last, newest).await?;
        let Some(end) = page.last().map(|message| message.id) else { break };
        let mut entries = Vec::with_capacity(page.len());
        for message in &page {
            entries.extend(entry(store, keys, message).await?);
        }
        let mut tx = store.write().await?;
        choice::insert(&mut tx, &entries.iter().collect::<Vec<_>>()).await?;
        tx.commit().await.context("filling the search index")?;
        (last, done) = (end, done + page.len() as u64);
        told(done, all);
    }
    tidy(store.write().await?).await?;
    Ok(done)
}

async fn tidy(mut tx: Tx) -> anyhow::Result<()> {
    choice::tidy(&mut tx).await?;
    tx.commit().await.context("tidying the search index")
}

/// A message that is a mail.
struct Message {
    id: i64,
    subject: String,
    raw: i64,
    /// It is the first of its ticket.
    opens: bool,
}

async fn page(store: &Store, last: i64, newest: i64) -> anyhow::Result<Vec<Message>> {
    let rows = sqlx::query(
        "SELECT m.id, t.subject, l.raw_id,
         CASE WHEN m.id = (SELECT MIN(f.id) FROM message f WHERE f.ticket_id = m.ticket_id) THEN 1 ELSE 0 END AS opens
         FROM message m JOIN ticket t ON t.id = m.ticket_id JOIN ledger l ON l.id = m.ledger_id
         WHERE m.id > $1 AND m.id <= $2 ORDER BY m.id LIMIT $3",
    )
    .bind(last)
    .bind(newest)
    .bind(PAGE)
    .fetch_all(store.reader())
    .await
    .context("reading messages")?;
    rows.iter()
        .map(|row| {
            Ok(Message {
                id: row.try_get("id")?,
                subject: row.try_get("subject")?,
                raw: row.try_get("raw_id")?,
                opens: row.try_get::<i64, _>("opens")? != 0,
            })
        })
        .collect()
}

/// One mail at a time is in memory: each may have as many octets as a mail may.
async fn entry(store: &Store, keys: &Keys, message: &Message) -> anyhow::Result<Option<Entry>> {
    let content = Content::Raw(message.raw);
    let mut found: HashMap<Content, Vec<u8>> = bytes(store, &[content]).await?;
    let Some(raw) = found.remove(&content) else { return Ok(None) };
    let mail = link::shown(store, raw).await?;
    Ok(Some(Entry::of(keys, message.id, &message.subject, &mail, message.opens)))
}
