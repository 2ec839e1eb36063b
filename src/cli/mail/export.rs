//! `caseway mail export`: every mail that came in, and what became of it.

use std::io::Write;

use super::record::MailLine;
use crate::cli::records::{PAGE, Records};
use crate::cli::{Exit, Globals, output};
use crate::store::view::mails;

/// Print every mail that came in and its verdict as JSON, one mail a line
///
/// In the order in which they came. 'caseway mail raw' gives the mails themselves.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway mail export | jq -r 'select(.verdict == \"dropped\") | [.id, .reason] | @tsv'
  caseway mail export | jq -r .verdict | sort | uniq -c")]
pub struct Args {}

/// Prints row after row; what is held in memory does not grow with their number.
pub async fn run(_args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let mut out = output::stdout();
    let mut after = 0;
    loop {
        let page = mails::page(&records.store, after, PAGE).await?;
        let Some(last) = page.last().map(|mail| mail.id) else { break };
        for mail in &page {
            output::write_json(&mut out, &MailLine::of(&records, mail))?;
        }
        after = last;
    }
    out.flush()?;
    records.close(Exit::Done).await
}
