//! Who asks: the address of a client, which only a declared proxy may say for somebody else.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::{IpNet, Ipv6Net};

/// Header fields of forwarded addresses looked at; a chain of proxies is short.
const MAX_HOPS: usize = 16;

/// The other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub IpAddr);

/// Who asks, behind any proxies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client(pub IpAddr);

/// Whether an address is one of the declared proxies.
pub(super) fn is_proxy(proxies: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    proxies.iter().any(|network| network.contains(&address))
}

/// Whether plain HTTP from there crosses no network, or only that between a declared proxy and us.
pub(super) fn may_speak_plainly(peer: IpAddr, proxies: &[IpNet]) -> bool {
    peer.to_canonical().is_loopback() || is_proxy(proxies, peer)
}

/// The client: the peer, or where the peer is a declared proxy the right-most address of `X-Forwarded-For` that is none.
/// What stands to the left of it was said by the client and is worth nothing.
pub(super) fn address(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    if !is_proxy(proxies, peer) {
        return peer;
    }
    let said: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let mut nearest = peer;
    for hop in said.iter().rev().take(MAX_HOPS) {
        let Ok(hop) = hop.parse::<IpAddr>() else { break };
        nearest = hop.to_canonical();
        if !is_proxy(proxies, nearest) {
            break;
        }
    }
    nearest
}

/// What limits are counted by: one IPv4 address, or the /64 that one IPv6 subscriber has.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => Ipv6Net::new(address, 64).map_or(IpAddr::V6(address), |net| IpAddr::V6(net.network())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let proxies = ["127.0.0.1/32".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        address(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn only_a_declared_proxy_speaks_for_others() {
        assert_eq!(seen("198.51.100.7", &["203.0.113.1"]), "198.51.100.7");
        assert_eq!(seen("127.0.0.1", &["203.0.113.1"]), "203.0.113.1");
        assert_eq!(seen("::ffff:127.0.0.1", &["203.0.113.1"]), "203.0.113.1");
        assert_eq!(seen("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn what_the_client_itself_says_is_worth_nothing() {
        assert_eq!(seen("127.0.0.1", &["192.0.2.1, 203.0.113.1"]), "203.0.113.1");
        assert_eq!(seen("127.0.0.1", &["192.0.2.1", "203.0.113.1, 10.1.2.3"]), "203.0.113.1");
        assert_eq!(seen("127.0.0.1", &["203.0.113.1, nonsense"]), "127.0.0.1");
    }

    #[test]
    fn plain_http_is_for_this_machine_and_declared_proxies() {
        let proxies: [IpNet; 1] = ["10.0.0.0/8".parse().unwrap()];
        let may = |peer: &str| may_speak_plainly(peer.parse().unwrap(), &proxies);
        assert!(may("127.0.0.1") && may("::1") && may("::ffff:127.0.0.1") && may("10.1.2.3") && may("::ffff:10.1.2.3"));
        assert!(!may("192.0.2.1") && !may("11.0.0.1") && !may("2001:db8::1"));
    }

    #[test]
    fn limits_count_an_ipv6_subscriber_once() {
        let network_of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(network_of("2001:db8:1:2:3:4:5:6"), network_of("2001:db8:1:2:ffff::1"));
        assert_ne!(network_of("192.0.2.1"), network_of("192.0.2.2"));
    }
}
