//! The index as PostgreSQL has it: a row a message with the words it can be found by and their places (`tsvector`), which
//! goes with its message.

use anyhow::Context;

use super::index::Index;
use crate::desk::search::entry::Entry;
use crate::desk::search::query::{Query, Term};
use crate::store::{NUMBER, Tx, write_many};

pub(super) const INDEX: Index = Index {
    found: "SELECT m.id, m.ticket_id, m.at FROM search s JOIN message m ON m.id = s.id JOIN ticket t ON t.id = m.ticket_id",
    matches: "s.found @@ CAST(regexp_replace(normalize({}, NFD), '[\\u0300-\\u036f]', '', 'g') AS TSQUERY)",
    message: "s.id <",
    newest: "ORDER BY s.id DESC",
    expression,
};

/// The words of the four texts, their letters without marks; the author's have a weight of their own, to be asked for.
const FOUND: &str =
    "setweight(to_tsvector('simple', regexp_replace(normalize(?, NFD), '[\\u0300-\\u036f]', '', 'g')), 'A')
     || setweight(to_tsvector('simple', regexp_replace(normalize(?, NFD), '[\\u0300-\\u036f]', '', 'g')), 'B')
     || setweight(to_tsvector('simple', regexp_replace(normalize(?, NFD), '[\\u0300-\\u036f]', '', 'g')), 'C')
     || setweight(to_tsvector('simple', regexp_replace(normalize(?, NFD), '[\\u0300-\\u036f]', '', 'g')), 'D')";

/// Makes messages known. One that is known already is known anew.
pub(super) async fn insert(tx: &mut Tx, entries: &[&Entry]) -> anyhow::Result<()> {
    let sql = |rows: &str| {
        format!("INSERT INTO search (id, found) VALUES {rows} ON CONFLICT (id) DO UPDATE SET found = excluded.found")
    };
    write_many(tx, &[NUMBER, FOUND], entries, sql, |query, entry| {
        query
            .bind(entry.message)
            .bind(words(&entry.subject))
            .bind(words(&entry.words))
            .bind(words(&entry.author))
            .bind(words(&entry.files))
    })
    .await
    .context("filling the search index")?;
    Ok(())
}

/// Forgets everything.
pub(super) async fn clear(tx: &mut Tx) -> anyhow::Result<()> {
    sqlx::query("DELETE FROM search").execute(&mut **tx).await.context("emptying the search index")?;
    Ok(())
}

/// Letters and digits in lower case: signs only part words, where PostgreSQL would see addresses, paths and versions in them.
/// Marks that stand behind their letter stay with it.
fn words(text: &str) -> String {
    let part = |c: char| if c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}') { c } else { ' ' };
    text.chars().map(part).collect::<String>().to_lowercase()
}

/// What the index is asked. Words are letters and digits alone and stand in quotes: nothing in them is an operator.
fn expression(query: &Query) -> String {
    let words = query.terms.iter().map(|term| phrase(term, ""));
    let from = query.from.iter().map(|term| phrase(term, "C"));
    words.chain(from).collect::<Vec<_>>().join(" & ")
}

/// A term, in texts of this weight.
fn phrase(term: &Term, weight: &str) -> String {
    let one = |words: &Vec<String>| {
        let last = words.len().saturating_sub(1);
        let begins = |n: usize| if term.begins && n == last { "*" } else { "" };
        let word = |(n, word): (usize, &String)| {
            let how = format!("{}{weight}", begins(n));
            let colon = if how.is_empty() { "" } else { ":" };
            format!("'{}'{colon}{how}", self::words(word))
        };
        format!("({})", words.iter().enumerate().map(word).collect::<Vec<_>>().join(" <-> "))
    };
    format!("({})", term.spellings.iter().map(one).collect::<Vec<_>>().join(" | "))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::desk::search::query;

    #[test]
    fn words_are_never_operators() {
        let asked = |typed| expression(&query::parse(typed, "CASE", &TimeZone::UTC).unwrap());
        assert_eq!(
            asked("Müller from:anna \"a b\" |"),
            "(('müller':*) | ('mueller':*)) & (('a' <-> 'b')) & (('anna':*C))"
        );
    }

    #[test]
    fn signs_part_words() {
        assert_eq!(words("Anna <anna@customer.test>, v1.2/x"), "anna  anna customer test   v1 2 x");
    }
}
