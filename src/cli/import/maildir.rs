//! `caseway import maildir`.

use std::path::PathBuf;

use super::history::{self, How};
use crate::cli::{Exit, Globals};
use crate::intake::archive::Archive;

/// Make tickets of the mails in Maildirs, and answer none of them
///
/// Threads, people and copies are told by the rules for every mail, in the order in which the mails came: name all folders that belong
/// together, as the inbox and the sent mails, in one command. A mail from a mailbox of the desk or from an engineer to a customer is an
/// answer: add the engineers first ('caseway engineer add'). Mails with the flags T (trashed) and D (draft) are left out. No file is
/// touched.
#[derive(Debug, clap::Args)]
#[command(after_help = history::EXAMPLES)]
pub struct Args {
    /// Folders with cur/ and new/
    #[arg(required = true, value_name = "DIR")]
    folders_named: Vec<PathBuf>,
    /// Take their subfolders, too (Maildir++: .Sent, .Support.EMEA)
    #[arg(long)]
    folders: bool,
    #[command(flatten)]
    how: How,
}

/// Brings them in.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let mut archives = Vec::new();
    for path in args.folders_named {
        if args.folders {
            archives.extend(Archive::with_folders(&path)?);
        } else {
            archives.push(Archive::Maildir(path));
        }
    }
    history::run(archives, args.how, globals).await
}
