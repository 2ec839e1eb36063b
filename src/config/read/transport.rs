//! `[transport.NAME]`: the ways out.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::SignedDuration;

use super::secret::secret;
use super::server::{Ports, Providers, provider, server};
use crate::config::section::Section;
use crate::config::{Credential, Smtp, Transport, values};

pub(super) fn transports(root: &Section<'_>, oauth: Providers<'_>) -> Option<BTreeMap<String, Transport>> {
    let section = root.section("transport");
    let section = root.required("transport", section, "a table [transport.NAME] for at least one way out")?;
    let mut transports = BTreeMap::new();
    let mut complete = true;
    for entry in section.entries() {
        if let Err(what) = values::name(entry.key()) {
            entry.problem(what);
        }
        match entry.section("transport.NAME").and_then(|section| transport(&section, oauth)) {
            Some(transport) => _ = transports.insert(entry.key().to_owned(), transport),
            None => complete = false,
        }
    }
    if complete && transports.is_empty() {
        section.problem("there must be a table [transport.NAME] for at least one way out");
    }
    complete.then_some(transports).filter(|transports| !transports.is_empty())
}

fn transport(section: &Section<'_>, oauth: Providers<'_>) -> Option<Transport> {
    let smtp = section.section("smtp").map(|section| smtp_server(&section, oauth));
    let folder = section.path("folder");
    section.refuse_unknown();
    match (smtp, folder) {
        (Some(smtp), None) => smtp.map(|smtp| Transport::Smtp(Box::new(smtp))),
        (None, Some(path)) => Some(Transport::Folder { path }),
        (None, None) => {
            if section.is_absent("smtp") && section.is_absent("folder") {
                section.problem("leads nowhere: add smtp = { … } or folder = \"…\"");
            }
            None
        }
        (Some(_), Some(_)) => {
            section.problem("leads two ways: keep one of smtp and folder");
            None
        }
    }
}

const PORTS: Ports = Ports { implicit: 465, starttls: 587, none: 25 };

/// Connections at a time, where the server is not known to take fewer.
const CONNECTIONS: u32 = 4;

/// Exchange Online takes three connections of a mailbox at a time (432 4.3.2 to the fourth), and counts one for a while after it was
/// closed.
fn connections_to(host: &str) -> u32 {
    let host = host.to_ascii_lowercase();
    let is_microsoft = ["office365.com", "outlook.com", "office365.us", "partner.outlook.cn"]
        .iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
    if is_microsoft { 2 } else { CONNECTIONS }
}

fn smtp_server(section: &Section<'_>, oauth: Providers<'_>) -> Option<Smtp> {
    let server = server(section, &PORTS);
    let login = login(section, oauth);
    let hello = section.parsed("hello", values::host);
    let usual = server.as_ref().map_or(CONNECTIONS, |(host, ..)| connections_to(host));
    let connections = section.number("connections", 1..=64).unwrap_or(usual);
    let timeout = section.parsed("timeout", values::wait).unwrap_or(Duration::from_secs(60));
    let duration =
        |key, default: i64| section.parsed(key, values::duration).unwrap_or(SignedDuration::from_secs(default));
    // RFC 5321 §4.5.4.1: give up after at least 4 to 5 days.
    let give_up_after = duration("give_up_after", 5 * 24 * 3600);
    let first_delay = duration("first_delay", 60);
    let max_delay = duration("max_delay", 4 * 3600);
    if first_delay > max_delay {
        section.problem_at("first_delay", "is longer than max_delay");
    }
    if max_delay > give_up_after {
        section.problem_at("max_delay", "is longer than give_up_after");
    }
    section.refuse_unknown();
    let (host, port, tls) = server?;
    Some(Smtp { host, port, tls, login, hello, connections, timeout, give_up_after, first_delay, max_delay })
}

/// `user` with `password` or `auth = { oauth = "NAME" }`; neither where the server wants no AUTH.
fn login(section: &Section<'_>, oauth: Providers<'_>) -> Option<(String, Credential)> {
    let user = section.text("user");
    let password = secret(section, "password");
    let has_provider = !section.is_absent("auth");
    if has_provider && !section.is_absent("password") {
        section.problem_at("password", "has no use beside auth = { oauth = … }; leave one of them out");
    }
    let credential = match has_provider {
        true => provider(section, oauth).map(Credential::OAuth),
        false => password.map(Credential::Password),
    };
    let key = if has_provider { "auth" } else { "password" };
    match (user, credential) {
        (Some(user), Some(credential)) => Some((user, credential)),
        (Some(_), None) if section.is_absent(key) => {
            let what =
                "has no password: add password = { file = \"…\" } or auth = { oauth = \"NAME\" }, or leave it out";
            section.problem_at("user", what);
            None
        }
        (None, Some(_)) if section.is_absent("user") => {
            section.problem_at(key, "has no user: add user = \"…\", or leave both out");
            None
        }
        _ => None,
    }
}
