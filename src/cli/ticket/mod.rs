//! `caseway ticket …`: the requests and all that was said and done about them.

pub mod export;
pub mod list;
pub(super) mod moving;
pub(super) mod record;
pub mod show;

use super::{Exit, Globals};

/// Look at tickets
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    List(list::Args),
    Show(show::Args),
    Export(export::Args),
}

/// Runs the command of the group.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    match args.command {
        Command::List(args) => list::run(args, globals).await,
        Command::Show(args) => show::run(args, globals).await,
        Command::Export(args) => export::run(args, globals).await,
    }
}
