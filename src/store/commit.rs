//! Writes outcomes: state, and the mails it causes, in one transaction.

use std::collections::BTreeMap;

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use super::outbox::{self, NewMail};
use super::tags;
use super::{
    NUMBER, Store, Tx, VALUE, follow_up, form, insert_many, link, micros, proof, search, task, unplaced, update_many,
};
use crate::desk::id::NextIds;
use crate::desk::inbound::sent::Bounced;
use crate::desk::inbound::verdict::{Settlement, Step, origin_word};
use crate::desk::outcome::{FirstContact, Outcome};
use crate::desk::ticket::history::NewEvent;
use crate::desk::ticket::message::NewMessage;
use crate::desk::ticket::person::Person;
use crate::desk::ticket::{NewTicket, Role, Ticket};

/// One outcome with its letters as finished bytes, in the order of `outcome.posts`.
#[derive(Debug)]
pub struct Decided {
    /// What was decided.
    pub outcome: Outcome,
    /// Its letters.
    pub letters: Vec<Letter>,
    /// When it happened, where that is not now: a mail of the past got its place.
    pub past: Option<Timestamp>,
}

/// Rows of a batch, each with when it was made.
type Timed<'a, T> = Vec<(Timestamp, &'a T)>;

/// The rows that `of` names of each outcome.
fn timed<'a, T>(batch: &'a [Decided], now: Timestamp, of: impl Fn(&'a Outcome) -> &'a Vec<T>) -> Timed<'a, T> {
    let rows = |decided: &'a Decided| of(&decided.outcome).iter().map(move |row| (decided.past.unwrap_or(now), row));
    batch.iter().flat_map(rows).collect()
}

/// A finished mail.
#[derive(Debug)]
pub struct Letter {
    /// For lists.
    pub subject: String,
    /// The finished mail.
    pub bytes: Vec<u8>,
    /// The same with its files left out and named; only where it has files.
    pub spare: Option<Vec<u8>>,
}

/// Writes a batch and the counters; the caller commits.
pub async fn write(tx: &mut Tx, batch: Vec<Decided>, next: NextIds, now: Timestamp) -> anyhow::Result<()> {
    let outcomes = || batch.iter().map(|decided| &decided.outcome);
    people(tx, outcomes().flat_map(|outcome| &outcome.people), now).await?;
    new_tickets(tx, &timed(&batch, now, |outcome| &outcome.tickets)).await?;
    change_tickets(tx, &batch, now).await?;
    awaited(tx, &batch).await?;
    participants(tx, &batch, now).await?;
    proof::write(tx, &outcomes().collect::<Vec<_>>()).await?;
    messages(tx, &timed(&batch, now, |outcome| &outcome.messages)).await?;
    search::insert(tx, &outcomes().flat_map(|outcome| &outcome.found).collect::<Vec<_>>()).await?;
    events(tx, &timed(&batch, now, |outcome| &outcome.events)).await?;
    first_contacts(tx, &outcomes().flat_map(|outcome| &outcome.first_contacts).collect::<Vec<_>>(), now).await?;
    form::write(tx, &outcomes().flat_map(|outcome| &outcome.forms).collect::<Vec<_>>(), now).await?;
    task::insert(tx, &outcomes().flat_map(|outcome| &outcome.tasks).collect::<Vec<_>>(), now).await?;
    for (id, error) in outcomes().filter_map(|outcome| outcome.task_done.as_ref()) {
        task::finish(tx, *id, error.as_deref()).await?;
    }
    links(tx, outcomes(), now).await?;
    follow_up::write(tx, outcomes().flat_map(|outcome| &outcome.follow_ups), now).await?;
    for bounced in outcomes().filter_map(|outcome| outcome.bounced.as_ref()) {
        bounce(tx, bounced).await?;
    }
    let told: Vec<i64> = outcomes().filter_map(|outcome| outcome.failure_told).collect();
    outbox::mark_failures_told(tx, &told).await?;
    settle(tx, &batch, now).await?;
    let past = batch.iter().filter(|decided| decided.past.is_some());
    let past = past.filter_map(|decided| decided.outcome.settlement.as_ref().map(|settled| settled.ledger));
    unplaced::placed(tx, &past.collect::<Vec<_>>()).await?;
    mails(tx, batch, now).await?;
    counters(tx, next).await
}

