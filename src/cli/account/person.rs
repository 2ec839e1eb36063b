//! `caseway account person …`: the people of an account, with their Business Accounts.

use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};

use super::find::named;
use super::record::{PersonLine, WholePerson};
use crate::cli::listing::{Column, Listing, column};
use crate::cli::output::{self, Output, cell};
use crate::cli::records::{PAGE, Records};
use crate::cli::{Exit, Globals, words};
use crate::config::{self, Secrets};
use crate::desk::directory::{self, AccountState, BusinessAccount, Known};
use crate::directory::{Directory, NewBusiness, cell as values};
use crate::mail::address::normalise;
use crate::store::directory::business;
use crate::time::Clock;

/// Say who may sign in: the Business Accounts of an account's people
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Add(AddArgs),
    List(ListArgs),
    Show(ShowArgs),
    Disable(DisableArgs),
    Enable(EnableArgs),
}

/// Create a Business Account for a person
///
/// The person sets a password by the link that they get when they ask for a portal user by mail.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  caseway account person add maija@example-oy.test --account AC-1001 --first Maija --last Salo")]
struct AddArgs {
    /// The person's address: the user name
    email: String,
    /// The account they belong to
    #[arg(long, value_name = "ACCOUNT-ID")]
    account: String,
    /// First name
    #[arg(long)]
    first: String,
    /// Last name
    #[arg(long)]
    last: String,
    /// They may manage the other people of the account
    #[arg(long)]
    administrator: bool,
}

/// List the people who have a Business Account, by address
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway account person list --account AC-1001
  caseway account person list --json | jq -r 'select(.state == \"invited\") | .email'")]
struct ListArgs {
    /// Only people of this account
    #[arg(long, value_name = "ACCOUNT-ID")]
    account: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// Show a person's Business Account
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  caseway account person show maija@example-oy.test")]
struct ShowArgs {
    /// The person's address
    email: String,
    #[command(flatten)]
    output: Output,
}

/// Switch a person's Business Account off: they can no longer sign in
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  caseway account person disable maija@example-oy.test")]
struct DisableArgs {
    /// The person's address
    email: String,
}

/// Switch a person's Business Account on again
///
/// Who never set a password is invited again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  caseway account person enable maija@example-oy.test")]
struct EnableArgs {
    /// The person's address
    email: String,
}

/// Runs the command of the group.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    match args.command {
        Command::Add(args) => add(args, globals).await,
        Command::List(args) => list(args, globals).await,
        Command::Show(args) => show(args, globals).await,
        Command::Disable(args) => switch(&args.email, false, globals).await,
        Command::Enable(args) => switch(&args.email, true, globals).await,
    }
}

/// The directory that is configured; an identity provider wants its token.
async fn directory_of(records: &Records, globals: &Globals) -> anyhow::Result<Arc<dyn Directory>> {
    let config = match &records.config.directory {
        config::Directory::Embedded => config::Directory::Embedded,
        config::Directory::Scim(_) => globals.load(Secrets::Fetch)?.config.directory,
    };
    crate::directory::open(&config, &records.store, &Clock::system()).await
}

async fn add(args: AddArgs, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open_or_create(globals).await?;
    let email = values::contact(&args.email).map_err(|refused| anyhow!("{}; {}", refused.what, refused.advice))?;
    let account = named(&records, &args.account).await?;
    let new = NewBusiness {
        email,
        first_name: directory::name(&args.first),
        last_name: directory::name(&args.last),
        account_id: Some(account.account_id.clone()),
        state: AccountState::Invited,
        administrator: args.administrator,
        external_id: String::new(),
    };
    if !directory_of(&records, globals).await?.add(&new).await? {
        bail!("{email} has a Business Account already: see 'caseway account person show {email}'", email = new.email);
    }
    let mut out = output::stdout();
    let role = if new.administrator { ", as an administrator" } else { "" };
    writeln!(out, "{} is invited to {}{role}.", new.email, cell(&account.company))?;
    writeln!(out, "They set a password by the link that they get when they ask for a portal user by mail.")?;
    out.flush()?;
    records.close(Exit::Done).await
}

