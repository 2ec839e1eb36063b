//! Access and refresh tokens, sealed.

use anyhow::Context;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sqlx::Row;

use super::{Store, micros, timestamp};
use crate::desk::seal::keys::Keys;

/// What is kept of one token; empty when there is none.
#[derive(Debug, Clone, Default)]
pub struct Held {
    /// The access token.
    pub access: Option<SecretString>,
    /// What fetches the next one.
    pub refresh: Option<SecretString>,
    /// What the access token allows, as the provider said; empty when that is what was asked for.
    pub scopes: String,
    /// The end of the access token.
    pub expires_at: Timestamp,
    /// When the next one is fetched.
    pub renew_at: Timestamp,
    /// When the last one was fetched.
    pub renewed_at: Option<Timestamp>,
    /// Why the last renewal failed; empty when it did not.
    pub error: String,
    /// The failure stays until a person does something.
    pub stays: bool,
    /// When the last renewal failed.
    pub failed_at: Option<Timestamp>,
    /// Not asked for again before.
    pub retry_at: Timestamp,
}

/// A token that was fetched.
#[derive(Debug)]
pub struct Renewed<'a> {
    /// The access token.
    pub access: &'a SecretString,
    /// The refresh token from now on.
    pub refresh: Option<&'a SecretString>,
    /// What it allows.
    pub scopes: String,
    /// Now.
    pub at: Timestamp,
    /// When the next one is to be fetched.
    pub renew_at: Timestamp,
    /// Its end.
    pub expires_at: Timestamp,
}

/// A renewal that failed.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Why.
    pub error: String,
    /// It stays until a person does something.
    pub stays: bool,
    /// Now.
    pub at: Timestamp,
    /// When it is tried again.
    pub retry_at: Timestamp,
}

/// What is held for a provider and the user a token is for (empty where one token serves all).
///
/// Fails when it cannot be read, or was sealed with a key that is gone.
pub async fn get(store: &Store, keys: &Keys, provider: &str, subject: &str) -> anyhow::Result<Held> {
    let row = sqlx::query(
        "SELECT access, refresh, scopes, expires_at, renew_at, renewed_at, error, stays, failed_at, retry_at
         FROM oauth_token WHERE provider = $1 AND subject = $2",
    )
    .bind(provider.to_owned())
    .bind(subject.to_owned())
    .fetch_optional(store.reader())
    .await
    .context("reading a token")?;
    let Some(row) = row else { return Ok(Held::default()) };
    let token = |name: &str| -> anyhow::Result<Option<SecretString>> {
        let sealed: Option<Vec<u8>> = row.try_get(name)?;
        sealed.map(|sealed| keys.open_token(provider, subject, &sealed)).transpose()
    };
    let time = |name: &str| -> anyhow::Result<Option<Timestamp>> {
        row.try_get::<Option<i64>, _>(name)?.map(timestamp).transpose()
    };
    Ok(Held {
        access: token("access")?,
        refresh: token("refresh")?,
        scopes: row.try_get("scopes")?,
        expires_at: time("expires_at")?.unwrap_or_default(),
        renew_at: time("renew_at")?.unwrap_or_default(),
        renewed_at: time("renewed_at")?,
        error: row.try_get("error")?,
        stays: row.try_get::<i64, _>("stays")? != 0,
        failed_at: time("failed_at")?,
        retry_at: time("retry_at")?.unwrap_or_default(),
    })
}

/// The right to renew a token until `until`, for one process at a time; its number, which each write repeats. `None` while
/// another one has it, beyond `now`, and where the token is not any more what was `seen` of it: it was renewed meanwhile.
pub async fn lease(
    store: &Store,
    provider: &str,
    subject: &str,
    seen: Option<&Held>,
    now: Timestamp,
    until: Timestamp,
) -> anyhow::Result<Option<i64>> {
    let mut tx = store.write().await?;
    sqlx::query(
        "INSERT INTO oauth_token (provider, subject) VALUES ($1, $2) ON CONFLICT (provider, subject) DO NOTHING",
    )
    .bind(provider.to_owned())
    .bind(subject.to_owned())
    .execute(&mut *tx)
    .await
    .context("making room for a token")?;
    let row = sqlx::query(
        "UPDATE oauth_token SET lease_number = lease_number + 1, lease_until = $3
         WHERE provider = $1 AND subject = $2 AND lease_until <= $4
         AND ($5 = 0 OR (COALESCE(renew_at, 0) = $6 AND COALESCE(retry_at, 0) = $7)) RETURNING lease_number",
    )
    .bind(provider.to_owned())
    .bind(subject.to_owned())
    .bind(micros(until))
    .bind(micros(now))
    .bind(i64::from(seen.is_some()))
    .bind(micros(seen.map(|held| held.renew_at).unwrap_or_default()))
    .bind(micros(seen.map(|held| held.retry_at).unwrap_or_default()))
    .fetch_optional(&mut *tx)
    .await
    .context("taking the right to renew a token")?;
    tx.commit().await.context("committing the right to renew a token")?;
    Ok(row.map(|row| row.try_get("lease_number")).transpose()?)
}

