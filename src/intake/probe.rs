//! A look at a mailbox's source, for `caseway check`: nothing is changed by it but that folders into which mails will be
//! put are made when they are missing.

use anyhow::Context;

use super::report::ProbeReport;
use super::{imap, maildir};
use crate::config::{Mailbox, Source};
use crate::oauth::Tokens;

/// Connects, logs in and looks at the folder, or looks at the Maildir.
///
/// Errors say what failed, where, and what to do; for IMAP they are an [`imap::ImapError`].
pub async fn probe(mailbox: &Mailbox, tokens: Option<&Tokens>) -> anyhow::Result<ProbeReport> {
    match &mailbox.source {
        Source::Imap(imap) => imap::probe(imap, tokens).await.map_err(anyhow::Error::from),
        Source::Maildir(maildir) => maildir::probe(maildir).await,
        Source::Pipe => Ok(ProbeReport::default()),
    }
    .with_context(|| format!("the mailbox {}", mailbox.name))
}
