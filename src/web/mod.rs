//! The pages: what people open in a browser. Server-rendered, without scripts, from templates; what they do goes the way
//! of any mail, or through `act`.

mod answer;
mod bursts;
mod cases;
mod client;
mod connections;
mod factor;
mod forgot;
mod form;
mod headers;
mod health;
mod link;
mod outage;
mod pages;
mod password;
mod profile;
mod reading;
mod secret;
mod server;
mod sign_in;
mod throttle;
mod totp;
mod visit;

use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use pages::Pages;

use crate::act::Act;
use crate::config::{self, Config};
use crate::desk::portal::PortalEvent;
use crate::directory::{Cause, Directory, Fault};
use crate::intake::IntakeContext;
use crate::mail::address::masked;
use crate::store::{Store, Tx};
use crate::time::Clock;
use bursts::Bursts;
use outage::Outage;
use visit::Visit;

/// Octets of a form without files.
const FORM_OCTETS: usize = 64 * 1024;

/// The pages, served by nobody yet. Clones share.
#[derive(Debug, Clone)]
pub struct Web(Arc<Inner>);

/// What the pages are made of.
#[derive(Debug)]
pub struct Parts {
    /// `[web]`.
    pub settings: config::Web,
    /// Decides and commits what follows from what somebody did.
    pub act: Act,
    /// Takes answers in, as mails.
    pub intake: IntakeContext,
    /// Who can sign in.
    pub directory: Arc<dyn Directory>,
    /// Templates and texts.
    pub pages: Pages,
    /// Rows went into the outbox.
    pub posted: Arc<Notify>,
}

#[derive(Debug)]
struct Inner {
    parts: Parts,
    bursts: Bursts,
    outage: Outage,
    health: health::Health,
}

impl Web {
    /// The pages of these parts.
    ///
    /// Fails when a file that the settings name cannot be used.
    pub fn new(parts: Parts) -> anyhow::Result<Self> {
        probe(&parts.settings)?;
        let bursts = Bursts::new(&parts.act.clock);
        Ok(Self(Arc::new(Inner { parts, bursts, outage: Outage::default(), health: health::Health::default() })))
    }

    fn settings(&self) -> &config::Web {
        &self.0.parts.settings
    }

    fn config(&self) -> &Config {
        &self.0.parts.act.rules.config
    }

    fn pages(&self) -> &Pages {
        &self.0.parts.pages
    }

    fn act(&self) -> &Act {
        &self.0.parts.act
    }

    fn store(&self) -> &Store {
        &self.act().store
    }

    fn clock(&self) -> &Clock {
        &self.act().clock
    }

    fn intake(&self) -> &IntakeContext {
        &self.0.parts.intake
    }

    fn directory(&self) -> &dyn Directory {
        &*self.0.parts.directory
    }

    /// Letters may wait to be sent.
    fn wake(&self) {
        self.0.parts.posted.notify_waiters();
    }

    fn bursts(&self) -> &Bursts {
        &self.0.bursts
    }

    fn outage(&self) -> &Outage {
        &self.0.outage
    }

    /// What failed after a new password was prepared: an identity provider has it then, whatever becomes of our rows.
    fn after_prepared(&self, fault: Fault) -> Fault {
        if self.directory().is_elsewhere() { fault.unsure() } else { fault }
    }

    /// Commits what a page did, together with what follows from it.
    async fn commit(&self, tx: Tx, event: &PortalEvent) -> anyhow::Result<()> {
        if self.act().portal(tx, event).await? > 0 {
            self.wake();
        }
        Ok(())
    }

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
        let answers = post(answer::send).layer(DefaultBodyLimit::max(answer::body_limit(self)));
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

/// Tries the files that the settings name.
///
/// Fails when the certificate cannot be used, or the list of breached passwords cannot be read.
pub fn probe(settings: &config::Web) -> anyhow::Result<()> {
    if let Some(list) = &settings.breached_passwords {
        std::fs::File::open(list).with_context(|| format!("reading web.breached_passwords {}", list.display()))?;
    }
    settings.tls.as_ref().map(server::acceptor).transpose().map(|_| ())
}

/// What the directory could not do, as an error of ours.
fn fault(fault: Fault) -> anyhow::Error {
    anyhow::Error::from(fault).context("asking the directory of accounts")
}

/// Why a new password was not set, as the person who typed it is told.
enum Unset {
    /// An identity provider does not take this one.
    Refused,
    /// The account cannot have one.
    Unusable,
}

/// Tells the administrator why a new password was not set, and what the person is told. Everything that neither is to
/// blame for is an error.
fn unset(email: &str, fault: Fault) -> anyhow::Result<Unset> {
    let unset = match fault.cause {
        Cause::Password => Unset::Refused,
        Cause::Account => Unset::Unusable,
        Cause::Directory | Cause::Ours => return Err(self::fault(fault)),
    };
    tracing::warn!(event = "web.password_unset", to = masked(email), "a new password was not set: {}", fault.what);
    Ok(unset)
}

/// Works on when the browser goes away in the middle and takes its request with it: what an identity provider was told
/// must be written here as well.
#[expect(clippy::disallowed_methods, reason = "ends by itself within moments, and is waited for")]
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = anyhow::Result<T>> + Send + 'static,
) -> anyhow::Result<T> {
    tokio::spawn(work).await.context("working on a request")?
}

/// The answer when not even a page can say what failed; told to the administrator here.
fn unmade(error: &anyhow::Error) -> Response {
    tracing::error!(event = "web.fault", "a page could not be made: {error:#}");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
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

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek};

    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered_and_logged() {
        let mut log = tempfile::tempfile().unwrap();
        let subscriber = tracing_subscriber::fmt().with_writer(log.try_clone().unwrap()).finish();
        let _logging = tracing::subscriber::set_default(subscriber);
        let work = to_its_end(async { panic!("out of luck") }).await;
        let answer = work.unwrap_or_else(|error| unmade(&error));
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let mut logged = String::new();
        log.rewind().unwrap();
        log.read_to_string(&mut logged).unwrap();
        assert!(logged.contains("web.fault") && logged.contains("working on a request"), "{logged}");
    }
}