/// Keeps a token in the place of the one before: both tokens in one transaction, so that a new refresh token is durable
/// before the old one is forgotten. A lease that has passed to another process writes nothing.
pub async fn renewed(
    store: &Store,
    keys: &Keys,
    provider: &str,
    subject: &str,
    number: i64,
    row: &Renewed<'_>,
) -> anyhow::Result<()> {
    let seal = |token: &SecretString| keys.seal_token(provider, subject, token.expose_secret());
    let access = seal(row.access)?;
    let refresh = row.refresh.map(seal).transpose()?;
    let mut tx = store.write().await?;
    sqlx::query(
        "UPDATE oauth_token SET access = $4, refresh = $5, scopes = $6, expires_at = $7, renew_at = $8, renewed_at = $9,
         error = '', stays = 0, failed_at = NULL, retry_at = 0, lease_until = 0
         WHERE provider = $1 AND subject = $2 AND lease_number = $3",
    )
    .bind(provider.to_owned())
    .bind(subject.to_owned())
    .bind(number)
    .bind(access)
    .bind(refresh)
    .bind(row.scopes.clone())
    .bind(micros(row.expires_at))
    .bind(micros(row.renew_at))
    .bind(micros(row.at))
    .execute(&mut *tx)
    .await
    .context("keeping a token")?;
    tx.commit().await.context("committing a token")
}

/// Notes why a renewal failed; what is held stays.
pub async fn failed(
    store: &Store,
    provider: &str,
    subject: &str,
    number: i64,
    failure: &Failure,
) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    sqlx::query(
        "UPDATE oauth_token SET error = $4, stays = $5, failed_at = $6, retry_at = $7, lease_until = 0
         WHERE provider = $1 AND subject = $2 AND lease_number = $3",
    )
    .bind(provider.to_owned())
    .bind(subject.to_owned())
    .bind(number)
    .bind(failure.error.clone())
    .bind(i64::from(failure.stays))
    .bind(micros(failure.at))
    .bind(micros(failure.retry_at))
    .execute(&mut *tx)
    .await
    .context("noting a failure")?;
    tx.commit().await.context("committing a failure")
}

/// The next wish for a token asks the provider, whatever is held and whatever failed before.
pub async fn due(store: &Store, provider: &str, subject: &str) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    sqlx::query("UPDATE oauth_token SET renew_at = 0, retry_at = 0 WHERE provider = $1 AND subject = $2")
        .bind(provider.to_owned())
        .bind(subject.to_owned())
        .execute(&mut *tx)
        .await
        .context("making a token due")?;
    tx.commit().await.context("committing")
}

/// The access token is fetched anew when it is next wanted.
pub async fn stale(store: &Store, provider: &str, subject: &str) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    sqlx::query(
        "UPDATE oauth_token SET access = NULL, renew_at = 0, expires_at = 0 WHERE provider = $1 AND subject = $2",
    )
    .bind(provider.to_owned())
    .bind(subject.to_owned())
    .execute(&mut *tx)
    .await
    .context("setting a token aside")?;
    tx.commit().await.context("committing")
}

/// For whom tokens of a provider are held.
pub async fn subjects(store: &Store, provider: &str) -> anyhow::Result<Vec<String>> {
    let rows = sqlx::query_scalar("SELECT subject FROM oauth_token WHERE provider = $1 ORDER BY subject");
    rows.bind(provider.to_owned()).fetch_all(store.reader()).await.context("listing tokens")
}
