//! What receivers will hold against the mails of a domain, by what it publishes: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 9989), the
//! names of the addresses that send, MX and MTA-STS (RFC 8461).

use std::net::IpAddr;

use super::network::{Network, Silence, Spf};
use super::record;

/// A domain that sends, and what is known of how.
#[derive(Debug, Clone)]
pub struct Sending {
    /// The domain of the desk's addresses.
    pub domain: String,
    /// Public addresses from which receivers get its mails, as far as they are known.
    pub addresses: Vec<IpAddr>,
    /// What the server that sends calls itself.
    pub hello: String,
    /// Keys that we sign with: the name of each one's record, and its public half in base64.
    pub keys: Vec<(String, String)>,
}

/// How much one thing weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// As it should be.
    Good,
    /// Some receivers mind, or it cannot be told.
    Doubt,
    /// Mails do not arrive, or are taken for spam.
    Fault,
}

/// What was found of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// `SPF`, `DKIM`, `DMARC`, `PTR`, `MX` or `MTA-STS`.
    pub about: &'static str,
    /// How much it weighs.
    pub weight: Weight,
    /// In words for administrators.
    pub found: String,
    /// What to publish, or to do; empty when nothing.
    pub advice: String,
}

fn remark(about: &'static str, weight: Weight, found: impl Into<String>, advice: impl Into<String>) -> Remark {
    Remark { about, weight, found: found.into(), advice: advice.into() }
}

fn good(about: &'static str, found: impl Into<String>) -> Remark {
    remark(about, Weight::Good, found, "")
}

/// The name servers said nothing: nobody knows.
fn unknown(about: &'static str, name: &str, why: &str) -> Remark {
    remark(
        about,
        Weight::Doubt,
        format!("{name} cannot be looked up: {why}"),
        "try again, or ask another name server by --dns IP",
    )
}

/// Everything that is to be said, in the order in which receivers mind it.
pub async fn judge(network: &Network, sending: &Sending) -> Vec<Remark> {
    let (spf, dkim, dmarc, names, mx) = tokio::join!(
        spf(network, sending),
        dkim(network, sending),
        dmarc(network, &sending.domain),
        names(network, &sending.addresses),
        mx(network, &sending.domain),
    );
    let (mx, hosts) = mx;
    let sts = mta_sts(network, &sending.domain, &hosts).await;
    [spf, dkim, vec![dmarc], names, vec![mx, sts]].concat()
}

async fn spf(network: &Network, sending: &Sending) -> Vec<Remark> {
    const ABOUT: &str = "SPF";
    let domain = &sending.domain;
    let publish = |why: &str| {
        let by_address = |address: &IpAddr| format!("{}:{address}", if address.is_ipv4() { "ip4" } else { "ip6" });
        let mut terms: Vec<String> = sending.addresses.iter().map(by_address).collect();
        if terms.is_empty() {
            terms.push("include:WHAT-YOUR-PROVIDER-NAMES".to_owned());
        }
        format!("publish {why}: {domain}. IN TXT \"v=spf1 {} ~all\"", terms.join(" "))
    };
    let texts = match network.texts(domain).await {
        Ok(texts) => texts,
        Err(Silence::NoRecord) => Vec::new(),
        Err(Silence::Trouble(why)) => return vec![unknown(ABOUT, domain, &why)],
    };
    let records: Vec<&String> = texts.iter().filter(|text| record::is_spf(text)).collect();
    let record = match records.as_slice() {
        [] => return vec![remark(ABOUT, Weight::Fault, format!("{domain} has no SPF record"), publish("one"))],
        [record] => *record,
        many => {
            let found = format!("{domain} has {} SPF records: receivers take none of them (RFC 7208 §4.5)", many.len());
            return vec![remark(ABOUT, Weight::Fault, found, "put everything into one record, and remove the others")];
        }
    };
    let mut remarks = Vec::new();
    for address in &sending.addresses {
        remarks.push(match network.spf(domain, &sending.hello, *address).await {
            Spf::Pass => good(ABOUT, format!("{address} may send for {domain}")),
            Spf::Broken => remark(
                ABOUT,
                Weight::Fault,
                format!("the record of {domain} cannot be evaluated: \"{record}\""),
                "mend it: every include must exist, and there may be ten look-ups at most (RFC 7208 §4.6.4)",
            ),
            Spf::Unknown => unknown(ABOUT, domain, "a name server did not answer"),
            Spf::No => remark(
                ABOUT,
                Weight::Fault,
                format!("{address} is not among those that may send for {domain}: \"{record}\""),
                publish("it, beside what stands there"),
            ),
        });
    }
    if remarks.is_empty() {
        let found = format!("{domain} has \"{record}\"; which address sends is not known");
        remarks.push(remark(ABOUT, Weight::Good, found, "name it to be sure: --sends-from IP"));
    }
    if matches!(record::spf_all(record), Some('+')) {
        let found = format!("the record of {domain} ends in +all: anybody may send for it");
        remarks.push(remark(ABOUT, Weight::Fault, found, "end it in ~all"));
    }
    remarks
}

