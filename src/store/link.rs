//! Links and codes that are good for one use; see [`crate::desk::link`].

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use super::{Store, Tx, insert_many, micros, timestamp};
use crate::desk::TicketId;
use crate::desk::link::{LinkHash, LinkPurpose, NewLink, Withdrawn};

/// A link as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is for.
    pub purpose: LinkPurpose,
    /// The Business Account's user name.
    pub email: String,
    /// The ticket it was sent on.
    pub ticket: TicketId,
    /// From when it is worth nothing.
    pub expires_at: Timestamp,
    /// It was used or withdrawn.
    pub used: bool,
}

impl Link {
    /// Whether it still lets its holder do anything.
    pub fn is_good(&self, now: Timestamp) -> bool {
        !self.used && now < self.expires_at
    }
}

/// Looks at a link without using it: mail scanners open links before people do.
pub async fn find(store: &Store, hash: LinkHash) -> anyhow::Result<Option<Link>> {
    let row = sqlx::query("SELECT purpose, email, ticket_id, expires_at, used_at FROM link WHERE hash = $1")
        .bind(hash.0.to_vec())
        .fetch_optional(store.reader())
        .await
        .context("looking for a link")?;
    row.map(|row| {
        let purpose: String = row.try_get(0)?;
        Ok(Link {
            purpose: LinkPurpose::parse(&purpose)
                .with_context(|| format!("a link has the unknown purpose {purpose}"))?,
            email: row.try_get(1)?,
            ticket: TicketId(row.try_get(2)?),
            expires_at: timestamp(row.try_get(3)?)?,
            used: row.try_get::<Option<i64>, _>(4)?.is_some(),
        })
    })
    .transpose()
}

/// Uses a link up. Of any number of callers exactly one gets `true`, once, before it expires.
pub async fn consume(tx: &mut Tx, hash: LinkHash, now: Timestamp) -> anyhow::Result<bool> {
    let used = sqlx::query("UPDATE link SET used_at = $1 WHERE hash = $2 AND used_at IS NULL AND expires_at > $1")
        .bind(micros(now))
        .bind(hash.0.to_vec())
        .execute(&mut **tx)
        .await
        .context("using a link")?;
    Ok(used.rows_affected() == 1)
}

/// Gives a link back that was used for something that then failed.
pub async fn give_back(tx: &mut Tx, hash: LinkHash) -> anyhow::Result<()> {
    sqlx::query("UPDATE link SET used_at = NULL WHERE hash = $1")
        .bind(hash.0.to_vec())
        .execute(&mut **tx)
        .await
        .context("giving a link back")?;
    Ok(())
}

/// Withdraws links that are not used yet.
pub(super) async fn withdraw(tx: &mut Tx, withdrawn: &Withdrawn, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query(
        "UPDATE link SET used_at = $1 WHERE email = $2 AND purpose = $3 AND used_at IS NULL
         AND ticket_id = COALESCE($4, ticket_id)",
    )
    .bind(micros(now))
    .bind(withdrawn.email.clone())
    .bind(withdrawn.purpose.as_str().to_owned())
    .bind(withdrawn.ticket.map(|id| id.0))
    .execute(&mut **tx)
    .await
    .context("withdrawing links")?;
    Ok(())
}

/// Withdraws everything that was sent to an address and is not used yet.
pub async fn withdraw_all(tx: &mut Tx, email: &str, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query("UPDATE link SET used_at = $1 WHERE email = $2 AND used_at IS NULL")
        .bind(micros(now))
        .bind(email.to_owned())
        .execute(&mut **tx)
        .await
        .context("withdrawing links")?;
    Ok(())
}

/// Keeps new links.
pub(super) async fn insert(tx: &mut Tx, links: &[&NewLink], now: Timestamp) -> anyhow::Result<()> {
    insert_many(
        tx,
        "INSERT INTO link (hash, purpose, email, ticket_id, created_at, expires_at)",
        6,
        "",
        links,
        |query, link| {
            query
                .bind(link.hash.0.to_vec())
                .bind(link.purpose.as_str().to_owned())
                .bind(link.email.clone())
                .bind(link.ticket.0)
                .bind(micros(now))
                .bind(micros(link.expires_at))
        },
    )
    .await
}
