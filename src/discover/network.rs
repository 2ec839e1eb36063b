//! Everything that is asked of others on the way to a domain's servers, each question with a limit.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::{Request, StatusCode, Uri, header};
use mail_auth::hickory_resolver::TokioResolver;
use mail_auth::hickory_resolver::config::ResolverOpts;
use mail_auth::hickory_resolver::net::NetError;
use mail_auth::hickory_resolver::proto::rr::RData;
use mail_auth::spf::verify::SpfParameters;
use mail_auth::{MessageAuthenticator, SpfResult};

use crate::dns;
use crate::http::{self, Http};

/// The longest wait for one question, redirects and second attempts included.
const LIMIT: Duration = Duration::from_secs(5);
/// The longest wait for one packet.
const PACKET: Duration = Duration::from_secs(2);
/// Octets of a file that are read; those of large providers have some ten thousand.
const MAX_FILE: usize = 200_000;
/// Redirects that are followed: hosters send `autoconfig.DOMAIN` on to a host of their own.
const MAX_REDIRECTS: usize = 3;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Silence {
    /// There is no such record, or no such name.
    NoRecord,
    /// Nobody answered, or not with what was asked for; the rest of a sentence.
    Trouble(String),
}

/// A service's place by its SRV record (RFC 2782).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The lower, the sooner it is tried.
    pub(super) priority: u16,
    pub(super) weight: u16,
    pub(super) host: String,
    pub(super) port: u16,
}

/// What a domain's SPF record says of an address that sends (RFC 7208 §2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spf {
    Pass,
    /// It may not, or nothing is said of it.
    No,
    /// The record cannot be evaluated.
    Broken,
    /// A name server did not answer.
    Unknown,
}

/// The name servers, and HTTPS.
#[derive(Clone)]
pub struct Network {
    dns: TokioResolver,
    http: Http,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Network")
    }
}

impl Network {
    /// Asks `name_server`, or the system's; trusts the certificates in `ca_file` besides the system's. Connects to nothing yet.
    ///
    /// Fails when the system names no name server, or `ca_file` cannot be read.
    pub async fn new(name_server: Option<SocketAddr>, ca_file: Option<PathBuf>) -> anyhow::Result<Self> {
        let mut options = ResolverOpts::default();
        options.timeout = PACKET;
        options.attempts = 1;
        let authenticator = match name_server {
            Some(address) => MessageAuthenticator::new(dns::only(address), options),
            None => MessageAuthenticator::new_system_conf(),
        };
        let dns = authenticator.context("the system's name servers cannot be found out")?.resolver().clone();
        let resolver = dns.clone();
        let names = http::Names::new(move |name| {
            let resolver = resolver.clone();
            Box::pin(async move {
                let found = resolver.lookup_ip(absolute(&name)).await;
                let found = found.map_err(|error| std::io::Error::other(said(&error)))?;
                Ok(found.iter().map(|address| SocketAddr::new(address, 0)).collect())
            })
        });
        Ok(Self { dns, http: http::client_by(ca_file, names).await? })
    }

    /// The places of a service, in no order.
    pub(super) async fn places(&self, record: &str) -> Result<Vec<Place>, Silence> {
        let lookup = bounded(self.dns.srv_lookup(absolute(record))).await?;
        let places = lookup.answers().iter().filter_map(|answer| match &answer.data {
            RData::SRV(srv) => Some(Place {
                priority: srv.priority,
                weight: srv.weight,
                host: plain(&srv.target.to_utf8()),
                port: srv.port,
            }),
            _ => None,
        });
        Ok(places.collect())
    }

    /// The hosts that take a domain's mail, each with its preference; the root's empty name for "none" (RFC 7505).
    pub(super) async fn exchangers(&self, domain: &str) -> Result<Vec<(u16, String)>, Silence> {
        let lookup = bounded(self.dns.mx_lookup(absolute(domain))).await?;
        let hosts = lookup.answers().iter().filter_map(|answer| match &answer.data {
            RData::MX(mx) => Some((mx.preference, plain(&mx.exchange.to_utf8()))),
            _ => None,
        });
        Ok(hosts.collect())
    }

    /// The texts at a name (TXT), each in one piece.
    pub(super) async fn texts(&self, name: &str) -> Result<Vec<String>, Silence> {
        let lookup = bounded(self.dns.txt_lookup(absolute(name))).await?;
        let texts = lookup.answers().iter().filter_map(|answer| match &answer.data {
            RData::TXT(txt) => Some(txt.txt_data.iter().map(|part| String::from_utf8_lossy(part)).collect()),
            _ => None,
        });
        Ok(texts.collect())
    }

    /// The addresses of a host.
    pub(super) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Silence> {
        Ok(bounded(self.dns.lookup_ip(absolute(host))).await?.iter().collect())
    }

    /// What an address is called (PTR).
    pub(super) async fn names_of(&self, address: IpAddr) -> Result<Vec<String>, Silence> {
        let lookup = bounded(self.dns.reverse_lookup(address)).await?;
        let names = lookup.answers().iter().filter_map(|answer| match &answer.data {
            RData::PTR(name) => Some(plain(&name.0.to_utf8())),
            _ => None,
        });
        Ok(names.collect())
    }

