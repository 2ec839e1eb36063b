//! `caseway oauth`: the access tokens of mailboxes and transports.

mod login;
mod opened;
mod status;
mod test;

use clap::Subcommand;

use super::{Exit, Globals};

/// Sign in to mailboxes at Microsoft 365, Google and others by OAuth2
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Login(login::Args),
    Status(status::Args),
    Test(test::Args),
}

/// Runs the command.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    match args.command {
        Command::Login(args) => login::run(args, globals).await,
        Command::Status(args) => status::run(args, globals).await,
        Command::Test(args) => test::run(args, globals).await,
    }
}
