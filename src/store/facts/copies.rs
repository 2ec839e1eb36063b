//! Mails that may have come before under the same Message-ID, and mails that were answered before they came.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use sqlx::Row;

use crate::desk::facts::Facts;
use crate::desk::id::TicketId;
use crate::desk::inbound::arrival::Arrival;
use crate::mail;
use crate::mail::likeness::{self, Likeness};
use crate::store::{Tx, select_in};

/// Mails of one Message-ID that a copy is compared with: a machine may give all of its mails the same.
const MAX_COPIES: usize = 3;

/// Loads both. Raw mails are read only where a Message-ID came before with other content, one at a time.
pub(super) async fn load(tx: &mut Tx, batch: &[&Arrival], facts: &mut Facts) -> anyhow::Result<()> {
    let own: BTreeSet<String> =
        batch.iter().map(|arrival| arrival.message_id.clone()).filter(|id| !id.is_empty()).collect();
    let head = "SELECT message_id, MAX(ticket_id) AS ticket_id FROM awaited WHERE message_id";
    for row in select_in(tx, head, &own, "GROUP BY message_id").await? {
        facts.awaited.insert(row.try_get("message_id")?, TicketId(row.try_get("ticket_id")?));
    }
    let is_new = |arrival: &&&Arrival| {
        arrival.oversize.is_none() && !facts.seen.contains_key(&(arrival.message_id.clone(), arrival.content_hash))
    };
    let fresh: Vec<&Arrival> = batch.iter().filter(is_new).copied().collect();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for id in fresh.iter().flat_map(|arrival| likeness::ids(&arrival.mail)) {
        *times.entry(id).or_default() += 1;
    }
    let ids: BTreeSet<String> = times.keys().cloned().collect();
    let head = "SELECT m.message_id, l.id, m.ticket_id, l.raw_id FROM message m JOIN ledger l ON l.id = m.ledger_id
        WHERE m.message_id <> '' AND m.message_id";
    for row in select_in(tx, head, &ids, "ORDER BY m.id").await? {
        let (id, ledger): (String, i64) = (row.try_get("message_id")?, row.try_get("id")?);
        let known = facts.copies.entry(id.clone()).or_default();
        if known.len() >= MAX_COPIES {
            continue;
        }
        known.push((ledger, TicketId(row.try_get("ticket_id")?)));
        *times.entry(id).or_default() += 1;
        let raw = sqlx::query("SELECT bytes FROM raw WHERE id = $1").bind(row.try_get::<i64, _>("raw_id")?);
        let raw = raw.fetch_one(&mut **tx).await.context("reading what a copy is compared with")?;
        facts.likeness.insert(ledger, Likeness::of(&mail::read(&raw.try_get::<Vec<u8>, _>("bytes")?)));
    }
    for arrival in fresh {
        if likeness::ids(&arrival.mail).any(|id| times.get(&id).is_some_and(|count| *count > 1)) {
            facts.likeness.insert(arrival.ledger, Likeness::of(&arrival.mail));
        }
    }
    Ok(())
}
