//! `caseway search`: where something was said.

use std::io::Write;

use anyhow::bail;
use jiff::Timestamp;
use serde::Serialize;

use super::listing::Listing;
use super::output::{self, Output};
use super::records::{Limit, Records};
use super::ticket::list::{COLUMNS, cells};
use super::ticket::record::TicketHead;
use super::{Exit, Globals, progress, words};
use crate::desk::seal::keys::Keys;
use crate::desk::search::query::{self, Unclear};
use crate::store::commit;
use crate::store::search::{self, Hit};

/// Find tickets by what was said on them
///
/// All words must stand in one message, or in its subject, the name and address of who wrote it, or the names of its files;
/// notes among engineers are found as well. A word finds those that begin with it. In quotes words stand behind one another
/// as they are. The ticket with the newest message comes first.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Among the words:
  from:NAME          Who wrote it
  in:QUEUE           The queue of its ticket
  after:2026-03-01   It came on that day or later
  before:2026-04-01  It came before that day

Examples:
  caseway search licence server
  caseway search '\"will not start\"' from:anna after:2026-03-01 in:support
  caseway search anna@customer.example --json | jq -r .case_id"
)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// What to look for, in any order
    words: Vec<String>,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make the index anew from the mails, while the gateway runs
    Rebuild,
}

/// One line of `search --json`.
#[derive(Debug, Serialize)]
struct Found {
    #[serde(flatten)]
    ticket: TicketHead,
    found_at: Option<Timestamp>,
}

/// Prints the tickets that were found, or makes the index anew.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    match args.command {
        Some(Command::Rebuild) => rebuild(&records).await?,
        None => find(&records, &args).await?,
    }
    records.close(Exit::Done).await
}

async fn find(records: &Records, args: &Args) -> anyhow::Result<()> {
    let desk = &records.config.desk;
    let query = match query::parse(&args.words.join(" "), &desk.case_prefix, &desk.time_zone) {
        Ok(query) => query,
        Err(Unclear::Nothing) => bail!("say what to look for: a word or more, or from:NAME"),
        Err(Unclear::NoDay(typed)) => bail!("{typed:?} is no day; write it like 2026-03-01"),
    };
    let most = args.limit.entries();
    let mut hits = search::find(&mut records.store.read().await?, &query, most.saturating_add(1)).await?;
    let more = hits.len() > most;
    hits.truncate(most);
    let mut out = output::stdout();
    if args.output.json {
        for Hit { ticket, at } in hits {
            output::write_json(&mut out, &Found { ticket: TicketHead::of(records, ticket), found_at: at })?;
        }
    } else if hits.is_empty() {
        writeln!(out, "Nothing was found.")?;
    } else {
        let mut listing = Listing::new(COLUMNS);
        hits.iter().for_each(|hit| listing.push(cells(records, &hit.ticket)));
        listing.write(&mut out, words::terminal_width())?;
    }
    out.flush()?;
    if more {
        output::remark(&format!("There are more tickets than {most}; --limit 0 shows all."))?;
    }
    Ok(())
}

async fn rebuild(records: &Records) -> anyhow::Result<()> {
    let keys = Keys::new(commit::token_keys(&records.store, rand::random(), records.now()).await?)?;
    let bar = progress::unbounded("reading messages");
    let done = search::rebuild(&records.store, &keys, |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })
    .await?;
    bar.finish_and_clear();
    let mut out = output::stdout();
    let count = words::count(usize::try_from(done)?, "message", "messages");
    writeln!(out, "{count} can be found.")?;
    out.flush()?;
    Ok(())
}
