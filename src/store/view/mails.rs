//! Mails that came in: the ledger as it is listed, shown and exported.

use std::collections::HashMap;

use anyhow::Context;
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::Filter;
use crate::store::{Store, placeholders, timestamp};

/// A ledger row, without its bytes. Texts that are not known (yet) are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundMail {
    /// Its number.
    pub id: i64,
    /// `imap`, `maildir` or `pipe`.
    pub source: String,
    /// The configured mailbox.
    pub mailbox: String,
    /// IMAP folder; empty for other sources.
    pub folder: String,
    /// IMAP UID; 0 for other sources.
    pub uid: u32,
    /// What names the mail at its source.
    pub place: String,
    /// Where its bytes are: several mails of the same bytes share them.
    pub raw_id: i64,
    /// Of the stored bytes.
    pub sha256: Vec<u8>,
    /// Octets at the source.
    pub size: i64,
    /// Only the headers were taken.
    pub oversize: bool,
    /// Without angle brackets; empty when there is none.
    pub message_id: String,
    /// When it came in.
    pub received_at: Timestamp,
    /// `new`, `done` or `quarantined`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// What sent it.
    pub origin: String,
    /// What became of it.
    pub verdict: String,
    /// Why.
    pub reason: String,
    /// What proved the sender.
    pub sender_proof: String,
    /// The ticket's number.
    pub ticket: Option<i64>,
    /// When it got its verdict.
    pub settled_at: Option<Timestamp>,
}

impl InboundMail {
    /// Where it came from, for people: `imap:support/INBOX/123`, `maildir:support/1700000000.M1P2.host`.
    pub fn source_place(&self) -> String {
        let mut text = format!("{}:{}", self.source, self.mailbox);
        if !self.folder.is_empty() {
            text = format!("{text}/{}", self.folder);
        }
        match (self.uid, self.place.as_str()) {
            (0, "") => text,
            (0, place) => format!("{text}/{place}"),
            (uid, _) => format!("{text}/{uid}"),
        }
    }
}

/// Which mails; every field that is set must hold.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// Any of these.
    pub state: Vec<String>,
    /// Any of these.
    pub verdict: Vec<String>,
    /// The ticket's number.
    pub ticket: Option<i64>,
    /// The configured mailbox.
    pub mailbox: Option<String>,
}

const SELECT: &str = "SELECT id, source, mailbox, folder, uid, place, raw_id, sha256, size, oversize, message_id,
 received_at, state, attempts, origin, verdict, reason, sender_proof, ticket_id, settled_at FROM ledger";

/// Mails from the newest back, at most `limit`, those before `before` when that is given.
pub async fn newest(store: &Store, which: &Which, before: Option<i64>, limit: u32) -> anyhow::Result<Vec<InboundMail>> {
    let filter = Filter::default()
        .and_in("state", &which.state)
        .and_in("verdict", &which.verdict)
        .and_some("ticket_id =", which.ticket)
        .and_some("mailbox =", which.mailbox.clone())
        .and_some("id <", before);
    fetch(store, filter, "ORDER BY id DESC", limit).await
}

/// Mails in ledger order, at most `limit`, after mail `after`.
pub async fn page(store: &Store, after: i64, limit: u32) -> anyhow::Result<Vec<InboundMail>> {
    fetch(store, Filter::default().and_value("id >", after), "ORDER BY id", limit).await
}

/// One mail.
pub async fn get(store: &Store, id: i64) -> anyhow::Result<Option<InboundMail>> {
    Ok(fetch(store, Filter::default().and_value("id =", id), "", 1).await?.pop())
}

/// The decision on a mail as JSON; empty before there is one.
pub async fn trace(store: &Store, id: i64) -> anyhow::Result<String> {
    let row = sqlx::query("SELECT trace FROM ledger WHERE id = $1")
        .bind(id)
        .fetch_optional(store.reader())
        .await
        .context("reading the trace of a mail")?;
    row.map_or(Ok(String::new()), |row| Ok(row.try_get("trace")?))
}

/// The exact bytes of a mail, by its `raw_id`.
pub async fn raw(store: &Store, raw_id: i64) -> anyhow::Result<Vec<u8>> {
    let row = sqlx::query("SELECT bytes FROM raw WHERE id = $1")
        .bind(raw_id)
        .fetch_optional(store.reader())
        .await
        .context("reading a mail")?
        .with_context(|| format!("the bytes of mail {raw_id} are missing from the database"))?;
    Ok(row.try_get("bytes")?)
}

/// Octets read of each mail for its headers; From and Subject stand well before that in practice.
const HEAD_OCTETS: i64 = 32 * 1024;

/// The beginnings of mails, by `raw_id`: enough for their headers.
pub async fn heads(store: &Store, raw_ids: &[i64]) -> anyhow::Result<HashMap<i64, Vec<u8>>> {
    let mut heads = HashMap::with_capacity(raw_ids.len());
    for chunk in raw_ids.chunks(500) {
        let sql = format!(
            "SELECT id, SUBSTR(bytes, 1, CAST($1 AS INTEGER)) AS head FROM raw WHERE id IN ({})",
            placeholders(2, chunk.len())
        );
        let query = sqlx::query(AssertSqlSafe(sql)).persistent(false).bind(HEAD_OCTETS);
        let query = chunk.iter().fold(query, |query, id| query.bind(*id));
        for row in query.fetch_all(store.reader()).await.context("reading the headers of mails")? {
            heads.insert(row.try_get("id")?, row.try_get("head")?);
        }
    }
    Ok(heads)
}

async fn fetch(store: &Store, filter: Filter, order: &str, limit: u32) -> anyhow::Result<Vec<InboundMail>> {
    let rows = filter.query(SELECT, order, limit).fetch_all(store.reader()).await.context("reading the ledger")?;
    rows.iter().map(mail).collect()
}

fn mail(row: &AnyRow) -> anyhow::Result<InboundMail> {
    Ok(InboundMail {
        id: row.try_get("id")?,
        source: row.try_get("source")?,
        mailbox: row.try_get("mailbox")?,
        folder: row.try_get("folder")?,
        uid: u32::try_from(row.try_get::<i64, _>("uid")?)?,
        place: row.try_get("place")?,
        raw_id: row.try_get("raw_id")?,
        sha256: row.try_get("sha256")?,
        size: row.try_get("size")?,
        oversize: row.try_get::<i64, _>("oversize")? != 0,
        message_id: row.try_get("message_id")?,
        received_at: timestamp(row.try_get("received_at")?)?,
        state: row.try_get("state")?,
        attempts: row.try_get("attempts")?,
        origin: row.try_get("origin")?,
        verdict: row.try_get("verdict")?,
        reason: row.try_get("reason")?,
        sender_proof: row.try_get("sender_proof")?,
        ticket: row.try_get("ticket_id")?,
        settled_at: row.try_get::<Option<i64>, _>("settled_at")?.map(timestamp).transpose()?,
    })
}
