//! The right to work on the database, which one process has at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use sqlx::{AnyConnection, Connection, Row};

use super::Store;
use super::dialect::Dialect;
use crate::private;

/// How often the owner of a database on a server looks whether it still is.
const LOOK: Duration = Duration::from_secs(2);

/// The right to work on the database; lost with the process, or when this is dropped.
#[derive(Debug)]
pub struct Owner(Held);

#[derive(Debug)]
enum Held {
    /// A lock on a file beside the database.
    File { _file: File },
    /// A lock that a session of a database server has, for as long as it lasts.
    Session { store: Store, session: AnyConnection },
}

impl Store {
    /// Takes the right to work on this database; `None` when another process has it.
    pub async fn own(&self) -> anyhow::Result<Option<Owner>> {
        Ok(match self.dialect {
            Dialect::Sqlite => {
                let file = self.file.as_deref().context("the database is no file")?;
                lock(&file.with_added_extension("lock"))?.map(|_file| Owner(Held::File { _file }))
            }
            Dialect::Postgres => {
                let session = lock_session(self).await?;
                session.map(|session| Owner(Held::Session { store: self.clone(), session }))
            }
        })
    }
}

impl Owner {
    /// Returns when another process has the right: a server that was restarted has forgotten us, and somebody was faster.
    pub async fn lost(&mut self) {
        let Held::Session { store, session } = &mut self.0 else { return std::future::pending().await };
        loop {
            tokio::time::sleep(LOOK).await;
            if session.ping().await.is_ok() {
                continue;
            }
            match lock_session(store).await {
                Ok(Some(again)) => *session = again,
                Ok(None) => return,
                Err(error) => tracing::warn!(event = "store.away", "the database does not answer: {error:#}"),
            }
        }
    }
}

fn lock(path: &Path) -> anyhow::Result<Option<File>> {
    let file = private::file(OpenOptions::new().write(true).create(true).truncate(false), path)
        .with_context(|| format!("creating {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("locking {}", path.display())),
    }
}

/// A session that has the lock. The server notices within half a minute when the machine of its owner is gone.
async fn lock_session(store: &Store) -> anyhow::Result<Option<AnyConnection>> {
    let place = store.reader().connect_options();
    let mut session = AnyConnection::connect_with(&place).await.context("connecting to the database")?;
    let sql =
        "SELECT set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false),
         set_config('tcp_keepalives_count', '3', false), pg_try_advisory_lock(4848) AS taken";
    let row = sqlx::query(sql).fetch_one(&mut session).await.context("locking the database")?;
    if row.try_get("taken")? {
        return Ok(Some(session));
    }
    session.close().await.context("closing a connection")?;
    Ok(None)
}
