//! `caseway serve`: the gateway.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{Exit, Globals};
use crate::app::App;
use crate::time::Clock;

/// Run the gateway until it is told to stop
#[derive(Debug, clap::Args)]
#[command(after_help = "\
SIGTERM or Ctrl-C ends it: mails in hand are finished first, within limits.shutdown. A second signal ends it at once;
nothing is lost by that either.

Examples:
  caseway serve
  caseway --config /etc/caseway/caseway.toml --log debug serve")]
pub struct Args {}

/// Runs until a signal.
pub async fn run(_: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut signalled = async || tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} };
    let config = globals.service_config()?;
    let app = tokio::select! {
        built = App::build(config, Clock::system()) => built?,
        () = signalled() => {
            tracing::info!(event = "gateway.stopped", "stopped before it had started");
            return Ok(Exit::Done);
        }
    };
    let shutdown = CancellationToken::new();
    let serving = app.serve(shutdown.clone());
    tokio::pin!(serving);
    let how = tokio::select! {
        ended = &mut serving => ended?,
        () = signalled() => {
            tracing::info!(event = "gateway.stopping", "stopping: mails in hand are finished");
            shutdown.cancel();
            tokio::select! {
                ended = &mut serving => ended?,
                () = signalled() => "stopped at once, by a second signal".to_owned(),
            }
        }
    };
    tracing::info!(event = "gateway.stopped", "{how}");
    Ok(Exit::Done)
}
