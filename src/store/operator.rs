//! What a person changes by hand: mails to be processed or sent again, mails withdrawn, and who the engineers are.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};

use super::{Store, Tx, insert_many, micros, take_ids};
use crate::desk::ticket::history::EventKind;
use crate::mail::Address;

/// What became of a wish about one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Done; the row was in this state.
    Done {
        /// The state before.
        was: String,
    },
    /// Not done: the row is in a state that does not allow it.
    Refused {
        /// The state it is in.
        state: String,
    },
    /// There is no such row.
    Missing,
}

/// Puts quarantined mails back to be processed, as if they were new. Only quarantined ones: another verdict has been
/// acted on, and acting twice would send twice.
pub async fn replay(store: &Store, ids: &[i64]) -> anyhow::Result<Vec<(i64, Wish)>> {
    let sql = "UPDATE ledger SET state = 'new', attempts = 0, verdict = '', reason = '', trace = '', settled_at = NULL
         WHERE id = $1 AND state = $2";
    change(store, "ledger", ids, &["quarantined"], sql, None).await
}

/// The ids of all quarantined mails, oldest first.
pub async fn quarantined(store: &Store) -> anyhow::Result<Vec<i64>> {
    let rows = sqlx::query("SELECT id FROM ledger WHERE state = 'quarantined' ORDER BY id")
        .fetch_all(store.reader())
        .await
        .context("looking for quarantined mails")?;
    rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
}

/// Makes mails due now that failed, wait, were withdrawn or may have been sent. The time to give up counts anew.
pub async fn retry(store: &Store, ids: &[i64], now: Timestamp) -> anyhow::Result<Vec<(i64, Wish)>> {
    let sql = "UPDATE outbox SET state = 'queued', next_attempt_at = $3, first_attempt_at = NULL, leased_until = 0,
         resent = CASE WHEN state = 'ambiguous' OR resent > 0 THEN 1 ELSE 0 END, failure_told = 0
         WHERE id = $1 AND state = $2";
    change(store, "outbox", ids, &["failed", "ambiguous", "later", "cancelled"], sql, Some(now)).await
}

/// Withdraws mails that wait to be sent.
pub async fn cancel(store: &Store, ids: &[i64]) -> anyhow::Result<Vec<(i64, Wish)>> {
    let sql = "UPDATE outbox SET state = 'cancelled', leased_until = 0 WHERE id = $1 AND state = $2";
    change(store, "outbox", ids, &["queued", "later"], sql, None).await
}

/// Runs `update` on every row of `table` whose state is one of `allowed`, in one transaction. It binds the id, the state
/// that was found (a row that somebody else has changed since is left alone), and the time.
async fn change(
    store: &Store,
    table: &'static str,
    ids: &[i64],
    allowed: &[&str],
    update: &'static str,
    now: Option<Timestamp>,
) -> anyhow::Result<Vec<(i64, Wish)>> {
    let mut tx = store.write().await?;
    let mut wishes = Vec::with_capacity(ids.len());
    for &id in ids {
        let wish = match state(&mut tx, table, id).await? {
            None => Wish::Missing,
            Some(state) if !allowed.contains(&state.as_str()) => Wish::Refused { state },
            Some(was) => {
                let query = sqlx::query(update).bind(id).bind(was.clone());
                let query = now.into_iter().fold(query, |query, now| query.bind(micros(now)));
                let changed = query.execute(&mut *tx).await.with_context(|| format!("changing {id} in the {table}"))?;
                match changed.rows_affected() {
                    0 => state(&mut tx, table, id).await?.map_or(Wish::Missing, |state| Wish::Refused { state }),
                    _ => Wish::Done { was },
                }
            }
        };
        wishes.push((id, wish));
    }
    tx.commit().await.context("committing a change by hand")?;
    Ok(wishes)
}

async fn state(tx: &mut Tx, table: &'static str, id: i64) -> anyhow::Result<Option<String>> {
    let row = sqlx::query(AssertSqlSafe(format!("SELECT state FROM {table} WHERE id = $1"))).bind(id);
    let row = row.fetch_optional(&mut **tx).await.with_context(|| format!("looking for {id} in the {table}"))?;
    Ok(row.map(|row| row.try_get("state")).transpose()?)
}

