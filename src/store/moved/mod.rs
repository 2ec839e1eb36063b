//! Tickets that another desk had, as rows. What they are made of is the same whatever desk it was: a further source only says what its own words are.

mod rows;
pub mod ticket;

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use self::ticket::Moved;
use super::Store;

/// What became of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Its number here.
    pub ticket: i64,
    /// It was not here before.
    pub new: bool,
}

/// Writes a ticket with all that belongs to it in one transaction, unless it is here already. Nothing follows from it but what is due.
pub async fn take(store: &Store, moved: &Moved, now: Timestamp) -> anyhow::Result<Taken> {
    let mut tx = store.write().await?;
    let known = sqlx::query("SELECT ticket_id FROM moved WHERE origin = $1").bind(moved.origin.clone());
    if let Some(row) = known.fetch_optional(&mut *tx).await.context("looking for a ticket of another desk")? {
        tx.rollback().await.context("ending a look at the tickets")?;
        return Ok(Taken { ticket: row.try_get("ticket_id")?, new: false });
    }
    let ticket = rows::number(&mut tx, "ticket", moved.number).await?;
    rows::ticket(&mut tx, ticket, moved, now).await?;
    let letters = rows::letters(&mut tx, ticket, moved, now).await?;
    rows::messages(&mut tx, ticket, moved, &letters, now).await?;
    rows::history(&mut tx, ticket, moved, now).await?;
    rows::form(&mut tx, ticket, moved, now).await?;
    sqlx::query("INSERT INTO moved (origin, ticket_id) VALUES ($1, $2)")
        .bind(moved.origin.clone())
        .bind(ticket)
        .execute(&mut *tx)
        .await
        .context("remembering where a ticket came from")?;
    tx.commit().await.context("committing a ticket of another desk")?;
    Ok(Taken { ticket, new: true })
}

/// Which tickets continue which, once all are here: the ticket, what it is linked to and what it was merged into.
pub async fn join(store: &Store, pairs: &[(i64, Option<i64>, Option<i64>)]) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    for (ticket, linked_to, merged_into) in pairs {
        sqlx::query("UPDATE ticket SET linked_to = $1, merged_into = $2 WHERE id = $3")
            .bind(*linked_to)
            .bind(*merged_into)
            .bind(*ticket)
            .execute(&mut *tx)
            .await
            .context("joining tickets of another desk")?;
    }
    tx.commit().await.context("committing which tickets belong together")
}
