//! What IMAP and SMTP servers have in common: where they are and how the connection is protected.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::config::section::Section;
use crate::config::{OAuth, Tls, values};

/// The providers of `[oauth]`, unless something is wrong with them.
pub(super) type Providers<'a> = Option<&'a BTreeMap<String, OAuth>>;

/// The ports of a protocol by protection.
pub(super) struct Ports {
    pub(super) implicit: u16,
    pub(super) starttls: u16,
    pub(super) none: u16,
}

/// `host`, `port`, `tls`, `insecure`, `ca_file`.
pub(super) fn server(section: &Section<'_>, ports: &Ports) -> Option<(String, u16, Tls)> {
    let host = section.parsed("host", values::host);
    let host = section.required("host", host, "the server's name, like \"mail.example.test\"");
    let port = section.number("port", 1..=65_535).and_then(|port| u16::try_from(port).ok());
    let tls = section.get("tls").map_or(Some(Kind::Implicit), |tls| tls.parsed(|word| values::one_of(word, &KINDS)));
    let insecure = section.flag("insecure", false);
    let ca_file = section.path("ca_file");
    let (host, tls) = (host?, tls?);
    let default = match tls {
        Kind::Implicit => ports.implicit,
        Kind::StartTls => ports.starttls,
        Kind::None => ports.none,
    };
    check(section, &host, tls, insecure, ca_file.is_some());
    Some((host, port.unwrap_or(default), protection(tls, ca_file)))
}

/// The provider that `auth = { oauth = "NAME" }` names.
pub(super) fn provider(section: &Section<'_>, providers: Providers<'_>) -> Option<String> {
    let auth = section.get("auth")?;
    if !auth.is_table() {
        auth.problem("wants { oauth = \"NAME\" }; with a password leave it out");
        return None;
    }
    let auth = auth.section("AUTH")?;
    let name = auth.get("oauth").and_then(|written| {
        written.parsed(|name| {
            // What is wrong with the providers is told already.
            let Some(providers) = providers else { return Ok(name.to_owned()) };
            if providers.contains_key(name) {
                return Ok(name.to_owned());
            }
            let known: Vec<&str> = providers.keys().map(String::as_str).collect();
            let there = if known.is_empty() { "no [oauth.NAME] at all".to_owned() } else { known.join(", ") };
            Err(format!("there is no [oauth.{name}]; there is {there}"))
        })
    });
    let name = auth.required("oauth", name, "the NAME of the [oauth.NAME] whose tokens sign in here");
    auth.refuse_unknown();
    name
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Implicit,
    StartTls,
    None,
}

const KINDS: [(&str, Kind); 3] = [("implicit", Kind::Implicit), ("starttls", Kind::StartTls), ("none", Kind::None)];

fn protection(kind: Kind, ca_file: Option<PathBuf>) -> Tls {
    match kind {
        Kind::Implicit => Tls::Implicit { ca_file },
        Kind::StartTls => Tls::StartTls { ca_file },
        Kind::None => Tls::None,
    }
}

fn check(section: &Section<'_>, host: &str, tls: Kind, insecure: bool, has_ca_file: bool) {
    if tls == Kind::None && !insecure && !values::is_loopback(host) {
        section.problem_at(
            "tls",
            format!(
                "\"none\" lets everybody on the way to {host} read mails and passwords; \
                 use \"implicit\" or \"starttls\", or add insecure = true if you mean it"
            ),
        );
    }
    if tls == Kind::None && has_ca_file {
        section.problem_at("ca_file", "has no use with tls = \"none\"; leave one of them out");
    }
    if tls != Kind::None && insecure {
        section.problem_at(
            "insecure",
            "goes with tls = \"none\" only; it does not switch the certificate check off: \
             for a certificate of your own use ca_file",
        );
    }
}
