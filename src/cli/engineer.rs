//! `caseway engineer …`: who answers the customers.

use std::io::Write;

use anyhow::bail;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde::Serialize;

use super::listing::{Column, Listing, column};
use super::output::{self, Output};
use super::records::Records;
use super::{Exit, Globals, words};
use crate::config::{Config, Mailbox};
use crate::mail::{Address, address};
use crate::store::view::people::{self, Engineer};
use crate::store::{Store, operator};

/// Say who answers the customers
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    List(ListArgs),
    Add(AddArgs),
    Remove(RemoveArgs),
}

/// List the engineers and how many open tickets each has
#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Only engineers of this queue
    #[arg(long)]
    queue: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// Make somebody an engineer of a queue, or change an engineer's name
///
/// Engineers hear of new tickets in their queue and answer them from their own mail client, writing from this address.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  caseway engineer add erik@desk.example --name 'Erik Engineer' --queue support")]
struct AddArgs {
    /// The address that the engineer writes from
    email: String,
    /// The name that customers see
    #[arg(long, default_value = "", hide_default_value = true)]
    name: String,
    /// A queue of a configured mailbox; may stand several times
    #[arg(long, required = true)]
    queue: Vec<String>,
}

/// Take somebody out of a queue, or out of all
///
/// Tickets that they have there and that are not done are the queue's again; closed ones keep their assignee.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  caseway engineer remove erik@desk.example --queue support")]
struct RemoveArgs {
    /// The engineer's address
    email: String,
    /// Only out of this queue
    #[arg(long)]
    queue: Option<String>,
}

/// One line of `engineer list --json`.
#[derive(Serialize)]
struct EngineerLine {
    name: String,
    email: String,
    queue: String,
    added_at: Timestamp,
    open_tickets: i64,
    suppressed: bool,
}

/// Runs the command of the group.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    match args.command {
        Command::List(args) => list(args, globals).await,
        Command::Add(args) => add(args, globals).await,
        Command::Remove(args) => remove(args, globals).await,
    }
}

const COLUMNS: &[Column] = &[
    column("QUEUE"),
    column("NAME").shrinks_to(12).rank(1),
    column("EMAIL").shrinks_to(20),
    column("OPEN").right(),
    column("SINCE").rank(2),
    column("MAIL").rank(3),
];

async fn list(args: ListArgs, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open_or_create(globals).await?;
    let mut engineers = people::engineers(&records.store).await?;
    engineers.retain(|engineer| args.queue.as_ref().is_none_or(|queue| *queue == engineer.queue));
    let mut out = output::stdout();
    if args.output.json {
        for engineer in engineers {
            output::write_json(&mut out, &line(engineer))?;
        }
    } else if engineers.is_empty() {
        let whose = args.queue.map(|queue| format!(" of {queue}")).unwrap_or_default();
        writeln!(out, "There are no engineers{whose}; 'caseway engineer add' makes somebody one.")?;
    } else {
        let mut listing = Listing::new(COLUMNS);
        engineers.iter().for_each(|engineer| listing.push(cells(engineer)));
        listing.write(&mut out, words::terminal_width())?;
    }
    out.flush()?;
    records.close(Exit::Done).await
}

fn line(engineer: Engineer) -> EngineerLine {
    EngineerLine {
        name: engineer.person.name,
        email: engineer.person.email,
        queue: engineer.queue,
        added_at: engineer.added_at,
        open_tickets: engineer.open_tickets,
        suppressed: engineer.suppressed,
    }
}

fn cells(engineer: &Engineer) -> [String; 6] {
    [
        engineer.queue.clone(),
        engineer.person.name.clone(),
        engineer.person.email.clone(),
        engineer.open_tickets.to_string(),
        words::local(engineer.added_at),
        if engineer.suppressed { "bounces".to_owned() } else { String::new() },
    ]
}

async fn add(args: AddArgs, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open_or_create(globals).await?;
    let person = Address::new(args.name.split_whitespace().collect::<Vec<_>>().join(" "), &args.email);
    check_address(&records.config, &person.email)?;
    args.queue.iter().try_for_each(|queue| check_queue(&records.config, queue))?;
    let mut out = output::stdout();
    for queue in &args.queue {
        let added = operator::add_engineer(&records.store, &person, queue, records.now()).await?;
        let already = if added { "now" } else { "already" };
        writeln!(out, "{} is {already} an engineer of {queue}.", words::person(&person))?;
    }
    out.flush()?;
    records.close(Exit::Done).await
}

/// Makes somebody an engineer of a queue of a configuration that was just written; the database is created where it is missing.
pub async fn enlist(config: Config, email: &str, queue: &str) -> anyhow::Result<()> {
    let store = Store::open(config.database.connection().expose_secret()).await?;
    let records = Records { config, store };
    let person = Address::new("", email);
    operator::add_engineer(&records.store, &person, queue, records.now()).await?;
    records.close(Exit::Done).await.map(drop)
}

/// An engineer with the desk's address would be sent to the desk, and answered by it.
fn check_address(config: &Config, email: &str) -> anyhow::Result<()> {
    let parts = email.rsplit_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if parts.is_none() || email.contains(char::is_whitespace) {
        bail!("{email} is no address: write name@example.com");
    }
    let ours = config
        .mailboxes
        .values()
        .find(|mailbox| mailbox.address == email || mailbox.aliases.iter().any(|a| a == email));
    if let Some(mailbox) = ours {
        bail!("{email} is the address of the mailbox {}: an engineer needs an address of their own", mailbox.name);
    }
    Ok(())
}

fn check_queue(config: &Config, queue: &str) -> anyhow::Result<()> {
    let mut queues: Vec<&str> = config.mailboxes.values().flat_map(Mailbox::queues).collect();
    queues.sort_unstable();
    queues.dedup();
    if queues.contains(&queue) {
        return Ok(());
    }
    bail!("no mailbox in the configuration has the queue {queue}; there is {}", queues.join(", "))
}

async fn remove(args: RemoveArgs, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let email = address::normalise(&args.email);
    let removed = operator::remove_engineer(&records.store, &email, args.queue.as_deref(), records.now()).await?;
    let whose = args.queue.as_ref().map(|queue| format!(" of {queue}")).unwrap_or_default();
    if removed.queues.is_empty() {
        bail!("{email} is no engineer{whose}; 'caseway engineer list' shows who is");
    }
    let mut out = output::stdout();
    writeln!(out, "{email} is no longer an engineer of {}.", removed.queues.join(", "))?;
    if removed.given_back > 0 {
        let tickets = words::count(removed.given_back, "ticket has", "tickets have");
        writeln!(out, "{tickets} nobody now: all of the queue hear of it, and the first who answers takes it.")?;
    }
    out.flush()?;
    records.close(Exit::Done).await
}
