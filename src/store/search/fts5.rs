//! The index as SQLite has it: a table of FTS5 without the words themselves, as those are views on raw mails. A row is a
//! message, and has its id; one that is deleted takes its row along (a trigger of the migration).

use anyhow::Context;

use super::index::Index;
use crate::desk::search::entry::Entry;
use crate::desk::search::query::{Query, Term};
use crate::store::{Tx, insert_many};

/// The newest are read first, without sorting.
pub(super) const INDEX: Index = Index {
    found: "SELECT m.id, m.ticket_id, m.at FROM search CROSS JOIN message m ON m.id = search.rowid
    CROSS JOIN ticket t ON t.id = m.ticket_id",
    matches: "search MATCH",
    message: "search.rowid <",
    newest: "ORDER BY search.rowid DESC",
    expression,
};

/// Makes messages known. One that is known already is known anew.
pub(super) async fn insert(tx: &mut Tx, entries: &[&Entry]) -> anyhow::Result<()> {
    let head = "INSERT OR REPLACE INTO search (rowid, subject, words, author, files)";
    insert_many(tx, head, 5, "", entries, |query, entry| {
        query
            .bind(entry.message)
            .bind(entry.subject.as_str())
            .bind(entry.words.as_str())
            .bind(entry.author.as_str())
            .bind(entry.files.as_str())
    })
    .await
}

/// Forgets everything.
pub(super) async fn clear(tx: &mut Tx) -> anyhow::Result<()> {
    let sql = "INSERT INTO search (search) VALUES ('delete-all')";
    sqlx::query(sql).execute(&mut **tx).await.context("emptying the search index")?;
    Ok(())
}

/// Merges the index into one piece: what was deleted leaves the file.
pub(super) async fn tidy(tx: &mut Tx) -> anyhow::Result<()> {
    let sql = "INSERT INTO search (search) VALUES ('optimize')";
    sqlx::query(sql).execute(&mut **tx).await.context("tidying the search index")?;
    Ok(())
}

/// What FTS5 is asked. Words are letters and digits alone and stand in quotes: nothing in them is an operator.
fn expression(query: &Query) -> String {
    let words = query.terms.iter().map(phrase);
    let from = query.from.iter().map(|term| format!("author : {}", phrase(term)));
    words.chain(from).collect::<Vec<_>>().join(" AND ")
}

fn phrase(term: &Term) -> String {
    let one = |words: &Vec<String>| format!("\"{}\"{}", words.join(" "), if term.begins { " *" } else { "" });
    format!("({})", term.spellings.iter().map(one).collect::<Vec<_>>().join(" OR "))
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
            asked("Müller from:anna \"a\" OR"),
            r#"("Müller" * OR "Mueller" *) AND ("a") AND ("OR") AND author : ("anna" *)"#
        );
    }
}
