//! What receivers will hold against the desk's mails, by what its domain publishes.

use std::net::{IpAddr, SocketAddr};

use caseway::discover::{Network, Remark, Sending, Weight, judge};
use mail_auth::hickory_resolver::proto::rr::RData;

use crate::harness::names::{NameServer, WebHost, a, mx, ptr, txt};

const KEY: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtoTo";
const SENDER: &str = "203.0.113.7";

fn sending() -> Sending {
    Sending {
        domain: "example.test".to_owned(),
        addresses: vec![SENDER.parse::<IpAddr>().unwrap()],
        hello: "mail.example.test".to_owned(),
        keys: vec![("caseway._domainkey.example.test".to_owned(), KEY.to_owned())],
    }
}

/// Everything as it should be.
fn sound() -> Vec<(&'static str, RData)> {
    vec![
        ("example.test", mx(10, "mail.example.test")),
        ("example.test", txt("v=spf1 include:_spf.example.test ~all")),
        ("example.test", txt("google-site-verification=abc")),
        ("_spf.example.test", txt("v=spf1 ip4:203.0.113.0/28 -all")),
        ("caseway._domainkey.example.test", txt(&format!("v=DKIM1; k=rsa; p={KEY}"))),
        ("_dmarc.example.test", txt("v=DMARC1; p=quarantine; rua=mailto:dmarc@example.test")),
        ("mail.example.test", a("203.0.113.7".parse().unwrap())),
        ("7.113.0.203.in-addr.arpa", ptr("mail.example.test")),
    ]
}

async fn judged(records: Vec<(&'static str, RData)>, sending: &Sending) -> Vec<Remark> {
    let names = NameServer::start(records).await;
    judge(&Network::new(Some(names.address), None).await.unwrap(), sending).await
}

/// The records with those of a name and kind replaced.
fn with(name: &'static str, new: Vec<RData>) -> Vec<(&'static str, RData)> {
    let kinds: Vec<_> = new.iter().map(RData::record_type).collect();
    let mut records = sound();
    records.retain(|(known, data)| *known != name || !(kinds.is_empty() || kinds.contains(&data.record_type())));
    records.extend(new.into_iter().map(|data| (name, data)));
    records
}

#[tokio::test]
async fn a_sound_domain_has_nothing_to_be_ashamed_of() {
    let remarks = judged(sound(), &sending()).await;
    let about: Vec<&str> = remarks.iter().map(|remark| remark.about).collect();
    assert_eq!(about, ["SPF", "DKIM", "DMARC", "PTR", "MX", "MTA-STS"]);
    assert!(remarks.iter().all(|remark| remark.weight == Weight::Good && remark.advice.is_empty()), "{remarks:#?}");
}

/// What it is about, what is found, what to do, and the records.
type Case = (&'static str, &'static str, &'static str, Vec<(&'static str, RData)>);

fn spf_faults() -> Vec<Case> {
    let many_lookups = (0..11).map(|n| format!("include:s{n}.example.test")).collect::<Vec<_>>().join(" ");
    vec![
        ("SPF", "no SPF record", "v=spf1 ip4:203.0.113.7 ~all", with("example.test", vec![txt("hello")])),
        (
            "SPF",
            "2 SPF records",
            "one record",
            with("example.test", vec![txt("v=spf1 -all"), txt("v=spf1 ip4:203.0.113.7 -all")]),
        ),
        (
            "SPF",
            "not among those",
            "beside what stands there",
            with("example.test", vec![txt("v=spf1 ip4:198.51.100.1 -all")]),
        ),
        (
            "SPF",
            "not among those",
            "ip4:203.0.113.7",
            with("_spf.example.test", vec![txt("v=spf1 ip4:198.51.100.0/24 -all")]),
        ),
        (
            "SPF",
            "cannot be evaluated",
            "every include must exist",
            with("example.test", vec![txt("v=spf1 include:nowhere.example.test -all")]),
        ),
        (
            "SPF",
            "cannot be evaluated",
            "ten look-ups",
            with("example.test", vec![txt(&format!("v=spf1 {many_lookups} -all"))]),
        ),
        ("SPF", "anybody may send", "~all", with("example.test", vec![txt("v=spf1 +all")])),
    ]
}

fn key_and_policy_faults() -> Vec<Case> {
    vec![
        (
            "DKIM",
            "no key at caseway._domainkey.example.test",
            "caseway dkim records",
            with("caseway._domainkey.example.test", vec![]),
        ),
        (
            "DKIM",
            "another one than ours",
            "caseway dkim records",
            with("caseway._domainkey.example.test", vec![txt("v=DKIM1; p=AAAA")]),
        ),
        (
            "DKIM",
            "is revoked",
            "caseway dkim records",
            with("caseway._domainkey.example.test", vec![txt("v=DKIM1; p=")]),
        ),
        (
            "DMARC",
            "no DMARC record",
            "_dmarc.example.test. IN TXT \"v=DMARC1; p=none",
            with("_dmarc.example.test", vec![]),
        ),
        (
            "DMARC",
            "2 records",
            "leave one",
            with("_dmarc.example.test", vec![txt("v=DMARC1; p=none"), txt("v=DMARC1; p=reject")]),
        ),
        ("DMARC", "no policy", "p=none", with("_dmarc.example.test", vec![txt("v=DMARC1; p=rejekt")])),
    ]
}

