//! `caseway outbox …`: the mails that we send.

pub mod change;
pub mod list;
pub mod record;
pub mod show;

use super::{Exit, Globals};

/// Look at the mails that go out, send them again, withdraw them
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    List(list::Args),
    Show(show::Args),
    Retry(change::RetryArgs),
    Cancel(change::CancelArgs),
}

/// Runs the command of the group.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    match args.command {
        Command::List(args) => list::run(args, globals).await,
        Command::Show(args) => show::run(args, globals).await,
        Command::Retry(args) => change::retry(args, globals).await,
        Command::Cancel(args) => change::cancel(args, globals).await,
    }
}
