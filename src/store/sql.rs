//! What statements are made of: transactions, values, lists of them, times and ids.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use jiff::Timestamp;
use sqlx::any::{Any, AnyRow};
use sqlx::{Row, Transaction};

use super::dialect::{Dialect, NUMBER, VALUE};
use crate::mail::language::Language;

/// A transaction: one that may write, or one that only reads.
pub type Tx = Transaction<'static, Any>;
/// One prepared statement with its values.
pub type Query<'q> = sqlx::query::Query<'q, Any, sqlx::any::AnyArguments>;

/// UTC microseconds, as stored.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// A stored time.
pub(crate) fn timestamp(micros: i64) -> anyhow::Result<Timestamp> {
    Timestamp::from_microsecond(micros).with_context(|| format!("a stored time is out of range: {micros}"))
}

/// A member of a closed set by its stored word: one that nobody knows is an error that names the row, as in `ticket 7`.
pub(crate) fn member<T>(
    word: String,
    parse: impl Fn(&str) -> Option<T>,
    row: impl std::fmt::Display,
    what: &str,
) -> anyhow::Result<T> {
    parse(&word).with_context(|| format!("{row} has the unknown {what} {word:?}"))
}

/// The language of a person, of whom none may be known.
pub(crate) fn known_language(code: String, row: impl std::fmt::Display) -> anyhow::Result<Option<Language>> {
    if code.is_empty() { Ok(None) } else { member(code, Language::from_code, row, "language").map(Some) }
}

/// Takes `count` ids of a table; the first of them. Holds the counter's row until the transaction ends.
pub(crate) async fn take_ids(tx: &mut Tx, table: &str, count: usize) -> anyhow::Result<i64> {
    let count = i64::try_from(count)?;
    let row = sqlx::query("UPDATE counter SET value = value + $1 WHERE name = $2 RETURNING value")
        .bind(count)
        .bind(table.to_owned())
        .fetch_one(&mut **tx)
        .await
        .with_context(|| format!("taking ids of {table}"))?;
    Ok(row.try_get::<i64, _>("value")? - count + 1)
}

/// `$from, $from+1, …`: `count` placeholders.
pub(crate) fn placeholders(from: usize, count: usize) -> String {
    use std::fmt::Write;
    (from..from + count).fold(String::with_capacity(count * 5), |mut text, n| {
        let _ = write!(text, "{}${n}", if n == from { "" } else { "," });
        text
    })
}

/// `count` values, to be bound in order, in a statement that has no others.
pub(crate) fn value_list(count: usize) -> String {
    vec![VALUE; count].join(",")
}

/// `count` rows of values, to be bound in order: [`VALUE`] or [`NUMBER`] a column.
pub(crate) fn value_rows(row: &[&str], count: usize) -> String {
    vec![format!("({})", row.join(",")); count].join(",")
}

/// Values asked for in one statement.
pub(super) const CHUNK: usize = 500;
/// Values in one statement; few statements of one size are worth preparing once.
const MAX_VALUES: usize = 512;

/// Inserts many rows with few statements. `head` is `INSERT INTO t (a, b)`, `tail` an `ON CONFLICT` clause or nothing.
pub(crate) async fn insert_many<'q, T>(
    tx: &mut Tx,
    head: &str,
    columns: usize,
    tail: &str,
    rows: &'q [T],
    bind: impl Fn(Query<'q>, &'q T) -> Query<'q>,
) -> anyhow::Result<()> {
    let sql = |values: &str| format!("{head} VALUES {values} {tail}");
    write_many(tx, &vec![VALUE; columns], rows, sql, bind).await.with_context(|| head.to_owned())?;
    Ok(())
}

/// Updates many rows by their `id`, each with values of its own, with few statements. `columns` are what is set, each with
/// [`VALUE`] or [`NUMBER`]; `bind` binds the id and then those. A row that is not there or occurs twice is an error: of two
/// words about one row SQLite would take the last, PostgreSQL the first.
pub(crate) async fn update_many<'q, T>(
    tx: &mut Tx,
    table: &str,
    columns: &[(&str, &str)],
    rows: &'q [T],
    bind: impl Fn(Query<'q>, &'q T) -> Query<'q>,
) -> anyhow::Result<()> {
    let (names, mut row): (Vec<&str>, Vec<&str>) = columns.iter().copied().unzip();
    row.insert(0, NUMBER);
    let set: Vec<String> = names.iter().map(|name| format!("{name} = new.{name}")).collect();
    let (names, set) = (names.join(", "), set.join(", "));
    let sql = |values: &str| {
        format!(
            "WITH new (id, {names}) AS (VALUES {values}) UPDATE {table} SET {set} FROM new WHERE {table}.id = new.id"
        )
    };
    let changed = write_many(tx, &row, rows, sql, bind).await.with_context(|| format!("changing rows of {table}"))?;
    let all = u64::try_from(rows.len())?;
    ensure!(changed == all, "{changed} rows of {table} were changed, where {all} were to be");
    Ok(())
}

/// Executes what `sql` makes of the values of some rows, with few statements. `row` has [`VALUE`] or [`NUMBER`] for each
/// value that `bind` binds. Values may be borrowed from the rows: each is copied by the database's driver anyway. How many
/// rows of the table it concerned.
pub(crate) async fn write_many<'q, T>(
    tx: &mut Tx,
    row: &[&str],
    rows: &'q [T],
    sql: impl Fn(&str) -> String,
    bind: impl Fn(Query<'q>, &'q T) -> Query<'q>,
) -> sqlx::Result<u64> {
    let dialect = Dialect::at(tx);
    let mut concerned = 0;
    let full = (MAX_VALUES / row.len().max(1)).max(1);
    for chunk in rows.chunks(full) {
        let sql = sql(&value_rows(row, chunk.len()));
        let query = sqlx::query(dialect.numbered(sql)).persistent(chunk.len() == full);
        concerned += chunk.iter().fold(query, &bind).execute(&mut **tx).await?.rows_affected();
    }
    Ok(concerned)
}

/// Runs `head … IN (values) tail` in chunks.
pub(crate) async fn select_in<T>(
    tx: &mut Tx,
    head: &str,
    values: &BTreeSet<T>,
    tail: &str,
) -> anyhow::Result<Vec<AnyRow>>
where
    T: for<'q> sqlx::Encode<'q, sqlx::Any> + sqlx::Type<sqlx::Any> + Clone + Send + 'static,
{
    let values: Vec<T> = values.iter().cloned().collect();
    let dialect = Dialect::at(tx);
    let mut rows = Vec::new();
    for chunk in values.chunks(CHUNK) {
        let sql = format!("{head} IN ({}) {tail}", value_list(chunk.len()));
        let query = sqlx::query(dialect.numbered(sql)).persistent(chunk.len() == CHUNK);
        let query = chunk.iter().fold(query, |query, value| query.bind(value.clone()));
        rows.extend(query.fetch_all(&mut **tx).await.with_context(|| head.to_owned())?);
    }
    Ok(rows)
}
