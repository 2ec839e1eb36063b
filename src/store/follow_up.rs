//! What is due on tickets, and when.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::{NUMBER, Store, Tx, VALUE, insert_many, micros, select_in, timestamp, write_many};
use crate::desk::facts::Facts;
use crate::desk::follow_up::due::{Due, FollowUp, FollowUpChange};
use crate::desk::follow_up::kind::Kind;
use crate::desk::id::TicketId;

/// After the first attempt that fails nobody tries for this long, after the second for four times as long, after the
/// third for nine times: ten attempts take about five hours.
const RETRY: SignedDuration = SignedDuration::from_mins(1);

/// No attempt is put off for longer.
const LONGEST_RETRY: SignedDuration = SignedDuration::from_hours(24);

/// What was claimed: what is due, and names that this version does not know.
#[derive(Debug, Default)]
pub struct Claimed {
    /// Those due longest come first.
    pub due: Vec<Due>,
    /// Rows of kinds that this version does not know: a later one wrote them. They stay.
    pub unknown: Vec<String>,
}

/// Takes up to `limit` of what is due, counting the attempt before any work starts.
pub async fn claim(store: &Store, now: Timestamp, limit: u32) -> anyhow::Result<Claimed> {
    let waits = sqlx::query("SELECT COUNT(*) FROM follow_up WHERE set_aside = 0 AND due_at <= $1 AND retry_at <= $1");
    let waits = waits.bind(micros(now)).fetch_one(store.reader()).await.context("looking for what is due")?;
    if waits.try_get::<i64, _>(0)? == 0 {
        return Ok(Claimed::default());
    }
    let mut tx = store.write().await?;
    let rows = sqlx::query(
        "UPDATE follow_up SET attempts = attempts + 1, retry_at = $1 + $2 * (attempts + 1) * (attempts + 1)
         WHERE (ticket_id, kind) IN (SELECT ticket_id, kind FROM follow_up
         WHERE set_aside = 0 AND due_at <= $1 AND retry_at <= $1 ORDER BY due_at, ticket_id LIMIT $3)
         RETURNING due_at, ticket_id, kind, attempts",
    )
    .bind(micros(now))
    .bind(i64::try_from(RETRY.as_micros())?)
    .bind(i64::from(limit))
    .fetch_all(&mut *tx)
    .await
    .context("claiming what is due")?;
    tx.commit().await.context("committing a claim")?;
    let mut claimed = Claimed::default();
    let mut sorted: Vec<(i64, Due)> = Vec::with_capacity(rows.len());
    for row in &rows {
        let word: String = row.try_get("kind")?;
        match Kind::parse(&word) {
            Some(kind) => sorted.push((row.try_get("due_at")?, due(row, kind)?)),
            None => claimed.unknown.push(word),
        }
    }
    sorted.sort_by_key(|(due_at, due)| (*due_at, due.ticket));
    claimed.due.extend(sorted.into_iter().map(|(_, due)| due));
    Ok(claimed)
}

fn due(row: &AnyRow, kind: Kind) -> anyhow::Result<Due> {
    Ok(Due {
        ticket: TicketId(row.try_get("ticket_id")?),
        kind,
        attempts: u32::try_from(row.try_get::<i64, _>("attempts")?)?,
    })
}

/// When the next follow-up is due after `now`.
pub async fn next_due(store: &Store, now: Timestamp) -> anyhow::Result<Option<Timestamp>> {
    let row = sqlx::query("SELECT MIN(due_at) FROM follow_up WHERE set_aside = 0 AND due_at > $1")
        .bind(micros(now))
        .fetch_one(store.reader())
        .await
        .context("looking for what is due next")?;
    row.try_get::<Option<i64>, _>(0)?.map(timestamp).transpose()
}

