//! Links and codes that are good for one use; see [`crate::desk::seal::link`].

use std::collections::BTreeSet;

use anyhow::Context;
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::{Store, Tx, insert_many, member, micros, select_in, timestamp};
use crate::desk::id::TicketId;
use crate::desk::seal::link::{LinkHash, LinkPurpose, NewLink, SentLink, Withdrawn};
use crate::desk::seal::secret::known::Known;
use crate::desk::seal::secret::{Shown, Unseen};
use crate::mail;

/// Looks at a link without using it: mail scanners open links before people do.
pub async fn find(store: &Store, hash: LinkHash) -> anyhow::Result<Option<SentLink>> {
    let row = sqlx::query(AssertSqlSafe(format!("{LINK} = $1")))
        .bind(hash.0.to_vec())
        .fetch_optional(store.reader())
        .await
        .context("looking for a link")?;
    row.as_ref().map(link).transpose()
}

const LINK: &str = "SELECT hash, purpose, email, ticket_id, expires_at, used_at FROM link WHERE hash";

fn link(row: &AnyRow) -> anyhow::Result<SentLink> {
    let hash: Vec<u8> = row.try_get("hash")?;
    let ticket: i64 = row.try_get("ticket_id")?;
    Ok(SentLink {
        hash: LinkHash(hash.try_into().ok().context("a link's hash has another length than SHA-256")?),
        purpose: member(row.try_get("purpose")?, LinkPurpose::parse, format!("a link of ticket {ticket}"), "purpose")?,
        email: row.try_get("email")?,
        ticket: TicketId(ticket),
        expires_at: timestamp(row.try_get("expires_at")?)?,
        used: row.try_get::<Option<i64>, _>("used_at")?.is_some(),
    })
}

/// Which candidates are links and codes that were sent, whatever became of them.
pub(super) async fn known_in(tx: &mut Tx, candidates: BTreeSet<LinkHash>) -> anyhow::Result<Known> {
    let hashes = candidates.into_iter().map(|hash| hash.0.to_vec()).collect();
    let rows = select_in(tx, LINK, &hashes, "").await?;
    Ok(Known::of(rows.iter().map(link).collect::<anyhow::Result<Vec<_>>>()?))
}

/// The same, as of now: what a mail holds was sent, and so committed, before the mail was written.
pub async fn known(store: &Store, candidates: BTreeSet<LinkHash>) -> anyhow::Result<Known> {
    if candidates.is_empty() {
        return Ok(Known::default());
    }
    let mut tx = store.read().await?;
    known_in(&mut tx, candidates).await
}

/// Reads a mail for people to see.
///
/// # Errors
/// When the database cannot be asked, or reading it panicked.
pub async fn shown(store: &Store, raw: Vec<u8>) -> anyhow::Result<Shown> {
    // Reading never panics by design; if it does, it is this mail's trouble alone.
    let mail = tokio::task::spawn_blocking(move || Unseen::of(mail::read(&raw))).await.context("reading a mail")?;
    let known = known(store, mail.candidates().collect()).await?;
    tokio::task::spawn_blocking(move || mail.shown(&known)).await.context("looking through a mail")
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

/// Withdraws one link, if it is not used yet.
pub(super) async fn withdraw_one(tx: &mut Tx, hash: LinkHash, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query("UPDATE link SET used_at = $1 WHERE hash = $2 AND used_at IS NULL")
        .bind(micros(now))
        .bind(hash.0.to_vec())
        .execute(&mut **tx)
        .await
        .context("withdrawing a link")?;
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
        "INSERT INTO link (hash, purpose, email, ticket_id, created_at, expires_at, by_owner)",
        7,
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
                .bind(i64::from(link.by_owner))
        },
    )
    .await
}
