//! `caseway mail show`: one mail, and what became of it.

use std::io::Write;

use serde::Serialize;

use super::record::MailLine;
use crate::cli::inspect::{self, Inspected};
use crate::cli::output::{self, Output, cell};
use crate::cli::records::Records;
use crate::cli::{Exit, Globals, words};
use crate::desk::inbound::verdict::origin_word;
use crate::desk::post::human_size;
use crate::mail::Mail;
use crate::store::link;
use crate::store::view::mails::{self, InboundMail};

/// Show a mail that came in: headers, text, files, verdict
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway mail show 12
  caseway mail show 12 --json | jq .mail.attachments")]
pub struct Args {
    /// The mail's number in 'caseway mail list'
    #[arg(value_name = "ID")]
    id: i64,
    #[command(flatten)]
    output: Output,
}

/// `mail show --json`: the line of `mail export` with what the mail is read as.
#[derive(Serialize)]
struct ShownMail {
    #[serde(flatten)]
    line: MailLine,
    mail: Inspected,
}

/// Prints the mail.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let row = super::find::mail(&records, args.id).await?;
    let raw = mails::raw(&records.store, row.raw_id).await?;
    let mail = link::shown(&records.store, raw.clone()).await?;
    let mut out = output::stdout();
    if args.output.json {
        let mail = inspect::inspect(&row.place, &raw, mail.into_mail(), &records.config.desk.case_prefix);
        output::write_json(&mut out, &ShownMail { line: MailLine::of(&records, &row), mail })?;
    } else {
        write_mail(&mut out, &records, &row, &mail)?;
    }
    out.flush()?;
    records.close(Exit::Done).await
}

fn write_mail(out: &mut impl Write, records: &Records, row: &InboundMail, mail: &Mail) -> std::io::Result<()> {
    let width = words::reading_width();
    for (name, value) in head(records, row, mail) {
        match (name, value.trim()) {
            ("", _) => writeln!(out)?,
            (_, "") => {}
            _ => words::hanging(out, name, 12, &cell(&value), width)?,
        }
    }
    match words::text(&mail.text, 0, width) {
        text if text.is_empty() => writeln!(out, "\n(no text)")?,
        text => write!(out, "\n{text}")?,
    }
    for (index, file) in mail.attachments.iter().enumerate() {
        let gap = if index == 0 { "\n" } else { "" };
        let inline = if file.inline { ", shown in the text" } else { "" };
        let size = human_size(file.content.len() as u64);
        writeln!(out, "{gap}File  {} ({}, {size}{inline})", cell(&file.filename), cell(&file.content_type))?;
    }
    Ok(())
}

fn head(records: &Records, row: &InboundMail, mail: &Mail) -> Vec<(&'static str, String)> {
    let date = mail.date.map(words::local).unwrap_or_default();
    let size = human_size(u64::try_from(row.size).unwrap_or(0));
    let partly = if row.oversize { ", too large: only its headers were taken" } else { "" };
    vec![
        ("Mail", format!("{} from {}, {size}{partly}", row.id, row.source_place())),
        ("Received", words::local(row.received_at)),
        ("Verdict", verdict(records, row)),
        ("Proof", row.sender_proof.clone()),
        ("Origin", format!("{} ({})", origin_word(mail.origin), mail.origin_reason)),
        ("", String::new()),
        ("From", mail.from.as_ref().map(words::person).unwrap_or_default()),
        ("Reply-To", words::people(&mail.reply_to)),
        ("To", words::people(&mail.to)),
        ("Cc", words::people(&mail.cc)),
        ("Subject", mail.subject.clone()),
        ("Date", date),
        ("Message-ID", mail.message_id.clone().unwrap_or_default()),
        ("In-Reply-To", mail.in_reply_to.join(" ")),
        ("Odd", mail.warnings.join("; ")),
    ]
}

/// What became of a mail, in one line.
pub fn verdict(records: &Records, row: &InboundMail) -> String {
    let case = row.ticket.map(|ticket| format!(" {}", records.case(ticket))).unwrap_or_default();
    let reason = if row.reason.is_empty() { String::new() } else { format!(": {}", row.reason) };
    match row.verdict.as_str() {
        "" if row.attempts == 0 => "none yet: waits to be processed".to_owned(),
        "" => format!("none yet: tried {}", words::count(row.attempts.unsigned_abs() as usize, "time", "times")),
        verdict => format!("{verdict}{case}{reason}"),
    }
}
