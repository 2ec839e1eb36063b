//! What the index of each database has in common.

use crate::desk::search::query::Query;

/// How an index is asked.
pub(super) struct Index {
    /// Messages that match, to be followed by conditions.
    pub(super) found: &'static str,
    /// The condition that `expression` is the value of.
    pub(super) matches: &'static str,
    /// A message's id, in conditions.
    pub(super) message: &'static str,
    /// The order in which messages are read.
    pub(super) newest: &'static str,
    /// What the index is asked for a query.
    pub(super) expression: fn(&Query) -> String,
}
