//! Mails from files and from standard input: `caseway ingest`, as a delivery agent or for taking over an old mailbox.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;

use tokio::sync::mpsc;
use tracing::warn;

use super::IntakeContext;
use super::digest::{self, BATCH_MAILS, BATCH_OCTETS, Raw};
pub use super::mbox::Format;
use super::mbox::Splitter;
use crate::store::ledger::Source;

/// Where the mails are.
pub enum Input {
    /// A file, by its path.
    File(PathBuf),
    /// Anything else that can be read. A read that blocks keeps its thread.
    Stream {
        /// What it is called in messages.
        name: String,
        /// Read to its end.
        read: Box<dyn Read + Send>,
    },
}

impl Input {
    /// One mail or an mbox on standard input.
    pub fn stdin() -> Self {
        Self::Stream { name: "standard input".to_owned(), read: Box::new(io::stdin()) }
    }

    fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stream { name, .. } => name.clone(),
        }
    }

    fn open(self) -> io::Result<Box<dyn Read + Send>> {
        match self {
            Self::File(path) => Ok(Box::new(File::open(path)?)),
            Self::Stream { read, .. } => Ok(read),
        }
    }
}

/// What was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    /// Mails that are in the ledger now.
    pub mails: u64,
    /// Mails beyond the size limit, of which only the headers were taken.
    pub oversize: u64,
}

/// Why mails were not taken.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The database cannot take mails now: the sender should keep them and try again (EX_TEMPFAIL, 75).
    #[error("the database cannot take mails now: {0:#}")]
    Unavailable(anyhow::Error),
    /// The input cannot be read to its end; mails before the failure are stored.
    #[error("{name} cannot be read: {cause}")]
    Unreadable {
        /// The file, or the name of the stream.
        name: String,
        /// What the system said.
        cause: io::Error,
    },
    /// There is no mail in it.
    #[error("{name} holds no mail")]
    Empty {
        /// The file, or the name of the stream.
        name: String,
    },
}

/// Takes all mails of `input` into the ledger, as mails to `mailbox`, in batches and without reading it whole.
///
/// Standard input as [`Format::Detect`] would let a mail that quotes a separator line pass for two; a delivery agent
/// says [`Format::Mail`]. When this returns, everything is durable. Taking the same input again adds rows with the same
/// content hash, which the processing recognises.
pub async fn take(ctx: &IntakeContext, mailbox: &str, input: Input, format: Format) -> Result<Taken, IntakeError> {
    let from =
        digest::From { source: Source::Pipe, mailbox: mailbox.to_owned(), folder: String::new(), uidvalidity: 0 };
    let name = input.name();
    let limit = ctx.limits.mail_size;
    let (batches, mut arriving) = mpsc::channel(1);
    let label = name.clone();
    let reader = tokio::task::spawn_blocking(move || read(input, format, limit, &label, &batches));
    let mut taken = Taken::default();
    while let Some(batch) = arriving.recv().await {
        let oversize = batch.iter().filter(|mail| mail.oversize).count() as u64;
        if oversize > 0 {
            warn!(
                event = "mail.oversize",
                mailbox,
                count = oversize,
                "mails exceed the limit: only their headers are taken"
            );
        }
        let ids = digest::store(ctx, &from, batch, None).await.map_err(IntakeError::Unavailable)?;
        taken.mails += ids.len() as u64;
        taken.oversize += oversize;
    }
    match reader.await {
        Ok(Ok(())) if taken.mails == 0 => Err(IntakeError::Empty { name }),
        Ok(Ok(())) => Ok(taken),
        Ok(Err(cause)) => Err(IntakeError::Unreadable { name, cause }),
        Err(error) => Err(IntakeError::Unreadable { name, cause: io::Error::other(error) }),
    }
}

/// Reads on a thread of its own until the end, or until nobody takes the batches any more.
fn read(input: Input, format: Format, limit: u64, name: &str, batches: &mpsc::Sender<Vec<Raw>>) -> io::Result<()> {
    let mut splitter = Splitter::new(BufReader::with_capacity(256 * 1024, input.open()?), format, limit);
    let mut batch = Vec::new();
    let mut octets = 0;
    let mut number = 0_u64;
    let ended = loop {
        let mail = match splitter.next_mail() {
            Ok(Some(mail)) => mail,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        };
        let len = mail.bytes.len() as u64;
        if !batch.is_empty() && (batch.len() >= BATCH_MAILS || octets + len > BATCH_OCTETS) {
            octets = 0;
            if batches.blocking_send(std::mem::take(&mut batch)).is_err() {
                return Ok(());
            }
        }
        number += 1;
        octets += len;
        batch.push(Raw {
            uid: 0,
            place: format!("{name}#{number}"),
            bytes: mail.bytes,
            size: mail.size,
            oversize: mail.oversize,
            told: true,
            arrived_at: None,
            history: false,
        });
    };
    if !batch.is_empty() {
        let _ = batches.blocking_send(batch);
    }
    ended
}
