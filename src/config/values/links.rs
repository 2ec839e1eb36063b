//! Links: pages, sites and services, and paths inside them.

use std::net::IpAddr;

use super::host::{is_host, is_loopback};
use super::text::text;

/// A page that a customer can open.
pub(in crate::config) fn url(written: &str) -> Result<String, String> {
    let url = text(written)?;
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match rest {
        Some(rest) if !rest.is_empty() && !url.contains(char::is_whitespace) => Ok(url),
        _ => Err(format!("{written:?} is no link; write it like \"https://kb.example.test\"")),
    }
}

/// Scheme, host and port of a site, without a slash at the end. A path is refused: the cookies are the whole host's.
pub(in crate::config) fn origin(written: &str) -> Result<String, String> {
    let refused = || format!("{written:?} is no address of a site; write it like \"https://help.example.test\"");
    let url = url(written).map_err(|_| refused())?;
    let url = url.trim_end_matches('/').to_lowercase();
    let host = authority(&url).ok_or_else(refused)?;
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse::<u16>().is_ok()),
        _ => (host, true),
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if port && (bare.parse::<IpAddr>().is_ok() || is_host(host)) { Ok(url) } else { Err(refused()) }
}

/// What stands between the scheme and the path of a URL.
fn authority(url: &str) -> Option<&str> {
    url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))
}

/// Whether the host of an [`origin`] is this machine.
pub(in crate::config) fn is_local_url(origin: &str) -> bool {
    let host = authority(origin).unwrap_or_default();
    let host = match host.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => host,
    };
    is_loopback(host.trim_start_matches('[').trim_end_matches(']'))
}

/// The base of a service that speaks HTTP, without a slash at the end, and whether its host is this machine.
pub(in crate::config) fn service_url(written: &str) -> Result<(String, bool), String> {
    let refused = |why: &str| {
        format!("{written:?} is no base of a service: {why}; write it like \"https://id.example.test/scim/v2\"")
    };
    let url = url(written).map_err(|_| refused("it must begin with https://"))?;
    let uri: hyper::Uri = url.parse().map_err(|_| refused("it is no URL"))?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(refused("leave out user and password, and use token = { file = … }"));
    }
    if uri.query().is_some() || url.contains('#') {
        return Err(refused("leave out what begins with ? or #"));
    }
    if host.parse::<IpAddr>().is_err() && !is_host(host) {
        return Err(refused("its host is no name and no IP address"));
    }
    Ok((url.trim_end_matches('/').to_owned(), is_loopback(host)))
}

/// A path inside a URL (RFC 3986 §3.3).
pub(in crate::config) fn percent_encoded(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut text, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => text.push(char::from(byte)),
            other => text.push_str(&format!("%{other:02X}")),
        }
        text
    })
}

/// The inverse of [`percent_encoded`]; `None` when it is no UTF-8.
pub(in crate::config) fn percent_decoded(url: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(url.len());
    let mut rest = url.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = tail.split_at_checked(2).filter(|_| *first == b'%').and_then(|(hex, after)| {
            let byte = u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()?;
            Some((byte, after))
        });
        let (byte, after) = escaped.unwrap_or((*first, tail));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_have_a_plain_base() {
        for (written, url, local) in [
            ("https://id.example.test/scim/v2/", "https://id.example.test/scim/v2", false),
            ("http://127.0.0.1:8080/scim", "http://127.0.0.1:8080/scim", true),
            ("http://[::1]/", "http://[::1]", true),
            ("http://localhost.example.test", "http://localhost.example.test", false),
        ] {
            assert_eq!(service_url(written), Ok((url.to_owned(), local)), "{written}");
        }
        for written in [
            "id.example.test",
            "ftp://x.test",
            "https://",
            "https://u:p@x.test",
            "https://x.test/?a",
            "https://x.test/#a",
        ] {
            assert!(service_url(written).is_err(), "{written}");
        }
    }

    #[test]
    fn sites_have_a_host_and_no_path() {
        for (written, origin_of) in [
            ("https://Help.example.test/", "https://help.example.test"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(origin(written).as_deref(), Ok(origin_of), "{written}");
        }
        for written in [
            "",
            "help.example.test",
            "https://",
            "https://x.test/help",
            "https://x.test?a",
            "https://a@x.test",
            "https://x:y",
        ] {
            assert!(origin(written).is_err(), "{written}");
        }
        assert!(is_local_url("http://[::1]:8080") && is_local_url("http://localhost"));
        assert!(!is_local_url("http://10.0.0.1:8080") && !is_local_url("http://localhost.example.test"));
    }

    #[test]
    fn paths_come_back_from_their_urls() {
        for path in ["/var/lib/caseway.db", "/a b/100%/ä?#.db", "/%41%/x"] {
            assert_eq!(percent_decoded(&percent_encoded(path)).as_deref(), Some(path));
        }
    }
}