/// One outcome after the other: what one sends, a later one may withdraw.
async fn links(tx: &mut Tx, outcomes: impl Iterator<Item = &Outcome>, now: Timestamp) -> anyhow::Result<()> {
    for outcome in outcomes {
        for withdrawn in &outcome.withdrawn {
            link::withdraw(tx, withdrawn, now).await?;
        }
        for hash in &outcome.returned {
            link::withdraw_one(tx, *hash, now).await?;
        }
        link::insert(tx, &outcome.links.iter().collect::<Vec<_>>(), now).await?;
    }
    Ok(())
}

async fn people(tx: &mut Tx, people: impl Iterator<Item = &Person>, now: Timestamp) -> anyhow::Result<()> {
    // The last word on a person wins: one statement must not touch a row twice.
    let last: BTreeMap<i64, &Person> = people.map(|person| (person.id.0, person)).collect();
    insert_many(
        tx,
        "INSERT INTO person (id, email, name, language, bounce_score, bounced_at, suppressed, known, created_at)",
        9,
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, language = excluded.language,
         bounce_score = excluded.bounce_score, bounced_at = excluded.bounced_at, suppressed = excluded.suppressed,
         known = excluded.known",
        &last.into_values().collect::<Vec<_>>(),
        |query, person| {
            query
                .bind(person.id.0)
                .bind(person.email.clone())
                .bind(person.name.clone())
                .bind(person.language.map_or("", |language| language.code()).to_owned())
                .bind(person.bounce_score)
                .bind(person.bounced_at.map_or(0, micros))
                .bind(i64::from(person.suppressed))
                .bind(i64::from(person.known))
                .bind(micros(now))
        },
    )
    .await
}

async fn new_tickets(tx: &mut Tx, tickets: &Timed<'_, NewTicket>) -> anyhow::Result<()> {
    insert_many(
        tx,
        "INSERT INTO ticket (id, subject, status, mailbox, queue, language, requester_id, assignee_id, linked_to,
         created_at, updated_at, written_to, closed_at)",
        13,
        "",
        tickets,
        |query, (at, new)| {
            let ticket = &new.ticket;
            query
                .bind(ticket.id.0)
                .bind(ticket.subject.clone())
                .bind(ticket.status.as_str().to_owned())
                .bind(ticket.mailbox.clone())
                .bind(ticket.queue.clone())
                .bind(ticket.language.code().to_owned())
                .bind(ticket.requester.0)
                .bind(ticket.assignee.map(|id| id.0))
                .bind(new.linked_to.map(|id| id.0))
                .bind(micros(*at))
                .bind(micros(*at))
                .bind(ticket.written_to.clone())
                .bind(ticket.closed_at.map(micros))
        },
    )
    .await
}

async fn awaited(tx: &mut Tx, batch: &[Decided]) -> anyhow::Result<()> {
    let rows: Vec<_> = batch.iter().flat_map(|decided| &decided.outcome.awaited).collect();
    let sql = "INSERT INTO awaited (message_id, ticket_id)";
    insert_many(tx, sql, 2, "ON CONFLICT DO NOTHING", &rows, |query, (message_id, ticket)| {
        query.bind(message_id.clone()).bind(ticket.0)
    })
    .await
}

