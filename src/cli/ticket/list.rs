//! `caseway ticket list`: which tickets there are.

use std::io::Write;

use super::record::TicketHead;
use crate::cli::listing::{Column, Listing, column};
use crate::cli::output::{self, Output};
use crate::cli::records::{Limit, PAGE, Records};
use crate::cli::{Exit, Globals, words};
use crate::mail::address;
use crate::store::view::tickets::{self, Assigned, Ticket, Which};

/// List tickets, those changed last first
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway ticket list --status new,open --assignee nobody
  caseway ticket list --requester maija@customer.example --limit 0
  caseway ticket list --search licence --json | jq -r .case_id")]
pub struct Args {
    /// Only tickets with one of these statuses, separated by commas
    #[arg(long, value_delimiter = ',', value_parser = ["new", "open", "waiting", "closed", "held", "merged"])]
    status: Vec<String>,
    /// Only tickets of this queue
    #[arg(long)]
    queue: Option<String>,
    /// Only tickets of this engineer, or of 'nobody'
    #[arg(long, value_name = "EMAIL")]
    assignee: Option<String>,
    /// Only tickets of this customer
    #[arg(long, value_name = "EMAIL")]
    requester: Option<String>,
    /// Only tickets with this in their subject; several must all be there
    #[arg(long, value_name = "WORD")]
    search: Vec<String>,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    output: Output,
}

/// What a list of tickets shows of each.
pub(in crate::cli) const COLUMNS: &[Column] = &[
    column("CASE"),
    column("STATUS"),
    column("PRIORITY").rank(2),
    column("QUEUE").rank(4),
    column("REQUESTER").shrinks_to(12).rank(1),
    column("ASSIGNEE").shrinks_to(10).rank(2),
    column("CHANGED").rank(3),
    column("SUBJECT").shrinks_to(24),
];

/// Prints the tickets that match.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let mut out = output::stdout();
    let mut listing = Listing::new(COLUMNS);
    let more = matching(&records, &args, |ticket| {
        if args.output.json {
            return output::write_json(&mut out, &TicketHead::of(&records, ticket));
        }
        listing.push(cells(&records, &ticket));
        Ok(())
    })
    .await?;
    if !args.output.json && listing.is_empty() {
        writeln!(out, "No tickets match.")?;
    }
    listing.write(&mut out, words::terminal_width())?;
    out.flush()?;
    if more {
        output::remark(&format!("There are more tickets than {}; --limit 0 shows all.", args.limit.entries()))?;
    }
    records.close(Exit::Done).await
}

/// Hands out the tickets that match, up to the limit; whether there are more.
async fn matching(
    records: &Records,
    args: &Args,
    mut take: impl FnMut(Ticket) -> anyhow::Result<()>,
) -> anyhow::Result<bool> {
    let which = which(args);
    // Compared here, as databases differ in what they take for a lower-case letter beyond ASCII.
    let words: Vec<String> = args.search.iter().map(|word| word.to_lowercase()).collect();
    let rows = if words.is_empty() { args.limit.page() } else { PAGE };
    let mut left = args.limit.entries();
    let mut last: Option<Ticket> = None;
    loop {
        let page = tickets::newest(&records.store, &which, last.as_ref(), rows).await?;
        last = page.last().cloned();
        let full = page.len() == rows as usize;
        for ticket in page {
            let subject = ticket.subject.to_lowercase();
            if !words.iter().all(|word| subject.contains(word)) {
                continue;
            }
            if left == 0 {
                return Ok(true);
            }
            left -= 1;
            take(ticket)?;
        }
        if !full {
            return Ok(false);
        }
    }
}

fn which(args: &Args) -> Which {
    Which {
        status: args.status.clone(),
        queue: args.queue.clone(),
        assignee: args.assignee.as_deref().map(|assignee| match assignee {
            "nobody" => Assigned::Nobody,
            email => Assigned::To(address::normalise(email)),
        }),
        requester: args.requester.as_deref().map(address::normalise),
    }
}

/// One ticket in a list.
pub(in crate::cli) fn cells(records: &Records, ticket: &Ticket) -> [String; 8] {
    [
        records.case(ticket.id),
        ticket.status.clone(),
        // The usual priority says nothing.
        Some(&ticket.priority).filter(|priority| *priority != "normal").cloned().unwrap_or_default(),
        ticket.queue.clone(),
        words::short_person(&ticket.requester),
        ticket.assignee.as_ref().map(words::short_person).unwrap_or_default(),
        words::local(ticket.updated_at),
        ticket.subject.clone(),
    ]
}
