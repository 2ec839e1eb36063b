//! `caseway mail list`: which mails came in, and what became of them.

use std::collections::HashMap;
use std::io::Write;

use serde::Serialize;

use super::record::MailLine;
use crate::cli::listing::{Column, Listing, column};
use crate::cli::output::{self, Output};
use crate::cli::records::{Limit, Records};
use crate::cli::{Exit, Globals, words};
use crate::desk::post::human_size;
use crate::desk::seal::secret::Unseen;
use crate::mail::{self, Address};
use crate::store::link;
use crate::store::view::mails::{self, InboundMail, Which};

/// List the mails that came in, the newest first
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway mail list --state quarantined
  caseway mail list --verdict held,dropped --limit 0
  caseway mail list --from maija@customer.example
  caseway mail list --case CASE-7 --json")]
pub struct Args {
    /// Only mails in one of these states, separated by commas
    #[arg(long, value_delimiter = ',', value_parser = ["new", "done", "quarantined"])]
    state: Vec<String>,
    /// Only mails with one of these verdicts, separated by commas
    #[arg(long, value_delimiter = ',', value_parser =
        ["opened", "threaded", "held", "dropped", "duplicate", "quarantined", "bounce", "auto-reply"])]
    verdict: Vec<String>,
    /// Only mails that went to this ticket
    #[arg(long, value_name = "CASE")]
    case: Option<String>,
    /// Only mails of this mailbox
    #[arg(long, value_name = "NAME")]
    mailbox: Option<String>,
    /// Only mails whose sender's name or address has this in it
    #[arg(long, value_name = "WORD")]
    from: Option<String>,
    /// Only mails with this in their subject; several must all be there
    #[arg(long, value_name = "WORD")]
    search: Vec<String>,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    output: Output,
}

const COLUMNS: &[Column] = &[
    column("ID").right(),
    column("RECEIVED").rank(2),
    column("VERDICT"),
    column("CASE").rank(1),
    column("FROM").shrinks_to(12),
    column("SUBJECT").shrinks_to(20),
    column("SIZE").right().rank(5),
    column("SOURCE").shrinks_to(18).rank(6),
    column("REASON").shrinks_to(40).rank(3),
];

/// One line of `mail list --json`.
#[derive(Serialize)]
struct ListedMail {
    #[serde(flatten)]
    mail: MailLine,
    from: Option<Address>,
    subject: String,
}

/// Who wrote, and about what.
#[derive(Debug, Clone, Default)]
struct Head {
    from: Option<Address>,
    subject: String,
}

/// Prints the mails that match.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let mut out = output::stdout();
    let mut listing = Listing::new(COLUMNS);
    let more = matching(&records, &args, |mail, head| {
        if args.output.json {
            let Head { from, subject } = head;
            return output::write_json(&mut out, &ListedMail { mail: MailLine::of(&records, &mail), from, subject });
        }
        listing.push(cells(&records, &mail, head));
        Ok(())
    })
    .await?;
    if !args.output.json && listing.is_empty() {
        writeln!(out, "No mails match.")?;
    }
    listing.write(&mut out, words::terminal_width())?;
    out.flush()?;
    if more {
        output::remark(&format!("There are more mails than {}; --limit 0 shows all.", args.limit.entries()))?;
    }
    records.close(Exit::Done).await
}

/// Mails whose headers are read at once: of each as many octets as its headers may have.
const HEADS: u32 = 100;

/// Hands out the mails that match, up to the limit; whether there are more.
async fn matching(
    records: &Records,
    args: &Args,
    mut take: impl FnMut(InboundMail, Head) -> anyhow::Result<()>,
) -> anyhow::Result<bool> {
    let which = Which {
        state: args.state.clone(),
        verdict: args.verdict.clone(),
        ticket: args.case.as_deref().map(|case| records.ticket_number(case)).transpose()?,
        mailbox: args.mailbox.clone(),
    };
    let wanted = Wanted::of(args);
    let rows = if wanted.all() { args.limit.page().min(HEADS) } else { HEADS };
    let mut left = args.limit.entries();
    let mut before = None;
    loop {
        let page = mails::newest(&records.store, &which, before, rows).await?;
        before = page.last().map(|mail| mail.id);
        let full = page.len() == rows as usize;
        let raw_ids: Vec<i64> = page.iter().map(|mail| mail.raw_id).collect();
        let heads = heads(records, &raw_ids).await?;
        for mail in page {
            let head = heads.get(&mail.raw_id).cloned().unwrap_or_default();
            if !wanted.matches(&head) {
                continue;
            }
            if left == 0 {
                return Ok(true);
            }
            left -= 1;
            take(mail, head)?;
        }
        if !full {
            return Ok(false);
        }
    }
}

/// From and Subject of mails, from their headers alone, by the id of their bytes.
async fn heads(records: &Records, raw_ids: &[i64]) -> anyhow::Result<HashMap<i64, Head>> {
    let bytes = mails::heads(&records.store, raw_ids).await?;
    let read = |(id, bytes): (i64, Vec<u8>)| (id, Unseen::of(mail::read(header_block(&bytes))));
    let mails: Vec<(i64, Unseen)> = bytes.into_iter().map(read).collect();
    let candidates = mails.iter().flat_map(|(_, mail)| mail.candidates()).collect();
    let known = link::known(&records.store, candidates).await?;
    let head = |(id, mail): (i64, Unseen)| {
        let mail = mail.shown(&known).into_mail();
        (id, Head { from: mail.from, subject: mail.subject })
    };
    Ok(mails.into_iter().map(head).collect())
}

/// The bytes up to and with the empty line.
fn header_block(bytes: &[u8]) -> &[u8] {
    let end = |mark: &[u8]| bytes.windows(mark.len()).position(|window| window == mark).map(|at| at + mark.len());
    let end = [end(b"\n\n"), end(b"\n\r\n")].into_iter().flatten().min();
    end.and_then(|end| bytes.get(..end)).unwrap_or(bytes)
}

/// What is looked for in headers, in lower case.
struct Wanted {
    from: Option<String>,
    words: Vec<String>,
}

impl Wanted {
    fn of(args: &Args) -> Self {
        Self {
            from: args.from.as_ref().map(|from| from.to_lowercase()),
            words: args.search.iter().map(|word| word.to_lowercase()).collect(),
        }
    }

    fn all(&self) -> bool {
        self.from.is_none() && self.words.is_empty()
    }

    fn matches(&self, head: &Head) -> bool {
        let from = head.from.as_ref().map(words::person).unwrap_or_default().to_lowercase();
        let subject = head.subject.to_lowercase();
        self.from.as_ref().is_none_or(|wanted| from.contains(wanted))
            && self.words.iter().all(|word| subject.contains(word))
    }
}

fn cells(records: &Records, mail: &InboundMail, head: Head) -> [String; 9] {
    [
        mail.id.to_string(),
        words::local(mail.received_at),
        if mail.verdict.is_empty() { mail.state.clone() } else { mail.verdict.clone() },
        mail.ticket.map(|ticket| records.case(ticket)).unwrap_or_default(),
        head.from.as_ref().map(words::person).unwrap_or_default(),
        head.subject,
        human_size(u64::try_from(mail.size).unwrap_or(0)),
        mail.source_place(),
        mail.reason.clone(),
    ]
}
