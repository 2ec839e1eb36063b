//! The mails that a batch may be about: those that came before, those of ours that it reports on, and those that it answers.

use std::collections::BTreeSet;

use anyhow::Context;
use sqlx::Row;

use crate::desk::arrival::{bounce, tokens};
use crate::desk::facts::Facts;
use crate::desk::id::TicketId;
use crate::desk::inbound::arrival::Arrival;
use crate::desk::inbound::sent::SentMail;
use crate::desk::rules::Rules;
use crate::mail;
use crate::store::dialect::Dialect;
use crate::store::outbox::State;
use crate::store::sql::CHUNK;
use crate::store::{Tx, VALUE, member, select_in, value_rows};

/// Mails of ours that one delivery report is looked at for: the first that it names counts.
const MAX_BOUNCED: usize = 5;

/// The first row of each mail of the batch that came before, however often it came.
pub(super) async fn seen(tx: &mut Tx, batch: &[&Arrival], facts: &mut Facts) -> anyhow::Result<()> {
    let keys: BTreeSet<(&str, [u8; 32])> =
        batch.iter().map(|arrival| (arrival.message_id.as_str(), arrival.content_hash)).collect();
    let keys: Vec<_> = keys.into_iter().collect();
    // What was in a mailbox before the gateway has no verdict yet, once an archive brings it.
    let past = batch.iter().any(|arrival| arrival.past.is_some());
    let verdict = if past { "AND verdict <> 'history'" } else { "" };
    for chunk in keys.chunks(CHUNK / 2) {
        let sql = format!(
            "SELECT l.id, l.message_id, l.content_hash, l.ticket_id FROM ledger l JOIN (SELECT MIN(id) AS id FROM ledger
             WHERE state = 'done' {verdict} AND (message_id, content_hash) IN (VALUES {}) GROUP BY message_id, content_hash) f
             ON f.id = l.id",
            value_rows(&[VALUE, VALUE], chunk.len())
        );
        let query = sqlx::query(Dialect::at(tx).numbered(sql)).persistent(chunk.len() == CHUNK / 2);
        let query = chunk.iter().fold(query, |query, (id, hash)| query.bind((*id).to_owned()).bind(hash.to_vec()));
        for row in query.fetch_all(&mut **tx).await.context("looking for mails that came before")? {
            let hash: Vec<u8> = row.try_get("content_hash")?;
            let hash = <[u8; 32]>::try_from(hash).ok().context("a content hash has 32 octets")?;
            let ticket = row.try_get::<Option<i64>, _>("ticket_id")?.map(TicketId);
            facts.seen.insert((row.try_get("message_id")?, hash), (row.try_get("id")?, ticket));
        }
    }
    Ok(())
}

/// The mails of ours that delivery reports may be about.
pub(super) async fn sent_mails(
    tx: &mut Tx,
    rules: &Rules,
    batch: &[&Arrival],
    facts: &mut Facts,
) -> anyhow::Result<()> {
    let mut ids = BTreeSet::new();
    let mut message_ids = BTreeSet::new();
    for arrival in batch.iter().filter(|arrival| arrival.mail.origin == mail::Origin::Bounce) {
        let proven = bounce::proven(rules, &arrival.mail).into_iter().map(|(id, _)| id);
        ids.extend(proven.take(MAX_BOUNCED));
        message_ids.extend(arrival.mail.bounce.as_ref().and_then(|bounce| bounce.original_message_id.clone()));
    }
    let head = "SELECT id, message_id, ticket_id, recipient, subject, state, notice FROM outbox WHERE";
    let mut rows = select_in(tx, &format!("{head} id"), &ids, "").await?;
    rows.extend(select_in(tx, &format!("{head} message_id"), &message_ids, "").await?);
    for row in rows {
        let id: i64 = row.try_get("id")?;
        facts.outbox_by_message_id.insert(row.try_get("message_id")?, id);
        let sent = SentMail {
            outbox: id,
            ticket: row.try_get::<Option<i64>, _>("ticket_id")?.map(TicketId),
            recipient: row.try_get("recipient")?,
            subject: row.try_get("subject")?,
            failed: member(row.try_get("state")?, State::parse, format!("outgoing mail {id}"), "state")?
                == State::Failed,
            notice: row.try_get("notice")?,
        };
        facts.outbox.insert(id, sent);
    }
    Ok(())
}

/// The tickets of the mails that this batch answers.
pub(super) async fn threads(tx: &mut Tx, batch: &[&Arrival], facts: &mut Facts) -> anyhow::Result<()> {
    let ids: BTreeSet<String> =
        batch.iter().flat_map(|arrival| tokens::references(arrival)).map(str::to_owned).collect();
    // Anybody can send the same Message-ID again and again; one ticket of each is enough.
    let head = "SELECT message_id, MAX(ticket_id) AS ticket_id FROM message WHERE message_id";
    let mut rows = select_in(tx, head, &ids, "GROUP BY message_id").await?;
    let head = "SELECT message_id, ticket_id FROM outbox WHERE ticket_id IS NOT NULL AND message_id";
    rows.extend(select_in(tx, head, &ids, "").await?);
    for row in rows {
        facts.threads.insert(row.try_get("message_id")?, TicketId(row.try_get("ticket_id")?));
    }
    Ok(())
}
