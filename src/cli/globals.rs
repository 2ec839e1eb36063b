//! The options that every command takes.

use std::path::PathBuf;

/// Options before or after any command.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    /// The configuration [default: $CASEWAY_CONFIG, ./caseway.toml, /etc/caseway/caseway.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to log on stderr, instead of the configured level: info, debug, caseway::intake=trace
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
}
