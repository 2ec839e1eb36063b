//! Mails of archives become tickets of the past.

use std::io::Write;

use anyhow::Context;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::cli::output::{self, Output};
use crate::cli::{Exit, Globals, progress, values};
use crate::config::FirstStart;
use crate::intake::archive::{self, Archive, Found};
use crate::store::unplaced::{self, Became};
use crate::time::Clock;

/// What holds for every archive.
#[derive(Debug, clap::Args)]
pub struct How {
    /// The mails are history: tickets come of them, and no letter, reminder or question
    #[arg(long, required = true)]
    as_history: bool,
    /// The mailbox that they were for [default: the only one]
    #[arg(long, value_name = "NAME")]
    mailbox: Option<String>,
    /// Tickets with a mail since then stay open: a day (2026-11-01), a time until now (30d), or all [default: all are closed]
    #[arg(long, value_name = "WHEN")]
    open_since: Option<FirstStart>,
    #[command(flatten)]
    output: Output,
}

/// Why nothing was done beside a gateway.
pub(super) const RUNNING: &str = "a gateway works on this database; stop it first ('systemctl stop caseway'), import, and start it again: \
    what comes meanwhile waits in its mailbox";

pub(super) const EXAMPLES: &str = "\
The gateway must not run meanwhile. Interrupted at any moment, the same command goes on where it was; run twice, it takes nothing twice.

Examples:
  caseway import mbox --as-history inbox.mbox sent.mbox
  caseway import mbox --as-history --open-since 30d --mailbox support takeout.mbox
  caseway import maildir --as-history --folders /var/vmail/support

Exit codes: 0 every mail was worked on, 1 something could not be read, 75 nothing was done as a gateway is running.";

/// What became of one archive; a line of `--json`.
#[derive(Debug, Serialize)]
struct Line {
    archive: String,
    mails: u64,
    on_tickets: u64,
    tickets: u64,
    copies: u64,
    known: u64,
    oversize: u64,
    deleted: u64,
    drafts: u64,
    on_no_ticket: Vec<Reason>,
    failed: Vec<Failed>,
}

#[derive(Debug, Serialize)]
struct Reason {
    reason: String,
    mails: u64,
    first: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Failed {
    place: String,
    reason: String,
}

impl Line {
    fn of(archive: &Archive, found: Found, became: Became) -> Self {
        let reason = |(reason, mails, first)| Reason { reason, mails, first };
        Self {
            archive: archive.name(),
            mails: found.mails,
            on_tickets: became.on_tickets - became.copies.min(became.on_tickets),
            tickets: became.tickets,
            copies: became.copies,
            known: found.mails.saturating_sub(became.mails),
            oversize: became.oversize,
            deleted: found.deleted,
            drafts: found.drafts,
            on_no_ticket: became.others.into_iter().map(reason).collect(),
            failed: found.failed.into_iter().map(|(place, reason)| Failed { place, reason }).collect(),
        }
    }

    /// Whether all of it was worked on.
    fn is_whole(&self) -> bool {
        let lost = |reason: &Reason| reason.reason.starts_with(unplaced::UNREADABLE);
        self.failed.is_empty() && !self.on_no_ticket.iter().any(lost)
    }

    fn told(&self, out: &mut impl Write) -> std::io::Result<()> {
        writeln!(out, "{}: {}", self.archive, counted(self.mails, "mail"))?;
        let mut numbers = Vec::new();
        if self.mails > self.known {
            numbers.push(format!("{} on {}", self.on_tickets, counted(self.tickets, "ticket")));
        }
        let more = [
            (self.copies, "copies of mails that were there before"),
            (self.known, "known already"),
            (self.oversize, "too large, of which only the header was taken"),
            (self.deleted, "left out: deleted"),
            (self.drafts, "left out: drafts"),
        ];
        numbers.extend(more.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
        numbers.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
        for Reason { reason, mails, first } in &self.on_no_ticket {
            writeln!(out, "  {mails} on no ticket: {}", output::cell(reason))?;
            first.iter().try_for_each(|place| writeln!(out, "    {}", output::cell(place)))?;
            if *mails > first.len() as u64 {
                writeln!(out, "    and {} more: caseway mail list --verdict dropped", mails - first.len() as u64)?;
            }
        }
        for Failed { place, reason } in &self.failed {
            writeln!(out, "  not taken: {}: {}", output::cell(place), output::cell(reason))?;
        }
        Ok(())
    }
}

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Takes all archives into the ledger, then gives each mail its place; whoever interrupts it hears how to go on.
pub(super) async fn run(archives: Vec<Archive>, how: How, globals: &Globals) -> anyhow::Result<Exit> {
    tokio::select! {
        biased;
        done = import(archives, how, globals) => done,
        interrupted = tokio::signal::ctrl_c() => {
            interrupted.context("listening for an interruption")?;
            output::remark("interrupted; nothing is lost: the same command goes on")?;
            Ok(Exit::Failed)
        }
    }
}

async fn import(archives: Vec<Archive>, how: How, globals: &Globals) -> anyhow::Result<Exit> {
    archives.iter().try_for_each(Archive::is_there)?;
    let config = globals.config()?;
    let mailbox = values::mailbox(&config, how.mailbox.as_deref())?;
    let app = App::build(config, Clock::system()).await?;
    let Some(_owner) = app.store.own().await? else {
        output::remark(RUNNING)?;
        return Ok(Exit::Temporary);
    };
    let ctx = app.intake(&CancellationToken::new());
    let bar = progress::unbounded("mails read");
    let mut all = Vec::with_capacity(archives.len());
    for archive in archives {
        let found = archive::take(&ctx, &mailbox, &archive, |count| bar.inc(count)).await?;
        all.push((archive, found));
    }
    bar.finish_and_clear();
    place(&app, how.open_since).await?;
    let mut out = output::stdout();
    let mut exit = Exit::Done;
    for (archive, found) in all {
        let became = unplaced::became(&app.store, &mailbox, &archive.places()).await?;
        let line = Line::of(&archive, found, became);
        if !line.is_whole() {
            exit = Exit::Failed;
        }
        if how.output.json {
            output::write_json(&mut out, &line)?;
        } else {
            line.told(&mut out)?;
        }
    }
    out.flush()?;
    app.store.close().await;
    Ok(exit)
}

/// Gives everything that waits its place, with what an interrupted run left.
async fn place(app: &App, open_since: Option<FirstStart>) -> anyhow::Result<()> {
    let now = app.clock.now();
    let open_since = open_since.map(|since| since.before(now).unwrap_or(jiff::Timestamp::MIN));
    let bar = progress::of(unplaced::count(&app.store).await?, "placing mails");
    app.past(open_since).place(|count| bar.inc(count)).await?;
    bar.finish_and_clear();
    Ok(())
}
