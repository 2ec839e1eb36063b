//! Loads what the decisions of one batch need, with few statements whatever the size of the batch.

mod lately;

use std::collections::{BTreeSet, HashMap};

use anyhow::Context;
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::{Store, Tx, VALUE, follow_up, form, link, proof, timestamp, value_list, value_rows};
use crate::desk::arrival::Arrival;
use crate::desk::facts::{Facts, LastWords, MAX_MERGES, NextIds, Person, Role, SentMail, Status, Ticket};
use crate::desk::link::Entropy;
use crate::desk::rules::Rules;
use crate::desk::secret::{Shown, Unseen};
use crate::desk::{PersonId, TicketId, author, bounce, quoted, request, thread};
use crate::mail::language::Language;
use crate::mail::{self, forward};

/// Links of one mail whose tickets are loaded: nobody sends more of them back by chance.
const MAX_RETURNED: usize = 16;
/// Values asked for in one statement.
const CHUNK: usize = 500;
/// Mails of ours that one delivery report is looked at for: the first that it names counts.
const MAX_BOUNCED: usize = 5;

/// Everything that deciding `batch` may look at.
pub async fn load(
    tx: &mut Tx,
    rules: &Rules,
    batch: &[Arrival],
    entropy: Entropy,
    now: Timestamp,
) -> anyhow::Result<Facts> {
    let mut facts = Facts { entropy, next: next_ids(tx).await?, engineers: engineers(tx).await?, ..Facts::default() };
    seen(tx, batch, &mut facts).await?;
    sent_mails(tx, rules, batch, &mut facts).await?;
    threads(tx, batch, &mut facts).await?;
    lately::opened(tx, rules, batch, &mut facts, now).await?;
    tickets(tx, rules, batch, &mut facts).await?;
    people(tx, batch, &mut facts).await?;
    let senders = batch.iter().filter_map(Arrival::from).map(|from| from.email.clone());
    in_directory(tx, &senders.collect(), &mut facts).await?;
    forwarded_authors(tx, rules, batch, &mut facts).await?;
    let quoted = batch.iter().filter_map(|arrival| quoted::ticket(rules, &facts, arrival)).map(|id| id.0).collect();
    last_words(tx, rules, quoted, &mut facts).await?;
    proof::obeyed(tx, batch, &mut facts).await?;
    if !rules.config.forms.is_empty() {
        form::links(tx, &mut facts, now).await?;
    }
    lately::sent(tx, rules, batch, &mut facts, now).await?;
    Ok(facts)
}

/// Whether an address is an engineer's.
pub async fn is_engineer(store: &Store, email: &str) -> anyhow::Result<bool> {
    let row = sqlx::query("SELECT COUNT(*) FROM engineer e JOIN person p ON p.id = e.person_id WHERE p.email = $1");
    let row = row.bind(email.to_owned()).fetch_one(store.reader()).await.context("looking for an engineer")?;
    Ok(row.try_get::<i64, _>(0)? > 0)
}

/// What is known of some tickets and the people on them.
pub async fn load_tickets(tx: &mut Tx, tickets: impl Iterator<Item = i64>) -> anyhow::Result<Facts> {
    let mut facts = Facts { next: next_ids(tx).await?, engineers: engineers(tx).await?, ..Facts::default() };
    ticket_rows(tx, tickets.collect(), &mut facts).await?;
    people(tx, &[], &mut facts).await?;
    Ok(facts)
}

/// Adds the people with these addresses.
pub async fn add_people(tx: &mut Tx, facts: &mut Facts, emails: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let rows = select_in(tx, &format!("{PERSON} email"), &emails.collect(), "").await?;
    know(facts, rows)
}

