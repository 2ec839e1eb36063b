//! A look at a mailbox's source, for `caseway check`: nothing is changed by it but that folders into which mails will be
//! put are made when they are missing.

use anyhow::Context;

use super::{imap, maildir};
use crate::config::{Mailbox, Source};
use crate::oauth::Tokens;

/// What a source holds and can do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProbeReport {
    /// Mails there now, whether taken before or not.
    pub messages: u64,
    /// What an IMAP server offers after the login, in capitals, sorted; empty for other sources.
    pub capabilities: Vec<String>,
    /// New mails are announced (RFC 2177); without it the mailbox is polled.
    pub supports_idle: bool,
    /// Mails are moved in one step (RFC 6851); without it they are copied and deleted.
    pub supports_move: bool,
    /// Single mails can be removed (RFC 4315); without it they are only marked.
    pub supports_uidplus: bool,
    /// The connection can be compressed (RFC 4978).
    pub supports_compress: bool,
    /// The folder for copies of sent mails was not there and was made.
    pub sent_folder_made: bool,
    /// The folder that mails are moved to was not there and was made.
    pub move_folder_made: bool,
}

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
