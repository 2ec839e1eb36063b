//! What proves a sender: whose token is theirs alone, and which mails were acted on already.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::Row;

use super::{Tx, insert_many, select_in};
use crate::desk::facts::Facts;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::inbound::arrival::Arrival;
use crate::desk::inbound::verdict::Obeyed;
use crate::desk::outcome::Outcome;

/// Which token of each person on these tickets is theirs alone.
pub(super) async fn generations(tx: &mut Tx, tickets: &BTreeSet<i64>, facts: &mut Facts) -> anyhow::Result<()> {
    let head = "SELECT ticket_id, person_id, generation FROM reply_generation WHERE ticket_id";
    for row in select_in(tx, head, tickets, "").await? {
        let whose = (TicketId(row.try_get("ticket_id")?), PersonId(row.try_get("person_id")?));
        facts.generations.insert(whose, row.try_get("generation")?);
    }
    Ok(())
}

/// The mails with the Message-IDs of engineers' mails in this batch that were acted on.
pub(super) async fn obeyed(tx: &mut Tx, batch: &[&Arrival], facts: &mut Facts) -> anyhow::Result<()> {
    let by_engineer = |arrival: &&&Arrival| {
        let sender = arrival.mail.from.as_ref().and_then(|from| facts.person_by_email(&from.email));
        sender.is_some_and(|person| facts.is_engineer(person.id))
    };
    let ids: BTreeSet<String> = batch.iter().filter(by_engineer).map(|arrival| arrival.message_id.clone()).collect();
    for row in select_in(tx, "SELECT message_id, body_hash, ledger_id FROM obeyed WHERE message_id", &ids, "").await? {
        let hash: Vec<u8> = row.try_get("body_hash")?;
        let Ok(hash) = <[u8; 32]>::try_from(hash) else { anyhow::bail!("a hash in obeyed has no 32 octets") };
        facts.obeyed.insert((row.try_get("message_id")?, hash), row.try_get("ledger_id")?);
    }
    Ok(())
}

/// Writes both as a batch left them.
pub(super) async fn write(tx: &mut Tx, outcomes: &[&Outcome]) -> anyhow::Result<()> {
    // The last generation wins: one statement must not touch a row twice.
    let last: BTreeMap<(i64, i64), i64> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.generations)
        .map(|((ticket, person), generation)| ((ticket.0, person.0), *generation))
        .collect();
    insert_many(
        tx,
        "INSERT INTO reply_generation (ticket_id, person_id, generation)",
        3,
        "ON CONFLICT (ticket_id, person_id) DO UPDATE SET generation = excluded.generation",
        &last.into_iter().collect::<Vec<_>>(),
        |query, ((ticket, person), generation)| query.bind(*ticket).bind(*person).bind(*generation),
    )
    .await?;
    let obeyed: Vec<&Obeyed> = outcomes.iter().filter_map(|outcome| outcome.obeyed.as_ref()).collect();
    let head = "INSERT INTO obeyed (message_id, body_hash, ledger_id)";
    insert_many(tx, head, 3, "ON CONFLICT DO NOTHING", &obeyed, |query, obeyed| {
        query.bind(obeyed.message_id.clone()).bind(obeyed.body_hash.to_vec()).bind(obeyed.ledger)
    })
    .await
}
