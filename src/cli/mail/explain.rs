//! `caseway mail explain`: why became of a mail what became of it.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::reading::{self, Step};
use super::record::MailLine;
use crate::cli::outbox::record::OutboxLine;
use crate::cli::output::{self, Output, cell};
use crate::cli::records::{PAGE, Records};
use crate::cli::{Exit, Globals, words};
use crate::mail::{self, Mail};
use crate::store::link;
use crate::store::view::mails::{self, InboundMail};
use crate::store::view::outgoing::{self, Which};

/// Tell how a mail was decided: sender, origin, which ticket and why, proof, what was sent because of it
///
/// With the number of a mail: the decision as it was made and recorded. With a file: what can be told of a mail
/// without a database and without configuration.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway mail explain 12
  caseway mail explain suspicious.eml
  caseway mail explain 12 --json | jq '.steps[] | select(.result == \"match\")'")]
pub struct Args {
    /// The mail's number in 'caseway mail list', or a file with a mail; - is standard input
    #[arg(value_name = "ID|FILE")]
    which: String,
    /// Prefix of the case IDs to look for in a file
    #[arg(long, default_value = "CASE")]
    prefix: String,
    #[command(flatten)]
    output: Output,
}

/// The decision as it is recorded.
#[derive(Debug, Default, Deserialize)]
struct Trace {
    #[serde(default)]
    steps: Vec<Step>,
}

/// `mail explain ID --json`: the line of `mail export` with the decision and its letters.
#[derive(Serialize)]
struct ExplainedMail {
    #[serde(flatten)]
    line: MailLine,
    steps: Vec<Step>,
    sent: Vec<OutboxLine>,
}

/// `mail explain FILE --json`.
#[derive(Serialize)]
struct ExplainedFile {
    file: String,
    steps: Vec<Step>,
}

/// Prints the chain of the decision.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    match args.which.parse::<i64>() {
        Ok(id) if !Path::new(&args.which).exists() => stored(id, args.output, globals).await,
        _ => file(&args),
    }
}

async fn stored(id: i64, output: Output, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let row = super::find::mail(&records, id).await?;
    let trace = mails::trace(&records.store, id).await?;
    let trace: Trace = match trace.as_str() {
        "" => Trace::default(),
        trace => serde_json::from_str(trace).with_context(|| format!("the recorded decision on mail {id}"))?,
    };
    let which = Which { caused_by: Some(id), ..Which::default() };
    let mut sent = outgoing::newest(&records.store, &which, None, PAGE).await?;
    sent.reverse();
    let sent = sent.iter().map(|mail| OutboxLine::of(&records, mail)).collect();
    let mut out = output::stdout();
    if output.json {
        let line = MailLine::of(&records, &row);
        output::write_json(&mut out, &ExplainedMail { line, steps: trace.steps, sent })?;
    } else {
        let raw = mails::raw(&records.store, row.raw_id).await?;
        let mail = link::shown(&records.store, raw).await?;
        write_head(&mut out, &row, &mail)?;
        chain(&mut out, &trace.steps)?;
        end(&mut out, &records, &row, &sent)?;
    }
    out.flush()?;
    records.close(Exit::Done).await
}

fn file(args: &Args) -> anyhow::Result<Exit> {
    let raw = reading::bytes(Path::new(&args.which))?;
    let steps = reading::steps(&mail::read(&raw), &args.prefix);
    let mut out = output::stdout();
    if args.output.json {
        output::write_json(&mut out, &ExplainedFile { file: args.which.clone(), steps })?;
    } else {
        chain(&mut out, &steps)?;
        let more = "This is what the mail itself tells. Ticket, proof and verdict depend on the database: \
                    'caseway mail explain ID' tells them of a mail that came in.";
        write!(out, "{}", words::text(more, 0, words::terminal_width()))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn write_head(out: &mut impl Write, row: &InboundMail, mail: &Mail) -> std::io::Result<()> {
    let width = words::terminal_width();
    let received = words::local(row.received_at);
    words::hanging(out, "Mail", NAME, &format!("{} from {}, received {received}", row.id, row.source_place()), width)?;
    words::hanging(out, "From", NAME, &mail.from.as_ref().map(words::person).unwrap_or_default(), width)?;
    words::hanging(out, "Subject", NAME, &cell(&mail.subject), width)?;
    writeln!(out)
}

/// Columns of the names of steps, and of their results.
const NAME: usize = 20;
const RESULT: usize = 12;

/// One line a step: what was asked, what the answer was, and why.
fn chain(out: &mut impl Write, steps: &[Step]) -> std::io::Result<()> {
    let width = words::terminal_width();
    for step in steps {
        let name = if step.step.len() < NAME { format!("{:NAME$}", cell(&step.step)) } else { cell(&step.step) };
        let result = cell(&step.result);
        let (head, detail) = match result.chars().count() < RESULT {
            true => (format!("{name}{result}"), step.detail.clone()),
            // A long answer stands where the details of others do.
            false if step.detail.is_empty() => (name.trim_end().to_owned(), result),
            false => (name.trim_end().to_owned(), format!("{result}: {}", step.detail)),
        };
        words::hanging(out, &head, NAME + RESULT, &detail, width)?;
    }
    if steps.is_empty() { Ok(()) } else { writeln!(out) }
}

/// The verdict, and what was sent.
fn end(out: &mut impl Write, records: &Records, row: &InboundMail, sent: &[OutboxLine]) -> std::io::Result<()> {
    let width = words::terminal_width();
    words::hanging(out, "Verdict", NAME, &super::show::verdict(records, row), width)?;
    for (index, mail) in sent.iter().enumerate() {
        let name = if index == 0 { "Sent because of it" } else { "" };
        words::hanging(out, name, NAME, &mail.in_words(), width)?;
    }
    if sent.is_empty() {
        words::hanging(out, "Sent because of it", NAME, "nothing", width)?;
    }
    Ok(())
}