    /// Whether an address may send mail of a domain.
    pub(super) async fn spf(&self, domain: &str, hello: &str, address: IpAddr) -> Spf {
        let (authenticator, sender) = (MessageAuthenticator(self.dns.clone()), format!("postmaster@{domain}"));
        let asked = authenticator.verify_spf(SpfParameters::verify_mail_from(address, hello, hello, &sender));
        match tokio::time::timeout(LIMIT, asked).await.map(|answer| answer.result()) {
            Ok(SpfResult::Pass) => Spf::Pass,
            Ok(SpfResult::PermError) => Spf::Broken,
            Ok(SpfResult::TempError) | Err(_) => Spf::Unknown,
            Ok(SpfResult::Fail | SpfResult::SoftFail | SpfResult::Neutral | SpfResult::None) => Spf::No,
        }
    }

    /// The public addresses of a host; none where it has none, or nobody knows.
    pub async fn public_addresses(&self, host: &str) -> Vec<IpAddr> {
        let all = match host.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => self.addresses(host).await.unwrap_or_default(),
        };
        all.into_iter().filter(is_public).collect()
    }

    /// A file over HTTPS. The error is the rest of a sentence that begins with its address.
    pub(super) async fn file(&self, url: &str) -> Result<String, String> {
        let fetched = tokio::time::timeout(LIMIT, self.fetch(url)).await;
        fetched.unwrap_or_else(|_| Err(format!("no answer within {} s", LIMIT.as_secs())))
    }

    async fn fetch(&self, url: &str) -> Result<String, String> {
        let mut uri: Uri = url.parse().map_err(|_| "no address".to_owned())?;
        for _ in 0..=MAX_REDIRECTS {
            let request = Request::get(uri.clone())
                .header(header::USER_AGENT, concat!("caseway/", env!("CARGO_PKG_VERSION")))
                .body(Full::new(Bytes::new()))
                .map_err(|error| error.to_string())?;
            let answer = self.http.request(request).await.map_err(|error| unreachable(&error))?;
            let status = answer.status();
            if status.is_redirection() {
                let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
                uri = redirected(&uri, to).ok_or_else(|| "sends us on to no HTTPS".to_owned())?;
                continue;
            }
            if status != StatusCode::OK {
                return Err(status.to_string());
            }
            let body = Limited::new(answer.into_body(), MAX_FILE).collect().await;
            let body = body.map_err(|error| format!("the answer broke off: {error}"))?.to_bytes();
            return String::from_utf8(body.into()).map_err(|_| "is no text".to_owned());
        }
        Err(format!("more than {MAX_REDIRECTS} redirects"))
    }
}

async fn bounded<T>(asked: impl Future<Output = Result<T, NetError>>) -> Result<T, Silence> {
    match tokio::time::timeout(LIMIT, asked).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) if error.is_no_records_found() => Err(Silence::NoRecord),
        Ok(Err(error)) => Err(Silence::Trouble(said(&error))),
        Err(_) => Err(Silence::Trouble(format!("no answer within {} s", LIMIT.as_secs()))),
    }
}

/// For people: the library's own words hold its whole question.
fn said(error: &NetError) -> String {
    if error.is_no_records_found() { "no such host".to_owned() } else { error.to_string() }
}

/// Whether the world may get mail from there.
fn is_public(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !(v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified()),
        IpAddr::V6(v6) => {
            !(v6.is_unique_local() || v6.is_loopback() || v6.is_unicast_link_local() || v6.is_unspecified())
        }
    }
}

/// With the dot at the end that keeps the search list of this machine away.
fn absolute(name: &str) -> String {
    format!("{}.", name.trim_end_matches('.'))
}

fn plain(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

fn unreachable(error: &hyper_util::client::legacy::Error) -> String {
    let causes = http::causes(error);
    causes.last().cloned().unwrap_or_else(|| error.to_string())
}

/// Where a `Location` leads, when that is HTTPS again.
fn redirected(from: &Uri, to: &str) -> Option<Uri> {
    let absolute = if to.starts_with('/') { format!("https://{}{to}", from.authority()?) } else { to.to_owned() };
    absolute.parse().ok().filter(|uri: &Uri| uri.scheme_str() == Some("https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_under_tls() {
        let from: Uri = "https://autoconfig.example.test/mail/config-v1.1.xml?emailaddress=a".parse().unwrap();
        let to = |location| redirected(&from, location).map(|uri| uri.to_string());
        assert_eq!(to("https://hoster.test/a.xml").as_deref(), Some("https://hoster.test/a.xml"));
        assert_eq!(to("/a.xml").as_deref(), Some("https://autoconfig.example.test/a.xml"));
        for location in ["http://hoster.test/a.xml", "a.xml", "", "file:///etc/passwd"] {
            assert_eq!(to(location), None, "{location}");
        }
    }
}
