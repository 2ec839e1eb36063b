//! `caseway mail raw`: a mail as it came.

use std::io::Write;

use crate::cli::records::Records;
use crate::cli::{Exit, Globals, output};
use crate::store::view::mails;

/// Write the exact bytes of a mail to standard output
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway mail raw 12 > mail.eml
  caseway mail raw 12 | caseway mail inspect -")]
pub struct Args {
    /// The mail's number in 'caseway mail list'
    #[arg(value_name = "ID")]
    id: i64,
}

/// Writes the bytes, and nothing else.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let mail = super::find::mail(&records, args.id).await?;
    let raw = mails::raw(&records.store, mail.raw_id).await?;
    let mut out = output::stdout();
    out.write_all(&raw)?;
    out.flush()?;
    if mail.oversize {
        output::remark("The mail was too large to take: these are its headers; the rest stayed at its source.")?;
    }
    records.close(Exit::Done).await
}
