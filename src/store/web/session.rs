//! Sessions, and the browsers in which somebody signed in before.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use super::Hashed;
use crate::store::{Store, Tx, micros, timestamp};

/// How far somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The password was right; the code of the second factor is still to come.
    Code,
    /// Signed in.
    SignedIn,
}

impl Stage {
    fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::SignedIn => "signed_in",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Code, Self::SignedIn].into_iter().find(|stage| stage.as_str() == word)
    }
}

/// A session as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The Business Account's user name.
    pub email: String,
    /// How far.
    pub stage: Stage,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used while the directory let its owner in, to within a minute.
    pub used_at: Timestamp,
}

/// The session of a cookie, ended or not.
pub async fn find(store: &Store, id: Hashed) -> anyhow::Result<Option<Session>> {
    let row = sqlx::query("SELECT email, stage, created_at, used_at FROM session WHERE id = $1")
        .bind(id.0.to_vec())
        .fetch_optional(store.reader())
        .await
        .context("looking for a session")?;
    row.map(|row| {
        let stage: String = row.try_get("stage")?;
        Ok(Session {
            email: row.try_get("email")?,
            stage: Stage::parse(&stage).with_context(|| format!("a session has the unknown stage {stage}"))?,
            created_at: timestamp(row.try_get("created_at")?)?,
            used_at: timestamp(row.try_get("used_at")?)?,
        })
    })
    .transpose()
}

/// Notes that a session is used.
pub async fn touch(store: &Store, id: Hashed, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    sqlx::query("UPDATE session SET used_at = $1 WHERE id = $2")
        .bind(micros(now))
        .bind(id.0.to_vec())
        .execute(&mut *tx)
        .await
        .context("noting the use of a session")?;
    tx.commit().await.context("committing the use of a session")
}

/// Begins a session; those that began or were used before `expired` go.
pub async fn begin(
    tx: &mut Tx,
    id: Hashed,
    email: &str,
    stage: Stage,
    now: Timestamp,
    expired: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query("DELETE FROM session WHERE used_at < $1")
        .bind(micros(expired))
        .execute(&mut **tx)
        .await
        .context("removing old sessions")?;
    sqlx::query("INSERT INTO session (id, email, stage, created_at, used_at) VALUES ($1, $2, $3, $4, $4)")
        .bind(id.0.to_vec())
        .bind(email.to_owned())
        .bind(stage.as_str().to_owned())
        .bind(micros(now))
        .execute(&mut **tx)
        .await
        .context("beginning a session")?;
    Ok(())
}

/// Ends one session.
pub async fn end(tx: &mut Tx, id: Hashed) -> anyhow::Result<()> {
    let query = sqlx::query("DELETE FROM session WHERE id = $1").bind(id.0.to_vec());
    query.execute(&mut **tx).await.context("ending a session")?;
    Ok(())
}

/// Ends all sessions of an address and forgets its browsers: somebody else may have been in.
pub async fn end_all(tx: &mut Tx, email: &str) -> anyhow::Result<()> {
    for sql in ["DELETE FROM session WHERE email = $1", "DELETE FROM device WHERE email = $1"] {
        sqlx::query(sql)
            .bind(email.to_owned())
            .execute(&mut **tx)
            .await
            .context("ending the sessions of an address")?;
    }
    Ok(())
}

/// Whether somebody of this address signed in with this browser before.
pub async fn is_known_device(store: &Store, id: Hashed, email: &str) -> anyhow::Result<bool> {
    let row = sqlx::query("SELECT COUNT(*) FROM device WHERE id = $1 AND email = $2");
    let row = row.bind(id.0.to_vec()).bind(email.to_owned()).fetch_one(store.reader()).await;
    Ok(row.context("looking for a browser")?.try_get::<i64, _>(0)? > 0)
}

/// Remembers a browser for an address; those not used since `forgotten` go.
pub async fn remember_device(
    tx: &mut Tx,
    id: Hashed,
    email: &str,
    now: Timestamp,
    forgotten: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query("DELETE FROM device WHERE used_at < $1")
        .bind(micros(forgotten))
        .execute(&mut **tx)
        .await
        .context("forgetting old browsers")?;
    sqlx::query(
        "INSERT INTO device (id, email, used_at) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET email = excluded.email, used_at = excluded.used_at",
    )
    .bind(id.0.to_vec())
    .bind(email.to_owned())
    .bind(micros(now))
    .execute(&mut **tx)
    .await
    .context("remembering a browser")?;
    Ok(())
}