async fn change_tickets(tx: &mut Tx, batch: &[Decided], now: Timestamp) -> anyhow::Result<()> {
    // The last word on a ticket wins.
    let mut last: BTreeMap<i64, (Timestamp, &Ticket)> = BTreeMap::new();
    for decided in batch {
        for ticket in &decided.outcome.changed {
            // A mail of the past may be on a ticket on which something happened since.
            let at = decided.past.map_or(now, |at| at.max(ticket.updated_at));
            last.insert(ticket.id.0, (at, ticket));
        }
    }
    let columns = [
        ("status", VALUE),
        ("assignee_id", NUMBER),
        ("merged_into", NUMBER),
        ("closed_at", NUMBER),
        ("flooded", NUMBER),
        ("priority", VALUE),
        ("subject", VALUE),
        ("queue", VALUE),
        ("language", VALUE),
        ("requester_id", NUMBER),
        ("tags", VALUE),
        ("updated_at", NUMBER),
    ];
    update_many(tx, "ticket", &columns, &last.into_values().collect::<Vec<_>>(), |query, (at, ticket)| {
        query
            .bind(ticket.id.0)
            .bind(ticket.status.as_str())
            .bind(ticket.assignee.map(|id| id.0))
            .bind(ticket.merged_into.map(|id| id.0))
            .bind(ticket.closed_at.map(micros))
            .bind(i64::from(ticket.flooded))
            .bind(ticket.priority.as_str())
            .bind(ticket.subject.clone())
            .bind(ticket.queue.clone())
            .bind(ticket.language.code())
            .bind(ticket.requester.0)
            .bind(tags::stored(&ticket.tags))
            .bind(micros(*at))
    })
    .await
}

async fn participants(tx: &mut Tx, batch: &[Decided], now: Timestamp) -> anyhow::Result<()> {
    // The last word on somebody wins.
    let changes = timed(batch, now, |outcome| &outcome.participants);
    let last: BTreeMap<(i64, i64), (Timestamp, Option<Role>)> =
        changes.into_iter().map(|(at, (ticket, person, role))| ((ticket.0, person.0), (at, *role))).collect();
    for ((ticket, person), _) in last.iter().filter(|(_, (_, role))| role.is_none()) {
        sqlx::query("DELETE FROM participant WHERE ticket_id = $1 AND person_id = $2")
            .bind(*ticket)
            .bind(*person)
            .execute(&mut **tx)
            .await
            .context("taking somebody off a ticket")?;
    }
    let rows: Vec<_> = last.iter().filter_map(|(who, (at, role))| Some((who, *at, (*role)?))).collect();
    insert_many(
        tx,
        "INSERT INTO participant (ticket_id, person_id, role, added_at)",
        4,
        "ON CONFLICT (ticket_id, person_id) DO UPDATE SET role = excluded.role",
        &rows,
        |query, ((ticket, person), at, role)| {
            query.bind(*ticket).bind(*person).bind(role.as_str().to_owned()).bind(micros(*at))
        },
    )
    .await
}

async fn messages(tx: &mut Tx, messages: &Timed<'_, NewMessage>) -> anyhow::Result<()> {
    insert_many(
        tx,
        "INSERT INTO message (id, ticket_id, direction, visibility, author_id, message_id, ledger_id, outbox_id, at)",
        9,
        "",
        messages,
        |query, (at, message)| {
            query
                .bind(message.id)
                .bind(message.ticket.0)
                .bind(message.direction.as_str().to_owned())
                .bind(if message.public { "public" } else { "note" }.to_owned())
                .bind(message.author.map(|id| id.0))
                .bind(message.message_id.clone())
                .bind(message.ledger)
                .bind(message.outbox)
                .bind(micros(*at))
        },
    )
    .await
}

async fn events(tx: &mut Tx, events: &Timed<'_, NewEvent>) -> anyhow::Result<()> {
    insert_many(
        tx,
        "INSERT INTO event (id, ticket_id, at, kind, by_id, detail)",
        6,
        "",
        events,
        |query, (at, event)| {
            query
                .bind(event.id)
                .bind(event.ticket.0)
                .bind(micros(*at))
                .bind(event.kind.as_str())
                .bind(event.by.map(|id| id.0))
                .bind(event.detail.clone())
        },
    )
    .await
}

async fn first_contacts(tx: &mut Tx, contacts: &[&FirstContact], now: Timestamp) -> anyhow::Result<()> {
    insert_many(tx, "INSERT INTO first_contact (ticket_id, at, held)", 3, "", contacts, |query, contact| {
        query.bind(contact.ticket.0).bind(micros(now)).bind(i64::from(contact.held))
    })
    .await
}

