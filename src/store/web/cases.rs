//! A person's own cases: those they asked for or are copied on. What is a note never leaves this file.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::desk::facts::MAX_MERGES;
use crate::desk::ticket::Status;
use crate::mail::Address;
use crate::store::view::conversation::Content;
use crate::store::{Store, member, micros, timestamp};

/// A case as its list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The ticket's number.
    pub id: i64,
    /// As people read it.
    pub subject: String,
    /// Where it stands.
    pub status: Status,
    /// Its form goes on without the reader: the directory is asked, engineers check it, or a reset cools off.
    pub is_at_work: bool,
    /// The configured mailbox by its name.
    pub mailbox: String,
    /// Whose request it is.
    pub requester: Address,
    /// The reader's own row.
    pub person: i64,
    /// Which of the reader's tokens on this case is theirs alone.
    pub generation: i64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When something happened on it last.
    pub updated_at: Timestamp,
}

/// A public message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its place among those of its case, from 1: a number of the gateway's own would tell what it does for others.
    pub number: i64,
    /// The desk wrote it.
    pub ours: bool,
    /// Who wrote it, when that is known.
    pub author: Option<Address>,
    /// Where its words are.
    pub content: Content,
    /// Octets of its mail.
    pub size: i64,
    /// When.
    pub at: Timestamp,
}

/// Held tickets are an engineer's to decide on: whose name they bear is not proven. Merged ones go on elsewhere.
const SELECT: &str = "SELECT t.id, t.subject, t.status, t.mailbox, r.name, r.email, me.id AS person_id, t.created_at, t.updated_at,
 (SELECT COUNT(*) FROM form f WHERE f.ticket_id = t.id AND f.stage IN ('working', 'approval', 'engineer', 'cooling')) AS at_work,
 COALESCE((SELECT g.generation FROM reply_generation g WHERE g.ticket_id = t.id AND g.person_id = me.id), 0) AS generation
 FROM person me JOIN ticket t ON t.requester_id = me.id
     OR t.id IN (SELECT c.ticket_id FROM participant c WHERE c.person_id = me.id AND c.role = 'copied')
 JOIN person r ON r.id = t.requester_id
 WHERE me.email = $1 AND t.status NOT IN ('held', 'merged')";

