//! Engineers as they are listed.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use crate::mail::Address;
use crate::store::{Store, timestamp};

/// An engineer of one queue, and the work in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engineer {
    /// Who.
    pub person: Address,
    /// The queue.
    pub queue: String,
    /// Since when.
    pub added_at: Timestamp,
    /// Tickets of the queue that the engineer has and that are not closed or merged.
    pub open_tickets: i64,
    /// Mail to this address is suppressed after bounces.
    pub suppressed: bool,
}

/// All engineers, by queue and name.
pub async fn engineers(store: &Store) -> anyhow::Result<Vec<Engineer>> {
    let rows = sqlx::query(
        "SELECT p.name, p.email, e.queue, e.added_at, p.suppressed,
         (SELECT COUNT(*) FROM ticket t WHERE t.assignee_id = p.id AND t.queue = e.queue
          AND t.status NOT IN ('closed', 'merged')) AS open_tickets
         FROM engineer e JOIN person p ON p.id = e.person_id ORDER BY e.queue, p.name, p.email",
    )
    .fetch_all(store.reader())
    .await
    .context("reading the engineers")?;
    rows.iter()
        .map(|row| {
            Ok(Engineer {
                person: Address { name: row.try_get("name")?, email: row.try_get("email")? },
                queue: row.try_get("queue")?,
                added_at: timestamp(row.try_get("added_at")?)?,
                suppressed: row.try_get::<i64, _>("suppressed")? != 0,
                open_tickets: row.try_get("open_tickets")?,
            })
        })
        .collect()
}
