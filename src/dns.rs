//! Which name servers are asked.

use std::net::SocketAddr;

use mail_auth::hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};

/// This name server and no other, over UDP, and TCP for what is too long.
pub fn only(address: SocketAddr) -> ResolverConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = address.port();
        connection
    });
    ResolverConfig::from_parts(None, Vec::new(), vec![NameServerConfig::new(address.ip(), true, connections.into())])
}