/// Makes a person an engineer of a queue. Adding again changes the name, when there is one, and nothing else.
/// Whether the person was not an engineer of the queue before.
pub async fn add_engineer(store: &Store, person: &Address, queue: &str, now: Timestamp) -> anyhow::Result<bool> {
    let mut tx = store.write().await?;
    let id = person_id(&mut tx, person, now).await?;
    let added = sqlx::query(
        "INSERT INTO engineer (person_id, queue, added_at) VALUES ($1, $2, $3) ON CONFLICT (person_id, queue) DO NOTHING",
    )
    .bind(id)
    .bind(queue.to_owned())
    .bind(micros(now))
    .execute(&mut *tx)
    .await
    .context("adding an engineer")?
    .rows_affected();
    tx.commit().await.context("committing an engineer")?;
    Ok(added > 0)
}

async fn person_id(tx: &mut Tx, person: &Address, now: Timestamp) -> anyhow::Result<i64> {
    let known = sqlx::query("SELECT id FROM person WHERE email = $1")
        .bind(person.email.clone())
        .fetch_optional(&mut **tx)
        .await
        .context("looking for a person")?;
    if let Some(row) = known {
        let id = row.try_get("id")?;
        sqlx::query("UPDATE person SET name = $1 WHERE id = $2 AND $1 <> ''")
            .bind(person.name.clone())
            .bind(id)
            .execute(&mut **tx)
            .await
            .context("changing a person's name")?;
        return Ok(id);
    }
    let id = take_ids(tx, "person", 1).await?;
    sqlx::query("INSERT INTO person (id, email, name, created_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(person.email.clone())
        .bind(person.name.clone())
        .bind(micros(now))
        .execute(&mut **tx)
        .await
        .context("adding a person")?;
    Ok(id)
}

/// What came of taking a person out of queues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The queues left.
    pub queues: Vec<String>,
    /// Tickets in them that had this assignee and are not done: nobody has them now.
    pub given_back: usize,
}

/// Takes a person out of a queue, or out of all. Their tickets there that are not done are the queue's again: who wrote to
/// somebody that has left would be heard by nobody. Closed ones keep their assignee.
pub async fn remove_engineer(
    store: &Store,
    email: &str,
    queue: Option<&str>,
    now: Timestamp,
) -> anyhow::Result<Removed> {
    let mut tx = store.write().await?;
    let rows = sqlx::query(
        "DELETE FROM engineer WHERE person_id IN (SELECT id FROM person WHERE email = $1)
         AND ($2 = '' OR queue = $2) RETURNING queue",
    )
    .bind(email.to_owned())
    .bind(queue.unwrap_or_default().to_owned())
    .fetch_all(&mut *tx)
    .await
    .context("removing an engineer")?;
    let queues = rows.iter().map(|row| row.try_get("queue")).collect::<Result<Vec<String>, _>>()?;
    let mut given_back = 0;
    for queue in &queues {
        given_back += give_back(&mut tx, email, queue, now).await?;
    }
    tx.commit().await.context("committing the removal of an engineer")?;
    Ok(Removed { queues, given_back })
}

async fn give_back(tx: &mut Tx, email: &str, queue: &str, now: Timestamp) -> anyhow::Result<usize> {
    let rows = sqlx::query(
        "UPDATE ticket SET assignee_id = NULL, updated_at = $1 WHERE queue = $2 AND status NOT IN ('closed', 'merged')
         AND assignee_id IN (SELECT id FROM person WHERE email = $3) RETURNING id",
    )
    .bind(micros(now))
    .bind(queue.to_owned())
    .bind(email.to_owned())
    .fetch_all(&mut **tx)
    .await
    .context("giving tickets back to their queue")?;
    let tickets = rows.iter().map(|row| row.try_get("id")).collect::<Result<Vec<i64>, _>>()?;
    let first = take_ids(tx, "event", tickets.len()).await?;
    let events: Vec<(i64, i64)> = (first..).zip(tickets).collect();
    let detail = format!("{email} is no longer an engineer of {queue}");
    insert_many(tx, "INSERT INTO event (id, ticket_id, at, kind, detail)", 5, "", &events, |query, (id, ticket)| {
        query.bind(*id).bind(*ticket).bind(micros(now)).bind(EventKind::Unassigned.as_str()).bind(detail.clone())
    })
    .await?;
    Ok(events.len())
}