/// The same, with how much automatic mail the people on them got: for letters that no mail of theirs caused.
pub async fn load_for_letters(
    tx: &mut Tx,
    rules: &Rules,
    tickets: impl Iterator<Item = i64>,
    entropy: Entropy,
    now: Timestamp,
) -> anyhow::Result<Facts> {
    let mut facts = Facts { entropy, ..load_tickets(tx, tickets).await? };
    if !facts.forms.is_empty() {
        form::links(tx, &mut facts, now).await?;
        let tickets = facts.forms.keys().map(|id| id.0).collect();
        last_words(tx, rules, tickets, &mut facts).await?;
    }
    lately::sent(tx, rules, &[], &mut facts, now).await?;
    Ok(facts)
}

/// Runs `head … IN (values) tail` in chunks.
pub(super) async fn select_in<T>(
    tx: &mut Tx,
    head: &str,
    values: &BTreeSet<T>,
    tail: &str,
) -> anyhow::Result<Vec<AnyRow>>
where
    T: for<'q> sqlx::Encode<'q, sqlx::Any> + sqlx::Type<sqlx::Any> + Clone + Send + 'static,
{
    let values: Vec<T> = values.iter().cloned().collect();
    let mut rows = Vec::new();
    for chunk in values.chunks(CHUNK) {
        let sql = format!("{head} IN ({}) {tail}", value_list(chunk.len()));
        let query =
            chunk.iter().fold(sqlx::query(AssertSqlSafe(sql)).persistent(chunk.len() == CHUNK), |query, value| {
                query.bind(value.clone())
            });
        rows.extend(query.fetch_all(&mut **tx).await.with_context(|| head.to_owned())?);
    }
    Ok(rows)
}

async fn next_ids(tx: &mut Tx) -> anyhow::Result<NextIds> {
    let mut next = NextIds::default();
    for row in sqlx::query("SELECT name, value FROM counter").fetch_all(&mut **tx).await.context("reading counters")? {
        let value: i64 = row.try_get(1)?;
        match row.try_get::<String, _>(0)?.as_str() {
            "person" => next.person = value,
            "ticket" => next.ticket = value,
            "message" => next.message = value,
            "event" => next.event = value,
            "outbox" => next.outbox = value,
            "directory_task" => next.directory_task = value,
            _ => {}
        }
    }
    Ok(next)
}

async fn engineers(tx: &mut Tx) -> anyhow::Result<HashMap<PersonId, Vec<String>>> {
    let mut engineers: HashMap<PersonId, Vec<String>> = HashMap::new();
    let rows = sqlx::query("SELECT person_id, queue FROM engineer").fetch_all(&mut **tx).await;
    for row in rows.context("reading engineers")? {
        engineers.entry(PersonId(row.try_get(0)?)).or_default().push(row.try_get(1)?);
    }
    Ok(engineers)
}

/// The first row of each mail of the batch that came before, however often it came.
async fn seen(tx: &mut Tx, batch: &[Arrival], facts: &mut Facts) -> anyhow::Result<()> {
    let keys: BTreeSet<(&str, [u8; 32])> =
        batch.iter().map(|arrival| (arrival.message_id.as_str(), arrival.content_hash)).collect();
    let keys: Vec<_> = keys.into_iter().collect();
    for chunk in keys.chunks(CHUNK / 2) {
        let sql = format!(
            "SELECT l.id, l.message_id, l.content_hash, l.ticket_id FROM ledger l JOIN (SELECT MIN(id) AS id FROM ledger
             WHERE state = 'done' AND (message_id, content_hash) IN (VALUES {}) GROUP BY message_id, content_hash) f
             ON f.id = l.id",
            value_rows(&[VALUE, VALUE], chunk.len())
        );
        let query = sqlx::query(AssertSqlSafe(sql)).persistent(chunk.len() == CHUNK / 2);
        let query = chunk.iter().fold(query, |query, (id, hash)| query.bind((*id).to_owned()).bind(hash.to_vec()));
        for row in query.fetch_all(&mut **tx).await.context("looking for mails that came before")? {
            let hash: Vec<u8> = row.try_get(2)?;
            let hash = <[u8; 32]>::try_from(hash).ok().context("a content hash has 32 octets")?;
            let ticket = row.try_get::<Option<i64>, _>(3)?.map(TicketId);
            facts.seen.insert((row.try_get(1)?, hash), (row.try_get(0)?, ticket));
        }
    }
    Ok(())
}

