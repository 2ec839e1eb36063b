//! What was said and done on tickets, and by whom.

use std::collections::HashMap;

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::desk::form::state::FormData;
use crate::mail::Address;
use crate::store::{Store, timestamp, value_list};

/// Where the words of a message are: they are a view on a mail, never a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Content {
    /// A mail that came in, by the id of its raw bytes.
    Raw(i64),
    /// A mail that we wrote, by its outbox id.
    Outbox(i64),
    /// An entry without a mail.
    None,
}

/// One message of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its number.
    pub id: i64,
    /// The ticket's number.
    pub ticket: i64,
    /// `inbound`, `outbound` or `note`.
    pub direction: String,
    /// `public` or `note`.
    pub visibility: String,
    /// Who wrote it, when that is known.
    pub author: Option<Address>,
    /// Without angle brackets; empty when there is none.
    pub message_id: String,
    /// Where its words are.
    pub content: Content,
    /// The kind of mail, when we wrote it; empty otherwise.
    pub notice: String,
    /// Whom it goes to, when we wrote it; empty otherwise.
    pub recipient: String,
    /// Octets of the mail that has its words, about.
    pub size: i64,
    /// When.
    pub at: Timestamp,
}

/// A person on a ticket besides its requester and assignee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// The ticket's number.
    pub ticket: i64,
    /// Who.
    pub person: Address,
    /// `copied` or `follower`.
    pub role: String,
}

/// Something that happened to a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The ticket's number.
    pub ticket: i64,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub kind: String,
    /// Who did it; `None` for the gateway itself.
    pub by: Option<Address>,
    /// More about it, in words.
    pub detail: String,
}

/// The form of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketForm {
    /// The ticket's number.
    pub ticket: i64,
    /// The configured form by its name.
    pub form: String,
    /// Where it stands.
    pub stage: String,
    /// The address it is about; empty while unknown.
    pub about: String,
    /// Its values and doubts, by the field's name.
    pub data: FormData,
}

/// Something that is due on a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// The ticket's number.
    pub ticket: i64,
    /// What, as stored.
    pub kind: String,
    /// When.
    pub due_at: Timestamp,
    /// It failed too often and is tried no more.
    pub set_aside: bool,
    /// What its kind remembers.
    pub detail: String,
}

/// The messages of tickets `first` to `last`, in the order of ticket and message.
pub async fn messages(store: &Store, first: i64, last: i64) -> anyhow::Result<Vec<Message>> {
    let rows = sqlx::query(
        "SELECT m.id, m.ticket_id, m.direction, m.visibility, p.name, p.email, m.message_id, l.raw_id, m.outbox_id, m.at,
         l.size, LENGTH(b.bytes) AS octets, COALESCE(o.notice, '') AS notice, COALESCE(o.recipient, '') AS recipient
         FROM message m LEFT JOIN person p ON p.id = m.author_id LEFT JOIN ledger l ON l.id = m.ledger_id
         LEFT JOIN outbox o ON o.id = m.outbox_id LEFT JOIN outbox_bytes b ON b.outbox_id = m.outbox_id
         WHERE m.ticket_id BETWEEN $1 AND $2 ORDER BY m.ticket_id, m.id",
    )
    .bind(first)
    .bind(last)
    .fetch_all(store.reader())
    .await
    .context("reading the messages of tickets")?;
    rows.iter()
        .map(|row| {
            let content = match (row.try_get::<Option<i64>, _>("raw_id")?, row.try_get::<Option<i64>, _>("outbox_id")?)
            {
                (Some(raw), _) => Content::Raw(raw),
                (None, Some(outbox)) => Content::Outbox(outbox),
                (None, None) => Content::None,
            };
            Ok(Message {
                id: row.try_get("id")?,
                ticket: row.try_get("ticket_id")?,
                direction: row.try_get("direction")?,
                visibility: row.try_get("visibility")?,
                author: person(row)?,
                message_id: row.try_get("message_id")?,
                content,
                notice: row.try_get("notice")?,
                recipient: row.try_get("recipient")?,
                size: [row.try_get::<Option<i64>, _>("size")?, row.try_get("octets")?]
                    .into_iter()
                    .flatten()
                    .next()
                    .unwrap_or(0),
                at: timestamp(row.try_get("at")?)?,
            })
        })
        .collect()
}

/// The copied people and followers of tickets `first` to `last`, in the order in which they joined.
pub async fn participants(store: &Store, first: i64, last: i64) -> anyhow::Result<Vec<Participant>> {
    let rows = sqlx::query(
        "SELECT c.ticket_id, p.name, p.email, c.role FROM participant c JOIN person p ON p.id = c.person_id
         WHERE c.ticket_id BETWEEN $1 AND $2 ORDER BY c.ticket_id, c.added_at, p.id",
    )
    .bind(first)
    .bind(last)
    .fetch_all(store.reader())
    .await
    .context("reading the participants of tickets")?;
    rows.iter()
        .map(|row| {
            Ok(Participant {
                ticket: row.try_get("ticket_id")?,
                person: Address { name: row.try_get("name")?, email: row.try_get("email")? },
                role: row.try_get("role")?,
            })
        })
        .collect()
}

