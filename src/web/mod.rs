//! The pages: what people open in a browser. Server-rendered, without scripts, from templates; what they do goes the way
//! of any mail, or through `act`.

mod answer;
mod answer_form;
mod bursts;
mod cases;
mod client;
mod connections;
mod cookies;
mod factor;
mod fault;
mod forgot;
mod form;
mod headers;
mod health;
mod link;
mod new_case;
mod outage;
mod pages;
mod password;
mod posted;
mod profile;
mod reading;
mod secret;
mod server;
mod sign_in;
mod site;
mod soundness;
mod throttle;
mod totp;
mod visit;
mod written;

use anyhow::Context;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use pages::Pages;
pub use site::{Parts, Web, probe};

use visit::Visit;

/// Octets of a form without files.
const FORM_OCTETS: usize = 64 * 1024;

impl Web {
    /// Opens the configured port.
    ///
    /// Fails when it is taken, or may not be opened.
    pub async fn bind(&self) -> anyhow::Result<TcpListener> {
        let listen = self.settings().listen;
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
        let tls = self.settings().tls.as_ref().map(server::acceptor).transpose()?;
        let address = listener.local_addr().context("asking where the pages are served")?;
        let (url, proxies) = (self.settings().base_url.clone(), self.settings().trusted_proxies.clone().into());
        let service = server::Service { tls, app: self.router(), proxies };
        Ok(async move {
            tracing::info!(event = "web.started", %address, url, "the pages are served");
            server::serve(listener, service, shutdown).await;
        })
    }

    fn router(&self) -> Router {
        let (style_path, style) = self.pages().style();
        let style = style.to_owned();
        let letters = DefaultBodyLimit::max(written::body_limit(self));
        let answers = post(answer::send).layer(letters);
        let requests = post(new_case::send).layer(letters);
        Router::new()
            .route("/", get(start))
            .route("/sign-in", get(sign_in::show).post(sign_in::password))
            .route("/sign-in/code", get(sign_in::show_code).post(sign_in::code))
            .route("/sign-out", post(sign_in::sign_out))
            .route("/forgot", get(forgot::show).post(forgot::ask))
            .route("/activate", get(link::show_code).post(link::code))
            .route("/activate/{token}", get(link::show_activate).post(link::activate))
            .route("/reset/{token}", get(link::show_reset).post(link::reset))
            .route("/enrol/{token}", get(factor::show_enrol).post(factor::enrol))
            .route("/stop/{token}", get(link::show_stop).post(link::stop))
            .route("/cases", get(cases::list))
            .route("/cases/new", get(new_case::show).merge(requests))
            .route("/cases/{case}", get(cases::show).merge(answers))
            .route("/cases/{case}/close", post(cases::close))
            .route("/cases/{case}/messages/{message}", get(cases::whole))
            .route("/cases/{case}/messages/{message}/files/{number}", get(cases::file))
            .route("/profile", get(profile::show).post(profile::change))
            .route("/profile/password", get(profile::show_password).post(profile::change_password))
            .route("/profile/factor", get(factor::show).post(factor::change))
            .route("/health", get(health::health))
            .route(style_path, get(move || async move { stylesheet(style) }))
            .fallback(nowhere)
            .method_not_allowed_fallback(nowhere)
            .layer(DefaultBodyLimit::max(FORM_OCTETS))
            .layer(axum::middleware::from_fn_with_state(self.clone(), headers::guard))
            .with_state(self.clone())
    }
}

async fn start(visit: Visit) -> Response {
    visit.redirect(if visit.signed_in().is_some() { "/cases" } else { "/sign-in" })
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
