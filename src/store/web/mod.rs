//! What the pages keep: sessions, and how often somebody failed.

use anyhow::Context;

use super::Store;

/// Whether the database answers.
pub async fn answers(store: &Store) -> anyhow::Result<()> {
    sqlx::query("SELECT 1").fetch_one(store.reader()).await.map(|_| ()).context("asking the database anything")
}
