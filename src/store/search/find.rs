//! Which tickets hold what somebody looks for.

use std::collections::HashSet;

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use super::choice;
use super::index::Index;
use crate::desk::search::query::Query;
use crate::store::view::filter::Filter;
use crate::store::view::tickets::{self, Ticket};
use crate::store::{Tx, micros, timestamp};

/// Messages read at once: a page of results is seldom more.
const PAGE: u32 = 200;
/// Pages read for one question: a ticket of ten thousand messages hides the others, and keeps nobody waiting.
const MAX_PAGES: usize = 500;

/// A ticket that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The ticket.
    pub ticket: Ticket,
    /// When its newest message that matches came; `None` where its number was asked for.
    pub at: Option<Timestamp>,
}

/// At most `limit` tickets, the one with the newest message that matches first; one that is asked for by its number before all.
pub async fn find(tx: &mut Tx, query: &Query, limit: usize) -> anyhow::Result<Vec<Hit>> {
    let mut found: Vec<(i64, Option<Timestamp>)> = query.case.map(|case| (case, None)).into_iter().collect();
    let mut seen: HashSet<i64> = query.case.into_iter().collect();
    let mut last = i64::MAX;
    let index = choice::index(tx);
    let expression = (index.expression)(query);
    for _ in 0..MAX_PAGES {
        let rows = matching(&index, query, &expression, last).fetch_all(&mut **tx).await.context("searching")?;
        for row in &rows {
            last = row.try_get("id")?;
            let ticket = row.try_get("ticket_id")?;
            if seen.insert(ticket) {
                found.push((ticket, Some(timestamp(row.try_get("at")?)?)));
            }
        }
        if rows.len() < PAGE as usize || found.len() >= limit {
            break;
        }
    }
    found.truncate(limit);
    let ids: Vec<i64> = found.iter().map(|(ticket, _)| *ticket).collect();
    let mut tickets = tickets::some(tx, &ids).await?;
    let hits = found.into_iter().filter_map(|(id, at)| Some(Hit { ticket: tickets.remove(&id)?, at }));
    Ok(hits.collect())
}

fn matching(index: &Index, query: &Query, expression: &str, last: i64) -> crate::store::Query<'static> {
    Filter::default()
        .and_value(index.matches, expression)
        .and_value(index.message, last)
        .and_some("m.at >=", query.after.map(micros))
        .and_some("m.at <", query.before.map(micros))
        .and_some("t.queue =", query.queue.clone())
        .query(index.found, index.newest, PAGE)
}
