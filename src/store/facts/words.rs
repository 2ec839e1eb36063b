//! The words that answers quote.

use std::collections::BTreeSet;

use anyhow::Context;
use sqlx::Row;

use crate::desk::arrival::author;
use crate::desk::facts::Facts;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::rules::Rules;
use crate::desk::seal::secret::{Shown, Unseen};
use crate::desk::ticket::message::LastWords;
use crate::desk::ticket::person::Person;
use crate::mail::{self, forward};
use crate::store::{Tx, link, select_in, timestamp};

/// The customer's last public words of some tickets: the quoted tail of engineers' answers. One mail at a time is in memory:
/// each may have as many octets as a mail may.
pub(super) async fn last_words(
    tx: &mut Tx,
    rules: &Rules,
    tickets: BTreeSet<i64>,
    facts: &mut Facts,
) -> anyhow::Result<()> {
    let head = "SELECT m.ticket_id, m.author_id, m.at, l.raw_id FROM message m JOIN ledger l ON l.id = m.ledger_id
         WHERE m.id IN (SELECT MAX(id) FROM message WHERE direction = 'inbound'
         AND visibility = 'public' AND ledger_id IS NOT NULL AND ticket_id";
    for row in select_in(tx, head, &tickets, "GROUP BY ticket_id)").await? {
        let by = row.try_get::<Option<i64>, _>("author_id")?.map(PersonId);
        let author = by.and_then(|id| facts.people.get(&id));
        let name = author.map(|person| if person.name.is_empty() { &person.email } else { &person.name });
        let raw = sqlx::query("SELECT bytes FROM raw WHERE id = $1").bind(row.try_get::<i64, _>("raw_id")?);
        let raw = raw.fetch_one(&mut **tx).await.context("reading what an answer quotes")?;
        let mail = Unseen::of(mail::read(&raw.try_get::<Vec<u8>, _>("bytes")?));
        let known = link::known_in(tx, mail.candidates().collect()).await?;
        let words = LastWords {
            author: name.cloned().unwrap_or_default(),
            by,
            at: timestamp(row.try_get("at")?)?,
            text: words_of(rules, mail.shown(&known), author),
        };
        facts.last_words.insert(TicketId(row.try_get("ticket_id")?), words);
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
