//! The few places where the databases differ.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe};

use super::holdings::Holdings;
use super::{postgres, sqlite};

/// Waiting this long for a connection or a lock means that the database cannot take anything now.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// A value of a statement of many, all bound in the order in which they stand. SQLite looks for a `$n` among all of them,
/// so that the work would grow with the square; a `?` it counts. PostgreSQL has only `$n`: [`Dialect::numbered`].
pub(crate) const VALUE: &str = "?";
/// A value that is a number, where nothing else says so.
pub(crate) const NUMBER: &str = "CAST(? AS BIGINT)";

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub(super) fn of(url: &str) -> anyhow::Result<Self> {
        match url.split(':').next().unwrap_or_default() {
            "sqlite" => Ok(Self::Sqlite),
            "postgres" | "postgresql" => Ok(Self::Postgres),
            _ => bail!("the database's url must begin with sqlite: or postgres:"),
        }
    }

    /// The database at the other end of a connection.
    pub(crate) fn at(connection: &AnyConnection) -> Self {
        match connection.backend_name() {
            "PostgreSQL" => Self::Postgres,
            _ => Self::Sqlite,
        }
    }

    /// A statement whose values are each a [`VALUE`] or a [`NUMBER`], and which has no `$n`, as this database writes it.
    pub(crate) fn numbered(self, sql: String) -> AssertSqlSafe<String> {
        AssertSqlSafe(match self {
            Self::Sqlite => sql,
            Self::Postgres => postgres::numbered(&sql),
        })
    }

    /// How a transaction that may write begins. SQLite's takes the write lock at once, so that it never fails half-way
    /// for want of it; PostgreSQL's takes it by [`Dialect::lock`], and must see what was committed until then: in a
    /// snapshot from before, caps and states could be out of date.
    pub(super) fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        }
    }

    /// How a transaction that only reads begins: on one state of all rows.
    pub(super) fn begin_reading(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// The first statement of a transaction that may write: nobody else writes until it ends.
    pub(super) async fn lock(self, connection: &mut AnyConnection) -> sqlx::Result<()> {
        match self {
            Self::Sqlite => Ok(()),
            Self::Postgres => postgres::lock(connection).await,
        }
    }

    /// Makes what a new database needs before anybody can connect to it.
    pub(super) fn create(self, url: &str) -> anyhow::Result<()> {
        match self {
            Self::Sqlite => sqlite::create(url),
            Self::Postgres => Ok(()),
        }
    }

    /// At most so many connections, each with at most `cache_kib` KiB of the database in memory where that is ours to say.
    pub(super) async fn pool(self, connections: u32, url: &str, cache_kib: u32) -> anyhow::Result<AnyPool> {
        let options = AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(BUSY_TIMEOUT)
            .idle_timeout(None)
            .max_lifetime(None);
        match self {
            Self::Sqlite => sqlite::pool(options, url, cache_kib).await,
            Self::Postgres => postgres::pool(options, url).await,
        }
    }

    pub(super) async fn migrate(self, pool: &AnyPool) -> anyhow::Result<()> {
        let migrations = match self {
            Self::Sqlite => &sqlite::MIGRATIONS,
            Self::Postgres => &postgres::MIGRATIONS,
        };
        migrations.run(pool).await.context("running the migrations")
    }

    /// Refuses databases that are not copied by us.
    pub(super) fn can_backup(self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite => Ok(()),
            Self::Postgres => bail!(
                "a PostgreSQL database is copied by its own tools while it is in use: pg_dump --format=custom --file \
                 caseway.dump DATABASE, and pg_restore brings it back"
            ),
        }
    }

    pub(super) async fn backup(self, pool: &AnyPool, file: &Path) -> anyhow::Result<()> {
        self.can_backup()?;
        sqlite::backup(pool, file).await
    }

    /// Opens a backup by itself, apart from the database in use, and lets the database say whether it is whole.
    pub(super) async fn verify(self, file: &Path) -> anyhow::Result<Holdings> {
        self.can_backup()?;
        sqlite::verify(file).await
    }

    /// Octets of the database.
    pub(super) async fn octets(self, pool: &AnyPool) -> anyhow::Result<i64> {
        let statement = match self {
            Self::Sqlite => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
            Self::Postgres => "SELECT pg_database_size(current_database())",
        };
        sqlx::query_scalar(statement).fetch_one(pool).await.context("measuring the database")
    }

    /// Brings what is in the log into the file, as far as nobody is in the way. PostgreSQL does it by itself.
    pub(super) async fn checkpoint(self, pool: &AnyPool) -> anyhow::Result<()> {
        match self {
            Self::Sqlite => sqlite::checkpoint(pool).await,
            Self::Postgres => Ok(()),
        }
    }

    /// Removes what was erased from the log, unless somebody is in the way; whether it did. PostgreSQL's files are its
    /// administrator's: vacuum and the log's own recycling overwrite what was erased in their time.
    pub(super) async fn cut_log(self, pool: &AnyPool) -> anyhow::Result<bool> {
        match self {
            Self::Sqlite => sqlite::cut_log(pool).await,
            Self::Postgres => Ok(true),
        }
    }
}
