//! What a server says of itself, for a check of the configuration.

use super::fault::Fault;
use super::open::Opener;
use super::session::Session;
use crate::config::Smtp;
use crate::oauth::Tokens;

/// What was found by connecting, upgrading to TLS and logging in as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeReport {
    /// The server's first words.
    pub greeting: String,
    /// Whether the server offers STARTTLS, or was upgraded by it.
    pub starttls: bool,
    /// SASL mechanisms it offers on this connection.
    pub mechanisms: Vec<String>,
    /// The largest mail it takes, in octets; `None` when it does not say.
    pub size_limit: Option<u64>,
}

/// Connects as configured, logs in where a login is configured, and leaves without sending anything.
///
/// # Errors
/// A [`Fault`] that reads as a sentence: where, what happened, what to do.
pub async fn probe(smtp: &Smtp, tokens: Option<&Tokens>) -> Result<ProbeReport, Fault> {
    let opener = Opener::new(smtp.clone(), tokens.cloned());
    let opened = opener.open().await?;
    let report = ProbeReport {
        greeting: opened.greeting.clone(),
        starttls: opened.abilities.starttls,
        mechanisms: opened.abilities.mechanisms.clone(),
        size_limit: opened.abilities.size.flatten(),
    };
    Session::new(opened, opener.limit()).quit().await;
    Ok(report)
}