const COLUMNS: &[Column] = &[
    column("EMAIL").shrinks_to(20),
    column("NAME").shrinks_to(12).rank(1),
    column("ACCOUNT").rank(2),
    column("STATE"),
    column("ROLE").rank(3),
    column("2FA").rank(4),
    column("PORTALS").shrinks_to(10).rank(3),
];

/// People as a list.
pub fn listing(people: Vec<BusinessAccount>) -> Listing {
    let mut listing = Listing::new(COLUMNS);
    for person in people {
        let name = full_name(&person);
        listing.push([
            person.email,
            name,
            person.account_id.unwrap_or_default(),
            person.state.as_str().to_owned(),
            if person.administrator { "administrator".to_owned() } else { String::new() },
            if person.second_factor { "yes".to_owned() } else { String::new() },
            person.portals.join(", "),
        ]);
    }
    listing
}

fn full_name(person: &BusinessAccount) -> String {
    format!("{} {}", person.first_name, person.last_name).trim().to_owned()
}

/// All people, or those of one account.
pub async fn all(records: &Records, account: Option<&str>) -> anyhow::Result<Vec<BusinessAccount>> {
    let mut all: Vec<BusinessAccount> = Vec::new();
    loop {
        let after = all.last().map(|person| person.email.clone()).unwrap_or_default();
        let page = business::page(&records.store, account, &after, PAGE).await?;
        let full = page.len() == PAGE as usize;
        all.extend(page);
        if !full {
            return Ok(all);
        }
    }
}

async fn list(args: ListArgs, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open_or_create(globals).await?;
    let account = match &args.account {
        Some(typed) => Some(named(&records, typed).await?.account_id),
        None => None,
    };
    let people = all(&records, account.as_deref()).await?;
    let mut out = output::stdout();
    if args.output.json {
        for person in people {
            output::write_json(&mut out, &PersonLine::from(person))?;
        }
    } else if people.is_empty() {
        let whose = account.map(|account| format!(" of {account}")).unwrap_or_default();
        writeln!(out, "Nobody{whose} has a Business Account; 'caseway account person add' creates one.")?;
    } else {
        listing(people).write(&mut out, words::terminal_width())?;
    }
    out.flush()?;
    records.close(Exit::Done).await
}

async fn show(args: ShowArgs, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open_or_create(globals).await?;
    let email = normalise(&args.email);
    let known =
        directory_of(&records, globals).await?.find(&email).await?.with_context(|| {
            format!("{email} has no Business Account; 'caseway account person list' shows who has one")
        })?;
    let mut out = output::stdout();
    if args.output.json {
        output::write_json(&mut out, &WholePerson::from(known))?;
    } else {
        fields(&mut out, &known)?;
    }
    out.flush()?;
    records.close(Exit::Done).await
}

fn fields(out: &mut impl Write, known: &Known) -> std::io::Result<()> {
    let person = &known.business;
    writeln!(out, "{}  {}\n", cell(&person.email), cell(&full_name(person)))?;
    let account = known.account.as_ref().map(|account| format!("{}  {}", account.account_id, account.company));
    for (name, value) in [
        ("Account", account.unwrap_or_else(|| "none".to_owned())),
        ("State", state(person.state).to_owned()),
        ("Role", if person.administrator { "administrator".to_owned() } else { String::new() }),
        ("2FA", if person.second_factor { "enrolled" } else { "none" }.to_owned()),
        ("Portals", person.portals.join(", ")),
        ("Other administrators", known.administrators.join(", ")),
    ] {
        if !value.is_empty() {
            words::hanging(out, name, 22, &value, words::reading_width())?;
        }
    }
    Ok(())
}

fn state(state: AccountState) -> &'static str {
    match state {
        AccountState::Invited => "invited: has not set a password yet",
        AccountState::Active => "active",
        AccountState::Disabled => "disabled: cannot sign in",
    }
}

async fn switch(typed: &str, enabled: bool, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let email = normalise(typed);
    let directory = directory_of(&records, globals).await?;
    if !directory.set_enabled(&email, enabled).await? {
        bail!("{email} has no Business Account; 'caseway account person list' shows who has one");
    }
    let now = directory.find(&email).await?.map(|known| known.business.state).context("the person went away")?;
    let mut out = output::stdout();
    writeln!(out, "{email} is {}.", state(now))?;
    out.flush()?;
    records.close(Exit::Done).await
}