async fn dkim(network: &Network, sending: &Sending) -> Vec<Remark> {
    const ABOUT: &str = "DKIM";
    if sending.keys.is_empty() {
        let found = format!("caseway signs no mail of {}", sending.domain);
        let advice = "right where the server that sends signs (Microsoft 365, Google Workspace: turn it on there); otherwise make a key: \
                      caseway dkim keygen DOMAIN --file FILE";
        return vec![remark(ABOUT, Weight::Doubt, found, advice)];
    }
    let mut remarks = Vec::new();
    for (name, ours) in &sending.keys {
        remarks.push(published_key(network, name, ours).await);
    }
    remarks
}

async fn published_key(network: &Network, name: &str, ours: &str) -> Remark {
    const ABOUT: &str = "DKIM";
    let advice = "publish the record that `caseway dkim records` prints, or take the key out of the configuration: a signature whose key is \
                  wrong counts for nothing";
    let texts = match network.texts(name).await {
        Ok(texts) => texts,
        Err(Silence::NoRecord) => return remark(ABOUT, Weight::Fault, format!("there is no key at {name}"), advice),
        Err(Silence::Trouble(why)) => return unknown(ABOUT, name, &why),
    };
    let keys: Vec<String> = texts.iter().filter_map(|text| record::tag(text, "p")).collect();
    match keys.as_slice() {
        [key] if key == ours => good(ABOUT, format!("the key at {name} is ours")),
        [key] if key.is_empty() => remark(ABOUT, Weight::Fault, format!("the key at {name} is revoked"), advice),
        [_] => remark(ABOUT, Weight::Fault, format!("the key at {name} is another one than ours"), advice),
        [] => remark(ABOUT, Weight::Fault, format!("there is no key at {name}"), advice),
        many => remark(
            ABOUT,
            Weight::Fault,
            format!("there are {} keys at {name}, and receivers take any of them (RFC 6376 §3.6.2.2)", many.len()),
            "remove all but the one that `caseway dkim records` prints",
        ),
    }
}

/// The record at the domain itself, or the first one above it (RFC 9989 §4.10).
async fn dmarc(network: &Network, domain: &str) -> Remark {
    const ABOUT: &str = "DMARC";
    for name in record::dmarc_walk(domain) {
        let at = format!("_dmarc.{name}");
        let texts = match network.texts(&at).await {
            Ok(texts) => texts,
            Err(Silence::NoRecord) => continue,
            Err(Silence::Trouble(why)) => return unknown(ABOUT, &at, &why),
        };
        let records: Vec<&String> = texts.iter().filter(|text| record::is_dmarc(text)).collect();
        match records.as_slice() {
            [] => {}
            [record] => return policy(&at, record, name != domain),
            many => {
                let found = format!("{at} has {} records: receivers take none of them (RFC 9989 §4.7)", many.len());
                return remark(ABOUT, Weight::Fault, found, "leave one");
            }
        }
    }
    remark(
        ABOUT,
        Weight::Fault,
        format!("{domain} has no DMARC record, and nothing above it has: Gmail, Outlook.com and Yahoo want one"),
        format!(
            "publish one: _dmarc.{domain}. IN TXT \"v=DMARC1; p=none; rua=mailto:dmarc@{domain}\", and read the reports before p=reject"
        ),
    )
}

fn policy(at: &str, record: &str, is_above: bool) -> Remark {
    const ABOUT: &str = "DMARC";
    let own = record::tag(record, "p");
    let word = if is_above { record::tag(record, "sp").or(own) } else { own };
    match word.as_deref() {
        Some(word @ ("none" | "quarantine" | "reject")) => good(ABOUT, format!("{at} says {word}: \"{record}\"")),
        Some(other) => remark(
            ABOUT,
            Weight::Fault,
            format!("{at} says {other:?}, which is no policy: \"{record}\""),
            "write p=none, p=quarantine or p=reject",
        ),
        // RFC 9989 §4.7: without a policy, as none.
        None => remark(ABOUT, Weight::Doubt, format!("{at} names no policy: \"{record}\""), "write p=none"),
    }
}

