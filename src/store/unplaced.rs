//! Mails of the time before the gateway, from an archive, until each has its place on a ticket.

use std::collections::{BTreeMap, HashSet};

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row as _;

use super::dialect::Dialect;
use super::incoming::Incoming;
use super::work::{self, Claimed, Span, Work};
use super::{Store, Tx, VALUE, insert_many, ledger, micros, timestamp, value_list, value_rows};

/// Values asked for in one statement.
const CHUNK: usize = 250;

/// Stores those mails of a batch durably that no desk has decided on yet, to be placed by their time; how many. A mail of which nothing
/// says when it came has the time of its taking.
pub async fn take(store: &Store, batch: Vec<Incoming>) -> anyhow::Result<u64> {
    let mut tx = store.write().await?;
    let known = known(&mut tx, &batch).await?;
    let key = |mail: &Incoming| (mail.message_id.clone(), mail.content_hash.to_vec());
    let fresh: Vec<Incoming> = batch.into_iter().filter(|mail| !known.contains(&key(mail))).collect();
    if fresh.is_empty() {
        tx.rollback().await.context("ending a look at the ledger")?;
        return Ok(0);
    }
    let ids = ledger::insert(&mut tx, &fresh).await?;
    let rows: Vec<(i64, i64)> = ids.iter().zip(&fresh).map(|(id, mail)| (*id, micros(time_of(mail)))).collect();
    insert_many(&mut tx, "INSERT INTO unplaced (ledger_id, at)", 2, "", &rows, |query, (id, at)| {
        query.bind(*id).bind(*at)
    })
    .await?;
    tx.commit().await.context("committing mails of an archive")?;
    Ok(rows.len() as u64)
}

/// What a clock that was wrong says of the future is not believed.
fn time_of(mail: &Incoming) -> Timestamp {
    mail.arrived_at.map_or(mail.received_at, |at| at.min(mail.received_at))
}

/// Those that are in the ledger with a verdict, or wait for it. One that was in a mailbox before the gateway has none.
async fn known(tx: &mut Tx, batch: &[Incoming]) -> anyhow::Result<HashSet<(String, Vec<u8>)>> {
    let mut known = HashSet::new();
    for chunk in batch.chunks(CHUNK) {
        let sql = format!(
            "SELECT message_id, content_hash FROM ledger l
             WHERE (verdict <> 'history' OR EXISTS (SELECT 1 FROM unplaced u WHERE u.ledger_id = l.id))
             AND (message_id, content_hash) IN (VALUES {})",
            value_rows(&[VALUE, VALUE], chunk.len())
        );
        let query = sqlx::query(Dialect::at(tx).numbered(sql)).persistent(false);
        let query = chunk
            .iter()
            .fold(query, |query, mail| query.bind(mail.message_id.clone()).bind(mail.content_hash.to_vec()));
        for row in query.fetch_all(&mut **tx).await.context("looking for mails of an archive")? {
            known.insert((row.try_get("message_id")?, row.try_get("content_hash")?));
        }
    }
    Ok(known)
}

/// How many wait.
pub async fn count(store: &Store) -> anyhow::Result<u64> {
    let row = sqlx::query("SELECT COUNT(*) FROM unplaced").fetch_one(store.reader()).await;
    Ok(u64::try_from(row.context("counting mails of archives")?.try_get::<i64, _>(0)?)?)
}

/// A mail to be placed.
#[derive(Debug, Clone)]
pub struct Unplaced {
    /// When it came.
    pub at: Timestamp,
    /// The mail.
    pub work: Work,
}

/// The earliest mails of all that wait, with attempts counted before any work starts; one whose attempt did not end comes alone.
pub async fn claim(store: &Store, rows: u32, octets: u64) -> anyhow::Result<Vec<Unplaced>> {
    let mut tx = store.write().await?;
    let times = waiting(&mut tx, Span { after: 0, rows, octets }).await?;
    if times.is_empty() {
        tx.rollback().await.context("ending a look at what waits")?;
        return Ok(Vec::new());
    }
    let sql = format!(
        "UPDATE ledger SET attempts = attempts + 1 WHERE id IN ({}) RETURNING id, attempts",
        value_list(times.len())
    );
    let query = sqlx::query(store.dialect.numbered(sql)).persistent(false);
    let query = times.keys().fold(query, |query, id| query.bind(*id));
    let taken = query.fetch_all(&mut *tx).await.context("counting attempts at mails of an archive")?;
    let row = |row: &sqlx::any::AnyRow| {
        anyhow::Ok(work::Row { id: row.try_get("id")?, attempts: u32::try_from(row.try_get::<i64, _>("attempts")?)? })
    };
    let claimed = Claimed(taken.iter().map(row).collect::<anyhow::Result<_>>()?);
    tx.commit().await.context("committing attempts at mails of an archive")?;
    let works = work::load(store, claimed).await?;
    let unplaced = works.into_iter().map(|work| {
        let at = times.get(&work.id).copied().context("a mail that was not asked for")?;
        anyhow::Ok(Unplaced { at, work })
    });
    let mut unplaced = unplaced.collect::<anyhow::Result<Vec<_>>>()?;
    unplaced.sort_by_key(|mail| (mail.at, mail.work.id));
    Ok(unplaced)
}

