//! An account that somebody named.

use anyhow::Context;

use crate::cli::records::Records;
use crate::desk::directory::{self, Account};
use crate::store::directory::account;

/// The account of an ID as somebody typed it.
pub(super) async fn named(records: &Records, typed: &str) -> anyhow::Result<Account> {
    let id = directory::account_id(typed);
    account::find(&records.store, &id)
        .await?
        .with_context(|| format!("there is no account {id}; 'caseway account list' shows which there are"))
}