/// The mails of ours that delivery reports may be about.
async fn sent_mails(tx: &mut Tx, rules: &Rules, batch: &[Arrival], facts: &mut Facts) -> anyhow::Result<()> {
    let mut ids = BTreeSet::new();
    let mut message_ids = BTreeSet::new();
    for arrival in batch.iter().filter(|arrival| arrival.mail.origin == mail::Origin::Bounce) {
        let proven = bounce::proven(rules, &arrival.mail).into_iter().map(|(id, _)| id);
        ids.extend(proven.take(MAX_BOUNCED));
        message_ids.extend(arrival.mail.bounce.as_ref().and_then(|bounce| bounce.original_message_id.clone()));
    }
    let head = "SELECT id, message_id, ticket_id, recipient, subject, state, notice FROM outbox WHERE";
    let mut rows = select_in(tx, &format!("{head} id"), &ids, "").await?;
    rows.extend(select_in(tx, &format!("{head} message_id"), &message_ids, "").await?);
    for row in rows {
        let id: i64 = row.try_get(0)?;
        facts.outbox_by_message_id.insert(row.try_get(1)?, id);
        let sent = SentMail {
            outbox: id,
            ticket: row.try_get::<Option<i64>, _>(2)?.map(TicketId),
            recipient: row.try_get(3)?,
            subject: row.try_get(4)?,
            failed: row.try_get::<String, _>(5)? == "failed",
            notice: row.try_get(6)?,
        };
        facts.outbox.insert(id, sent);
    }
    Ok(())
}

async fn threads(tx: &mut Tx, batch: &[Arrival], facts: &mut Facts) -> anyhow::Result<()> {
    let ids: BTreeSet<String> = batch.iter().flat_map(thread::references).map(str::to_owned).collect();
    // Anybody can send the same Message-ID again and again; one ticket of each is enough.
    let head = "SELECT message_id, MAX(ticket_id) FROM message WHERE message_id";
    let mut rows = select_in(tx, head, &ids, "GROUP BY message_id").await?;
    let head = "SELECT message_id, ticket_id FROM outbox WHERE ticket_id IS NOT NULL AND message_id";
    rows.extend(select_in(tx, head, &ids, "").await?);
    for row in rows {
        facts.threads.insert(row.try_get(0)?, TicketId(row.try_get(1)?));
    }
    Ok(())
}

async fn tickets(tx: &mut Tx, rules: &Rules, batch: &[Arrival], facts: &mut Facts) -> anyhow::Result<()> {
    let mut wanted: BTreeSet<i64> = facts.threads.values().map(|id| id.0).collect();
    wanted.extend(facts.outbox.values().filter_map(|sent| sent.ticket).map(|id| id.0));
    wanted.extend(lately::flooded(rules, batch, facts));
    for arrival in batch {
        wanted.extend(thread::tokens(rules, arrival).iter().map(|token| token.ticket.0));
        wanted.extend(thread::case_numbers(rules, arrival));
        wanted.extend(arrival.mail.returned().iter().take(MAX_RETURNED).map(|link| link.ticket.0));
    }
    if !rules.config.forms.is_empty() {
        let senders = batch.iter().filter_map(Arrival::from).map(|from| from.email.clone());
        let senders = senders.collect();
        wanted.extend(form::tickets_about(tx, &senders).await?);
        wanted.extend(form::tickets_of(tx, &senders).await?);
    }
    ticket_rows(tx, wanted, facts).await
}