async fn waiting(tx: &mut Tx, span: Span) -> anyhow::Result<BTreeMap<i64, Timestamp>> {
    let sql = "SELECT u.ledger_id, u.at, l.size, l.attempts FROM unplaced u JOIN ledger l ON l.id = u.ledger_id
         ORDER BY u.at, u.ledger_id LIMIT $1";
    let rows = sqlx::query(sql).bind(i64::from(span.rows)).fetch_all(&mut **tx).await;
    let mut times = BTreeMap::new();
    let mut left = i64::try_from(span.octets)?;
    for row in rows.context("looking for mails of archives")? {
        let suspect = row.try_get::<i64, _>("attempts")? > 0;
        if suspect && !times.is_empty() {
            break;
        }
        times.insert(row.try_get("ledger_id")?, timestamp(row.try_get("at")?)?);
        left -= row.try_get::<i64, _>("size")?;
        if suspect || left <= 0 {
            break;
        }
    }
    Ok(times)
}

/// These have their verdicts.
pub(super) async fn placed(tx: &mut Tx, ledger: &[i64]) -> anyhow::Result<()> {
    for chunk in ledger.chunks(CHUNK) {
        let sql = format!("DELETE FROM unplaced WHERE ledger_id IN ({})", value_list(chunk.len()));
        let query = sqlx::query(Dialect::at(tx).numbered(sql)).persistent(false);
        let query = chunk.iter().fold(query, |query, id| query.bind(*id));
        query.execute(&mut **tx).await.context("mails of an archive have their verdicts")?;
    }
    Ok(())
}

/// A mail gets no place, for a reason in words. Its octets stay. It is not quarantined: whoever replays a quarantined mail has it
/// answered.
pub async fn give_up(store: &Store, ledger: i64, reason: &str, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    sqlx::query("UPDATE ledger SET verdict = 'dropped', reason = $1, settled_at = $2 WHERE id = $3")
        .bind(format!("{UNREADABLE}{reason}"))
        .bind(micros(now))
        .bind(ledger)
        .execute(&mut *tx)
        .await
        .context("giving a mail of an archive up")?;
    placed(&mut tx, &[ledger]).await?;
    tx.commit().await.context("committing that a mail of an archive is given up")
}

/// What the reasons begin with of mails that were given up.
pub const UNREADABLE: &str = "it could not be worked on: ";

/// What became of the mails of an archive, in this run and in earlier ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Became {
    /// Mails in the ledger that were taken from it.
    pub mails: u64,
    /// Of them, those that are on tickets.
    pub on_tickets: u64,
    /// Those tickets.
    pub tickets: u64,
    /// Copies of mails that were there before.
    pub copies: u64,
    /// Mails of which only the header was taken, as they exceed the limit.
    pub oversize: u64,
    /// Why others are on no ticket, with how many, and where the first of them are; the most frequent first.
    pub others: Vec<(String, u64, Vec<String>)>,
}

/// Places that are named for one reason.
const NAMED: i64 = 20;

/// What became of the mails whose places begin so.
pub async fn became(store: &Store, mailbox: &str, places: &str) -> anyhow::Result<Became> {
    let length = i64::try_from(places.chars().count())?;
    let here = "FROM ledger WHERE source = 'pipe' AND mailbox = $1 AND SUBSTR(place, 1, CAST($2 AS INTEGER)) = $3";
    let sql = format!(
        "SELECT COUNT(*) AS mails, COUNT(ticket_id) AS on_tickets, COUNT(DISTINCT ticket_id) AS tickets,
         CAST(COALESCE(SUM(CASE WHEN verdict = 'duplicate' THEN 1 ELSE 0 END), 0) AS BIGINT) AS copies,
         CAST(COALESCE(SUM(oversize), 0) AS BIGINT) AS oversize {here}"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(mailbox.to_owned()).bind(length).bind(places.to_owned());
    let row = row.fetch_one(store.reader()).await.context("counting what became of an archive")?;
    let count = |name: &str| anyhow::Ok(u64::try_from(row.try_get::<i64, _>(name)?)?);
    let mut became = Became {
        mails: count("mails")?,
        on_tickets: count("on_tickets")?,
        tickets: count("tickets")?,
        copies: count("copies")?,
        oversize: count("oversize")?,
        others: Vec::new(),
    };
    let sql =
        format!("SELECT reason, COUNT(*) AS mails {here} AND ticket_id IS NULL GROUP BY reason ORDER BY 2 DESC, 1");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(mailbox.to_owned()).bind(length).bind(places.to_owned());
    for row in rows.fetch_all(store.reader()).await.context("reading why mails are on no ticket")? {
        let reason: String = row.try_get("reason")?;
        let sql = format!("SELECT place {here} AND ticket_id IS NULL AND reason = $4 ORDER BY id LIMIT {NAMED}");
        let named = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(mailbox.to_owned()).bind(length);
        let named = named.bind(places.to_owned()).bind(reason.clone()).fetch_all(store.reader()).await;
        let named = named.context("reading which mails are on no ticket")?;
        let named = named.iter().map(|row| Ok(row.try_get("place")?)).collect::<anyhow::Result<_>>()?;
        became.others.push((reason, u64::try_from(row.try_get::<i64, _>("mails")?)?, named));
    }
    Ok(became)
}
