//! SQLite: one file, one writer.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use sqlx::any::AnyPoolOptions;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AnyPool, AssertSqlSafe, Connection, Row};

use super::holdings::Holdings;
use crate::private;

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Makes the file of a new database, for its owner alone. SQLite gives the files that it puts beside it, the
/// write-ahead log and its index, the permissions of the database.
pub(super) fn create(url: &str) -> anyhow::Result<()> {
    let in_memory = url.contains(":memory:") || url.contains("mode=memory");
    let Some(file) = file(url).filter(|_| !in_memory) else { return Ok(()) };
    match private::file(OpenOptions::new().write(true).create_new(true), &file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("creating the database {}", file.display()))
        }
        _ => Ok(()),
    }
}

/// Connections that keep at most `cache_kib` KiB of the database in memory, each.
pub(super) async fn pool(options: AnyPoolOptions, url: &str, cache_kib: u32) -> anyhow::Result<AnyPool> {
    let cache = format!("PRAGMA cache_size = -{cache_kib}");
    let url = format!("{url}{}mode=rwc", if url.contains('?') { '&' } else { '?' });
    options
        .test_before_acquire(false)
        // SQLite ends a transaction by itself when the disk is full (or fails). The driver goes on to count it as open,
        // and would begin no other on this connection ever again.
        .before_acquire(|connection, _| {
            let lost = connection.is_in_transaction();
            Box::pin(async move {
                if lost {
                    tracing::warn!(event = "store.reopened", "a connection lost its transaction and is replaced");
                }
                Ok(!lost)
            })
        })
        .after_connect(move |connection, _| {
            let cache = AssertSqlSafe(cache.clone());
            Box::pin(async move {
                for pragma in PRAGMAS {
                    sqlx::query(*pragma).execute(&mut *connection).await?;
                }
                sqlx::query(cache).execute(&mut *connection).await?;
                Ok(())
            })
        })
        .connect(&url)
        .await
        .with_context(|| format!("opening the database {url}"))
}

/// Reads one snapshot; writers go on.
pub(super) async fn backup(pool: &AnyPool, file: &Path) -> anyhow::Result<()> {
    let file = file.to_str().context("the backup's path must be UTF-8")?.to_owned();
    sqlx::query("VACUUM INTO $1").bind(file).execute(pool).await.context("writing the backup")?;
    Ok(())
}

/// Brings what is in the log into the file, as far as nobody is in the way.
pub(super) async fn checkpoint(pool: &AnyPool) -> anyhow::Result<()> {
    sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(pool).await.context("checkpointing")?;
    Ok(())
}

/// Brings the whole log into the file and cuts it off, unless somebody reads or writes just now; whether it did. Waits
/// for nobody: whoever waited would hold the write lock meanwhile.
pub(super) async fn cut_log(pool: &AnyPool) -> anyhow::Result<bool> {
    let mut connection = pool.acquire().await.context("waiting for a connection")?;
    sqlx::query("PRAGMA busy_timeout = 0").execute(&mut *connection).await?;
    let cut = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await;
    sqlx::query(WAIT).execute(&mut *connection).await?;
    Ok(cut.context("cutting the log")?.try_get::<i64, _>(0)? == 0)
}

/// Opens a backup by itself, apart from the database in use, and lets the database say whether it is whole.
pub(super) async fn verify(file: &Path) -> anyhow::Result<Holdings> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut copy = SqliteConnection::connect_with(&options).await.context("opening the backup")?;
    let told: Vec<String> =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut copy).await.context("checking the backup")?;
    ensure!(told == ["ok"], "the backup is damaged: {}", told.join("; "));
    let row = sqlx::query(Holdings::SQL).fetch_one(&mut copy).await.context("counting what the backup holds")?;
    copy.close().await.context("closing the backup")?;
    Ok(Holdings {
        tickets: row.try_get("tickets")?,
        messages: row.try_get("messages")?,
        mails: row.try_get("mails")?,
        outgoing: row.try_get("outgoing")?,
        people: row.try_get("people")?,
    })
}

/// The file that holds the database, for databases in a file.
pub(super) fn file(url: &str) -> Option<PathBuf> {
    let options: SqliteConnectOptions = url.strip_prefix("sqlite:").and_then(|_| url.parse().ok())?;
    Some(options.get_filename().to_owned()).filter(|file| file.file_name().is_some())
}

/// How long to wait for others' locks: as long as for a connection.
const WAIT: &str = "PRAGMA busy_timeout = 10000";

/// WAL lets readers go on while one writes; FULL makes a commit durable before it returns. Raw mails fill a few larger pages
/// with fewer writes; a page's size is chosen when a file is made, before anything else. What the log holds is brought
/// into the file by `checkpoint` beside the writing; only when it grows beyond 128 MB must a commit do it. Once it is
/// empty, no more than 32 MB of it stay on the disk. What is deleted is overwritten (`secure_delete`): erased links, codes
/// and ended sessions are not to be found in the file's bytes.
const PRAGMAS: &[&str] = &[
    "PRAGMA page_size = 16384",
    "PRAGMA journal_mode = WAL",
    "PRAGMA wal_autocheckpoint = 8000",
    "PRAGMA journal_size_limit = 33554432",
    "PRAGMA synchronous = FULL",
    WAIT,
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",
];
