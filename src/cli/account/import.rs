//! `caseway account import`: many accounts from a table.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;

use crate::cli::listing::{Column, Listing, column};
use crate::cli::output::{self, Output};
use crate::cli::records::Records;
use crate::cli::{Exit, Globals, progress, words};
use crate::directory::table::{self, Problem, Row, Table};
use crate::store::directory::account::{self, Saved};

/// Import accounts from a table (CSV)
///
/// The first line names the columns: account_id and company are needed; domains, contacts, products, partner (yes or no) and
/// support_level may be left out, and what is known then stays as it is. Several values in one cell are separated by
/// semicolons. Accounts that are not in the table are left alone. Nothing is imported while a line is wrong.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway account import accounts.csv --dry-run
  caseway account import accounts.csv --skip-bad-lines

A table:
  account_id,company,domains,contacts,products,partner,support_level
  AC-1001,Example Oy,example-oy.test;example.test,boss@elsewhere.test,Endpoint;Exposure,no,premium

Exit code 1 when a line is wrong.")]
pub struct Args {
    /// The table; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Tell what would be imported, and import nothing
    #[arg(long)]
    dry_run: bool,
    /// Import the lines that are right although others are wrong
    #[arg(long)]
    skip_bad_lines: bool,
    #[command(flatten)]
    output: Output,
}

/// Octets of a table that is read: some hundred thousand accounts.
const MAX_TABLE: u64 = 200_000_000;
/// Accounts in one transaction, so that the gateway gets its turn meanwhile.
const BATCH: usize = 200;

/// What an import did; the only line of `account import --json` besides the problems.
#[derive(Debug, Default, Serialize)]
struct Counted {
    new: usize,
    changed: usize,
    unchanged: usize,
    wrong_lines: usize,
    imported: bool,
}

/// Imports the table.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open_or_create(globals).await?;
    let Table { rows, problems } = table::read(&bytes(&args.file)?);
    let mut counted = Counted { wrong_lines: lines(&problems), ..Counted::default() };
    if problems.is_empty() || (args.skip_bad_lines && !rows.is_empty()) {
        save(&records, &rows, args.dry_run, &mut counted).await?;
        counted.imported = !args.dry_run;
    }
    let mut out = output::stdout();
    if args.output.json {
        problems.iter().try_for_each(|problem| output::write_json(&mut out, problem))?;
        output::write_json(&mut out, &counted)?;
    } else {
        told(&mut out, &args, &problems, &counted)?;
    }
    out.flush()?;
    records.close(if problems.is_empty() { Exit::Done } else { Exit::Failed }).await
}

fn bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = if file.as_os_str() == "-" {
        std::io::stdin().lock().take(MAX_TABLE).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|opened| opened.take(MAX_TABLE).read_to_end(&mut bytes))
    };
    read.with_context(|| format!("reading {}", file.display()))?;
    anyhow::ensure!((bytes.len() as u64) < MAX_TABLE, "{} is too large for a table; split it", file.display());
    Ok(bytes)
}

/// Saves all rows, or finds out what saving them would do.
async fn save(records: &Records, rows: &[Row], dry_run: bool, counted: &mut Counted) -> anyhow::Result<()> {
    let bar = progress::of(rows.len() as u64, if dry_run { "comparing accounts" } else { "importing accounts" });
    for batch in rows.chunks(BATCH) {
        let mut tx = records.store.write().await?;
        for row in batch {
            let there = account::find_in(&mut tx, row.account_id()).await?;
            match account::save(&mut tx, &row.applied(there), records.now()).await? {
                Saved::New => counted.new += 1,
                Saved::Changed => counted.changed += 1,
                Saved::Unchanged => counted.unchanged += 1,
            }
            bar.inc(1);
        }
        if dry_run {
            tx.rollback().await.context("undoing a dry run")?;
        } else {
            tx.commit().await.context("committing accounts")?;
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// Several problems may be on one line.
fn lines(problems: &[Problem]) -> usize {
    let mut lines: Vec<u64> = problems.iter().map(|problem| problem.line).collect();
    lines.dedup();
    lines.len()
}

const COLUMNS: &[Column] = &[
    column("LINE").right(),
    column("COLUMN"),
    column("WHAT IS WRONG").shrinks_to(24),
    column("WHAT TO DO").shrinks_to(24),
];

fn told(out: &mut impl Write, args: &Args, problems: &[Problem], counted: &Counted) -> anyhow::Result<()> {
    let mut listing = Listing::new(COLUMNS);
    for Problem { line, column, what, advice } in problems {
        let line = if *line == 0 { String::new() } else { line.to_string() };
        listing.push([line, column.clone(), what.clone(), advice.clone()]);
    }
    listing.write(out, None)?;
    if !problems.is_empty() {
        writeln!(out)?;
    }
    let numbers = format!("{} new, {} changed, {} unchanged", counted.new, counted.changed, counted.unchanged);
    let wrong = words::count(counted.wrong_lines, "line is wrong", "lines are wrong");
    match (counted.imported, problems.is_empty()) {
        (true, true) => writeln!(out, "Imported: {numbers}.")?,
        (true, false) => writeln!(out, "Imported: {numbers}; {wrong} and left out.")?,
        (false, true) => writeln!(out, "Would be imported: {numbers}. Nothing was changed.")?,
        (false, false) if args.skip_bad_lines && args.dry_run => {
            writeln!(out, "Would be imported: {numbers}; {wrong}. Nothing was changed.")?;
        }
        (false, false) => {
            writeln!(out, "Nothing was imported: {wrong}. Correct them, or leave them out with --skip-bad-lines.")?;
        }
    }
    Ok(())
}
