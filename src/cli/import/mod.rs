//! `caseway import`: what a desk was before. Each source is a file with its arguments; mails of archives go on in `history`. Exports of further
//! desks read their own words into a `Moved`, as `line` does of ours; the rest is the store's.

mod export;
mod history;
mod line;
mod maildir;
mod mbox;

use clap::Subcommand;

use super::{Exit, Globals};

/// Move in: bring tickets and mails of the time before
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    source: Source,
}

#[derive(Debug, Subcommand)]
enum Source {
    Mbox(mbox::Args),
    Maildir(maildir::Args),
    Export(export::Args),
}

/// Brings it in.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    match args.source {
        Source::Mbox(args) => mbox::run(args, globals).await,
        Source::Maildir(args) => maildir::run(args, globals).await,
        Source::Export(args) => export::run(args, globals).await,
    }
}
