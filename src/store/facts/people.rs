//! The people whom a batch may be about.

use std::collections::{BTreeSet, HashMap};

use anyhow::Context;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::desk::arrival::{author, quoted};
use crate::desk::command::grammar;
use crate::desk::facts::Facts;
use crate::desk::id::PersonId;
use crate::desk::inbound::arrival::Arrival;
use crate::desk::rules::Rules;
use crate::desk::ticket::person::Person;
use crate::mail::forward;
use crate::store::{Store, Tx, known_language, select_in, timestamp};

/// Whether an address is an engineer's.
pub async fn is_engineer(store: &Store, email: &str) -> anyhow::Result<bool> {
    let row = sqlx::query("SELECT COUNT(*) FROM engineer e JOIN person p ON p.id = e.person_id WHERE p.email = $1");
    let row = row.bind(email.to_owned()).fetch_one(store.reader()).await.context("looking for an engineer")?;
    Ok(row.try_get::<i64, _>(0)? > 0)
}

/// All engineers with their queues.
pub(super) async fn engineers(tx: &mut Tx) -> anyhow::Result<HashMap<PersonId, Vec<String>>> {
    let mut engineers: HashMap<PersonId, Vec<String>> = HashMap::new();
    let rows = sqlx::query("SELECT person_id, queue FROM engineer").fetch_all(&mut **tx).await;
    for row in rows.context("reading engineers")? {
        engineers.entry(PersonId(row.try_get("person_id")?)).or_default().push(row.try_get("queue")?);
    }
    Ok(engineers)
}

/// Everybody whom the batch and the facts at hand name.
pub(super) async fn people(tx: &mut Tx, batch: &[&Arrival], facts: &mut Facts) -> anyhow::Result<()> {
    let mut emails = BTreeSet::from([author::NOBODY.to_owned()]);
    for arrival in batch {
        let people = arrival.from().into_iter().chain(&arrival.mail.reply_to).chain(arrival.named());
        emails.extend(people.map(|address| address.email.clone()));
        emails.extend(grammar::addresses(&arrival.mail.reply_text));
    }
    emails.extend(facts.outbox.values().map(|sent| sent.recipient.clone()));
    for form in facts.forms.values() {
        emails.insert(form.about.clone());
        emails.extend(form.data.known.administrators.iter().cloned());
    }
    let mut ids: BTreeSet<i64> = facts.engineers.keys().map(|id| id.0).collect();
    for ticket in facts.tickets.values() {
        ids.extend([Some(ticket.requester), ticket.assignee].into_iter().flatten().map(|id| id.0));
        ids.extend(ticket.others.iter().map(|(id, _)| id.0));
    }
    let mut rows = select_in(tx, &format!("{PERSON} email"), &emails, "").await?;
    rows.extend(select_in(tx, &format!("{PERSON} id"), &ids, "").await?);
    know(facts, rows)
}

/// Those of some addresses that are active in the directory of accounts, whether they wrote before or not.
pub(super) async fn in_directory(tx: &mut Tx, emails: &BTreeSet<String>, facts: &mut Facts) -> anyhow::Result<()> {
    let head = "SELECT email FROM business_account WHERE state = 'active' AND email";
    for row in select_in(tx, head, emails, "").await? {
        facts.directory.insert(row.try_get("email")?);
    }
    Ok(())
}

/// The people of some addresses.
pub(super) async fn people_of(tx: &mut Tx, emails: &BTreeSet<String>, facts: &mut Facts) -> anyhow::Result<()> {
    let rows = select_in(tx, &format!("{PERSON} email"), emails, "").await?;
    know(facts, rows)?;
    in_directory(tx, emails, facts).await
}

/// Those whose mails engineers of this batch may be forwarding.
pub(super) async fn forwarded_authors(
    tx: &mut Tx,
    rules: &Rules,
    batch: &[&Arrival],
    facts: &mut Facts,
) -> anyhow::Result<()> {
    let mut emails = BTreeSet::new();
    let proven = |arrival: &&&Arrival| quoted::engineer(rules, facts, arrival).is_some();
    for mail in batch.iter().filter(proven).map(|arrival| &arrival.mail) {
        emails.extend(forward::original(&mail.text, &mail.subject, &mail.attachments).map(|found| found.from.email));
    }
    people_of(tx, &emails, facts).await
}

const PERSON: &str = "SELECT id, email, name, language, bounce_score, bounced_at, suppressed, CASE WHEN known = 1 OR
    EXISTS (SELECT 1 FROM business_account b WHERE b.email = person.email AND b.state = 'active') THEN 1 ELSE 0 END AS is_known
    FROM person WHERE";

fn know(facts: &mut Facts, rows: Vec<AnyRow>) -> anyhow::Result<()> {
    for row in rows {
        let id: i64 = row.try_get("id")?;
        let bounced_at: i64 = row.try_get("bounced_at")?;
        let person = Person {
            id: PersonId(id),
            email: row.try_get("email")?,
            name: row.try_get("name")?,
            language: known_language(row.try_get("language")?, format!("person {id}"))?,
            bounce_score: row.try_get("bounce_score")?,
            bounced_at: (bounced_at > 0).then(|| timestamp(bounced_at)).transpose()?,
            suppressed: row.try_get::<i64, _>("suppressed")? != 0,
            known: row.try_get::<i64, _>("is_known")? != 0,
        };
        facts.by_email.insert(person.email.clone(), person.id);
        facts.people.insert(person.id, person);
    }
    Ok(())
}