fn server_faults() -> Vec<Case> {
    vec![
        ("PTR", "has no name", "whoever runs the network", with("7.113.0.203.in-addr.arpa", vec![])),
        ("PTR", "does not lead back", "A or AAAA", with("mail.example.test", vec![a("198.51.100.9".parse().unwrap())])),
        (
            "MX",
            "no MX record",
            "IN MX 10",
            with("example.test", vec![txt("v=spf1 ip4:203.0.113.7 -all")])
                .into_iter()
                .filter(|(_, data)| !matches!(data, RData::MX(_)))
                .collect(),
        ),
        ("MX", "takes no mail", "IN MX 10", with("example.test", vec![mx(0, ".")])),
    ]
}

/// One thing is wrong at a time, and it is the one that is found, with what to publish.
#[tokio::test]
async fn each_fault_is_found_by_itself() {
    let cases = [spf_faults(), key_and_policy_faults(), server_faults()].concat();
    for (about, found, advice, records) in cases {
        let remarks = judged(records, &sending()).await;
        let faults: Vec<&Remark> = remarks.iter().filter(|remark| remark.weight != Weight::Good).collect();
        assert_eq!(faults.len(), 1, "{about} {found}: {remarks:#?}");
        assert_eq!((faults[0].about, faults[0].weight), (about, Weight::Fault), "{faults:#?}");
        assert!(faults[0].found.contains(found) && faults[0].advice.contains(advice), "{found}, {advice}: {faults:#?}");
    }
}

/// RFC 9989 §4.10: the policy may stand above, and then the one for what is below counts.
#[tokio::test]
async fn a_dmarc_record_above_the_domain_is_found() {
    for (record, says) in [("v=DMARC1; p=reject", "says reject"), ("v=DMARC1; p=reject; sp=none", "says none")] {
        let mut sending = sending();
        sending.domain = "a.b.desk.example.test".to_owned();
        let remarks = judged(vec![("_dmarc.example.test", txt(record))], &sending).await;
        let dmarc = remarks.iter().find(|remark| remark.about == "DMARC").unwrap();
        assert_eq!(dmarc.weight, Weight::Good);
        assert!(dmarc.found.starts_with("_dmarc.example.test") && dmarc.found.contains(says), "{dmarc:?}");
    }
}

/// Nobody is accused because a name server is silent.
#[tokio::test]
async fn a_silent_name_server_proves_nothing() {
    let names = NameServer::silent().await;
    let remarks = judge(&Network::new(Some(names.address), None).await.unwrap(), &sending()).await;
    assert!(remarks.iter().all(|remark| remark.weight == Weight::Doubt), "{remarks:#?}");
    assert!(remarks.iter().all(|remark| remark.found.contains("cannot be looked up")), "{remarks:#?}");
}

#[tokio::test]
async fn a_policy_of_mta_sts_must_name_the_servers() {
    let policy =
        |text: &str| format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}", text.len());
    for (answer, weight, found) in [
        (
            policy("version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 86400\n"),
            Weight::Good,
            "says enforce",
        ),
        (policy("version: STSv1\nmode: enforce\nmx: *.example.test\nmax_age: 86400\n"), Weight::Good, "says enforce"),
        (
            policy("version: STSv1\nmode: enforce\nmx: old.example.test\nmax_age: 86400\n"),
            Weight::Fault,
            "does not name mail.example.test",
        ),
        (
            policy("version: STSv1\nmode: testing\nmx: old.example.test\nmax_age: 86400\n"),
            Weight::Doubt,
            "does not name mail.example.test",
        ),
        (policy("hello\n"), Weight::Doubt, "is no policy"),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(), Weight::Doubt, "404"),
    ] {
        let host = WebHost::start("mta-sts.example.test", answer).await;
        let mut records = sound();
        records.push(("_mta-sts.example.test", txt("v=STSv1; id=20260301")));
        records.push(("mta-sts.example.test", a(host.address)));
        let names = NameServer::start(records).await;
        let network = Network::new(Some(names.address), Some(host.ca.ca_file.clone())).await.unwrap();
        let remarks = judge(&network, &sending()).await;
        let sts = remarks.iter().find(|remark| remark.about == "MTA-STS").unwrap();
        assert_eq!(sts.weight, weight, "{sts:?}");
        assert!(sts.found.contains(found), "{sts:?}");
    }
}

/// By the command, as an administrator reads it.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_says_what_to_publish() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("out")).unwrap();
    let file = folder.path().join("caseway.toml");
    std::fs::write(
        &file,
        "[desk]\nname = \"Example\"\n[database]\npath = \"caseway.db\"\n[mailbox.support]\naddress = \"support@example.test\"\npipe = true\n\
         [transport.out]\nfolder = \"out\"\n",
    )
    .unwrap();
    let names = NameServer::start(with("_dmarc.example.test", vec![])).await;
    let checked = |more: Vec<String>| {
        let file = file.clone();
        tokio::task::spawn_blocking(move || {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_caseway"));
            command.args(["check", "--json", "--config"]).arg(file).args(more);
            let output = command.output().unwrap();
            (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
        })
    };
    let dns: SocketAddr = names.address;
    let flags = |flags: &[&str]| flags.iter().map(|flag| (*flag).to_owned()).collect::<Vec<_>>();
    let (code, out, _) =
        checked(flags(&["--deliverability", "--dns", &dns.to_string(), "--sends-from", SENDER])).await.unwrap();
    assert_eq!(code, Some(1), "{out}");
    let lines: Vec<&str> = out.lines().filter(|line| line.contains("\"domain example.test\"")).collect();
    insta::assert_snapshot!("deliverability", lines.join("\n"));
    // Who forbids to look anything up is asked nothing.
    let (code, _, err) = checked(flags(&["--deliverability", "--offline"])).await.unwrap();
    assert_eq!(code, Some(2), "{err}");
}
