//! `caseway mail inspect`: what a file is read as, without configuration or database.

use std::io::Write;

use super::reading::bytes;
use crate::cli::output::{self, Output};
use crate::cli::{Exit, inspect as reading};
use crate::mail;

/// Show what mails in files are read as; needs no configuration and no database
///
/// A file that cannot be read is told on stderr, the others are shown all the same.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway mail inspect mail.eml
  caseway mail inspect --json *.eml | jq .origin
  caseway mail inspect --json - < mail.eml")]
pub struct Args {
    /// Mails (RFC 5322) to read; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<std::path::PathBuf>,
    /// Prefix of the case IDs to look for in subjects
    #[arg(long, default_value = "CASE")]
    prefix: String,
    #[command(flatten)]
    output: Output,
}

/// Prints every file in order: with `--json` one object a line.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut out = output::stdout();
    let mut exit = Exit::Done;
    for file in &args.files {
        match bytes(file) {
            Ok(raw) => {
                let inspected = reading::inspect(&file.to_string_lossy(), &raw, mail::read(&raw), &args.prefix);
                if args.output.json {
                    writeln!(out, "{}", serde_json::to_string(&inspected)?)?;
                } else {
                    output::fields(&mut out, &inspected)?;
                    writeln!(out)?;
                }
            }
            Err(error) => {
                out.flush()?;
                output::complain(&error);
                exit = Exit::Failed;
            }
        }
    }
    out.flush()?;
    Ok(exit)
}
