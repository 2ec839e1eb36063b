//! The index of the database at hand.

use super::index::Index;
use super::{fts5, tsvector};
use crate::desk::search::entry::Entry;
use crate::store::Tx;
use crate::store::dialect::Dialect;

/// How it is asked.
pub(super) fn index(tx: &Tx) -> Index {
    match Dialect::at(tx) {
        Dialect::Sqlite => fts5::INDEX,
        Dialect::Postgres => tsvector::INDEX,
    }
}

/// Makes messages known. One that is known already is known anew.
pub(in crate::store) async fn insert(tx: &mut Tx, entries: &[&Entry]) -> anyhow::Result<()> {
    match Dialect::at(tx) {
        Dialect::Sqlite => fts5::insert(tx, entries).await,
        Dialect::Postgres => tsvector::insert(tx, entries).await,
    }
}

/// Forgets everything.
pub(super) async fn clear(tx: &mut Tx) -> anyhow::Result<()> {
    match Dialect::at(tx) {
        Dialect::Sqlite => fts5::clear(tx).await,
        Dialect::Postgres => tsvector::clear(tx).await,
    }
}

/// Merges the index into one piece, where the database does not do so by itself.
pub(super) async fn tidy(tx: &mut Tx) -> anyhow::Result<()> {
    match Dialect::at(tx) {
        Dialect::Sqlite => fts5::tidy(tx).await,
        Dialect::Postgres => Ok(()),
    }
}
