//! The forms of tickets.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Tx, insert_many, member, micros, select_in};
use crate::desk::facts::Facts;
use crate::desk::form::state::{FormState, Stage};
use crate::desk::id::TicketId;

/// The longest window of `limits.links` that counts.
const LINKS_LOOKED_AT: SignedDuration = SignedDuration::from_hours(31 * 24);

const FORM: &str = "SELECT ticket_id, form, stage, data, email FROM form WHERE";

/// The forms of some tickets.
pub(super) async fn load(tx: &mut Tx, tickets: &BTreeSet<i64>, facts: &mut Facts) -> anyhow::Result<()> {
    for row in select_in(tx, &format!("{FORM} ticket_id"), tickets, "").await? {
        let state = state(&row)?;
        facts.forms.insert(state.ticket, state);
    }
    Ok(())
}

/// Tickets of one address that are looked at, the newest: anybody can ask in anybody's name again and again.
const NEWEST: &str = ") AS newest WHERE nth <= 50";

/// The tickets whose forms are about one of these addresses and still go on.
pub(super) async fn tickets_about(tx: &mut Tx, emails: &BTreeSet<String>) -> anyhow::Result<BTreeSet<i64>> {
    let head = "SELECT id FROM (SELECT ticket_id AS id, ROW_NUMBER() OVER (PARTITION BY email ORDER BY ticket_id DESC)
         AS nth FROM form WHERE stage IN ('asking', 'working', 'sent', 'cooling') AND email";
    let rows = select_in(tx, head, emails, NEWEST).await?;
    rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
}

/// The tickets with a form that still goes on, of requesters with these addresses.
pub(super) async fn tickets_of(tx: &mut Tx, emails: &BTreeSet<String>) -> anyhow::Result<BTreeSet<i64>> {
    let head = "SELECT id FROM (SELECT t.id AS id, ROW_NUMBER() OVER (PARTITION BY p.id ORDER BY t.id DESC) AS nth
         FROM person p JOIN ticket t ON t.requester_id = p.id JOIN form f ON f.ticket_id = t.id
         WHERE f.stage IN ('working', 'sent') AND p.email";
    let rows = select_in(tx, head, emails, NEWEST).await?;
    rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
}

/// When links went lately to the addresses that the forms at hand are about.
pub(super) async fn links(tx: &mut Tx, facts: &mut Facts, now: Timestamp) -> anyhow::Result<()> {
    let emails = facts.forms.values().map(|form| form.about.clone()).filter(|email| !email.is_empty()).collect();
    links_to(tx, &emails, facts, now).await
}

/// The same, for some addresses.
pub(super) async fn links_to(
    tx: &mut Tx,
    emails: &BTreeSet<String>,
    facts: &mut Facts,
    now: Timestamp,
) -> anyhow::Result<()> {
    // They may have been looked up already, as the address of a form.
    facts.links.retain(|email, _| !emails.contains(email));
    let since = micros(now - LINKS_LOOKED_AT);
    let head = format!(
        "SELECT email, created_at, by_owner FROM link WHERE created_at > {since} AND created_at <= {}
         AND purpose IN ('activate', 'code', 'reset') AND email",
        micros(now)
    );
    for row in select_in(tx, &head, emails, "ORDER BY created_at").await? {
        let at = super::timestamp(row.try_get("created_at")?)?;
        facts.links.entry(row.try_get("email")?).or_default().push((at, row.try_get::<i64, _>("by_owner")? != 0));
    }
    Ok(())
}

fn state(row: &AnyRow) -> anyhow::Result<FormState> {
    let id: i64 = row.try_get("ticket_id")?;
    let name = format!("the form of ticket {id}");
    let data: String = row.try_get("data")?;
    Ok(FormState {
        ticket: TicketId(id),
        form: row.try_get("form")?,
        stage: member(row.try_get("stage")?, Stage::parse, &name, "stage")?,
        about: row.try_get("email")?,
        data: serde_json::from_str(&data).with_context(|| format!("reading the data of {name}"))?,
    })
}

/// Writes forms as they are now.
pub(super) async fn write(tx: &mut Tx, forms: &[&FormState], now: Timestamp) -> anyhow::Result<()> {
    // The last word on a form wins: one statement must not touch a row twice.
    let last: BTreeMap<i64, &FormState> = forms.iter().map(|state| (state.ticket.0, *state)).collect();
    let mut rows = Vec::with_capacity(last.len());
    for state in last.into_values() {
        rows.push((state, serde_json::to_string(&state.data).context("writing a form's data")?));
    }
    insert_many(
        tx,
        "INSERT INTO form (ticket_id, form, stage, email, data, created_at, updated_at)",
        7,
        "ON CONFLICT (ticket_id) DO UPDATE SET stage = excluded.stage, email = excluded.email, data = excluded.data,
         updated_at = excluded.updated_at",
        &rows,
        |query, (state, data)| {
            query
                .bind(state.ticket.0)
                .bind(state.form.clone())
                .bind(state.stage.as_str().to_owned())
                .bind(state.about.clone())
                .bind(data.clone())
                .bind(micros(now))
                .bind(micros(now))
        },
    )
    .await
}