/// The events of tickets `first` to `last`, in the order of ticket and event.
pub async fn events(store: &Store, first: i64, last: i64) -> anyhow::Result<Vec<Event>> {
    let rows = sqlx::query(
        "SELECT e.ticket_id, e.at, e.kind, p.name, p.email, e.detail FROM event e LEFT JOIN person p ON p.id = e.by_id
         WHERE e.ticket_id BETWEEN $1 AND $2 ORDER BY e.ticket_id, e.id",
    )
    .bind(first)
    .bind(last)
    .fetch_all(store.reader())
    .await
    .context("reading the events of tickets")?;
    rows.iter()
        .map(|row| {
            Ok(Event {
                ticket: row.try_get("ticket_id")?,
                at: timestamp(row.try_get("at")?)?,
                kind: row.try_get("kind")?,
                by: person(row)?,
                detail: row.try_get("detail")?,
            })
        })
        .collect()
}

/// What is due on tickets `first` to `last`, in the order of ticket and time.
pub async fn follow_ups(store: &Store, first: i64, last: i64) -> anyhow::Result<Vec<FollowUp>> {
    let rows = sqlx::query(
        "SELECT ticket_id, kind, due_at, set_aside, detail FROM follow_up WHERE ticket_id BETWEEN $1 AND $2
         ORDER BY ticket_id, due_at, kind",
    )
    .bind(first)
    .bind(last)
    .fetch_all(store.reader())
    .await
    .context("reading what is due on tickets")?;
    rows.iter()
        .map(|row| {
            Ok(FollowUp {
                ticket: row.try_get("ticket_id")?,
                kind: row.try_get("kind")?,
                due_at: timestamp(row.try_get("due_at")?)?,
                set_aside: row.try_get::<i64, _>("set_aside")? != 0,
                detail: row.try_get("detail")?,
            })
        })
        .collect()
}

fn person(row: &AnyRow) -> anyhow::Result<Option<Address>> {
    Ok(match row.try_get::<Option<String>, _>("email")? {
        Some(email) => Some(Address { name: row.try_get("name")?, email }),
        None => None,
    })
}

/// The bytes of mails that are asked for; a content that is gone has no entry. Callers bound how many they ask for:
/// a mail may have as many octets as `limits.mail_size` allows.
pub async fn bytes(store: &Store, wanted: &[Content]) -> anyhow::Result<HashMap<Content, Vec<u8>>> {
    let raw = ids(wanted, |content| if let Content::Raw(id) = content { Some(id) } else { None });
    let outbox = ids(wanted, |content| if let Content::Outbox(id) = content { Some(id) } else { None });
    let mut found = HashMap::with_capacity(wanted.len());
    for (id, bytes) in blobs(store, "SELECT id, bytes FROM raw WHERE id IN", &raw).await? {
        found.insert(Content::Raw(id), bytes);
    }
    for (id, bytes) in
        blobs(store, "SELECT outbox_id AS id, bytes FROM outbox_bytes WHERE outbox_id IN", &outbox).await?
    {
        found.insert(Content::Outbox(id), bytes);
    }
    Ok(found)
}

fn ids(wanted: &[Content], pick: impl Fn(Content) -> Option<i64>) -> Vec<i64> {
    wanted.iter().copied().filter_map(pick).collect()
}

async fn blobs(store: &Store, head: &'static str, ids: &[i64]) -> anyhow::Result<Vec<(i64, Vec<u8>)>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let sql = format!("{head} ({})", value_list(chunk.len()));
        let query = sqlx::query(store.dialect.numbered(sql)).persistent(false);
        let query = chunk.iter().fold(query, |query, id| query.bind(*id));
        for row in query.fetch_all(store.reader()).await.context("reading mails")? {
            found.push((row.try_get("id")?, row.try_get("bytes")?));
        }
    }
    Ok(found)
}

/// The forms of tickets `first` to `last`.
pub async fn forms(store: &Store, first: i64, last: i64) -> anyhow::Result<Vec<TicketForm>> {
    let rows = sqlx::query("SELECT ticket_id, form, stage, email, data FROM form WHERE ticket_id BETWEEN $1 AND $2")
        .bind(first)
        .bind(last)
        .fetch_all(store.reader())
        .await
        .context("reading the forms of tickets")?;
    rows.iter()
        .map(|row| {
            let data: String = row.try_get("data")?;
            Ok(TicketForm {
                ticket: row.try_get("ticket_id")?,
                form: row.try_get("form")?,
                stage: row.try_get("stage")?,
                about: row.try_get("email")?,
                data: serde_json::from_str(&data).context("reading a form's data")?,
            })
        })
        .collect()
}
