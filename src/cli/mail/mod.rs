//! `caseway mail …`: the mails that came in.

pub mod inspect;

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
}

/// Runs the command of the group.
pub async fn run(args: Args, _globals: &Globals) -> anyhow::Result<Exit> {
    match args.command {
        Command::Inspect(args) => inspect::run(&args),
    }
}
