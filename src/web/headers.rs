//! What every answer says to the browser, and the bounds of every request.

use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::client::{self, Peer};
use super::pages::Word;
use super::site::Web;
use super::visit::Visit;

/// How long one request may take, its body included: a large file over a slow line.
const REQUEST_WITHIN: Duration = Duration::from_secs(120);

/// Nothing from elsewhere, no script at all, no frame, forms only to ourselves.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// On every answer. Pages are personal unless they say otherwise themselves.
const ALWAYS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// A year: long enough that a browser never tries plain HTTP again.
const HSTS: &str = "max-age=31536000";

/// Refuses plain HTTP from elsewhere, bounds the time, and sets the headers.
pub(super) async fn guard(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let Some(Peer(peer)) = peer else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let proxies = &web.settings().trusted_proxies;
    let plain = web.settings().tls.is_none();
    let mut response = if plain && !client::may_speak_plainly(peer, proxies) {
        (StatusCode::FORBIDDEN, "plain HTTP is served to the declared proxies only\n").into_response()
    } else {
        let address = client::address(peer, request.headers(), proxies);
        request.extensions_mut().insert(client::Client(address));
        let admitted = web.bursts().admit(address, request.method());
        let answer = async { if admitted { next.run(request).await } else { busy(&web, request).await } };
        match tokio::time::timeout(REQUEST_WITHIN, answer).await {
            Ok(response) => response,
            Err(_) => (StatusCode::REQUEST_TIMEOUT, "this took too long\n").into_response(),
        }
    };
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if web.settings().is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    response
}

/// One client took more than its share.
async fn busy(web: &Web, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match Visit::from_request_parts(&mut parts, web).await {
        Ok(visit) => {
            let link = ("/", Word::ToStart);
            let mut page = visit.message(StatusCode::TOO_MANY_REQUESTS, Word::Busy, Word::BusyText, link);
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
            page
        }
        Err(response) => response,
    }
}
