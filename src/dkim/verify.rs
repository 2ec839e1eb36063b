//! Signatures that we verify ourselves, for desks whose server writes no `Authentication-Results`.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use mail_auth::common::verify::VerifySignature;
use mail_auth::hickory_resolver::config::ResolverOpts;
use mail_auth::{AuthenticatedMessage, DkimResult, MessageAuthenticator};

use crate::dns;
use crate::mail::Headers;
use crate::mail::headers::DECISIVE;

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
            Some(address) => MessageAuthenticator::new(dns::only(address), ResolverOpts::default()),
            None => MessageAuthenticator::new_system_conf(),
        };
        Ok(Self(authenticator.context("setting up the name server look-ups for DKIM")?))
    }

    /// The domains whose signatures over this mail are good and cover every header that decides something. Trouble with the
    /// DNS proves nothing, like no signature, and so does a key in test mode (RFC 6376 §3.6.1).
    pub async fn verified_domains(&self, raw: &[u8]) -> Vec<String> {
        tokio::time::timeout(LIMIT, self.verify(raw)).await.unwrap_or_default()
    }

    async fn verify(&self, raw: &[u8]) -> Vec<String> {
        let Some(mail) = AuthenticatedMessage::parse(raw) else { return Vec::new() };
        let read = Headers::of(raw);
        let mut domains = Vec::new();
        for output in self.0.verify_dkim(&mail).await {
            let Some(signature) = output.signature().filter(|_| *output.result() == DkimResult::Pass) else { continue };
            let covers = DECISIVE.iter().all(|name| is_covered(name, &read, &mail, &signature.h));
            if covers && !self.in_test_mode(&signature.domain_key()).await {
                domains.push(signature.d.clone());
            }
        }
        domains
    }

    /// Whether the key's record says `t=y`. Where it cannot be read a second time, nobody knows.
    async fn in_test_mode(&self, record: &str) -> bool {
        self.0.txt_raw_lookup(record).await.map_or(true, |record| says_testing(&String::from_utf8_lossy(&record)))
    }
}

/// Whether a header is signed as often as it stands in the mail: as we read it, and as the signature's check did, which
/// knows no obsolete forms. One that may be added to the mail without breaking the signature is not there.
fn is_covered(name: &str, read: &Headers, mail: &AuthenticatedMessage<'_>, signed: &[String]) -> bool {
    let checked = mail.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name.as_bytes())).count();
    let signed = signed.iter().filter(|key| key.eq_ignore_ascii_case(name)).count();
    read.all(name).count() == checked && checked <= signed
}

fn says_testing(record: &str) -> bool {
    let mut tags = record.split(';').filter_map(|tag| tag.split_once('='));
    tags.any(|(tag, flags)| tag.trim() == "t" && flags.split(':').any(|flag| flag.trim().eq_ignore_ascii_case("y")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_test_mode_says_so() {
        for record in ["v=DKIM1; k=rsa; t=y; p=AAAA", "t=s:y;p=x", "v=DKIM1;p=x;t = y", "v=DKIM1; t=Y"] {
            assert!(says_testing(record), "{record}");
        }
        for record in ["v=DKIM1; k=rsa; p=AAAA", "v=DKIM1; t=s; p=y", "v=DKIM1; n=t=y; p=x", ""] {
            assert!(!says_testing(record), "{record}");
        }
    }

    #[test]
    fn what_is_not_signed_is_not_covered() {
        let covered = |name: &str, mail: &str, signed: &[&str]| {
            let signed: Vec<String> = signed.iter().map(|name| (*name).to_owned()).collect();
            let parsed = AuthenticatedMessage::parse(mail.as_bytes()).unwrap();
            is_covered(name, &Headers::of(mail.as_bytes()), &parsed, &signed)
        };
        let mail = "From: a@b.test\r\nSubject: x\r\n\r\nHello\r\n";
        assert!(covered("Subject", mail, &["from", "subject"]));
        assert!(covered("References", mail, &["from"]), "it is not there");
        assert!(!covered("Subject", mail, &["from"]));
        assert!(!covered("Subject", &format!("Subject: y\r\n{mail}"), &["from", "subject"]));
        assert!(!covered("References", &format!("References : <y@z>\r\n{mail}"), &["from", "references"]));
    }
}
