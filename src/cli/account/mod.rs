//! `caseway account …`: the customers' accounts and their people.

mod change;
mod find;
mod import;
mod list;
mod person;
mod record;
mod show;

use super::{Exit, Globals};

/// Say who the customers are, and who may sign in
///
/// A person may ask for a portal user by mail when their address belongs to an account that is listed here: by its domain,
/// or because a contact of the account asks for it.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Import(import::Args),
    Add(change::AddArgs),
    List(list::Args),
    Show(show::Args),
    Disable(change::DisableArgs),
    Enable(change::EnableArgs),
    Person(person::Args),
}

/// Runs the command of the group.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    match args.command {
        Command::Import(args) => import::run(args, globals).await,
        Command::Add(args) => change::add(args, globals).await,
        Command::List(args) => list::run(args, globals).await,
        Command::Show(args) => show::run(args, globals).await,
        Command::Disable(args) => change::disable(&args, globals).await,
        Command::Enable(args) => change::enable(&args, globals).await,
        Command::Person(args) => person::run(args, globals).await,
    }
}
