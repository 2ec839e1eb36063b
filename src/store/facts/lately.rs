//! How much came from people and went to them lately: what the caps are held against. What seems to come from the future
//! was written while the clock was ahead, and counts for nothing: it would count until that time comes again.

use std::collections::{BTreeSet, HashMap};

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;

use crate::desk::arrival::author;
use crate::desk::caps;
use crate::desk::facts::{Facts, FirstContacts, Lately};
use crate::desk::id::TicketId;
use crate::desk::inbound::arrival::Arrival;
use crate::desk::rules::Rules;
use crate::store::{Tx, micros, select_in};

/// How many tickets the senders of this batch opened in each window of `limits.per_sender`, and the last of them.
pub(super) async fn opened(
    tx: &mut Tx,
    rules: &Rules,
    batch: &[&Arrival],
    facts: &mut Facts,
    now: Timestamp,
) -> anyhow::Result<()> {
    let windows = &rules.config.limits.per_sender;
    facts.opened.windows = windows.len();
    let senders = batch.iter().filter_map(|arrival| arrival.from()).map(|from| from.email.clone());
    let senders: BTreeSet<String> = senders.chain([author::NOBODY.to_owned()]).collect();
    let starts: Vec<i64> = windows.iter().map(|(within, _)| micros(now - *within)).collect();
    let Some(oldest) = starts.iter().min() else { return Ok(()) };
    let counts: String = starts
        .iter()
        .enumerate()
        .map(|(window, start)| {
            format!(", CAST(SUM(CASE WHEN t.created_at > {start} THEN 1 ELSE 0 END) AS BIGINT) AS within_{window}")
        })
        .collect();
    let head = format!(
        "SELECT p.email, CASE WHEN t.status = 'held' THEN 1 ELSE 0 END AS held, MAX(t.id) AS last{counts} FROM person p
         JOIN ticket t ON t.requester_id = p.id WHERE t.created_at > {oldest} AND t.created_at <= {} AND p.email",
        micros(now)
    );
    for row in select_in(tx, &head, &senders, "GROUP BY 1, 2").await? {
        let mut lately = Lately { counts: vec![0; windows.len()], last: TicketId(row.try_get("last")?) };
        for window in 0..windows.len() {
            set(&mut lately.counts, window, row.try_get(format!("within_{window}").as_str())?);
        }
        facts.opened.by.insert((row.try_get("email")?, row.try_get::<i64, _>("held")? != 0), lately);
    }
    Ok(())
}

/// The last tickets of senders whose mails in this batch may reach a cap: only those may be filed on.
pub(super) fn flooded(rules: &Rules, batch: &[&Arrival], facts: &Facts) -> Vec<i64> {
    let mut mails: HashMap<&str, u32> = HashMap::new();
    for arrival in batch {
        *mails.entry(arrival.from().map_or(author::NOBODY, |from| &from.email)).or_default() += 1;
    }
    let reaches = |email: &str, lately: &Lately| {
        let more = mails.get(email).copied().unwrap_or_default();
        let mut windows = rules.config.limits.per_sender.iter().zip(&lately.counts);
        windows.any(|((_, most), count)| count.saturating_add(more) > *most)
    };
    let by = facts.opened.by.iter().filter(|((email, _), lately)| reaches(email, lately));
    by.map(|(_, lately)| lately.last.0).collect()
}

/// Days before today from which it is learnt how many first contacts are usual, and how many of the last hours do not
/// count for it: a wave must not teach.
const LEARN: (SignedDuration, SignedDuration) = (SignedDuration::from_hours(8 * 24), SignedDuration::from_hours(24));

