//! All SQL: one file a family of tables.
//!
//! Statements keep to the dialect that SQLite and PostgreSQL share, through `sqlx::Any`: booleans and times are
//! BIGINT (0/1, UTC microseconds), placeholders are `$n`. What differs is in `dialect`.

pub mod backup;
pub mod commit;
pub mod cursor;
mod dialect;
pub mod directory;
pub mod facts;
pub mod first_sight;
pub mod follow_up;
pub mod form;
mod fresh;
pub mod ledger;
pub mod link;
pub mod oauth;
pub mod operator;
pub mod outbox;
mod proof;
pub mod sent_copy;
pub mod task;
pub mod view;
pub mod watch;
pub mod web;
pub mod work;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use sqlx::any::{Any, AnyPoolOptions};
use sqlx::{AnyPool, AssertSqlSafe, Row, Transaction};

pub(crate) use dialect::{NUMBER, VALUE};

/// A transaction that may write.
pub type Tx = Transaction<'static, Any>;
/// One prepared statement with its values.
pub type Query<'q> = sqlx::query::Query<'q, Any, sqlx::any::AnyArguments>;

/// The database. Clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    writer: AnyPool,
    reader: AnyPool,
    dialect: dialect::Dialect,
    fresh: Arc<fresh::Fresh>,
    /// The log has what was erased since, or may have: nobody knows what an earlier process left.
    traces: Arc<AtomicBool>,
}

/// Waiting this long for a connection or a lock means that the database cannot take anything now.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The writer looks at the same parts of the indexes again and again.
const WRITER_CACHE_KIB: u32 = 4_000;
/// Readers mostly fetch raw mails, each once.
const READER_CACHE_KIB: u32 = 500;

impl Store {
    /// Opens (and creates and migrates) the database at `url`: `sqlite:///path/caseway.db`.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        sqlx::any::install_default_drivers();
        let dialect = dialect::Dialect::of(url)?;
        dialect.create(url)?;
        let writers = AnyPoolOptions::new().max_connections(dialect.writers());
        let writer = dialect.pool(writers, url, WRITER_CACHE_KIB).await?;
        dialect.migrate(&writer).await.context("bringing the database up to date")?;
        let reader = dialect.pool(AnyPoolOptions::new().max_connections(3), url, READER_CACHE_KIB).await?;
        Ok(Self { writer, reader, dialect, fresh: Arc::default(), traces: Arc::new(AtomicBool::new(true)) })
    }

    /// The file of the database at `url`, when it has one and it is not there.
    pub fn missing_file(url: &str) -> Option<std::path::PathBuf> {
        dialect::file(url).filter(|file| !file.exists())
    }

    /// Begins a transaction that may write; waits for its turn.
    pub async fn write(&self) -> anyhow::Result<Tx> {
        self.writer.begin_with(self.dialect.begin()).await.context("waiting for the database's write lock")
    }

    /// Begins a transaction that only reads; waits for nobody who writes.
    pub async fn read(&self) -> anyhow::Result<Tx> {
        self.reader.begin_with("BEGIN").await.context("waiting for a connection to the database")
    }

    /// Connections for reading.
    pub fn reader(&self) -> &AnyPool {
        &self.reader
    }

    /// Waits for work in progress and closes all connections; checkpoints the write-ahead log.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// Housekeeping while much is written: what commits would have to do otherwise is done beside them.
    pub async fn checkpoint(&self) -> anyhow::Result<()> {
        self.dialect.checkpoint(&self.reader).await
    }

    /// Removes what was erased from the log as well, once nobody is in the way: the file has it overwritten already, but
    /// the log keeps the pages as they were before. To be called again and again; cheap when nothing was erased.
    pub async fn remove_traces(&self) -> anyhow::Result<()> {
        if self.traces.swap(false, Ordering::AcqRel) && !self.dialect.cut_log(&self.reader).await? {
            self.traces.store(true, Ordering::Release);
        }
        Ok(())
    }

    /// Something was erased and committed.
    pub(crate) fn leaves_traces(&self) {
        self.traces.store(true, Ordering::Release);
    }

    /// Whether the database takes a change now, which only making one can tell: a full disk lets transactions begin, and
    /// refuses to commit them. The change changes nothing.
    pub async fn takes_changes(&self) -> anyhow::Result<()> {
        let mut tx = self.write().await?;
        sqlx::query("UPDATE counter SET value = value WHERE name = 'ledger'")
            .execute(&mut *tx)
            .await
            .context("writing to the database")?;
        tx.commit().await.context("committing a change to the database")
    }

    /// Writes a consistent copy of the database to `file` while it is in use.
    pub async fn backup(&self, file: &std::path::Path) -> anyhow::Result<()> {
        self.dialect.backup(&self.reader, file).await
    }
}

/// UTC microseconds, as stored.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// A stored time.
pub(crate) fn timestamp(micros: i64) -> anyhow::Result<Timestamp> {
    Timestamp::from_microsecond(micros).with_context(|| format!("a stored time is out of range: {micros}"))
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
    Ok(row.try_get::<i64, _>(0)? - count + 1)
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
    write_many(tx, &vec![VALUE; columns], rows, sql, bind).await.with_context(|| head.to_owned())
}

/// Updates many rows by their `id`, each with values of its own, with few statements. `columns` are what is set, each with
/// [`VALUE`] or [`NUMBER`]; `bind` binds the id and then those. A row must not occur twice.
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
    write_many(tx, &row, rows, sql, bind).await.with_context(|| format!("changing rows of {table}"))
}

/// Executes what `sql` makes of the values of some rows, with few statements. `row` has [`VALUE`] or [`NUMBER`] for each
/// value that `bind` binds. Values may be borrowed from the rows: each is copied by the database's driver anyway.
pub(crate) async fn write_many<'q, T>(
    tx: &mut Tx,
    row: &[&str],
    rows: &'q [T],
    sql: impl Fn(&str) -> String,
    bind: impl Fn(Query<'q>, &'q T) -> Query<'q>,
) -> sqlx::Result<()> {
    let full = (MAX_VALUES / row.len().max(1)).max(1);
    for chunk in rows.chunks(full) {
        let sql = sql(&value_rows(row, chunk.len()));
        let query = sqlx::query(AssertSqlSafe(sql)).persistent(chunk.len() == full);
        chunk.iter().fold(query, &bind).execute(&mut **tx).await?;
    }
    Ok(())
}
