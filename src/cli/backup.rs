//! `caseway backup`: a copy of everything, while everything runs.

use std::io::Write;
use std::path::PathBuf;

use super::records::Records;
use super::{Exit, Globals, output, words};
use crate::desk::post::human_size;
use crate::store::backup;

/// Write a checked copy of the database to a file, while the gateway runs
///
/// The copy is one moment of the database: every mail, ticket and outgoing mail, and the secrets of reply tokens. Only
/// its owner may read it. To restore it, stop the gateway and put the copy in the place of the database.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  caseway backup /var/backups/caseway-$(date +%F).db")]
pub struct Args {
    /// Where to write; must not be there yet
    file: PathBuf,
}

/// Writes the copy, checks it, and tells what it holds.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let holds = backup::write(&records.store, &args.file).await?;
    let size = std::fs::metadata(&args.file)?.len();
    let count = |number: i64, one: &str, many: &str| words::count(number.unsigned_abs() as usize, one, many);
    let mut out = output::stdout();
    writeln!(
        out,
        "{}: {}, {}, {}, {}, {}, {}; checked, it is whole.",
        args.file.display(),
        human_size(size),
        count(holds.tickets, "ticket", "tickets"),
        count(holds.messages, "message", "messages"),
        count(holds.mails, "mail that came in", "mails that came in"),
        count(holds.outgoing, "that go out", "that go out"),
        count(holds.people, "person", "people"),
    )?;
    out.flush()?;
    records.close(Exit::Done).await
}
