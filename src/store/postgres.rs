//! PostgreSQL, from 15 on: many machines can reach it, and it serialises those who write by a row.

use std::fmt::Write;

use anyhow::{Context, bail};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, AnyPool, Connection, Row};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// The oldest server that the tests run on.
const OLDEST: i32 = 150_000;

/// A statement with its `?` as `$1`, `$2`, …
pub(super) fn numbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() * 2);
    let (mut n, mut quoted) = (0, false);
    for c in sql.chars() {
        quoted ^= c == '\'';
        if c == '?' && !quoted {
            n += 1;
            let _ = write!(out, "${n}");
        } else {
            out.push(c);
        }
    }
    out
}

/// Takes the row that stands for the right to write. What is read afterwards is as the last who wrote left it: statements
/// of a READ COMMITTED transaction each see what is committed when they begin.
pub(super) async fn lock(connection: &mut AnyConnection) -> sqlx::Result<()> {
    sqlx::query("SELECT value FROM counter WHERE name = 'writer' FOR UPDATE").fetch_one(connection).await?;
    Ok(())
}

/// What every session needs, whatever the server's configuration says. A commit is durable before it returns; nobody waits
/// for a lock for ever; raw mails are compressed by lz4 where the server has it (pglz takes half of all time).
const SESSION: &[&str] = &[
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
    "SELECT set_config('lock_timeout', '10s', false)",
    "SELECT set_config('default_toast_compression', 'lz4', false) FROM pg_settings
     WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)",
];

/// Connections to the database at `url`. One that broke is found and replaced before it is used.
pub(super) async fn pool(options: AnyPoolOptions, url: &str) -> anyhow::Result<AnyPool> {
    // Not in the context: the url has the password.
    let options = options.test_before_acquire(true).after_connect(|connection, _| {
        Box::pin(async move {
            for setting in SESSION {
                sqlx::query(*setting).fetch_all(&mut *connection).await?;
            }
            Ok(())
        })
    });
    let place: AnyConnectOptions = url.parse().ok().context("the database's url cannot be read")?;
    // By itself first: the pool would try again and again, and then only say that it waited.
    let mut first = AnyConnection::connect_with(&place).await.context("connecting to the database")?;
    suits(&mut first, &place).await?;
    let pool = options.connect_with(place).await.context("connecting to the database");
    first.close().await.context("closing a connection")?;
    pool
}

/// Refuses servers on which something would go wrong later.
async fn suits(connection: &mut AnyConnection, place: &AnyConnectOptions) -> anyhow::Result<()> {
    pooled(connection, place).await?;
    let sql = "SELECT current_setting('server_version') AS version, CAST(current_setting('server_version_num') AS INTEGER) AS number,
         current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby";
    let row =
        sqlx::query(sql).persistent(false).fetch_one(connection).await.context("asking the database what it is")?;
    let (version, encoding): (String, String) = (row.try_get("version")?, row.try_get("encoding")?);
    if row.try_get::<i32, _>("number")? < OLDEST {
        bail!("the server is PostgreSQL {version}, and 15 is the oldest that will do: upgrade it");
    }
    if encoding != "UTF8" {
        bail!("the database's encoding is {encoding}: create it with ENCODING 'UTF8' TEMPLATE template0");
    }
    if row.try_get::<bool, _>("standby")? {
        bail!("the server is a standby and takes no changes: name the primary in [database] url");
    }
    Ok(())
}

/// Refuses a pooler that gives each transaction another session: statements prepared in one session would be looked for in
/// another, and answers of other clients would come, without an error. Two connections that are open at once have two
/// sessions; behind such a pooler that is idle, a transaction of the second gets the session that the first has just used.
async fn pooled(first: &mut AnyConnection, place: &AnyConnectOptions) -> anyhow::Result<()> {
    let mut second = AnyConnection::connect_with(place).await.context("connecting to the database a second time")?;
    let mut shared = false;
    for _ in 0..3 {
        let one = session(first).await?;
        sqlx::raw_sql("BEGIN").execute(&mut second).await.context("beginning a transaction")?;
        shared |= one == session(&mut second).await?;
        sqlx::raw_sql("ROLLBACK").execute(&mut second).await.context("ending a transaction")?;
    }
    second.close().await.context("closing a connection")?;
    if shared {
        bail!(
            "this is a pooler in transaction mode, which would mix up the answers of several clients: name the database \
             server itself in [database] url, or let the pooler give whole sessions (pool_mode = session)"
        );
    }
    Ok(())
}

async fn session(connection: &mut AnyConnection) -> anyhow::Result<i32> {
    let row = sqlx::raw_sql("SELECT pg_backend_pid() AS pid").fetch_one(connection).await;
    Ok(row.context("asking for the session's number")?.try_get("pid")?)
}

/// What to do about a database that could not be opened, where its error tells.
pub fn advice(error: &anyhow::Error) -> Option<&'static str> {
    let error = error.chain().find_map(|cause| cause.downcast_ref::<sqlx::Error>())?;
    if let sqlx::Error::Tls(_) = error {
        return Some("check the server's certificate; sslrootcert=FILE in the url names a certificate to trust");
    }
    if let sqlx::Error::Io(_) = error {
        return Some(
            "check host and port in [database] url, and that the server listens there and its pg_hba.conf lets you in",
        );
    }
    let code = error.as_database_error()?.code()?;
    Some(match code.as_ref() {
        "28P01" => "check user in [database] url, and password",
        "28000" => {
            "the server's pg_hba.conf lets this user not in from here, or there is no such user: CREATE ROLE … LOGIN"
        }
        "3D000" => "create it: CREATE DATABASE … OWNER the user of [database] url ENCODING 'UTF8' TEMPLATE template0",
        "42501" => "make the user of [database] url the database's owner: ALTER DATABASE … OWNER TO …",
        "53300" => "raise max_connections of the server: a gateway needs 6",
        "57P03" => "the server starts or stops; try again",
        // PgBouncer says so of a setting that every connection asks for.
        "08P01" => "is this a pooler? Name the database server itself in [database] url",
        _ => return None,
    })
}

/// Whether a transaction gave way to another and can be done again: it was not to be serialised, or two waited for each
/// other. Nothing of it has happened.
pub fn gave_way(error: &anyhow::Error) -> bool {
    let error = error.chain().find_map(|cause| cause.downcast_ref::<sqlx::Error>());
    let code = error.and_then(|error| error.as_database_error()?.code());
    code.is_some_and(|code| matches!(code.as_ref(), "40001" | "40P01"))
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn every_value_gets_its_number_and_quoted_words_stay() {
        assert_eq!(numbered("SELECT '?' WHERE a IN (?,?)"), "SELECT '?' WHERE a IN ($1,$2)");
        assert_eq!(numbered("VALUES (CAST(? AS BIGINT),?)"), "VALUES (CAST($1 AS BIGINT),$2)");
    }
}
