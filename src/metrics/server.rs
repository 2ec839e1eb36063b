//! `/metrics`, `/health/live` and `/health/ready`, on a port of their own: what they say is for those who run the desk.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::late::late;
use super::{Metrics, text};
use crate::config::Config;
use crate::store::Store;
use crate::time::Clock;

/// A gateway whose processing did not come round for so long does not work any more: it does each second, and each attempt at a mail has
/// twenty.
pub const STALLED: Duration = Duration::from_mins(5);
/// A mail that waits for its verdict longer than this is not in good hands.
const UNSETTLED: SignedDuration = SignedDuration::from_mins(10);

/// What answers monitors.
#[derive(Debug, Clone)]
pub struct Watch {
    metrics: Metrics,
    store: Store,
    clock: Clock,
    /// How long after the last look each reader of a mailbox is late.
    late: BTreeMap<String, Duration>,
}

impl Watch {
    /// Watches over what this configuration has.
    pub fn new(config: &Config, metrics: Metrics, store: Store, clock: Clock) -> Self {
        let mut readers = BTreeMap::new();
        for mailbox in config.mailboxes.values() {
            let late = late(&mailbox.source);
            readers.extend(mailbox.readers().into_iter().filter_map(|reader| Some((reader, late?))));
        }
        Self { metrics, store, clock, late: readers }
    }

    /// Whether the gateway gets on; why not, otherwise. This is what a watchdog may act upon: a restart helps.
    pub fn is_alive(&self) -> Result<(), String> {
        let ago = self.metrics.processed_ago();
        if ago > STALLED {
            return Err(format!("the processing of mails stands still for {} s", ago.as_secs()));
        }
        Ok(())
    }

    /// Everything that is not as it should be, a line each.
    pub async fn troubles(&self) -> Vec<String> {
        let mut troubles: Vec<String> = self.is_alive().err().into_iter().collect();
        if let Err(error) = self.store.takes_changes().await {
            troubles.push(format!("the database takes no changes: {error:#}"));
            return troubles;
        }
        troubles.extend(self.late.iter().filter_map(|(name, late)| self.mailbox(name, *late)));
        let late = self.metrics.late_canaries();
        troubles.extend(late.into_iter().map(|(name, why)| format!("[mailbox.{name}]: {why}")));
        match self.store.figures().await {
            Ok(figures) => {
                let now = self.clock.now();
                if figures.unsettled_since.is_some_and(|since| now.duration_since(since) > UNSETTLED) {
                    troubles.push(format!(
                        "{} mails wait for their verdict, the oldest for more than 10 minutes",
                        figures.unsettled
                    ));
                }
                for token in figures.tokens.iter().filter(|token| token.signed_out) {
                    troubles.push(format!("[oauth.{}] is signed out: {}", token.provider, token.error));
                }
            }
            Err(error) => troubles.push(format!("the tables cannot be read: {error:#}")),
        }
        troubles
    }

    fn mailbox(&self, name: &str, late: Duration) -> Option<String> {
        let read = self.metrics.seen(name).and_then(|seen| seen.read);
        match read.map(|read| read.elapsed()) {
            None => Some(format!("[mailbox.{name}] was not read yet")),
            Some(ago) if ago > late => Some(format!("[mailbox.{name}] was read last {} s ago", ago.as_secs())),
            Some(_) => None,
        }
    }

    /// Waits at this address.
    pub async fn bind(listen: SocketAddr) -> anyhow::Result<TcpListener> {
        TcpListener::bind(listen).await.with_context(|| format!("waiting for monitors at {listen} ([metrics] listen)"))
    }

    /// Answers until `shutdown`.
    pub async fn serve(self, listener: TcpListener, shutdown: CancellationToken) {
        let router = Router::new()
            .route("/metrics", get(metrics))
            .route("/health/live", get(live))
            .route("/health/ready", get(ready))
            .with_state(self);
        let serving = axum::serve(listener, router).with_graceful_shutdown(shutdown.clone().cancelled_owned());
        if let Err(error) = serving.await {
            tracing::error!(event = "metrics.fault", "monitors are not answered any more: {error:#}");
            shutdown.cancelled().await;
        }
    }
}

async fn metrics(State(watch): State<Watch>) -> Response {
    let made = async {
        let figures = watch.store.figures().await?;
        Ok::<_, anyhow::Error>(text::text(&watch.metrics, &figures, watch.clock.now())?)
    };
    match made.await {
        Ok(text) => ([(header::CONTENT_TYPE, text::CONTENT_TYPE)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}\n")).into_response(),
    }
}

async fn live(State(watch): State<Watch>) -> (StatusCode, String) {
    match watch.is_alive() {
        Ok(()) => (StatusCode::OK, "ok\n".to_owned()),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")),
    }
}

async fn ready(State(watch): State<Watch>) -> (StatusCode, String) {
    let troubles = watch.troubles().await;
    if troubles.is_empty() {
        return (StatusCode::OK, "ok\n".to_owned());
    }
    let mut text = String::new();
    for trouble in troubles {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{trouble}");
    }
    (StatusCode::SERVICE_UNAVAILABLE, text)
}
