//! `caseway account add`, `disable`, `enable`: one account by hand.

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::{Context, anyhow, bail};

use super::find::named;
use crate::cli::records::Records;
use crate::cli::{Exit, Globals, output};
use crate::desk::directory::Account;
use crate::directory::cell::{self, Refused};
use crate::store::directory::account;

/// Add one account
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  caseway account add AC-1001 --company 'Example Oy' --domain example-oy.test --partner")]
pub struct AddArgs {
    /// The account ID that the customer knows
    #[arg(value_name = "ACCOUNT-ID")]
    account: String,
    /// The company's name
    #[arg(long)]
    company: String,
    /// A mail domain of the company; its subdomains belong to it as well
    #[arg(long, value_name = "DOMAIN")]
    domain: Vec<String>,
    /// The address of a person who may ask for others, whatever their domain
    #[arg(long, value_name = "EMAIL")]
    contact: Vec<String>,
    /// A product it has bought
    #[arg(long)]
    product: Vec<String>,
    /// It is a reseller or distributor: its people have the partner portal
    #[arg(long)]
    partner: bool,
    /// Its level of support, in a word of your own
    #[arg(long, value_name = "WORD", default_value = "", hide_default_value = true)]
    support_level: String,
}

/// Switch an account off: nobody can register for it any more
///
/// Its people keep their Business Accounts; 'caseway account person disable' switches them off.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  caseway account disable AC-1001")]
pub struct DisableArgs {
    /// The account ID
    #[arg(value_name = "ACCOUNT-ID")]
    account: String,
}

/// Switch an account on again
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  caseway account enable AC-1001")]
pub struct EnableArgs {
    /// The account ID
    #[arg(value_name = "ACCOUNT-ID")]
    account: String,
}

/// Adds one account.
pub async fn add(args: AddArgs, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open_or_create(globals).await?;
    let new = Account {
        account_id: value("account ID", &args.account, cell::account_id)?,
        company: value("company", &args.company, cell::company)?,
        domains: values("domain", &args.domain, cell::domain)?,
        contacts: values("contact", &args.contact, cell::contact)?,
        products: values("product", &args.product, cell::words)?,
        partner: args.partner,
        support_level: value("support level", &args.support_level, cell::words)?,
        disabled: false,
    };
    let mut tx = records.store.write().await?;
    if account::find_in(&mut tx, &new.account_id).await?.is_some() {
        bail!(
            "there is an account {id} already: see 'caseway account show {id}'; 'caseway account import' changes it",
            id = new.account_id
        );
    }
    account::save(&mut tx, &new, records.now()).await?;
    tx.commit().await.context("committing an account")?;
    let mut out = output::stdout();
    writeln!(out, "{} is the account of {}.", new.account_id, output::cell(&new.company))?;
    if new.domains.is_empty() && new.contacts.is_empty() {
        writeln!(out, "It has neither domains nor contacts: every registration for it waits for an engineer.")?;
    }
    out.flush()?;
    records.close(Exit::Done).await
}

fn value<T>(name: &str, written: &str, parse: impl Fn(&str) -> Result<T, Refused>) -> anyhow::Result<T> {
    parse(written).map_err(|refused| anyhow!("the {name} {}; {}", refused.what, refused.advice))
}

/// Sorted, each once.
fn values(
    name: &str,
    written: &[String],
    parse: impl Fn(&str) -> Result<String, Refused>,
) -> anyhow::Result<Vec<String>> {
    let parsed: anyhow::Result<BTreeSet<String>> = written.iter().map(|one| value(name, one, &parse)).collect();
    Ok(parsed?.into_iter().collect())
}

/// Switches an account off.
pub async fn disable(args: &DisableArgs, globals: &Globals) -> anyhow::Result<Exit> {
    switch(&args.account, true, "disabled: nobody can register for it", globals).await
}

/// Switches an account on.
pub async fn enable(args: &EnableArgs, globals: &Globals) -> anyhow::Result<Exit> {
    switch(&args.account, false, "enabled", globals).await
}

async fn switch(typed: &str, disabled: bool, told: &str, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let there = named(&records, typed).await?;
    account::set_disabled(&records.store, &there.account_id, disabled, records.now()).await?;
    let already = if there.disabled == disabled { "already " } else { "" };
    let mut out = output::stdout();
    writeln!(out, "{} ({}) is {already}{told}.", there.account_id, output::cell(&there.company))?;
    out.flush()?;
    records.close(Exit::Done).await
}
