//! What receivers will hold against the desk's mails: `caseway check --deliverability`.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use data_encoding::BASE64;

use super::finding::Finding;
use crate::config::{Config, Mailbox, Transport};
use crate::discover::{self, Network, Remark, Sending, Weight};

/// Looks at what each domain of the desk's addresses publishes. `sends_from` are the addresses from which receivers get its mails, where the
/// administrator names them; otherwise those of the servers in the configuration, where these are public.
pub(super) async fn look(config: &Config, name_server: Option<SocketAddr>, sends_from: &[IpAddr]) -> Vec<Finding> {
    let network = match Network::new(name_server, None).await {
        Ok(network) => network,
        Err(error) => return vec![Finding::wrong("deliverability", format!("{error:#}"), "name one: --dns IP")],
    };
    let mut findings = Vec::new();
    for (domain, transports) in domains(config) {
        let sending = sending(config, &network, domain, &transports, sends_from).await;
        let check = format!("domain {}", sending.domain);
        findings.extend(discover::judge(&network, &sending).await.into_iter().map(|remark| finding(&check, remark)));
    }
    findings
}

fn finding(check: &str, remark: Remark) -> Finding {
    let found = format!("{}: {}", remark.about, remark.found);
    match remark.weight {
        Weight::Good => Finding { advice: remark.advice, ..Finding::ok(check, found) },
        Weight::Doubt => Finding::warning(check, found, remark.advice),
        Weight::Fault => Finding::wrong(check, found, remark.advice),
    }
}

/// The domains that mails come from, each with the names of the transports they go out by.
fn domains(config: &Config) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut domains: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for mailbox in config.mailboxes.values() {
        let Mailbox { address, aliases, transport, .. } = mailbox;
        for address in std::iter::once(address).chain(aliases) {
            if let Some((_, domain)) = address.rsplit_once('@') {
                domains.entry(domain).or_default().insert(transport);
            }
        }
    }
    domains
}

async fn sending(
    config: &Config,
    network: &Network,
    domain: &str,
    transports: &BTreeSet<&str>,
    sends_from: &[IpAddr],
) -> Sending {
    let servers = transports.iter().filter_map(|name| match config.transports.get(*name) {
        Some(Transport::Smtp(smtp)) => Some(smtp),
        Some(Transport::Folder { .. }) | None => None,
    });
    let (mut addresses, mut hello) = (sends_from.to_vec(), domain.to_owned());
    for server in servers {
        hello = server.hello.clone().unwrap_or_else(|| server.host.clone());
        if sends_from.is_empty() {
            addresses.extend(network.public_addresses(&server.host).await);
        }
    }
    let below = |key: &&crate::config::DkimKey| domain == key.domain || domain.ends_with(&format!(".{}", key.domain));
    let keys = config.dkim.values().filter(below);
    let keys = keys.filter_map(|key| Some((key.record_name(), BASE64.encode(&key.public()?)))).collect();
    Sending { domain: idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned()), addresses, hello, keys }
}