/// Tickets, and those they were merged into.
async fn ticket_rows(tx: &mut Tx, mut wanted: BTreeSet<i64>, facts: &mut Facts) -> anyhow::Result<()> {
    for _ in 0..MAX_MERGES {
        wanted.retain(|id| !facts.tickets.contains_key(&TicketId(*id)));
        if wanted.is_empty() {
            break;
        }
        let rows = select_in(tx, &format!("SELECT {TICKET} FROM ticket WHERE id"), &wanted, "").await?;
        wanted.clear();
        for row in &rows {
            let ticket = ticket(row)?;
            wanted.extend(ticket.merged_into.map(|id| id.0));
            facts.tickets.insert(ticket.id, ticket);
        }
    }
    let ids: BTreeSet<i64> = facts.tickets.keys().map(|id| id.0).collect();
    participants(tx, &ids, facts).await?;
    proof::generations(tx, &ids, facts).await?;
    follow_up::load(tx, &ids, facts).await?;
    form::load(tx, &ids, facts).await?;
    thread_ends(tx, &ids, facts).await
}

const TICKET: &str = "id, subject, status, mailbox, queue, language, requester_id, assignee_id, merged_into, closed_at,
    flooded";

fn ticket(row: &AnyRow) -> anyhow::Result<Ticket> {
    let status: String = row.try_get(2)?;
    let language: String = row.try_get(5)?;
    Ok(Ticket {
        id: TicketId(row.try_get(0)?),
        subject: row.try_get(1)?,
        status: Status::parse(&status).with_context(|| format!("a ticket has the unknown status {status}"))?,
        mailbox: row.try_get(3)?,
        queue: row.try_get(4)?,
        language: Language::from_code(&language).unwrap_or(Language::En),
        requester: PersonId(row.try_get(6)?),
        assignee: row.try_get::<Option<i64>, _>(7)?.map(PersonId),
        merged_into: row.try_get::<Option<i64>, _>(8)?.map(TicketId),
        closed_at: row.try_get::<Option<i64>, _>(9)?.map(timestamp).transpose()?,
        others: Vec::new(),
        first_message_id: String::new(),
        last_message_id: String::new(),
        flooded: u32::try_from(row.try_get::<i64, _>(10)?)?,
    })
}

async fn participants(tx: &mut Tx, tickets: &BTreeSet<i64>, facts: &mut Facts) -> anyhow::Result<()> {
    let head = "SELECT ticket_id, person_id, role FROM participant WHERE ticket_id";
    for row in select_in(tx, head, tickets, "ORDER BY ticket_id, added_at, person_id").await? {
        let role = if row.try_get::<String, _>(2)? == "follower" { Role::Follower } else { Role::Copied };
        if let Some(ticket) = facts.tickets.get_mut(&TicketId(row.try_get(0)?)) {
            ticket.others.push((PersonId(row.try_get(1)?), role));
        }
    }
    Ok(())
}

/// The first and last Message-ID that the customers' clients know of each ticket, without reading those between.
async fn thread_ends(tx: &mut Tx, tickets: &BTreeSet<i64>, facts: &mut Facts) -> anyhow::Result<()> {
    let end = |order: &str| {
        format!(
            "COALESCE((SELECT message_id FROM message WHERE ticket_id = ticket.id AND direction = 'inbound'
             AND visibility = 'public' AND message_id <> '' ORDER BY id {order} LIMIT 1), '')"
        )
    };
    let head = format!("SELECT id, {}, {} FROM ticket WHERE id", end("ASC"), end("DESC"));
    for row in select_in(tx, &head, tickets, "").await? {
        if let Some(ticket) = facts.tickets.get_mut(&TicketId(row.try_get(0)?)) {
            (ticket.first_message_id, ticket.last_message_id) = (row.try_get(1)?, row.try_get(2)?);
        }
    }
    Ok(())
}

