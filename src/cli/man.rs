//! `caseway generate-man`: the manual pages, for packages.

use std::path::PathBuf;

use anyhow::Context;

use super::Exit;

/// Write the manual pages, one a command
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder to write them to
    folder: PathBuf,
}

/// Writes a page for `command`, the whole program, and one for each command below it.
pub fn run(args: &Args, command: clap::Command) -> anyhow::Result<Exit> {
    clap_mangen::generate_to(command, &args.folder)
        .with_context(|| format!("writing manual pages to {}", args.folder.display()))?;
    Ok(Exit::Done)
}
