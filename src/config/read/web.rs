//! `[web]`: the pages.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use ipnet::IpNet;

use crate::config::section::Section;
use crate::config::{Mailbox, Web, WebTls, values};

/// This machine alone: a server that nobody meant to open is none.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);

pub(super) fn web(section: &Section<'_>, mailboxes: Option<&BTreeMap<String, Mailbox>>) -> Option<Web> {
    let listen = section.get("listen").map_or(Some(LISTEN), |listen| listen.parsed(values::listen));
    let base_url = section.parsed("base_url", values::origin);
    let base_url =
        section.required("base_url", base_url, "where people find the pages, like \"https://help.example.test\"");
    let trusted_proxies: Vec<IpNet> =
        section.list("trusted_proxies").iter().filter_map(|proxy| proxy.parsed(values::network)).collect();
    let has_tls = !section.is_absent("tls");
    let tls = section.section("tls").and_then(|section| tls(&section));
    let breached_passwords = section.path("breached_passwords");
    let new_cases = section.parsed("new_cases", values::name);
    if let Some((named, known)) = new_cases.as_ref().zip(mailboxes).filter(|(named, known)| !known.contains_key(*named))
    {
        let names: Vec<&str> = known.keys().map(String::as_str).collect();
        section.problem_at("new_cases", format!("there is no [mailbox.{named}]; there is {}", names.join(", ")));
    }
    section.refuse_unknown();
    let (listen, base_url) = (listen?, base_url?);
    protected(section, listen, &base_url, !trusted_proxies.is_empty(), has_tls).then_some(())?;
    Some(Web { listen, base_url, trusted_proxies, tls, breached_passwords, new_cases })
}

fn tls(section: &Section<'_>) -> Option<WebTls> {
    let certificate = section.path("certificate");
    let certificate = section.required("certificate", certificate, "the file (PEM) of the certificate and its chain");
    let key = section.path("key");
    let key = section.required("key", key, "the file (PEM) of the certificate's private key");
    section.refuse_unknown();
    Some(WebTls { certificate: certificate?, key: key? })
}

/// Passwords never cross a network in the clear: plain HTTP is for this machine, or for the last step from a proxy that
/// is named.
fn protected(section: &Section<'_>, listen: SocketAddr, base_url: &str, has_proxy: bool, has_tls: bool) -> bool {
    let local = values::is_local_url(base_url);
    let https = base_url.starts_with("https://");
    if !https && has_tls {
        section.problem_at("base_url", "must begin with https:// where there is a certificate");
        return false;
    }
    if !https && !local {
        section.problem_at(
            "base_url",
            "http:// lets everybody on the way read passwords; write https://, \
             with tls = { certificate, key } or behind a proxy that is named in trusted_proxies",
        );
        return false;
    }
    if https && !has_tls && !has_proxy {
        section.problem_at(
            "base_url",
            "is https://, and nothing here speaks TLS; name the proxy that does in trusted_proxies, \
             or add tls = { certificate = \"…\", key = \"…\" }",
        );
        return false;
    }
    if !has_tls && !has_proxy && !listen.ip().is_loopback() {
        section.problem_at(
            "listen",
            format!(
                "plain HTTP on {listen} can be reached by others than this machine; listen on 127.0.0.1, \
                 name the proxy before it in trusted_proxies, or add tls = {{ certificate = \"…\", key = \"…\" }}"
            ),
        );
        return false;
    }
    true
}
