//! The log: structured events on stderr, as sentences or as JSON.
//!
//! Every event has a name in the field `event`, a readable sentence as its message, and its facts as fields. The
//! names, and what is never logged, are in docs/LOGGING.md.

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::config::{self, LogFormat};

/// Starts the log of this process with a filter as [`config::log_filter`] takes it: `info`, `caseway=debug`. Called once.
///
/// Fails when the filter cannot be read or a log was started already.
pub fn start(format: LogFormat, filter: &str) -> anyhow::Result<()> {
    let filter = config::log_filter(filter).map_err(anyhow::Error::msg).context("--log cannot be used")?;
    // Where stderr is a file on a full disk, lines are lost. The library would say so there as well, and panic over that.
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(filter)?)
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    let started = match format {
        LogFormat::Readable => log.with_target(false).with_ansi(colours()).try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_current_span(false).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("the log was started twice: {error}"))
}

/// Colours for a person at a terminal who did not ask for none (<https://no-color.org>).
fn colours() -> bool {
    use std::io::IsTerminal;
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
