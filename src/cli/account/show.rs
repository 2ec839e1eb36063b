//! `caseway account show`: one account and its people.

use std::io::Write;

use super::find::named;
use super::record::{AccountLine, PersonLine, WholeAccount};
use super::{list, person};
use crate::cli::output::{self, Output, cell};
use crate::cli::records::Records;
use crate::cli::{Exit, Globals, words};
use crate::desk::directory::Account;

/// Show an account and its people
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway account show AC-1001
  caseway account show AC-1001 --json | jq -r '.people[].email'")]
pub struct Args {
    /// The account ID
    #[arg(value_name = "ACCOUNT-ID")]
    account: String,
    #[command(flatten)]
    output: Output,
}

/// Prints the account.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open_or_create(globals).await?;
    let account = named(&records, &args.account).await?;
    let people = person::all(&records, Some(&account.account_id)).await?;
    let mut out = output::stdout();
    if args.output.json {
        let people = people.into_iter().map(PersonLine::from).collect();
        output::write_json(&mut out, &WholeAccount { account: AccountLine::from(account), people })?;
    } else {
        head(&mut out, &account)?;
        if people.is_empty() {
            writeln!(out, "\nNobody of this account has a Business Account.")?;
        } else {
            writeln!(out, "\n{}\n", words::rule("Business Accounts", words::reading_width()))?;
            person::listing(people).write(&mut out, words::terminal_width())?;
        }
    }
    out.flush()?;
    records.close(Exit::Done).await
}

fn head(out: &mut impl Write, account: &Account) -> std::io::Result<()> {
    writeln!(out, "{}  {}\n", cell(&account.account_id), cell(&account.company))?;
    for (name, value) in [
        ("State", list::state(account)),
        ("Domains", account.domains.join(", ")),
        ("Contacts", account.contacts.join(", ")),
        ("Products", account.products.join(", ")),
        ("Support", account.support_level.clone()),
    ] {
        if !value.is_empty() {
            words::hanging(out, name, 10, &value, words::reading_width())?;
        }
    }
    Ok(())
}
