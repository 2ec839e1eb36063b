//! Mailboxes into the ledger: every mail that a source lists is durable here before the source is told anything.
//!
//! ```text
//!  imap ─┐
//!  maildir ├─► digest (hashes, Message-ID) ─► store::ledger::append ─► wake the processing ─► tell the source
//!  pipe ─┘
//! ```
//! One task a mailbox: the trouble of one never delays another. Nothing here reads what a mail says.

pub mod archive;
mod context;
mod digest;
pub mod imap;
pub mod maildir;
mod mbox;
pub mod pipe;
mod probe;
mod recall;
mod report;
mod round_trip;
mod separator;
mod supervise;

use anyhow::bail;
use futures_util::future::join_all;

pub use self::context::{IntakeContext, Pace};
pub use self::probe::probe;
pub use self::recall::{recall, remove};
pub use self::report::{ProbeReport, SpecialFolders};
pub use self::round_trip::{Came, RoundTrip, round_trip};
use crate::config::{Mailbox, Source};

/// Reads a mailbox until `ctx.shutdown`: finishes the batch in hand, logs out, and ends within seconds.
pub async fn run(ctx: IntakeContext, mailbox: Mailbox) {
    match &mailbox.source {
        Source::Imap(imap) => {
            join_all(imap.folders().map(|folder| imap::run(&ctx, &mailbox, imap, &folder.name))).await;
        }
        Source::Maildir(maildir) => maildir::run(&ctx, &mailbox, maildir).await,
        Source::Pipe => ctx.shutdown.cancelled().await,
    }
}

/// Like [`run`], and whoever hangs is begun anew.
pub async fn supervised(ctx: IntakeContext, mailbox: Mailbox) {
    let limit = supervise::silent_for(&mailbox.source);
    match (&mailbox.source, limit) {
        (Source::Imap(imap), Some(limit)) => {
            join_all(imap.folders().map(async |folder| {
                let reader = mailbox.reader(&folder.name);
                let read = || imap::run(&ctx, &mailbox, imap, &folder.name);
                supervise::supervise(&ctx.metrics, &reader, limit, read).await;
            }))
            .await;
        }
        (Source::Maildir(_), Some(limit)) => {
            let read = || run(ctx.clone(), mailbox.clone());
            supervise::supervise(&ctx.metrics, &mailbox.name, limit, read).await;
        }
        (_, _) => run(ctx, mailbox).await,
    }
}

/// Takes all that a mailbox holds now and returns how many mails are new in the ledger.
///
/// Fails at the first trouble; what was taken until then stays taken.
pub async fn run_once(ctx: &IntakeContext, mailbox: &Mailbox) -> anyhow::Result<u64> {
    match &mailbox.source {
        Source::Imap(imap) => Ok(imap::run_once(ctx, mailbox, imap).await?),
        Source::Maildir(maildir) => maildir::run_once(ctx, mailbox, maildir).await,
        Source::Pipe => bail!("the mailbox {} has nothing to read by itself; use `caseway ingest`", mailbox.name),
    }
}
