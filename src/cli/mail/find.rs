//! A mail that somebody named by its number.

use anyhow::Context;

use crate::cli::records::Records;
use crate::store::view::mails::{self, InboundMail};

/// The mail; that there is none is an error.
pub(super) async fn mail(records: &Records, id: i64) -> anyhow::Result<InboundMail> {
    let found = mails::get(&records.store, id).await?;
    found.with_context(|| format!("there is no mail {id}; 'caseway mail list' shows which mails there are"))
}
