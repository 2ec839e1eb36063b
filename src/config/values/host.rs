//! Hosts.

use std::net::IpAddr;

/// A host name or an IP address.
pub(in crate::config) fn host(written: &str) -> Result<String, String> {
    let host = written.trim();
    if host.parse::<IpAddr>().is_ok() || is_host(host) {
        return Ok(host.to_lowercase());
    }
    let hint = if host.contains("://") {
        "; leave out the scheme"
    } else if host.contains(':') {
        "; write the port as port = …"
    } else {
        ""
    };
    Err(format!("{written:?} is no host name and no IP address{hint}"))
}

/// RFC 1123 §2.1 names, and names in other scripts (RFC 5890).
pub(super) fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    name.len() <= 253 && name.trim_end_matches('.').split('.').all(label)
}

/// Whether a host is this machine, so that nothing said to it crosses a network (RFC 6761 §6.3).
pub(in crate::config) fn is_loopback(host: &str) -> bool {
    host.parse::<IpAddr>().map_or(host == "localhost" || host.ends_with(".localhost"), |ip| ip.is_loopback())
}