async fn people(tx: &mut Tx, batch: &[Arrival], facts: &mut Facts) -> anyhow::Result<()> {
    let mut emails = BTreeSet::from([request::NOBODY.to_owned()]);
    for arrival in batch {
        let people = arrival.from().into_iter().chain(&arrival.mail.reply_to).chain(arrival.named());
        emails.extend(people.map(|address| address.email.clone()));
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
async fn in_directory(tx: &mut Tx, emails: &BTreeSet<String>, facts: &mut Facts) -> anyhow::Result<()> {
    let head = "SELECT email FROM business_account WHERE state = 'active' AND email";
    for row in select_in(tx, head, emails, "").await? {
        facts.directory.insert(row.try_get(0)?);
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
async fn forwarded_authors(tx: &mut Tx, rules: &Rules, batch: &[Arrival], facts: &mut Facts) -> anyhow::Result<()> {
    let mut emails = BTreeSet::new();
    let proven = |arrival: &&Arrival| quoted::engineer(rules, facts, arrival).is_some();
    for mail in batch.iter().filter(proven).map(|arrival| &arrival.mail) {
        emails.extend(forward::original(&mail.text, &mail.subject, &mail.attachments).map(|found| found.from.email));
    }
    people_of(tx, &emails, facts).await
}

const PERSON: &str = "SELECT id, email, name, language, bounce_score, bounced_at, suppressed, CASE WHEN known = 1 OR
    EXISTS (SELECT 1 FROM business_account b WHERE b.email = person.email AND b.state = 'active') THEN 1 ELSE 0 END
    FROM person WHERE";

fn know(facts: &mut Facts, rows: Vec<AnyRow>) -> anyhow::Result<()> {
    for row in rows {
        let bounced_at: i64 = row.try_get(5)?;
        let person = Person {
            id: PersonId(row.try_get(0)?),
            email: row.try_get(1)?,
            name: row.try_get(2)?,
            language: Language::from_code(&row.try_get::<String, _>(3)?),
            bounce_score: row.try_get(4)?,
            bounced_at: (bounced_at > 0).then(|| timestamp(bounced_at)).transpose()?,
            suppressed: row.try_get::<i64, _>(6)? != 0,
            known: row.try_get::<i64, _>(7)? != 0,
        };
        facts.by_email.insert(person.email.clone(), person.id);
        facts.people.insert(person.id, person);
    }
    Ok(())
}

/// The customer's last public words of some tickets: the quoted tail of engineers' answers. One mail at a time is in memory:
/// each may have as many octets as a mail may.
async fn last_words(tx: &mut Tx, rules: &Rules, tickets: BTreeSet<i64>, facts: &mut Facts) -> anyhow::Result<()> {
    let head = "SELECT m.ticket_id, m.author_id, m.at, l.raw_id FROM message m JOIN ledger l ON l.id = m.ledger_id
         WHERE m.id IN (SELECT MAX(id) FROM message WHERE direction = 'inbound'
         AND visibility = 'public' AND ledger_id IS NOT NULL AND ticket_id";
    for row in select_in(tx, head, &tickets, "GROUP BY ticket_id)").await? {
        let author = row.try_get::<Option<i64>, _>(1)?.and_then(|id| facts.people.get(&PersonId(id)));
        let name = author.map(|person| if person.name.is_empty() { &person.email } else { &person.name });
        let raw = sqlx::query("SELECT bytes FROM raw WHERE id = $1").bind(row.try_get::<i64, _>(3)?);
        let raw = raw.fetch_one(&mut **tx).await.context("reading what an answer quotes")?;
        let mail = Unseen::of(mail::read(&raw.try_get::<Vec<u8>, _>(0)?));
        let known = link::known_in(tx, mail.candidates().collect()).await?;
        let words = LastWords {
            author: name.cloned().unwrap_or_default(),
            at: timestamp(row.try_get(2)?)?,
            text: words_of(rules, mail.shown(&known), author),
        };
        facts.last_words.insert(TicketId(row.try_get(0)?), words);
    }
    Ok(())
}

/// What the author wrote; of a mail that an engineer forwarded only the forwarded words, never the engineer's own.
fn words_of(rules: &Rules, mail: Shown, author: Option<&Person>) -> String {
    let wrote = author::of(rules, &mail).address.map(|address| address.email);
    let own = wrote.as_ref() == author.map(|person| &person.email);
    if own {
        return mail.into_mail().reply_text;
    }
    let original = forward::original(&mail.text, &mail.subject, &mail.attachments);
    original.map(|original| original.body).unwrap_or_default()
}