/// The cases of an address from the one changed last back, at most `limit`, after `(updated_at, id)` of the last one seen.
pub async fn list(
    store: &Store,
    email: &str,
    after: Option<(Timestamp, i64)>,
    limit: u32,
) -> anyhow::Result<Vec<Case>> {
    let (updated, id) = after.map_or((i64::MAX, i64::MAX), |(at, id)| (micros(at), id));
    let sql = format!(
        "{SELECT} AND (t.updated_at < $2 OR (t.updated_at = $2 AND t.id < $3)) ORDER BY t.updated_at DESC, t.id DESC LIMIT $4"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(email.to_owned())
        .bind(updated)
        .bind(id)
        .bind(i64::from(limit))
        .fetch_all(store.reader())
        .await
        .context("reading the cases of an address")?;
    rows.iter().map(case).collect()
}

/// One case of an address, merges followed; `None` when there is none or it is somebody else's.
pub async fn get(store: &Store, email: &str, ticket: i64) -> anyhow::Result<Option<Case>> {
    let Some(ticket) = merged_into(store, ticket).await? else { return Ok(None) };
    let sql = format!("{SELECT} AND t.id = $2");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(email.to_owned())
        .bind(ticket)
        .fetch_optional(store.reader())
        .await
        .context("reading a case")?;
    row.as_ref().map(case).transpose()
}

/// The ticket that a number leads to, through merges.
async fn merged_into(store: &Store, mut ticket: i64) -> anyhow::Result<Option<i64>> {
    for _ in 0..MAX_MERGES {
        let row = sqlx::query("SELECT merged_into FROM ticket WHERE id = $1")
            .bind(ticket)
            .fetch_optional(store.reader())
            .await
            .context("following a merged case")?;
        match row.map(|row| row.try_get::<Option<i64>, _>("merged_into")).transpose()? {
            None => return Ok(None),
            Some(None) => return Ok(Some(ticket)),
            Some(Some(next)) => ticket = next,
        }
    }
    Ok(None)
}

fn case(row: &AnyRow) -> anyhow::Result<Case> {
    let id: i64 = row.try_get("id")?;
    Ok(Case {
        id,
        subject: row.try_get("subject")?,
        status: member(row.try_get("status")?, Status::parse, format!("ticket {id}"), "status")?,
        is_at_work: row.try_get::<i64, _>("at_work")? != 0,
        mailbox: row.try_get("mailbox")?,
        requester: Address { name: row.try_get("name")?, email: row.try_get("email")? },
        person: row.try_get("person_id")?,
        created_at: timestamp(row.try_get("created_at")?)?,
        updated_at: timestamp(row.try_get("updated_at")?)?,
        generation: row.try_get("generation")?,
    })
}

/// Of what we wrote by ourselves only answers are shown: other letters may hold what is for one reader alone.
const MESSAGES: &str = "WITH said AS (
 SELECT ROW_NUMBER() OVER (ORDER BY m.id) AS number, m.direction, p.name, p.email, l.raw_id, m.outbox_id, l.size,
     LENGTH(b.bytes) AS octets, m.at
 FROM message m LEFT JOIN person p ON p.id = m.author_id LEFT JOIN ledger l ON l.id = m.ledger_id
 LEFT JOIN outbox o ON o.id = m.outbox_id LEFT JOIN outbox_bytes b ON b.outbox_id = m.outbox_id
 WHERE m.ticket_id = $1 AND m.visibility = 'public' AND m.direction <> 'note'
 AND (m.outbox_id IS NULL OR o.notice = 'answer'))
 SELECT number, direction, name, email, raw_id, outbox_id, size, octets, at FROM said";

/// Public messages of a ticket from the newest back, at most `limit`, before the one of number `before`.
pub async fn messages(store: &Store, ticket: i64, before: i64, limit: u32) -> anyhow::Result<Vec<Message>> {
    let sql = format!("{MESSAGES} WHERE number < $2 ORDER BY number DESC LIMIT $3");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(ticket)
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(store.reader())
        .await
        .context("reading the messages of a case")?;
    rows.iter().map(message).collect()
}

/// One public message of a ticket.
pub async fn message_of(store: &Store, ticket: i64, number: i64) -> anyhow::Result<Option<Message>> {
    let sql = format!("{MESSAGES} WHERE number = $2");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(ticket).bind(number).fetch_optional(store.reader()).await;
    row.context("reading a message")?.as_ref().map(message).transpose()
}

fn message(row: &AnyRow) -> anyhow::Result<Message> {
    let content = match (row.try_get::<Option<i64>, _>("raw_id")?, row.try_get::<Option<i64>, _>("outbox_id")?) {
        (Some(raw), _) => Content::Raw(raw),
        (None, Some(outbox)) => Content::Outbox(outbox),
        (None, None) => Content::None,
    };
    let author = match row.try_get::<Option<String>, _>("email")? {
        Some(email) => Some(Address { name: row.try_get("name")?, email }),
        None => None,
    };
    Ok(Message {
        number: row.try_get("number")?,
        ours: row.try_get::<String, _>("direction")? == "outbound",
        author,
        content,
        size: [row.try_get::<Option<i64>, _>("size")?, row.try_get("octets")?]
            .into_iter()
            .flatten()
            .next()
            .unwrap_or(0),
        at: timestamp(row.try_get("at")?)?,
    })
}

/// Whether a mail of this Message-ID is in the ledger.
pub async fn is_stored(store: &Store, message_id: &str) -> anyhow::Result<bool> {
    let row = sqlx::query("SELECT COUNT(*) FROM ledger WHERE message_id = $1").bind(message_id.to_owned());
    Ok(row.fetch_one(store.reader()).await.context("looking for a mail")?.try_get::<i64, _>(0)? > 0)
}
