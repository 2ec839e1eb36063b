//! Somebody signs in, once: on another device, or in a browser on this machine.

use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::fault::Fault;
use super::form::Form;
use super::wire::{Granted, Refusal, Told, Wire};
use crate::config::Grant;
use crate::time::Clock;

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// RFC 8628 §3.2: how often to ask where the provider does not say.
const INTERVAL: Duration = Duration::from_secs(5);
/// How long a browser is waited for.
const BROWSER: Duration = Duration::from_secs(15 * 60);

/// What somebody has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Todo {
    /// Open this address anywhere and enter this code.
    Code {
        /// The page.
        url: String,
        /// What to enter there.
        code: String,
        /// How long it is good.
        life: Duration,
    },
    /// Open this address in a browser on this machine, or on one that forwards this port to it.
    Browser {
        /// The page.
        url: String,
        /// The port of this machine that the browser is sent back to.
        port: u16,
    },
}

/// The answer of a device authorization endpoint (RFC 8628 §3.2).
#[derive(Deserialize)]
struct Device {
    device_code: String,
    user_code: String,
    // Google wrote it so before the document.
    #[serde(alias = "verification_url")]
    verification_uri: String,
    expires_in: u64,
    interval: Option<u64>,
}

/// Signs somebody in: `tell` hears what they have to do, and the provider's grant is the result.
///
/// Fails when nobody does it in time, when the provider refuses, and for grants that need nobody.
pub async fn sign_in(
    wire: &Wire,
    clock: &Clock,
    user: Option<&str>,
    tell: impl FnOnce(&Todo),
) -> Result<Granted, Fault> {
    match &wire.config.grant {
        Grant::DeviceCode { device_url } => by_device(wire, clock, device_url, tell).await,
        Grant::AuthorizationCode { authorization_url } => by_browser(wire, clock, authorization_url, user, tell).await,
        Grant::ClientCredentials | Grant::JwtBearer { .. } => {
            let what = format!("[oauth.{}] needs nobody to sign in; try: caseway oauth test {0}", wire.config.name);
            Err(Fault::signed_out(what))
        }
    }
}

async fn by_device(wire: &Wire, clock: &Clock, device_url: &str, tell: impl FnOnce(&Todo)) -> Result<Granted, Fault> {
    let form = Form::default().with_scopes(&wire.config.scopes);
    let body = match wire.post(device_url, form, clock.now()).await? {
        Told::Granted(body) => body,
        Told::Refused(status, refusal) => return Err(wire.refused(status, &refusal)),
    };
    let device: Device = serde_json::from_slice(&body)
        .map_err(|_| Fault::signed_out(format!("{device_url}: the answer holds no code; check `device_url`")))?;
    let life = Duration::from_secs(device.expires_in);
    tell(&Todo::Code { url: device.verification_uri, code: device.user_code, life });
    let interval = device.interval.map_or(INTERVAL, Duration::from_secs);
    tokio::time::timeout(life, asked_until_done(wire, clock, &device.device_code, interval))
        .await
        .unwrap_or_else(|_| Err(Fault::signed_out("nobody entered the code in time; run the command again")))
}

/// Asks as often as the provider allows (RFC 8628 §3.5) until somebody has signed in.
async fn asked_until_done(wire: &Wire, clock: &Clock, code: &str, mut interval: Duration) -> Result<Granted, Fault> {
    loop {
        tokio::time::sleep(interval).await;
        let form = Form::new(DEVICE_CODE).with("device_code", code);
        match wire.post(&wire.config.token_url, form, clock.now()).await {
            Ok(Told::Granted(body)) => return wire.granted(&body),
            Ok(Told::Refused(_, refusal)) if refusal.error == "authorization_pending" => {}
            Ok(Told::Refused(_, refusal)) if refusal.error == "slow_down" => interval += INTERVAL,
            Ok(Told::Refused(status, refusal)) => return Err(wire.refused(status, &refusal)),
            // §3.5: a connection that failed is tried again, less often.
            Err(_) => interval = interval.saturating_mul(2),
        }
    }
}

/// What the browser brings back (RFC 6749 §4.1.2).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Back {
    code: Option<String>,
    state: String,
    error: String,
    error_description: String,
}

async fn by_browser(
    wire: &Wire,
    clock: &Clock,
    authorization_url: &str,
    user: Option<&str>,
    tell: impl FnOnce(&Todo),
) -> Result<Granted, Fault> {
    // RFC 8252 §7.3: a port of the moment on this machine's loopback.
    let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.map_err(|error| Fault::temporary(format!("listening on this machine: {error}")))?;
    let port = listener.local_addr().map_err(|error| Fault::temporary(error.to_string()))?.port();
    let redirect = format!("http://127.0.0.1:{port}/");
    let [state, verifier] = [(); 2].map(|()| BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>()));
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
    let mut query = Form::default()
        .with("response_type", "code")
        .with("client_id", &wire.config.client_id)
        .with("redirect_uri", &redirect)
        .with_scopes(&wire.config.scopes)
        .with("state", &state)
        .with("code_challenge", challenge)
        .with("code_challenge_method", "S256")
        // Google's words for a refresh token that is there each time.
        .with("access_type", "offline")
        .with("prompt", "consent");
    if let Some(user) = user {
        query = query.with("login_hint", user);
    }
    tell(&Todo::Browser { url: format!("{authorization_url}?{}", query.encoded()), port });
    let back = brought_back(listener, &state).await?;
    let Some(code) = back.code else {
        let refusal = Refusal { error: back.error, error_description: back.error_description };
        return Err(wire.refused(hyper::StatusCode::BAD_REQUEST, &refusal));
    };
    let form = Form::new("authorization_code")
        .with("code", code)
        .with("redirect_uri", redirect)
        .with("code_verifier", verifier);
    wire.grant(form, clock.now()).await
}

const DONE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>caseway</title>\
    <p>Thank you. You can close this page; the terminal goes on.</p></html>";
const STRANGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>caseway</title>\
    <p>This page is of another sign-in. Open the address that the terminal shows now.</p></html>";

#[derive(Clone)]
struct Waiting {
    state: String,
    done: mpsc::Sender<Back>,
}

/// Waits for the browser that comes with our `state`; others are told so and change nothing (RFC 6749 §10.12).
async fn brought_back(listener: TcpListener, state: &str) -> Result<Back, Fault> {
    let (done, mut arrived) = mpsc::channel(1);
    let pages = Router::new().route("/", get(came_back)).with_state(Waiting { state: state.to_owned(), done });
    let mut back = None;
    let stop = async { back = tokio::time::timeout(BROWSER, arrived.recv()).await.ok().flatten() };
    let served = axum::serve(listener, pages);
    tokio::select! {
        () = stop => {}
        ended = served => return Err(Fault::temporary(format!("listening on this machine ended: {ended:?}"))),
    }
    back.ok_or_else(|| Fault::signed_out("no browser came back in time; run the command again"))
}

async fn came_back(State(waiting): State<Waiting>, Query(back): Query<Back>) -> Html<&'static str> {
    if back.state != waiting.state {
        return Html(STRANGE);
    }
    // A second visit finds nobody waiting any more.
    let _ = waiting.done.try_send(back);
    Html(DONE)
}