async fn bounce(tx: &mut Tx, bounced: &Bounced) -> anyhow::Result<()> {
    sqlx::query("UPDATE outbox SET state = 'failed', last_error = $1, failure_told = 1 WHERE id = $2")
        .bind(bounced.error.clone())
        .bind(bounced.sent.outbox)
        .execute(&mut **tx)
        .await
        .context("recording a bounce")?;
    Ok(())
}

/// The verdicts, each its row's last word.
async fn settle(tx: &mut Tx, batch: &[Decided], now: Timestamp) -> anyhow::Result<()> {
    let outcomes = batch.iter().map(|decided| &decided.outcome);
    let settled: Vec<(&Settlement, &[Step])> = outcomes
        .filter_map(|outcome| outcome.settlement.as_ref().map(|settled| (settled, outcome.steps.as_slice())))
        .collect();
    let columns = [
        ("state", VALUE),
        ("origin", VALUE),
        ("verdict", VALUE),
        ("reason", VALUE),
        ("sender_proof", VALUE),
        ("trace", VALUE),
        ("ticket_id", NUMBER),
        ("settled_at", NUMBER),
    ];
    update_many(tx, "ledger", &columns, &settled, |query, (settled, steps)| {
        query
            .bind(settled.ledger)
            .bind("done")
            .bind(origin_word(settled.origin))
            .bind(settled.verdict.as_str())
            .bind(&settled.reason)
            .bind(settled.proof.as_str())
            .bind(serde_json::json!({ "steps": steps }).to_string())
            .bind(settled.ticket.map(|id| id.0))
            .bind(micros(now))
    })
    .await
}

async fn mails(tx: &mut Tx, batch: Vec<Decided>, now: Timestamp) -> anyhow::Result<()> {
    let mut mails = Vec::new();
    for Decided { outcome, letters, .. } in batch {
        let ledger = outcome.settlement.as_ref().map(|settled| settled.ledger);
        for (post, letter) in outcome.posts.into_iter().zip(letters) {
            mails.push(NewMail {
                id: post.outbox,
                notice: post.letter.notice,
                transport: post.transport,
                automatic: post.capped,
                ticket_id: Some(post.ticket.0),
                ledger_id: ledger,
                person_id: Some(post.person.0),
                recipient: post.recipient.email,
                return_path: post.return_path,
                subject: letter.subject,
                message_id: post.letter.message_id,
                bytes: letter.bytes,
                spare: letter.spare,
                created_at: now,
                next_attempt_at: now,
                copy_to: post.copy_to,
            });
        }
    }
    outbox::insert(tx, &mails).await
}

async fn counters(tx: &mut Tx, next: NextIds) -> anyhow::Result<()> {
    sqlx::query(
        "UPDATE counter SET value = CASE name WHEN 'person' THEN $1 WHEN 'ticket' THEN $2 WHEN 'message' THEN $3
         WHEN 'event' THEN $4 WHEN 'outbox' THEN $5 WHEN 'directory_task' THEN $6 ELSE value END
         WHERE name IN ('person', 'ticket', 'message', 'event', 'outbox', 'directory_task')",
    )
    .bind(next.person)
    .bind(next.ticket)
    .bind(next.message)
    .bind(next.event)
    .bind(next.outbox)
    .bind(next.directory_task)
    .execute(&mut **tx)
    .await
    .context("writing counters")?;
    Ok(())
}

/// The secrets of the reply tokens, made at the first start.
pub async fn token_keys(store: &Store, fresh: [u8; 32], now: Timestamp) -> anyhow::Result<Vec<(u8, Vec<u8>)>> {
    let mut tx = store.write().await?;
    sqlx::query(
        "INSERT INTO token_key (number, secret, created_at) SELECT 1, $1, $2 WHERE NOT EXISTS (SELECT 1 FROM token_key)",
    )
    .bind(fresh.to_vec())
    .bind(micros(now))
    .execute(&mut *tx)
    .await
    .context("making the first token key")?;
    let rows = sqlx::query("SELECT number, secret FROM token_key ORDER BY number").fetch_all(&mut *tx).await;
    let rows = rows.context("reading token keys")?;
    tx.commit().await.context("committing the token key")?;
    rows.iter().map(|row| Ok((u8::try_from(row.try_get::<i64, _>("number")?)?, row.try_get("secret")?))).collect()
}
