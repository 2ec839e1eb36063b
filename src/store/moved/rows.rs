//! The rows of one ticket of another desk.

use std::collections::HashMap;

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use super::ticket::{Moved, MovedMail, MovedMessage};
use crate::desk::inbound::verdict::Verdict;
use crate::desk::ticket::message::Direction;
use crate::mail::Address;
use crate::store::{Tx, insert_many, ledger, micros, tags, take_ids};

/// The number that something had, where it is free, else the next one.
pub(super) async fn number(tx: &mut Tx, table: &'static str, wanted: i64) -> anyhow::Result<i64> {
    let sql = format!("SELECT 1 FROM {table} WHERE id = $1");
    let taken = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(wanted).fetch_optional(&mut **tx).await;
    if wanted < 1 || taken.context("looking for a free number")?.is_some() {
        return take_ids(tx, table, 1).await;
    }
    sqlx::query("UPDATE counter SET value = CASE WHEN value < $1 THEN $1 ELSE value END WHERE name = $2")
        .bind(wanted)
        .bind(table)
        .execute(&mut **tx)
        .await
        .context("using a number up")?;
    Ok(wanted)
}

/// The person of an address; a new row when there is none yet.
async fn person(tx: &mut Tx, address: &Address, now: Timestamp) -> anyhow::Result<i64> {
    let known = sqlx::query("SELECT id, name FROM person WHERE email = $1").bind(address.email.clone());
    if let Some(row) = known.fetch_optional(&mut **tx).await.context("looking for a person")? {
        let id: i64 = row.try_get("id")?;
        if row.try_get::<String, _>("name")?.is_empty() && !address.name.is_empty() {
            let named = sqlx::query("UPDATE person SET name = $1 WHERE id = $2").bind(address.name.clone()).bind(id);
            named.execute(&mut **tx).await.context("naming a person")?;
        }
        return Ok(id);
    }
    let id = take_ids(tx, "person", 1).await?;
    sqlx::query("INSERT INTO person (id, email, name, created_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(address.email.clone())
        .bind(address.name.clone())
        .bind(micros(now))
        .execute(&mut **tx)
        .await
        .context("adding a person")?;
    Ok(id)
}

async fn somebody(tx: &mut Tx, address: Option<&Address>, now: Timestamp) -> anyhow::Result<Option<i64>> {
    match address {
        Some(address) => person(tx, address, now).await.map(Some),
        None => Ok(None),
    }
}

/// The ticket and who is on it.
pub(super) async fn ticket(tx: &mut Tx, id: i64, moved: &Moved, now: Timestamp) -> anyhow::Result<()> {
    let requester = person(tx, &moved.requester, now).await?;
    let assignee = somebody(tx, moved.assignee.as_ref(), now).await?;
    sqlx::query(
        "INSERT INTO ticket (id, subject, status, priority, mailbox, queue, language, requester_id, assignee_id,
         created_at, updated_at, closed_at, flooded, written_to, tags)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(id)
    .bind(moved.subject.clone())
    .bind(moved.status.as_str())
    .bind(moved.priority.as_str())
    .bind(moved.mailbox.clone())
    .bind(moved.queue.clone())
    .bind(moved.language.code())
    .bind(requester)
    .bind(assignee)
    .bind(micros(moved.created_at))
    .bind(micros(moved.updated_at))
    .bind(moved.closed_at.map(micros))
    .bind(moved.flooded)
    .bind(moved.written_to.clone())
    .bind(tags::stored(&moved.tags))
    .execute(&mut **tx)
    .await
    .context("adding a ticket")?;
    let mut rows = Vec::with_capacity(moved.others.len());
    // Their order is that of the times at which they came.
    for (nth, (address, role)) in (0_i64..).zip(&moved.others) {
        rows.push((person(tx, address, now).await?, role.as_str(), micros(moved.created_at) + nth));
    }
    let sql = "INSERT INTO participant (ticket_id, person_id, role, added_at)";
    insert_many(tx, sql, 4, "ON CONFLICT DO NOTHING", &rows, |query, (person, role, at)| {
        query.bind(id).bind(*person).bind(*role).bind(*at)
    })
    .await
}

/// Letters of before: known by their Message-IDs, and never sent. Their rows, by Message-ID.
pub(super) async fn letters(
    tx: &mut Tx,
    ticket: i64,
    moved: &Moved,
    now: Timestamp,
) -> anyhow::Result<HashMap<String, i64>> {
    let first = take_ids(tx, "outbox", moved.letters.len()).await?;
    let mut rows = HashMap::with_capacity(moved.letters.len());
    for (id, letter) in (first..).zip(&moved.letters) {
        let known = sqlx::query("SELECT p.id FROM person p WHERE p.email = $1")
            .bind(letter.recipient.clone())
            .fetch_optional(&mut **tx)
            .await
            .context("looking for who got a letter")?;
        let recipient: Option<i64> = known.map(|row| row.try_get("id")).transpose()?;
        sqlx::query(
            "INSERT INTO outbox (id, notice, transport, automatic, ticket_id, person_id, recipient, return_path, subject,
             message_id, state, created_at, next_attempt_at, sent_at, failure_told)
             VALUES ($1, $2, '', $3, $4, $5, $6, '', $7, $8, $9, $10, $11, $12, 1)",
        )
        .bind(id)
        .bind(letter.notice.as_str())
        .bind(i64::from(letter.automatic))
        .bind(ticket)
        .bind(recipient)
        .bind(letter.recipient.clone())
        .bind(letter.subject.clone())
        .bind(letter.message_id.clone())
        .bind(letter.state)
        .bind(micros(letter.created_at))
        .bind(micros(now))
        .bind(letter.sent_at.map(micros))
        .execute(&mut **tx)
        .await
        .with_context(|| format!("adding the letter {}", letter.message_id))?;
        rows.insert(letter.message_id.clone(), id);
    }
    Ok(rows)
}

