//! `caseway outbox show`: one outgoing mail.

use std::io::Write;

use anyhow::Context;
use serde::Serialize;

use super::record::OutboxLine;
use crate::cli::inspect::{self, Inspected};
use crate::cli::output::{self, Output, cell};
use crate::cli::records::Records;
use crate::cli::{Exit, Globals, words};
use crate::desk::post::human_size;
use crate::mail::Mail;
use crate::store::link;
use crate::store::view::conversation::{self, Content};
use crate::store::view::outgoing::{self, OutgoingMail};

/// Show a mail that goes out: what it says, and how sending went
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway outbox show 31
  caseway outbox show 31 --raw > mail.eml")]
pub struct Args {
    /// The mail's number in 'caseway outbox list'
    #[arg(value_name = "ID")]
    id: i64,
    /// Write the exact bytes that are sent, and nothing else
    #[arg(long, conflicts_with = "json")]
    raw: bool,
    #[command(flatten)]
    output: Output,
}

/// `outbox show --json`: the line of `outbox list --json` with what the mail is read as.
#[derive(Serialize)]
struct ShownMail {
    #[serde(flatten)]
    line: OutboxLine,
    mail: Inspected,
}

/// Prints the mail.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let id = args.id;
    let row = outgoing::get(&records.store, id).await?;
    let row =
        row.with_context(|| format!("there is no mail {id}; 'caseway outbox list' shows which mails there are"))?;
    let content = Content::Outbox(id);
    let raw = conversation::bytes(&records.store, &[content]).await?.remove(&content).unwrap_or_default();
    let mail = link::shown(&records.store, raw.clone()).await?;
    let mut out = output::stdout();
    if args.raw {
        out.write_all(&raw)?;
    } else if args.output.json {
        let mail = inspect::inspect("", &raw, mail.into_mail(), &records.config.desk.case_prefix);
        output::write_json(&mut out, &ShownMail { line: OutboxLine::of(&records, &row), mail })?;
    } else {
        write_mail(&mut out, &records, &row, &mail)?;
    }
    out.flush()?;
    records.close(Exit::Done).await
}

fn write_mail(out: &mut impl Write, records: &Records, row: &OutgoingMail, mail: &Mail) -> std::io::Result<()> {
    let width = words::reading_width();
    let line = OutboxLine::of(records, row);
    let tries = words::count(row.attempts.unsigned_abs() as usize, "try", "tries");
    let caused = row.caused_by.map(|id| format!("mail {id} ('caseway mail explain {id}')"));
    let path = if row.return_path.is_empty() { "<> (bounces go nowhere)" } else { row.return_path.as_str() };
    let head = [
        ("Mail", format!("{} {}, written {}", row.id, row.notice, words::local(row.created_at))),
        ("State", line.fate()),
        ("Tries", format!("{tries} by {}", row.transport)),
        ("Case", row.ticket.map(|ticket| records.case(ticket)).unwrap_or_default()),
        ("Caused by", caused.unwrap_or_default()),
        ("", String::new()),
        ("Envelope", format!("from {path} to {}", row.recipient)),
        ("From", mail.from.as_ref().map(words::person).unwrap_or_default()),
        ("Reply-To", words::people(&mail.reply_to)),
        ("To", words::people(&mail.to)),
        ("Cc", words::people(&mail.cc)),
        ("Subject", row.subject.clone()),
        ("Message-ID", row.message_id.clone()),
    ];
    for (name, value) in head {
        match (name, value.as_str()) {
            ("", _) => writeln!(out)?,
            (_, "") => {}
            _ => words::hanging(out, name, 12, &cell(&value), width)?,
        }
    }
    write!(out, "\n{}", words::text(&mail.text, 0, width))?;
    for (index, file) in mail.attachments.iter().enumerate() {
        let gap = if index == 0 { "\n" } else { "" };
        let size = human_size(file.content.len() as u64);
        writeln!(out, "{gap}File  {} ({}, {size})", cell(&file.filename), cell(&file.content_type))?;
    }
    Ok(())
}
