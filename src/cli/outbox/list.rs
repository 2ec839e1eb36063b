//! `caseway outbox list`: what goes out, and what became of it.

use std::io::Write;

use super::record::OutboxLine;
use crate::cli::listing::{Column, Listing, column};
use crate::cli::output::{self, Output};
use crate::cli::records::{Limit, Records};
use crate::cli::{Exit, Globals, words};
use crate::mail::address;
use crate::store::view::outgoing::{self, OutgoingMail, Which};

/// List the mails that go out, the newest first
#[derive(Debug, clap::Args)]
#[command(after_help = "\
States: queued (waits), sending, sent, later (refused for now, tried again), failed (refused for good or given up),
ambiguous (perhaps sent: the server's answer was lost), cancelled.

Examples:
  caseway outbox list --state failed,ambiguous
  caseway outbox list --case CASE-7 --json")]
pub struct Args {
    /// Only mails in one of these states, separated by commas
    #[arg(long, value_delimiter = ',', value_parser =
        ["queued", "sending", "sent", "later", "failed", "ambiguous", "cancelled"])]
    state: Vec<String>,
    /// Only mails about this ticket
    #[arg(long, value_name = "CASE")]
    case: Option<String>,
    /// Only mails to this address
    #[arg(long, value_name = "EMAIL")]
    to: Option<String>,
    /// Only mails of this kind: acknowledgement, answer, …
    #[arg(long, value_name = "KIND")]
    notice: Option<String>,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    output: Output,
}

const COLUMNS: &[Column] = &[
    column("ID").right(),
    column("STATE"),
    column("KIND").rank(3),
    column("TO").shrinks_to(18),
    column("CASE").rank(1),
    column("TRIES").right().rank(5),
    column("NEXT TRY").rank(4),
    column("SUBJECT").shrinks_to(18).rank(6),
    column("LAST ERROR").shrinks_to(18).rank(2),
];

/// Prints the mails that match.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let mut out = output::stdout();
    let mut listing = Listing::new(COLUMNS);
    let more = matching(&records, &args, |mail| {
        if args.output.json {
            return output::write_json(&mut out, &OutboxLine::of(&records, mail));
        }
        listing.push(cells(&records, mail));
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

/// Hands out the mails that match, up to the limit; whether there are more.
async fn matching(
    records: &Records,
    args: &Args,
    mut take: impl FnMut(&OutgoingMail) -> anyhow::Result<()>,
) -> anyhow::Result<bool> {
    let which = Which {
        state: args.state.clone(),
        ticket: args.case.as_deref().map(|case| records.ticket_number(case)).transpose()?,
        notice: args.notice.clone(),
        recipient: args.to.as_deref().map(address::normalise),
        caused_by: None,
    };
    let mut left = args.limit.entries();
    let mut before = None;
    loop {
        let page = outgoing::newest(&records.store, &which, before, args.limit.page()).await?;
        before = page.last().map(|mail| mail.id);
        for mail in &page {
            if left == 0 {
                return Ok(true);
            }
            left -= 1;
            take(mail)?;
        }
        if page.len() < args.limit.page() as usize {
            return Ok(false);
        }
    }
}

fn cells(records: &Records, mail: &OutgoingMail) -> [String; 9] {
    [
        mail.id.to_string(),
        mail.state.clone(),
        mail.notice.clone(),
        mail.recipient.clone(),
        mail.ticket.map(|ticket| records.case(ticket)).unwrap_or_default(),
        mail.attempts.to_string(),
        mail.next_attempt_at.map(words::local).unwrap_or_default(),
        mail.subject.clone(),
        mail.last_error.clone(),
    ]
}
