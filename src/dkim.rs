//! DKIM signatures (RFC 6376) that we verify ourselves, for desks whose server writes no `Authentication-Results`.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use mail_auth::hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts};
use mail_auth::{AuthenticatedMessage, DkimResult, MessageAuthenticator};

/// Longest time the name servers may take for one mail.
const LIMIT: Duration = Duration::from_secs(10);

/// Verifies signatures with keys from the DNS.
#[derive(Clone)]
pub struct Dkim(MessageAuthenticator);

impl std::fmt::Debug for Dkim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dkim")
    }
}

impl Dkim {
    /// Asks `server`, or the system's name servers.
    pub fn new(server: Option<SocketAddr>) -> anyhow::Result<Self> {
        let authenticator = match server {
            Some(address) => MessageAuthenticator::new(only(address), ResolverOpts::default()),
            None => MessageAuthenticator::new_system_conf(),
        };
        Ok(Self(authenticator.context("setting up the name server look-ups for DKIM")?))
    }

    /// The domains whose signatures over this mail are good. Trouble with the DNS proves nothing, like no signature.
    pub async fn verified_domains(&self, raw: &[u8]) -> Vec<String> {
        let Some(mail) = AuthenticatedMessage::parse(raw) else { return Vec::new() };
        let Ok(results) = tokio::time::timeout(LIMIT, self.0.verify_dkim(&mail)).await else { return Vec::new() };
        let good = results.iter().filter(|output| *output.result() == DkimResult::Pass);
        good.filter_map(|output| output.signature()).map(|signature| signature.d.to_string()).collect()
    }
}

fn only(address: SocketAddr) -> ResolverConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = address.port();
        connection
    });
    ResolverConfig::from_parts(None, Vec::new(), vec![NameServerConfig::new(address.ip(), true, connections.into())])
}
