//! `caseway ingest`: mails from files or standard input.

use std::io::Write;
use std::path::PathBuf;

use indicatif::ProgressBar;
use tokio_util::sync::CancellationToken;

use super::{Exit, Globals, output, progress, values};
use crate::app::App;
use crate::intake::pipe::{self, Format, Input, IntakeError};
use crate::time::Clock;

/// Take mails from files or standard input, the way mailboxes are taken
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Works beside a running gateway, which then processes the mails; without one this command does.

Examples:
  caseway ingest mail.eml archive.mbox
  caseway ingest --mailbox support -       One mail on standard input, from a mail server's pipe

For Postfix, in /etc/aliases:
  support: \"|/usr/local/bin/caseway --config /etc/caseway/caseway.toml ingest -\"

Exit codes: 0 every mail is stored durably, 1 something could not be read, 75 try again later (the mail server keeps the mail).")]
pub struct Args {
    /// Files with one mail or an mbox each; - is one mail on standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The mailbox they are for [default: the only one]
    #[arg(long, value_name = "NAME")]
    mailbox: Option<String>,
    /// What the files hold
    #[arg(long, value_enum, default_value_t = Kind::Detect)]
    format: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// An mbox if it begins with a `From ` line and is not named .eml, else one mail
    Detect,
    /// One mail
    Mail,
    /// An mbox
    Mbox,
}

/// Stores all, then processes all unless a gateway does.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let piped = args.files.iter().any(|file| file.as_os_str() == "-");
    match ingest(args, globals).await {
        // Whatever stands in the way of a piped mail, its server should keep it: any other code would bounce it.
        Err(error) if piped => {
            output::complain(&error);
            Ok(Exit::Temporary)
        }
        ended => ended,
    }
}

async fn ingest(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let config = globals.config()?;
    let mailbox = values::mailbox(&config, args.mailbox.as_deref())?;
    let app = match App::build(config, Clock::system()).await {
        Ok(app) => app,
        Err(error) => {
            output::complain(&error);
            return Ok(Exit::Temporary);
        }
    };
    let ctx = app.intake(&CancellationToken::new());
    let bar = bar(args.files.len());
    let (mut taken, mut exit) = (0, Exit::Done);
    for file in &args.files {
        let (input, format) = source(file, args.format);
        match pipe::take(&ctx, &mailbox, input, format).await {
            Ok(here) => taken += here.mails,
            Err(IntakeError::Unavailable(error)) => {
                output::complain(&error.context("the database cannot take mails now; try again later"));
                return Ok(Exit::Temporary);
            }
            Err(error) => {
                bar.suspend(|| output::complain(&error.into()));
                exit = Exit::Failed;
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    process(&app, taken).await?;
    app.store.close().await;
    Ok(exit)
}

/// The mails are durable: nothing that happens now may make their server send them again.
async fn process(app: &App, taken: u64) -> anyhow::Result<()> {
    let words = match app.process_here().await {
        Ok(Some(_)) => "processed".to_owned(),
        Ok(None) => "the running gateway processes them".to_owned(),
        Err(error) => format!("a gateway will process them, as this command could not: {}", output::chain(&error)),
    };
    let mut out = output::stdout();
    writeln!(out, "{taken} mail{} stored; {words}", if taken == 1 { "" } else { "s" })?;
    Ok(out.flush()?)
}

fn source(file: &std::path::Path, kind: Kind) -> (Input, Format) {
    let format = match kind {
        // Whatever its first line is, such a file holds one mail.
        Kind::Detect if file.extension().is_some_and(|it| it.eq_ignore_ascii_case("eml")) => Format::Mail,
        Kind::Detect => Format::Detect,
        Kind::Mail => Format::Mail,
        Kind::Mbox => Format::Mbox,
    };
    if file.as_os_str() != "-" {
        return (Input::File(file.to_owned()), format);
    }
    // A mail that quotes a separator line must not pass for two.
    (Input::stdin(), if kind == Kind::Mbox { Format::Mbox } else { Format::Mail })
}

/// Shown on a terminal, and only for work that takes a while.
fn bar(files: usize) -> ProgressBar {
    if files < 20 {
        return ProgressBar::hidden();
    }
    progress::of(files as u64, "reading files")
}