/// How many letters lately went to people whom we do not know, and how many may.
async fn first_contacts(tx: &mut Tx, rules: &Rules, facts: &mut Facts, now: Timestamp) -> anyhow::Result<()> {
    let window = SignedDuration::from_hours(caps::FIRST_CONTACTS_HOURS);
    let busiest = sqlx::query(
        "SELECT COALESCE(MAX(n), 0) FROM (SELECT COUNT(*) AS n FROM first_contact WHERE held = 0 AND at > $1 AND at <= $2
         GROUP BY at / $3) AS hours",
    )
    .bind(micros(now - LEARN.0))
    .bind(micros(now - LEARN.1))
    .bind(i64::try_from(window.as_micros())?);
    let busiest: i64 =
        busiest.fetch_one(&mut **tx).await.context("learning how many first contacts are usual")?.try_get(0)?;
    let most = caps::first_contacts(rules.config.limits.first_contacts, u32::try_from(busiest).unwrap_or(u32::MAX));
    let counts = sqlx::query(
        "SELECT COUNT(*) AS lately, CAST(COALESCE(SUM(held), 0) AS BIGINT) AS held FROM (SELECT held FROM first_contact WHERE at > $1
         ORDER BY at DESC LIMIT $2) AS lately",
    )
    .bind(micros(now - window))
    .bind(i64::from(most));
    let row = counts.fetch_one(&mut **tx).await.context("counting first contacts")?;
    let count = |name: &str| anyhow::Ok(u32::try_from(row.try_get::<i64, _>(name)?).unwrap_or(u32::MAX));
    facts.first_contacts = FirstContacts { lately: count("lately")?, held: count("held")?, most };
    Ok(())
}

/// How much automatic mail went out in each window, to those whom this batch may answer.
pub(super) async fn sent(
    tx: &mut Tx,
    rules: &Rules,
    batch: &[&Arrival],
    facts: &mut Facts,
    now: Timestamp,
) -> anyhow::Result<()> {
    first_contacts(tx, rules, facts, now).await?;
    let limits = &rules.config.limits;
    let mut recipients: BTreeSet<String> =
        batch.iter().filter_map(|arrival| arrival.from()).map(|from| from.email.clone()).collect();
    recipients.extend(facts.people.values().filter(|p| !facts.is_engineer(p.id)).map(|p| p.email.clone()));
    facts.sent.windows = (limits.per_recipient.len(), limits.per_ticket.len());
    for (window, (within, _)) in limits.per_recipient.iter().enumerate() {
        let since = micros(now - *within);
        let head = format!(
            "SELECT recipient, COUNT(*) AS sent FROM outbox WHERE automatic = 1 AND created_at > {since}
             AND created_at <= {} AND recipient",
            micros(now)
        );
        for row in select_in(tx, &head, &recipients, "GROUP BY recipient").await? {
            let counts =
                facts.sent.to.entry(row.try_get("recipient")?).or_insert_with(|| vec![0; limits.per_recipient.len()]);
            set(counts, window, row.try_get("sent")?);
        }
    }
    let tickets: BTreeSet<i64> = facts.tickets.keys().map(|id| id.0).collect();
    for (window, (within, _)) in limits.per_ticket.iter().enumerate() {
        let since = micros(now - *within);
        let head = format!(
            "SELECT ticket_id, recipient, COUNT(*) AS sent FROM outbox WHERE automatic = 1 AND created_at > {since}
             AND created_at <= {} AND ticket_id",
            micros(now)
        );
        for row in select_in(tx, &head, &tickets, "GROUP BY ticket_id, recipient").await? {
            let key = (TicketId(row.try_get("ticket_id")?), row.try_get("recipient")?);
            let counts = facts.sent.about.entry(key).or_insert_with(|| vec![0; limits.per_ticket.len()]);
            set(counts, window, row.try_get("sent")?);
        }
    }
    for (within, _) in &limits.total {
        let count: i64 =
            sqlx::query("SELECT COUNT(*) FROM outbox WHERE automatic = 1 AND created_at > $1 AND created_at <= $2")
                .bind(micros(now - *within))
                .bind(micros(now))
                .fetch_one(&mut **tx)
                .await
                .context("counting automatic mails")?
                .try_get(0)?;
        facts.sent.total.push(u32::try_from(count).unwrap_or(u32::MAX));
    }
    Ok(())
}

fn set(counts: &mut [u32], window: usize, count: i64) {
    if let Some(slot) = counts.get_mut(window) {
        *slot = u32::try_from(count).unwrap_or(u32::MAX);
    }
}
