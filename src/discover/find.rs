//! All questions at once, and what their answers come to.

use super::autoconfig;
use super::found::{Found, Kind, Known, Mx, Protection, Server, domain_of};
use super::network::{Network, Place, Silence};

/// The services whose records are looked up (RFC 6186 §3, RFC 8314 §5.1), the preferred first of each kind.
const SERVICES: [(&str, Kind, Protection); 4] = [
    ("_imaps._tcp", Kind::Imap, Protection::Implicit),
    ("_imap._tcp", Kind::Imap, Protection::StartTls),
    ("_submissions._tcp", Kind::Smtp, Protection::Implicit),
    ("_submission._tcp", Kind::Smtp, Protection::StartTls),
];

/// What the domain of `address` publishes of its servers. Takes some seconds at most.
pub async fn find(network: &Network, address: &str) -> Found {
    let domain = domain_of(address);
    let [first, second] = autoconfig::places(address, domain);
    let records = SERVICES.map(|(service, kind, protection)| (format!("{service}.{domain}"), kind, protection));
    let [imaps, imap, submissions, submission] = &records;
    let (at_host, well_known, imaps, imap, submissions, submission, mx) = tokio::join!(
        file(network, &first, address),
        file(network, &second, address),
        network.places(&imaps.0),
        network.places(&imap.0),
        network.places(&submissions.0),
        network.places(&submission.0),
        network.exchangers(domain),
    );
    let answers = [imaps, imap, submissions, submission];
    let is_silent = |answer: Option<&Silence>| matches!(answer, Some(Silence::Trouble(_)));
    let dns_is_silent = answers.iter().all(|answer| is_silent(answer.as_ref().err())) && is_silent(mx.as_ref().err());
    let mut found = Found { imap: None, smtp: None, mx: exchange(mx), in_vain: Vec::new(), dns_is_silent };
    for (place, servers) in [(&first, at_host), (&second, well_known)] {
        match servers {
            Ok(servers) => servers.into_iter().for_each(|(kind, server)| found.learn(kind, server, place, false)),
            Err(why) => found.in_vain.push(format!("{place}: {why}")),
        }
    }
    for ((record, kind, protection), answer) in records.iter().zip(answers) {
        match answer.map(best) {
            Ok(Some(place)) => {
                let is_foreign = !is_within(&place.host, domain);
                let server = Server { host: place.host, port: place.port, protection: *protection, user: None };
                found.learn(*kind, server, record, is_foreign);
            }
            Ok(None) => found.in_vain.push(format!("{record}: says that there is no such service")),
            Err(Silence::NoRecord) => found.in_vain.push(format!("{record}: no such record")),
            Err(Silence::Trouble(why)) => found.in_vain.push(format!("{record}: {why}")),
        }
    }
    found
}

impl Found {
    /// Who speaks first is believed.
    fn learn(&mut self, kind: Kind, server: Server, told_by: &str, is_foreign: bool) {
        let known = match kind {
            Kind::Imap => &mut self.imap,
            Kind::Smtp => &mut self.smtp,
        };
        known.get_or_insert_with(|| Known { server, told_by: told_by.to_owned(), is_foreign });
    }
}

async fn file(network: &Network, url: &str, address: &str) -> Result<Vec<(Kind, Server)>, String> {
    let text = network.file(url).await?;
    autoconfig::servers(&text, address)
}

/// The place to go to; `None` where the record says that there is none: the root as its target (RFC 2782). Weights share out load among
/// many clients; for one that stays, the heaviest is the one to choose.
fn best(places: Vec<Place>) -> Option<Place> {
    let usable = places.into_iter().filter(|place| !place.host.is_empty() && place.port > 0);
    usable.min_by_key(|place| (place.priority, std::cmp::Reverse(place.weight), place.host.clone()))
}

fn exchange(answer: Result<Vec<(u16, String)>, Silence>) -> Mx {
    match answer {
        Ok(mut hosts) => {
            hosts.sort();
            let hosts: Vec<String> = hosts.into_iter().map(|(_, host)| host).filter(|host| !host.is_empty()).collect();
            if hosts.is_empty() { Mx::Refused } else { Mx::Hosts(hosts) }
        }
        Err(Silence::NoRecord) => Mx::Missing,
        Err(Silence::Trouble(why)) => Mx::Unknown(why),
    }
}

fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(priority: u16, weight: u16, host: &str, port: u16) -> Place {
        Place { priority, weight, host: host.to_owned(), port }
    }

    #[test]
    fn the_lowest_priority_is_gone_to_and_the_root_is_nowhere() {
        let places = vec![place(20, 9, "c", 1), place(10, 1, "a", 2), place(10, 5, "b", 3)];
        assert_eq!(best(places), Some(place(10, 5, "b", 3)));
        assert_eq!(best(vec![place(0, 0, "", 0)]), None);
        assert_eq!(best(Vec::new()), None);
    }

    #[test]
    fn a_domain_without_mail_says_so() {
        assert_eq!(exchange(Ok(vec![(0, String::new())])), Mx::Refused);
        assert_eq!(exchange(Err(Silence::NoRecord)), Mx::Missing);
        let hosts = vec![(20, "b.example.test".to_owned()), (10, "a.example.test".to_owned())];
        assert_eq!(exchange(Ok(hosts)), Mx::Hosts(vec!["a.example.test".to_owned(), "b.example.test".to_owned()]));
    }

    #[test]
    fn a_host_of_another_domain_is_foreign() {
        assert!(is_within("imap.example.test", "example.test") && is_within("example.test", "example.test"));
        assert!(!is_within("example.test.evil.test", "example.test") && !is_within("notexample.test", "example.test"));
    }
}
