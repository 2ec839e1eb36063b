//! Requests over HTTP that we make ourselves: the client, and why there was no answer.

use std::path::PathBuf;

use anyhow::Context;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::TokioExecutor;

use crate::tls;

/// Keeps connections open between requests; clones share them. Follows no redirects.
pub type Http = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// A client that trusts the certificates in `ca_file` besides the system's. Connects to nothing yet.
///
/// Fails when `ca_file` cannot be read.
pub async fn client(ca_file: Option<PathBuf>) -> anyhow::Result<Http> {
    let trust = tokio::task::spawn_blocking(move || tls::client_config(ca_file.as_deref()));
    let trust = trust.await.context("reading certificates panicked")??;
    let connector =
        HttpsConnectorBuilder::new().with_tls_config((*trust).clone()).https_or_http().enable_http1().build();
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
