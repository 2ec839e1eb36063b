//! How a person is called and written to.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use crate::mail::language::Language;
use crate::store::{Store, known_language, micros, take_ids};

/// What a person may change about themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The display name; may be empty.
    pub name: String,
    /// The language to write in; `None` when it follows what the person writes.
    pub language: Option<Language>,
}

/// The profile of a normalised address; empty when it never wrote.
pub async fn get(store: &Store, email: &str) -> anyhow::Result<Profile> {
    let row = sqlx::query("SELECT id, name, language FROM person WHERE email = $1")
        .bind(email.to_owned())
        .fetch_optional(store.reader())
        .await
        .context("reading a profile")?;
    let Some(row) = row else { return Ok(Profile::default()) };
    let person = format!("person {}", row.try_get::<i64, _>("id")?);
    Ok(Profile { name: row.try_get("name")?, language: known_language(row.try_get("language")?, person)? })
}

/// Changes the profile of a normalised address.
pub async fn set(store: &Store, email: &str, profile: &Profile, now: Timestamp) -> anyhow::Result<()> {
    let language = profile.language.map_or("", Language::code).to_owned();
    let mut tx = store.write().await?;
    let changed = sqlx::query("UPDATE person SET name = $1, language = $2 WHERE email = $3")
        .bind(profile.name.clone())
        .bind(language.clone())
        .bind(email.to_owned())
        .execute(&mut *tx)
        .await
        .context("changing a profile")?
        .rows_affected();
    if changed == 0 {
        let id = take_ids(&mut tx, "person", 1).await?;
        sqlx::query("INSERT INTO person (id, email, name, language, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(id)
            .bind(email.to_owned())
            .bind(profile.name.clone())
            .bind(language)
            .bind(micros(now))
            .execute(&mut *tx)
            .await
            .context("adding a profile")?;
    }
    tx.commit().await.context("committing a profile")
}
