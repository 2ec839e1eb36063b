//! A mail that was perhaps sent already.

use crate::store::Store;
use crate::store::outbox;

/// What has to be on record before the text of a mail goes out that was perhaps sent already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resend<'a> {
    pub(super) store: &'a Store,
    pub(super) mail: i64,
}

impl Resend<'_> {
    /// From here on the mail counts as resent, whatever happens.
    pub(super) async fn begin(self) -> anyhow::Result<()> {
        outbox::resend(self.store, self.mail).await
    }
}
