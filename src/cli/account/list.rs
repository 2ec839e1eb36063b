//! `caseway account list`: which accounts there are.

use std::io::Write;

use super::record::AccountLine;
use crate::cli::listing::{Column, Listing, column};
use crate::cli::output::{self, Output};
use crate::cli::records::{Limit, PAGE, Records};
use crate::cli::{Exit, Globals, words};
use crate::desk::directory::Account;
use crate::store::directory::account;

/// List the accounts, by their IDs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway account list --search example
  caseway account list --limit 0 --json | jq -r 'select(.partner) | .account_id'")]
pub struct Args {
    /// Only accounts with this in their ID, company, domains or contacts
    #[arg(long, value_name = "WORD")]
    search: Option<String>,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    output: Output,
}

const COLUMNS: &[Column] = &[
    column("ACCOUNT"),
    column("COMPANY").shrinks_to(16),
    column("DOMAINS").shrinks_to(16).rank(1),
    column("PRODUCTS").shrinks_to(12).rank(3),
    column("LEVEL").rank(4),
    column("STATE").rank(2),
];

/// Prints the accounts that match.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open_or_create(globals).await?;
    let mut out = output::stdout();
    let mut listing = Listing::new(COLUMNS);
    let more = matching(&records, &args, |account| {
        if args.output.json {
            return output::write_json(&mut out, &AccountLine::from(account));
        }
        listing.push(cells(account));
        Ok(())
    })
    .await?;
    if !args.output.json && listing.is_empty() {
        let told = match &args.search {
            Some(_) => "No accounts match.",
            None => "There are no accounts; 'caseway account import' and 'caseway account add' bring some.",
        };
        writeln!(out, "{told}")?;
    }
    listing.write(&mut out, words::terminal_width())?;
    out.flush()?;
    if more {
        output::remark(&format!("There are more accounts than {}; --limit 0 shows all.", args.limit.entries()))?;
    }
    records.close(Exit::Done).await
}

/// Hands out the accounts that match, up to the limit; whether there are more.
async fn matching(
    records: &Records,
    args: &Args,
    mut take: impl FnMut(Account) -> anyhow::Result<()>,
) -> anyhow::Result<bool> {
    let mut left = args.limit.entries();
    let mut after = String::new();
    loop {
        let page = account::page(&records.store, &after, PAGE).await?;
        let full = page.len() == PAGE as usize;
        after = page.last().map(|account| account.account_id.clone()).unwrap_or_default();
        for account in page {
            if !args.search.as_ref().is_none_or(|word| holds(&account, &word.to_lowercase())) {
                continue;
            }
            if left == 0 {
                return Ok(true);
            }
            left -= 1;
            take(account)?;
        }
        if !full {
            return Ok(false);
        }
    }
}

fn holds(account: &Account, word: &str) -> bool {
    [&account.account_id, &account.company]
        .into_iter()
        .chain(&account.domains)
        .chain(&account.contacts)
        .any(|text| text.to_lowercase().contains(word))
}

fn cells(account: Account) -> [String; 6] {
    let state = state(&account);
    [
        account.account_id,
        account.company,
        account.domains.join(", "),
        account.products.join(", "),
        account.support_level,
        state,
    ]
}

/// What is unusual about it.
pub fn state(account: &Account) -> String {
    let words = [(account.partner, "partner"), (account.disabled, "disabled")];
    words.into_iter().filter_map(|(is_so, word)| is_so.then_some(word)).collect::<Vec<_>>().join(", ")
}