/// Whether each address has a name that leads back to it (RFC 1912 §2.1).
async fn names(network: &Network, addresses: &[IpAddr]) -> Vec<Remark> {
    const ABOUT: &str = "PTR";
    let mut remarks = Vec::new();
    for address in addresses {
        let advice = "whoever runs the network of that server must set the name, and its A or AAAA record to this address; Gmail and many \
                      others refuse mail from addresses without";
        let names = match network.names_of(*address).await {
            Ok(names) => names,
            Err(Silence::NoRecord) => {
                remarks.push(remark(ABOUT, Weight::Fault, format!("{address} has no name"), advice));
                continue;
            }
            Err(Silence::Trouble(why)) => {
                remarks.push(unknown(ABOUT, &address.to_string(), &why));
                continue;
            }
        };
        let mut back = None;
        for name in &names {
            if network.addresses(name).await.is_ok_and(|all| all.contains(address)) {
                back = Some(name);
                break;
            }
        }
        remarks.push(match back {
            Some(name) => good(ABOUT, format!("{address} is {name}")),
            None => {
                let found = format!("{address} is called {}, which does not lead back to it", names.join(", "));
                remark(ABOUT, Weight::Fault, found, advice)
            }
        });
    }
    remarks
}

/// Whether answers and reports reach the domain, and by which servers.
async fn mx(network: &Network, domain: &str) -> (Remark, Vec<String>) {
    const ABOUT: &str = "MX";
    let advice =
        format!("publish one: {domain}. IN MX 10 MAIL-SERVER.; receivers mistrust a domain that cannot be answered");
    match network.exchangers(domain).await {
        Ok(hosts) if hosts.iter().all(|(_, host)| host.is_empty()) => {
            (remark(ABOUT, Weight::Fault, format!("{domain} takes no mail (RFC 7505)"), advice), Vec::new())
        }
        Ok(mut hosts) => {
            hosts.sort();
            let hosts: Vec<String> = hosts.into_iter().map(|(_, host)| host).collect();
            (good(ABOUT, format!("mail to {domain} goes to {}", hosts.join(", "))), hosts)
        }
        Err(Silence::NoRecord) => {
            (remark(ABOUT, Weight::Fault, format!("{domain} has no MX record"), advice), Vec::new())
        }
        Err(Silence::Trouble(why)) => (unknown(ABOUT, domain, &why), Vec::new()),
    }
}

/// A domain may do without; one that has half of it loses mail.
async fn mta_sts(network: &Network, domain: &str, hosts: &[String]) -> Remark {
    const ABOUT: &str = "MTA-STS";
    let at = format!("_mta-sts.{domain}");
    let texts = match network.texts(&at).await {
        Ok(texts) => texts,
        Err(Silence::NoRecord) => Vec::new(),
        Err(Silence::Trouble(why)) => return unknown(ABOUT, &at, &why),
    };
    if !texts.iter().any(|text| record::tag(text, "v").as_deref() == Some("STSv1")) {
        return good(ABOUT, format!("{domain} has none: servers that send to it may do so without TLS"));
    }
    let url = format!("https://mta-sts.{domain}/.well-known/mta-sts.txt");
    let policy = match network.file(&url).await {
        Ok(text) => record::sts_policy(&text),
        Err(why) => {
            let found = format!("{at} is there, and {url} is not to be had: {why}");
            return remark(ABOUT, Weight::Doubt, found, "publish the policy, or take the record away");
        }
    };
    let Some(policy) = policy else {
        return remark(
            ABOUT,
            Weight::Doubt,
            format!("{url} is no policy"),
            "begin it with version: STSv1 (RFC 8461 §3.2)",
        );
    };
    let unnamed: Vec<&str> = hosts.iter().filter(|host| !policy.names(host)).map(String::as_str).collect();
    match (policy.mode.as_str(), unnamed.as_slice()) {
        ("enforce" | "testing" | "none", []) => good(ABOUT, format!("{url} says {}", policy.mode)),
        ("enforce", unnamed) => remark(
            ABOUT,
            Weight::Fault,
            format!("{url} does not name {}: large providers deliver nothing there", unnamed.join(", ")),
            "add a line mx: for each, and change the id in the record",
        ),
        ("testing" | "none", unnamed) => remark(
            ABOUT,
            Weight::Doubt,
            format!("{url} does not name {}", unnamed.join(", ")),
            "add a line mx: for each before mode: enforce",
        ),
        (mode, _) => {
            remark(ABOUT, Weight::Doubt, format!("{url} says mode {mode:?}"), "write enforce, testing or none")
        }
    }
}
