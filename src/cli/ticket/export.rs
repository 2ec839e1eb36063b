//! `caseway ticket export`: every ticket with all that belongs to it.

use std::io::Write;

use super::record;
use crate::cli::records::Records;
use crate::cli::{Exit, Globals, output};
use crate::store::view::tickets;

/// Print every ticket with its messages and events as JSON, one ticket a line
///
/// In the order of case IDs. The words of messages are read from the stored mails; attachments are listed with their
/// hash. The mails themselves are in it, too, so that 'caseway import export' brings everything into another desk.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway ticket export > tickets.jsonl
  caseway ticket export | jq -r 'select(.status == \"open\") | .case_id'")]
pub struct Args {
    /// Leave out what only another desk needs: the mails themselves, Message-IDs of letters
    #[arg(long)]
    no_mails: bool,
}

/// Tickets read at once.
const PAGE: u32 = 100;

/// Prints ticket after ticket; what is held in memory does not grow with their number.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let mut out = output::stdout();
    let mut after = 0;
    loop {
        let page = tickets::page(&records.store, after, PAGE).await?;
        let Some(last) = page.last().map(|ticket| ticket.id) else { break };
        record::each(&records, page, !args.no_mails, |line| output::write_json(&mut out, &line)).await?;
        after = last;
    }
    out.flush()?;
    records.close(Exit::Done).await
}
