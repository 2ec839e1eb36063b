//! `caseway mail …`: the mails that came in.

pub mod explain;
pub mod export;
mod find;
pub mod inspect;
pub mod list;
pub mod raw;
pub(super) mod reading;
mod record;
pub mod replay;
pub mod show;

use super::{Exit, Globals};

/// Look at the mails that came in
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Inspect(inspect::Args),
    List(list::Args),
    Show(show::Args),
    Raw(raw::Args),
    Explain(explain::Args),
    Replay(replay::Args),
    Export(export::Args),
}

/// Runs the command of the group.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    match args.command {
        Command::Inspect(args) => inspect::run(&args),
        Command::List(args) => list::run(args, globals).await,
        Command::Show(args) => show::run(args, globals).await,
        Command::Raw(args) => raw::run(args, globals).await,
        Command::Explain(args) => explain::run(args, globals).await,
        Command::Replay(args) => replay::run(args, globals).await,
        Command::Export(args) => export::run(args, globals).await,
    }
}
