//! The database: its connections and what is done to it as a whole.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use sqlx::AnyPool;

use super::dialect::Dialect;
use super::fresh::Fresh;
use super::sql::Tx;
use super::sqlite;

/// The database. Clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    writer: AnyPool,
    reader: AnyPool,
    pub(super) dialect: Dialect,
    /// The database's file, where it is one.
    pub(super) file: Option<PathBuf>,
    pub(super) fresh: Arc<Fresh>,
    /// The log has what was erased since, or may have: nobody knows what an earlier process left.
    traces: Arc<AtomicBool>,
}

/// Connections that write. SQLite has one writer at a time, and a transaction that decides keeps others out on PostgreSQL as
/// well: one connection queues fairly where many would collide.
const WRITERS: u32 = 1;
/// The writer looks at the same parts of the indexes again and again.
const WRITER_CACHE_KIB: u32 = 4_000;
/// Connections that read.
const READERS: u32 = 3;
/// Readers mostly fetch raw mails, each once.
const READER_CACHE_KIB: u32 = 500;

impl Store {
    /// Opens (and creates and migrates) the database at `url`: `sqlite:///path/caseway.db`, or
    /// `postgres://user:password@host/database`, which must be there.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        sqlx::any::install_default_drivers();
        let dialect = Dialect::of(url)?;
        dialect.create(url)?;
        let writer = dialect.pool(WRITERS, url, WRITER_CACHE_KIB).await?;
        dialect.migrate(&writer).await.context("bringing the database up to date")?;
        let reader = dialect.pool(READERS, url, READER_CACHE_KIB).await?;
        let file = sqlite::file(url);
        Ok(Self { writer, reader, dialect, file, fresh: Arc::default(), traces: Arc::new(AtomicBool::new(true)) })
    }

    /// The file of the database at `url`, when it has one and it is not there.
    pub fn missing_file(url: &str) -> Option<PathBuf> {
        sqlite::file(url).filter(|file| !file.exists())
    }

    /// Begins a transaction that may write; waits for its turn.
    pub async fn write(&self) -> anyhow::Result<Tx> {
        let begun = async {
            let mut tx = self.writer.begin_with(self.dialect.begin()).await?;
            self.dialect.lock(&mut tx).await?;
            Ok::<_, sqlx::Error>(tx)
        };
        begun.await.context("waiting for the database's write lock")
    }

    /// Begins a transaction that only reads; waits for nobody who writes.
    pub async fn read(&self) -> anyhow::Result<Tx> {
        self.reader.begin_with(self.dialect.begin_reading()).await.context("waiting for a connection to the database")
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