/// What was said, with the mails.
pub(super) async fn messages(
    tx: &mut Tx,
    ticket: i64,
    moved: &Moved,
    letters: &HashMap<String, i64>,
    now: Timestamp,
) -> anyhow::Result<()> {
    for (nth, message) in moved.messages.iter().enumerate() {
        let author = somebody(tx, message.author.as_ref(), now).await?;
        let id = number(tx, "message", message.number).await?;
        let (ledger, outbox) = mail(tx, ticket, message, letters, nth == 0, now).await?;
        sqlx::query(
            "INSERT INTO message (id, ticket_id, direction, visibility, author_id, message_id, ledger_id, outbox_id, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(ticket)
        .bind(message.direction.as_str())
        .bind(if message.public { "public" } else { "note" })
        .bind(author)
        .bind(message.message_id.clone())
        .bind(ledger)
        .bind(outbox)
        .bind(micros(message.at))
        .execute(&mut **tx)
        .await
        .context("adding a message")?;
    }
    Ok(())
}

/// The row of a message's mail: in the ledger, or in the outbox.
async fn mail(
    tx: &mut Tx,
    ticket: i64,
    message: &MovedMessage,
    letters: &HashMap<String, i64>,
    opens: bool,
    now: Timestamp,
) -> anyhow::Result<(Option<i64>, Option<i64>)> {
    match &message.mail {
        MovedMail::None => Ok((None, None)),
        MovedMail::Letter(octets) => {
            let letter = letters.get(&message.message_id).copied();
            let letter = letter.with_context(|| format!("there is no letter {}", message.message_id))?;
            if let Some(octets) = octets {
                sqlx::query("INSERT INTO outbox_bytes (outbox_id, bytes) VALUES ($1, $2)")
                    .bind(letter)
                    .bind(octets.clone())
                    .execute(&mut **tx)
                    .await
                    .context("keeping a letter")?;
            }
            Ok((None, Some(letter)))
        }
        MovedMail::Came(mail) => {
            let rows = ledger::insert(tx, std::slice::from_ref(mail)).await?;
            let row = rows.first().copied().context("a mail has a row")?;
            let verdict =
                if opens && message.direction == Direction::Inbound { Verdict::Opened } else { Verdict::Threaded };
            sqlx::query(
                "UPDATE ledger SET verdict = $1, reason = 'it came with its ticket from another desk', ticket_id = $2,
                 settled_at = $3 WHERE id = $4",
            )
            .bind(verdict.as_str())
            .bind(ticket)
            .bind(micros(now))
            .bind(row)
            .execute(&mut **tx)
            .await
            .context("settling a mail")?;
            Ok((Some(row), None))
        }
    }
}

/// What was done, what is due, and what is known in words.
pub(super) async fn history(tx: &mut Tx, ticket: i64, moved: &Moved, now: Timestamp) -> anyhow::Result<()> {
    let first = take_ids(tx, "event", moved.events.len()).await?;
    let mut rows = Vec::with_capacity(moved.events.len());
    for (id, event) in (first..).zip(&moved.events) {
        rows.push((id, event, somebody(tx, event.by.as_ref(), now).await?));
    }
    let sql = "INSERT INTO event (id, ticket_id, at, kind, by_id, detail)";
    insert_many(tx, sql, 6, "", &rows, |query, (id, event, by)| {
        let query = query.bind(*id).bind(ticket).bind(micros(event.at)).bind(event.kind.as_str());
        query.bind(*by).bind(event.detail.clone())
    })
    .await?;
    let sql = "INSERT INTO link (hash, purpose, email, ticket_id, created_at, expires_at, used_at)";
    insert_many(tx, sql, 7, "ON CONFLICT DO NOTHING", &moved.links, |query, link| {
        let query = query.bind(link.hash.clone()).bind(link.purpose.as_str()).bind(link.email.clone()).bind(ticket);
        query.bind(micros(link.created_at)).bind(micros(link.expires_at)).bind(micros(now))
    })
    .await?;
    let sql = "INSERT INTO follow_up (ticket_id, kind, due_at, created_at, set_aside, detail)";
    insert_many(tx, sql, 6, "", &moved.follow_ups, |query, due| {
        let query = query.bind(ticket).bind(due.kind.as_str()).bind(micros(due.due_at)).bind(micros(now));
        query.bind(i64::from(due.set_aside)).bind(due.detail.clone())
    })
    .await
}

/// The form, with its people as they are here.
pub(super) async fn form(tx: &mut Tx, ticket: i64, moved: &Moved, now: Timestamp) -> anyhow::Result<()> {
    let Some(form) = &moved.form else { return Ok(()) };
    let mut data = form.data.clone();
    for email in &form.approved_by {
        data.approved_by.push(person(tx, &Address::new("", email), now).await?);
    }
    sqlx::query(
        "INSERT INTO form (ticket_id, form, stage, email, data, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(ticket)
    .bind(form.name.clone())
    .bind(form.stage.as_str())
    .bind(form.about.clone())
    .bind(serde_json::to_string(&data).context("writing a form's data")?)
    .bind(micros(moved.created_at))
    .bind(micros(moved.updated_at))
    .execute(&mut **tx)
    .await
    .context("adding a form")?;
    Ok(())
}
