//! `caseway import mbox`.

use std::path::PathBuf;

use super::history::{self, How};
use crate::cli::{Exit, Globals};
use crate::intake::archive::Archive;

/// Make tickets of the mails in mbox files, and answer none of them
///
/// Threads, people and copies are told by the rules for every mail, in the order in which the mails came: name all files that belong
/// together, as the inbox and the sent mails, in one command. A mail from a mailbox of the desk or from an engineer to a customer is an
/// answer: add the engineers first ('caseway engineer add'). Deleted mails and drafts that are still in the file are left out.
#[derive(Debug, clap::Args)]
#[command(after_help = history::EXAMPLES)]
pub struct Args {
    /// Mboxes, as Thunderbird, Gmail Takeout, Dovecot and others write them
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    how: How,
}

/// Brings them in.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let archives = args.files.into_iter().map(Archive::Mbox).collect();
    history::run(archives, args.how, globals).await
}
