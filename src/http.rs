//! Requests over HTTP that we make ourselves: the client, and why there was no answer.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll};

use anyhow::Context;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::TokioExecutor;

use crate::tls;

/// Keeps connections open between requests; clones share them. Follows no redirects.
pub type Http = Client<HttpsConnector<HttpConnector<Names>>, Full<Bytes>>;

type Addresses = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Who finds the addresses of a host's name; ports do not matter.
#[derive(Clone)]
pub struct Names(Arc<dyn Fn(String) -> Addresses + Send + Sync>);

impl Names {
    /// By `find`.
    pub fn new(find: impl Fn(String) -> Addresses + Send + Sync + 'static) -> Self {
        Self(Arc::new(find))
    }

    /// As the system finds them for every program.
    pub fn system() -> Self {
        Self::new(|name| Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) }))
    }
}

impl tower_service::Service<Name> for Names {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Task<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let found = (self.0)(name.as_str().to_owned());
        Box::pin(async move { Ok(found.await?.into_iter()) })
    }
}

/// A client that trusts the certificates in `ca_file` besides the system's. Connects to nothing yet.
///
/// Fails when `ca_file` cannot be read.
pub async fn client(ca_file: Option<PathBuf>) -> anyhow::Result<Http> {
    client_by(ca_file, Names::system()).await
}

/// The same, with hosts found by `names`.
pub async fn client_by(ca_file: Option<PathBuf>, names: Names) -> anyhow::Result<Http> {
    let trust = tokio::task::spawn_blocking(move || tls::client_config(ca_file.as_deref()));
    let trust = trust.await.context("reading certificates panicked")??;
    let mut tcp = HttpConnector::new_with_resolver(names);
    // The connector above it takes https, too.
    tcp.enforce_http(false);
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config((*trust).clone())
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}

/// The reasons below the outermost one, which says only that something failed.
pub fn causes(error: &Error) -> Vec<String> {
    let mut causes = Vec::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    causes.dedup();
    causes
}
