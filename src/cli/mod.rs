//! The command line: one file a command, each with its arguments, its help and what it does.
//!
//! A command is `pub struct Args` and `pub async fn run(args, &Globals) -> anyhow::Result<Exit>`; it has a variant
//! in `Command` (or in its group's enum) and an arm in `run`. It prints through [`output`] and gets its
//! configuration from [`Globals`].

pub mod account;
pub mod backup;
pub mod check;
pub mod completions;
pub mod dkim;
pub mod engineer;
mod exit;
pub mod form;
pub mod globals;
pub mod help;
pub mod import;
pub mod ingest;
pub mod init;
pub mod inspect;
pub mod listing;
pub mod mail;
pub mod man;
pub mod oauth;
pub mod outbox;
pub mod output;
pub mod progress;
pub mod records;
pub mod search;
pub mod serve;
pub mod template;
pub mod ticket;
mod values;
pub mod words;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use exit::Exit;
pub use globals::Globals;

/// Mailboxes in, tickets and answers out.
#[derive(Debug, Parser)]
#[command(
    name = "caseway",
    version,
    about = "Turns mailboxes into a service desk",
    disable_help_subcommand = true,
    after_help = AFTER_HELP,
)]
pub struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  caseway init support@example.test      From an address to a configuration that was tried
  caseway check                          Is everything in the configuration as it must be?
  caseway serve                          Run the gateway
  caseway ticket list                    What is open
  caseway search licence from:anna       Where was that?
  caseway mail explain 17                Why this mail became what it became
  caseway form try mail.eml              What would be understood of a mail
  caseway mail inspect --json mail.eml   What a mail is read as; needs no configuration

Exit codes: 0 done, 1 failed, 2 wrong arguments, 75 try again later (ingest, import).";

/// One variant a command, in the order in which the help lists them.
#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Serve(serve::Args),
    Ingest(ingest::Args),
    Import(import::Args),
    Check(check::Args),
    Ticket(ticket::Args),
    Search(search::Args),
    Mail(mail::Args),
    Outbox(outbox::Args),
    Engineer(engineer::Args),
    Account(account::Args),
    Oauth(oauth::Args),
    Dkim(dkim::Args),
    Form(form::Args),
    Template(template::Args),
    Backup(backup::Args),
    Completions(completions::Args),
    #[command(hide = true, name = "generate-man")]
    Man(man::Args),
}

/// The arguments of this process. Prints help or what is wrong with them, and ends the process, where that is due.
fn parse() -> Cli {
    Cli::from_arg_matches(&arguments().get_matches()).unwrap_or_else(|error| error.exit())
}

/// The program's arguments and help.
fn arguments() -> clap::Command {
    help::arrange(Cli::command())
}

/// The whole program. It is here and not in `main.rs`, as the compiler makes code for what is waited for where the waiting begins, and
/// the library has most of it anyway.
pub fn main() -> ExitCode {
    let cli = parse();
    let ended = tokio::runtime::Runtime::new().map_err(anyhow::Error::from).and_then(|runtime| {
        let ended = runtime.block_on(run(cli));
        // A mail that is being read is read again at the next start: nobody waits for it now.
        runtime.shutdown_background();
        ended
    });
    match ended {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// Runs the command that was asked for.
pub async fn run(cli: Cli) -> anyhow::Result<Exit> {
    let globals = &cli.globals;
    match cli.command {
        Command::Init(args) => init::run(args, globals).await,
        Command::Serve(args) => serve::run(args, globals).await,
        Command::Ingest(args) => ingest::run(args, globals).await,
        Command::Import(args) => import::run(args, globals).await,
        Command::Check(args) => check::run(args, globals).await,
        Command::Ticket(args) => ticket::run(args, globals).await,
        Command::Search(args) => search::run(args, globals).await,
        Command::Mail(args) => mail::run(args, globals).await,
        Command::Outbox(args) => outbox::run(args, globals).await,
        Command::Engineer(args) => engineer::run(args, globals).await,
        Command::Account(args) => account::run(args, globals).await,
        Command::Oauth(args) => oauth::run(args, globals).await,
        Command::Dkim(args) => dkim::run(args, globals),
        Command::Form(args) => form::run(&args, globals),
        Command::Template(args) => template::run(args, globals),
        Command::Backup(args) => backup::run(args, globals).await,
        Command::Completions(args) => completions::run(&args, Cli::command()),
        Command::Man(args) => man::run(&args, arguments()),
    }
}
