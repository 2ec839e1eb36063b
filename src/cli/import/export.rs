//! `caseway import export`: tickets of another desk of our kind.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;

use anyhow::{Context, ensure};
use serde::Serialize;

use super::line;
use crate::app::App;
use crate::cli::output::{self, Output};
use crate::cli::ticket::record::TicketLine;
use crate::cli::{Exit, Globals, progress};
use crate::desk::id::TicketId;
use crate::store::{moved, search};
use crate::time::Clock;

/// Bring in what 'caseway ticket export' printed at another desk
///
/// Tickets with their messages, people, history and forms; what answers an old mail finds its ticket. A ticket keeps its number where
/// that is free. No letter goes out, none that waited at the other desk either, and nothing is due on the tickets unless asked for.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The gateway must not run meanwhile. Interrupted at any moment, the same command goes on where it was; run twice, it takes nothing twice.
Add the engineers first ('caseway engineer add').

Examples:
  caseway ticket export > tickets.jsonl      At the desk of before
  caseway import export tickets.jsonl

Exit codes: 0 every ticket is here, 1 something could not be taken, 75 nothing was done as a gateway is running.")]
pub struct Args {
    /// The export, one ticket a line
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What was due at the other desk is due here: reminders, the end of what nobody answers. Only if that desk has stopped for good
    #[arg(long)]
    follow_ups: bool,
    #[command(flatten)]
    output: Output,
}

/// Octets of one line: a ticket with its mails.
const MAX_LINE: u64 = 1 << 30;

/// What became of an export; the line of `--json`.
#[derive(Debug, Default, Serialize)]
struct Report {
    tickets: u64,
    new: u64,
    known: u64,
    /// Tickets with another number here: what they were, and what they are.
    renumbered: Vec<(String, String)>,
    failed: Vec<Failed>,
}

#[derive(Debug, Serialize)]
struct Failed {
    line: u64,
    reason: String,
}

/// Which ticket continues which, by the case IDs of the export.
#[derive(Default)]
struct Links {
    here: HashMap<String, i64>,
    pairs: Vec<(i64, Option<String>, Option<String>)>,
}

/// Brings it in, ticket by ticket.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let file = File::open(&args.file).with_context(|| format!("opening {}", args.file.display()))?;
    let app = App::build(globals.config()?, Clock::system()).await?;
    let Some(_owner) = app.store.own().await? else {
        output::remark(super::history::RUNNING)?;
        return Ok(Exit::Temporary);
    };
    let (mut report, mut links) = (Report::default(), Links::default());
    let mut input = BufReader::with_capacity(256 * 1024, file);
    let bar = progress::unbounded("tickets read");
    let mut number = 0;
    let mut octets = Vec::new();
    loop {
        octets.clear();
        if input.by_ref().take(MAX_LINE).read_until(b'\n', &mut octets).context("reading the export")? == 0 {
            break;
        }
        number += 1;
        bar.inc(1);
        if octets.trim_ascii().is_empty() {
            continue;
        }
        report.tickets += 1;
        if let Err(error) = take(&app, &octets, args.follow_ups, &mut report, &mut links).await {
            report.failed.push(Failed { line: number, reason: format!("{error:#}") });
        }
    }
    moved::join(&app.store, &links.resolved()).await?;
    bar.finish_and_clear();
    // An earlier run may have ended before this.
    let bar = progress::unbounded("indexing messages");
    search::rebuild(&app.store, &app.process.act.rules.keys, |done, _| bar.set_position(done)).await?;
    bar.finish_and_clear();
    told(&report, args.output)?;
    app.store.close().await;
    Ok(if report.failed.is_empty() { Exit::Done } else { Exit::Failed })
}

async fn take(
    app: &App,
    octets: &[u8],
    follow_ups: bool,
    report: &mut Report,
    links: &mut Links,
) -> anyhow::Result<()> {
    ensure!((octets.len() as u64) < MAX_LINE, "the line is longer than 1 GiB");
    let line: TicketLine = serde_json::from_slice(octets).context("it is no ticket of an export")?;
    let case = line.case_id.clone();
    let continues = line.moving.as_ref().map(|it| (it.linked_to.clone(), it.merged_into.clone())).unwrap_or_default();
    let moved = line::moved(line, follow_ups)?;
    let taken = moved::take(&app.store, &moved, app.clock.now()).await?;
    *(if taken.new { &mut report.new } else { &mut report.known }) += 1;
    let here = app.process.act.rules.case_id(TicketId(taken.ticket));
    if here != case {
        report.renumbered.push((case.clone(), here));
    }
    links.here.insert(case, taken.ticket);
    if continues != (None, None) {
        links.pairs.push((taken.ticket, continues.0, continues.1));
    }
    Ok(())
}

impl Links {
    /// By the numbers here. What a ticket continues may be missing in the export.
    fn resolved(&self) -> Vec<(i64, Option<i64>, Option<i64>)> {
        let find = |case: &Option<String>| case.as_ref().and_then(|case| self.here.get(case)).copied();
        self.pairs.iter().map(|(ticket, linked, merged)| (*ticket, find(linked), find(merged))).collect()
    }
}

fn told(report: &Report, how: Output) -> anyhow::Result<()> {
    let mut out = output::stdout();
    if how.json {
        output::write_json(&mut out, report)?;
    } else {
        let Report { tickets, new, known, .. } = report;
        writeln!(out, "{tickets} ticket{}: {new} new, {known} here before", if *tickets == 1 { "" } else { "s" })?;
        for (before, here) in &report.renumbered {
            writeln!(out, "  {} is {here} here", output::cell(before))?;
        }
        for Failed { line, reason } in &report.failed {
            writeln!(out, "  not taken: line {line}: {}", output::cell(reason))?;
        }
    }
    Ok(out.flush()?)
}
