//! Records about a domain's mail, read as receivers read them.

/// What begins a domain's SPF record (RFC 7208 §4.5).
pub(super) fn is_spf(text: &str) -> bool {
    let version = text.split(' ').next().unwrap_or_default();
    version.eq_ignore_ascii_case("v=spf1")
}

/// What an SPF record says of everybody whom it does not name (RFC 7208 §5.1): `-`, `~`, `?` or `+`; `None` where it does not say.
pub(super) fn spf_all(text: &str) -> Option<char> {
    text.split_ascii_whitespace().find_map(|term| match term.to_ascii_lowercase().as_str() {
        "all" | "+all" => Some('+'),
        "-all" => Some('-'),
        "~all" => Some('~'),
        "?all" => Some('?'),
        _ => None,
    })
}

/// A value of a list of tags, `v=DKIM1; p=…` (RFC 6376 §3.2), without white space.
pub(super) fn tag(record: &str, name: &str) -> Option<String> {
    record.split(';').find_map(|part| {
        let (key, value) = part.split_once('=')?;
        (key.trim() == name).then(|| value.chars().filter(|c| !c.is_whitespace()).collect())
    })
}

/// Whether a text is a DMARC record (RFC 9989 §4.7): its first tag is `v=DMARC1`.
pub(super) fn is_dmarc(text: &str) -> bool {
    let first = text.split(';').next().unwrap_or_default();
    first.split_once('=').is_some_and(|(key, value)| key.trim() == "v" && value.trim() == "DMARC1")
}

/// Labels of the longest name that is asked for on the way up (RFC 9989 §4.10).
const MAX_LABELS: usize = 7;

/// The domains that are asked for a DMARC record, from a domain up to its top: of a long name the middle is left out (RFC 9989 §4.10).
pub(super) fn dmarc_walk(domain: &str) -> Vec<String> {
    let labels: Vec<&str> = domain.split('.').collect();
    let mut names = vec![domain.to_owned()];
    let above = if labels.len() > MAX_LABELS + 1 { labels.len() - MAX_LABELS } else { 1 };
    names.extend((above..labels.len()).map(|from| labels.get(from..).unwrap_or_default().join(".")));
    names
}

/// A policy of MTA-STS (RFC 8461 §3.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct StsPolicy {
    /// `enforce`, `testing` or `none`; empty where it does not say.
    pub(super) mode: String,
    /// Names of servers, `*.` for any label in front.
    pub(super) mx: Vec<String>,
}

/// Reads a policy; `None` where it is none.
pub(super) fn sts_policy(text: &str) -> Option<StsPolicy> {
    let mut policy = StsPolicy::default();
    let mut is_one = false;
    for line in text.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        match (key.trim(), value.trim()) {
            ("version", version) => is_one |= version == "STSv1",
            ("mode", mode) => policy.mode = mode.to_owned(),
            ("mx", mx) => policy.mx.push(mx.to_ascii_lowercase()),
            _ => {}
        }
    }
    is_one.then_some(policy)
}

impl StsPolicy {
    /// Whether it names a server (RFC 8461 §4.1): `*.` stands for one label.
    pub(super) fn names(&self, host: &str) -> bool {
        self.mx.iter().any(|mx| match mx.strip_prefix("*.") {
            Some(parent) => host.split_once('.').is_some_and(|(_, rest)| rest == parent),
            None => mx == host,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_walked_upwards_and_no_further_than_eight_questions() {
        assert_eq!(dmarc_walk("example.com"), ["example.com", "com"]);
        assert_eq!(dmarc_walk("desk.example.co.uk"), ["desk.example.co.uk", "example.co.uk", "co.uk", "uk"]);
        let deep = dmarc_walk("a.b.c.d.e.f.g.h.i.j.mail.example.com");
        assert_eq!(
            deep[..3],
            ["a.b.c.d.e.f.g.h.i.j.mail.example.com", "g.h.i.j.mail.example.com", "h.i.j.mail.example.com"]
        );
        assert_eq!((deep.len(), deep.last().map(String::as_str)), (8, Some("com")));
        assert_eq!(dmarc_walk("a.b.c.d.e.f.g.h").len(), 8);
    }

    #[test]
    fn records_are_known_by_their_first_words() {
        for (text, spf, dmarc) in [
            ("v=spf1 -all", true, false),
            ("V=SPF1", true, false),
            ("v=spf10 -all", false, false),
            ("v=DMARC1; p=none", false, true),
            (" v = DMARC1 ;p=reject", false, true),
            ("p=none; v=DMARC1", false, false),
            ("v=DMARC10", false, false),
        ] {
            assert_eq!((is_spf(text), is_dmarc(text)), (spf, dmarc), "{text}");
        }
        assert_eq!(tag("v=DKIM1; k=rsa; p=AB CD\tEF", "p").as_deref(), Some("ABCDEF"));
        assert_eq!(tag("v=DKIM1; p=", "p").as_deref(), Some(""));
        for (text, all) in [("v=spf1 a ~all", Some('~')), ("v=spf1 ALL", Some('+')), ("v=spf1 redirect=x", None)] {
            assert_eq!(spf_all(text), all);
        }
    }

    #[test]
    fn a_policy_names_servers_by_one_label() {
        let policy = sts_policy(
            "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 86400\r\n",
        );
        let policy = policy.unwrap();
        assert!(policy.names("mail.example.com") && policy.names("a.example.net"));
        assert!(!policy.names("a.b.example.net") && !policy.names("example.net") && !policy.names("x.example.com"));
        assert_eq!(sts_policy("mode: enforce\n"), None);
    }
}
