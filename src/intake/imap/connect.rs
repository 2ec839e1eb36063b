//! From a name to a connection that is logged in.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use async_imap::Client;
use async_imap::imap_proto::{Response, Status};
use rustls::pki_types::ServerName;
use tokio::io::BufStream;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::bounds::{Bounded, Excess};
use super::error::{ImapError, failed, words};
use super::sign_in::{server_text, sign_in};
use super::traffic::Counted;
use super::wire::{Io, Wire};
use crate::config::{Imap, Tls};
use crate::oauth::Tokens;
use crate::tls;

type Tcp = Counted<TcpStream>;

/// Connects, protects the connection as configured, logs in and turns compression on.
pub(super) async fn connect(imap: &Imap, tokens: Option<&Tokens>) -> Result<Wire, ImapError> {
    let traffic = Arc::new(AtomicU64::new(0));
    let tcp = Counted::new(tcp(imap).await?, Arc::clone(&traffic));
    let packed = Arc::new(AtomicBool::new(false));
    let client = match &imap.tls {
        Tls::None => greeted(imap, Client::new(bounded(tcp, &packed)), WRONG_PLAIN).await?,
        Tls::Implicit { ca_file } => {
            greeted(imap, Client::new(bounded(handshake(imap, ca_file.clone(), tcp).await?, &packed)), "").await?
        }
        Tls::StartTls { ca_file } => {
            let tcp = start_tls(imap, tcp).await?;
            Client::new(bounded(handshake(imap, ca_file.clone(), tcp).await?, &packed))
        }
    };
    let session = sign_in(imap, tokens, client).await?;
    let mut wire = Wire::new(session, traffic, packed, imap.timeout);
    wire.learn_capabilities().await?;
    if wire.offers("ID") {
        wire.introduce().await?;
    }
    if imap.compress && wire.offers("COMPRESS=DEFLATE") {
        wire = wire.compress().await?;
    }
    Ok(wire)
}

/// What it usually means when a server does not greet on a plain connection.
const WRONG_PLAIN: &str = "; if this port wants TLS from the first octet, use `tls = \"implicit\"`";

/// Commands reach the wire in one piece, and mails are read in few steps; what the server says is bounded, until it is
/// packed.
fn bounded(io: impl super::wire::Duplex + 'static, packed: &Arc<AtomicBool>) -> Io {
    Box::new(Bounded::new(BufStream::with_capacity(64 * 1024, 4 * 1024, io), Arc::clone(packed)))
}

async fn tcp(imap: &Imap) -> Result<TcpStream, ImapError> {
    let lookup = timeout(imap.timeout, lookup_host((imap.host.as_str(), imap.port))).await;
    let addresses: Vec<SocketAddr> = lookup
        .unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
        .map_err(|cause| ImapError::Resolve { host: imap.host.clone(), cause })?
        .collect();
    let mut last = std::io::Error::from(std::io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match timeout(imap.timeout, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => {
                // Commands are small and each waits for its answer.
                let _ = tcp.set_nodelay(true);
                return Ok(tcp);
            }
            Ok(Err(error)) => last = error,
            Err(_) => last = std::io::ErrorKind::TimedOut.into(),
        }
    }
    Err(ImapError::Connect { host: imap.host.clone(), port: imap.port, cause: last })
}

async fn handshake(imap: &Imap, ca_file: Option<PathBuf>, tcp: Tcp) -> Result<TlsStream<Tcp>, ImapError> {
    let config = tokio::task::spawn_blocking(move || tls::client_config(ca_file.as_deref()))
        .await
        .unwrap_or_else(|error| Err(error.into()))
        .map_err(ImapError::Authorities)?;
    let name = ServerName::try_from(imap.host.clone())
        .map_err(|_| tls_error(imap, "this is no name that a certificate can have", "check `host`"))?;
    match timeout(imap.timeout, TlsConnector::from(config).connect(name, tcp)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => {
            Err(tls_error(imap, &error.to_string(), tls::advice(&error).unwrap_or("check `tls` and `port`")))
        }
        Err(_) => Err(ImapError::Timeout { command: "TLS", limit: imap.timeout, hint: "" }),
    }
}

fn tls_error(imap: &Imap, reason: &str, hint: &'static str) -> ImapError {
    ImapError::Tls { host: imap.host.clone(), port: imap.port, reason: words(reason), hint }
}

/// The greeting, STARTTLS, and the bare connection again. What the server sent beyond its answer is thrown away with
/// the client: it came before the protection.
async fn start_tls(imap: &Imap, tcp: Tcp) -> Result<Tcp, ImapError> {
    let tcp = Bounded::new(tcp, Arc::default());
    let mut client = greeted(imap, Client::new(tcp), WRONG_PLAIN).await?;
    match timeout(imap.timeout, client.run_command_and_check_ok("STARTTLS", None)).await {
        Ok(Ok(())) => Ok(client.into_inner().into_inner()),
        Ok(Err(async_imap::error::Error::No(text) | async_imap::error::Error::Bad(text))) => {
            Err(ImapError::StartTls { host: imap.host.clone(), port: imap.port, text: server_text(&text) })
        }
        Ok(Err(error)) => Err(failed("STARTTLS", &error)),
        Err(_) => Err(ImapError::Timeout { command: "STARTTLS", limit: imap.timeout, hint: "" }),
    }
}

async fn greeted<T>(imap: &Imap, mut client: Client<T>, hint: &'static str) -> Result<Client<T>, ImapError>
where
    T: super::wire::Duplex,
{
    let odd = |text: &str| ImapError::Greeting { host: imap.host.clone(), port: imap.port, text: words(text) };
    let Ok(greeting) = timeout(imap.timeout, client.read_response()).await else {
        return Err(ImapError::Timeout { command: "the greeting", limit: imap.timeout, hint });
    };
    let greeting = match greeting {
        Ok(Some(greeting)) => greeting,
        Ok(None) => return Err(odd("it hung up")),
        Err(error) => {
            return Err(Excess::of(&error).map_or_else(
                || odd("what it says is not IMAP"),
                |excess| ImapError::Excess { command: "the greeting", what: excess.to_string() },
            ));
        }
    };
    match greeting.parsed() {
        Response::Data { status: Status::Ok, .. } => Ok(client),
        Response::Data { outcome, .. } => Err(odd(outcome.information.as_deref().unwrap_or_default())),
        _ => Err(odd("what it says is not a greeting")),
    }
}