/// Waits that were set in the future begin now: the clock was wrong then, and would let them last until that time comes
/// again. So do attempts that were put off then. How many there were.
pub async fn begin_anew(store: &Store, now: Timestamp) -> anyhow::Result<u64> {
    let sql = "SELECT COUNT(*) FROM follow_up WHERE created_at > $1 OR retry_at > $2";
    let latest = micros(now.saturating_add(LONGEST_RETRY).unwrap_or(Timestamp::MAX));
    let row = sqlx::query(sql).bind(micros(now)).bind(latest);
    if row.fetch_one(store.reader()).await.context("looking for a wrong clock")?.try_get::<i64, _>(0)? == 0 {
        return Ok(0);
    }
    let mut tx = store.write().await?;
    let mut begun = 0;
    for kind in Kind::ALL {
        // The time of other kinds stands, whenever it was set.
        let due_at = if kind.is_wait() { "due_at - created_at + $1" } else { "due_at" };
        let sql = format!(
            "UPDATE follow_up SET due_at = {due_at}, created_at = $1, retry_at = 0 WHERE kind = $2 AND created_at > $1"
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(micros(now)).bind(kind.as_str());
        begun += query.execute(&mut *tx).await.context("setting waits anew")?.rows_affected();
    }
    let query = sqlx::query("UPDATE follow_up SET retry_at = 0 WHERE retry_at > $1").bind(latest);
    begun += query.execute(&mut *tx).await.context("trying again")?.rows_affected();
    tx.commit().await.context("committing waits")?;
    Ok(begun)
}

/// What is due on some tickets, for a decision.
pub(super) async fn load(tx: &mut Tx, tickets: &BTreeSet<i64>, facts: &mut Facts) -> anyhow::Result<()> {
    let head = "SELECT ticket_id, kind, due_at, detail FROM follow_up WHERE ticket_id";
    for row in select_in(tx, head, tickets, "ORDER BY ticket_id, due_at, kind").await? {
        // One that nobody knows is told of when it is due, and stops no decision.
        let Some(kind) = Kind::parse(&row.try_get::<String, _>("kind")?) else { continue };
        let follow_up = FollowUp { kind, due_at: timestamp(row.try_get("due_at")?)?, detail: row.try_get("detail")? };
        facts.follow_ups.entry(TicketId(row.try_get("ticket_id")?)).or_default().push(follow_up);
    }
    Ok(())
}

/// Writes what was decided: of each kind and ticket the last word. Setting aside comes alone (`Act::set_aside`): it does not
/// write the whole row, so nothing of the same row may come before it.
pub(super) async fn write(
    tx: &mut Tx,
    changes: impl Iterator<Item = &FollowUpChange>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let last: BTreeMap<(i64, &str), &FollowUpChange> = changes.map(|change| (key(change), change)).collect();
    let (mut set, mut cancelled, mut aside) = (Vec::new(), Vec::new(), Vec::new());
    for (key, change) in last {
        match change {
            FollowUpChange::Set { follow_up, .. } => set.push((key, follow_up)),
            FollowUpChange::Cancel { .. } => cancelled.push(key),
            FollowUpChange::SetAside { .. } => aside.push(key),
        }
    }
    insert_many(
        tx,
        "INSERT INTO follow_up (ticket_id, kind, due_at, created_at, detail)",
        5,
        "ON CONFLICT (ticket_id, kind) DO UPDATE SET due_at = excluded.due_at, created_at = excluded.created_at,
         detail = excluded.detail, attempts = 0, retry_at = 0, set_aside = 0",
        &set,
        |query, ((ticket, kind), follow_up)| {
            query.bind(*ticket).bind(*kind).bind(micros(follow_up.due_at)).bind(micros(now)).bind(&follow_up.detail)
        },
    )
    .await?;
    for (head, rows) in [("DELETE FROM follow_up", cancelled), ("UPDATE follow_up SET set_aside = 1", aside)] {
        let sql = |rows: &str| format!("{head} WHERE (ticket_id, kind) IN (VALUES {rows})");
        write_many(tx, &[NUMBER, VALUE], &rows, sql, |query, (ticket, kind)| query.bind(*ticket).bind(*kind))
            .await
            .context("writing what is due")?;
    }
    Ok(())
}

fn key(change: &FollowUpChange) -> (i64, &'static str) {
    match change {
        FollowUpChange::Set { ticket, follow_up } => (ticket.0, follow_up.kind.as_str()),
        FollowUpChange::Cancel { ticket, kind } | FollowUpChange::SetAside { ticket, kind } => {
            (ticket.0, kind.as_str())
        }
    }
}
