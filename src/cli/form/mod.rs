//! `caseway form …`: what is understood of mails that ask for something.

pub mod attempt;

use super::{Exit, Globals};

/// See what the forms make of a mail
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Try(attempt::Args),
}

/// Runs the command of the group.
pub fn run(args: &Args, globals: &Globals) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Try(args) => attempt::run(args, globals),
    }
}
