//! The pages: what people open in a browser. Server-rendered, without scripts, from templates; what they do goes the way
//! of any mail, or through `act`.

mod client;
mod headers;
mod health;
mod pages;
mod server;
mod visit;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use pages::Pages;

use crate::config::{self, Config};
use crate::store::Store;
use visit::Visit;

/// Octets of a form without files.
const FORM_OCTETS: usize = 64 * 1024;

/// What the pages need. Clones share.
#[derive(Debug, Clone)]
pub struct Web(Arc<Parts>);

/// See [`Web`].
#[derive(Debug)]
pub struct Parts {
    /// What the administrator decided.
    pub config: Arc<Config>,
    /// The pages' part of it.
    pub web: config::Web,
    /// The database.
    pub store: Store,
    /// Templates and texts.
    pub pages: Pages,
}

impl Web {
    /// The pages, served by nobody yet.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    fn config(&self) -> &config::Web {
        &self.0.web
    }

    fn pages(&self) -> &Pages {
        &self.0.pages
    }

    fn store(&self) -> &Store {
        &self.0.store
    }

    /// Opens the configured port.
    ///
    /// Fails when it is taken, or may not be opened.
    pub async fn bind(&self) -> anyhow::Result<TcpListener> {
        let listen = self.config().listen;
        TcpListener::bind(listen).await.with_context(|| format!("opening web.listen = \"{listen}\" for the pages"))
    }

    /// Serves on `listener` until `shutdown`; then requests in hand are answered.
    ///
    /// Fails at once when the certificate cannot be used.
    pub fn serve(
        &self,
        listener: TcpListener,
        shutdown: CancellationToken,
    ) -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
        let tls = self.config().tls.as_ref().map(server::acceptor).transpose()?;
        let address: Option<SocketAddr> = listener.local_addr().ok();
        let (url, app) = (self.config().base_url.clone(), self.router());
        Ok(async move {
            tracing::info!(event = "web.started", ?address, url, "the pages are served");
            server::serve(listener, tls, app, shutdown).await;
        })
    }

    fn router(&self) -> Router {
        let (style_path, style) = self.pages().style();
        let style = style.to_owned();
        Router::new()
            .route("/", get(start))
            .route("/health", get(health::health))
            .route(style_path, get(move || async move { stylesheet(style) }))
            .fallback(nowhere)
            .method_not_allowed_fallback(nowhere)
            .layer(DefaultBodyLimit::max(FORM_OCTETS))
            .layer(axum::middleware::from_fn_with_state(self.clone(), headers::guard))
            .with_state(self.clone())
    }
}

async fn start() -> Redirect {
    Redirect::to("/sign-in")
}

async fn nowhere(visit: Visit) -> Response {
    visit.not_found()
}

/// Its path changes with its content, so it may be kept for ever.
fn stylesheet(style: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, style).into_response()
}
