//! Sockets: accepting, TLS, bounds on what one connection may cost, and an end that lets answers out.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower_service::Service as _;

use super::client::{self, Peer};
use super::connections::{Answering, Connections};
use crate::config::WebTls;

/// How long a browser may take to say what it wants, and to shake hands before that.
const HEADERS_WITHIN: Duration = Duration::from_secs(15);
/// How long a connection may live, with all its requests: whoever sends an octet a minute gets no further.
const CONNECTION_WITHIN: Duration = Duration::from_secs(300);
/// Octets of a request's head.
const HEADER_OCTETS: usize = 16 * 1024;
/// Header fields of a request.
const HEADER_FIELDS: usize = 64;
/// Pause after the system could not accept, as it has no file descriptors left.
const AFTER_FAULT: Duration = Duration::from_secs(1);

/// Reads the certificate.
///
/// Fails when a file cannot be read, or when key and certificate do not fit.
pub(super) fn acceptor(tls: &WebTls) -> anyhow::Result<TlsAcceptor> {
    let read = || format!("reading the certificate {}", tls.certificate.display());
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&tls.certificate)
        .with_context(read)?
        .collect::<Result<_, _>>()
        .with_context(read)?;
    let key =
        PrivateKeyDer::from_pem_file(&tls.key).with_context(|| format!("reading the key {}", tls.key.display()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("choosing the TLS versions")?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .with_context(|| format!("using the certificate {}", tls.certificate.display()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Serves until `shutdown`; then connections in hand get their answers out.
#[expect(clippy::disallowed_methods, reason = "the one home of the connections: owned here and waited for at the end")]
pub(super) async fn serve(listener: TcpListener, service: Service, shutdown: CancellationToken) {
    let open = Connections::default();
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.cancelled() => break,
        };
        match accepted {
            Ok((stream, from)) => {
                let place = open.admit(from.ip(), client::is_proxy(&service.proxies, from.ip()));
                let (service, shutdown) = (service.clone(), shutdown.clone());
                connections.spawn(async move {
                    let asking = Asking { from, answering: place.answering(), stop: shutdown };
                    tokio::select! {
                        served = timeout(CONNECTION_WITHIN, connection(stream, asking, service)) => if served.is_err() {
                            tracing::debug!(event = "web.cut", "a connection was cut: it lasted too long");
                        },
                        () = place.lost() => {
                            tracing::debug!(event = "web.cut", "a connection was cut: another one needed its place");
                        }
                    }
                });
            }
            Err(error) => {
                tracing::warn!(event = "web.unaccepted", %error, "a connection could not be accepted");
                tokio::time::sleep(AFTER_FAULT).await;
            }
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// What is served, and how.
#[derive(Clone)]
pub(super) struct Service {
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) app: Router,
    /// All the world comes through these.
    pub(super) proxies: Arc<[IpNet]>,
}

/// One connection's other end.
struct Asking {
    from: SocketAddr,
    /// Its requests that are being answered.
    answering: Arc<AtomicUsize>,
    /// It may finish what it asked, and ask no more.
    stop: CancellationToken,
}

async fn connection(stream: TcpStream, asking: Asking, service: Service) {
    let Service { tls, app, .. } = service;
    // An answer is one write: waiting for more would only delay it. Not being able to say so costs a moment.
    let _ = stream.set_nodelay(true);
    match tls {
        None => requests(stream, asking, app).await,
        Some(tls) => match timeout(HEADERS_WITHIN, tls.accept(stream)).await {
            Ok(Ok(stream)) => requests(stream, asking, app).await,
            Ok(Err(error)) => tracing::debug!(event = "web.handshake", %error, "no TLS with a client"),
            Err(_) => tracing::debug!(event = "web.handshake", "a client took too long over TLS"),
        },
    }
}

async fn requests<S>(stream: S, asking: Asking, app: Router)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Asking { from, answering, stop } = asking;
    let answer = hyper::service::service_fn(move |request: Request<Incoming>| {
        let answering = Answering::begin(&answering);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(from.ip()));
        let answer = app.clone().call(request);
        async move { answer.await.map(|response| response.map(|body| answering.with(body))) }
    });
    let mut server = http1::Builder::new();
    server
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(HEADER_OCTETS)
        .max_headers(HEADER_FIELDS);
    let serving = server.serve_connection(TokioIo::new(stream), answer);
    tokio::pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(event = "web.broken", %error, "a connection broke");
    }
}
