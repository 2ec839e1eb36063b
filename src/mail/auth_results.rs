//! What our own mail server found out about a mail's sender: `Authentication-Results` (RFC 8601).
//!
//! The header is text like any other: a sender can write one as well. So only the top-most is looked at, which is the
//! one that the last server wrote, and only if it bears the name that the administrator configured. One with that name
//! further down is below another server's hop and may be forged. A server that writes none at all must not be trusted;
//! that is for the administrator to know (§5: a border server removes headers that claim its name).
//!
//! Exchange Online alone gives itself no name: its header begins with a result.

use super::{Headers, dmarc_policy};

/// Who writes the headers that are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Server {
    /// A server with this authserv-id (RFC 8601 §2.5).
    Named(String),
    /// Exchange Online. Its top-most header is believed when it bears no name.
    ExchangeOnline,
}

/// What a method found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It passed.
    Pass,
    /// It failed.
    Fail,
    /// There was nothing to check: no policy, no signature.
    None,
    /// Anything else: `neutral`, `softfail`, errors, and what nobody knows. Proves nothing.
    Other,
}

/// One result of one method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthResult {
    /// What was found.
    pub verdict: Verdict,
    /// The domain it is about, in lower case: of DMARC `header.from`, of DKIM `header.d`, of SPF the envelope sender.
    pub domain: Option<String>,
}

/// The results of one header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuthResults {
    /// DMARC (RFC 7489). Of several results the worst: they contradict each other.
    pub dmarc: Option<AuthResult>,
    /// Every signature.
    pub dkim: Vec<AuthResult>,
    /// SPF of the envelope sender.
    pub spf: Option<AuthResult>,
    /// The sender signed in to the server, as one of the organisation's own. Nothing else is checked then.
    pub internal: bool,
}

/// Signatures kept of one header.
const MAX_RESULTS: usize = 50;

/// The results that our own server wrote on top of the mail; `None` when the top-most header is of somebody else, or there
/// is none.
pub fn trusted(headers: &Headers, server: &Server) -> Option<AuthResults> {
    match server {
        Server::Named(authserv_id) => named(headers, authserv_id),
        Server::ExchangeOnline => exchange_online(headers),
    }
}

/// The name of the server that wrote the top-most header, as a configuration has it; `None` where there is none, or it bears no such
/// name.
pub fn top_name(headers: &Headers) -> Option<String> {
    let value = headers.first("Authentication-Results")?;
    let name = value.trim_start().split([';', ' ', '\t', '(']).next()?;
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    (is_plain && named(headers, name).is_some()).then(|| name.to_owned())
}

/// Exchange Online marks what a user of the organisation sent by `AuthAs: Internal`, with `dmarc=none` or no results at
/// all, and takes headers with this prefix out of whatever comes from elsewhere (its header firewall).
fn exchange_online(headers: &Headers) -> Option<AuthResults> {
    let mut marks = headers.all("X-MS-Exchange-Organization-AuthAs");
    let internal = marks.next().is_some_and(|mark| mark.trim() == "Internal") && marks.next().is_none();
    if internal {
        return Some(AuthResults { internal, ..AuthResults::default() });
    }
    let statements = statements(headers.first("Authentication-Results")?);
    statements.first()?.first()?.value.is_some().then(|| results(&statements))
}

fn named(headers: &Headers, authserv_id: &str) -> Option<AuthResults> {
    let value = headers.first("Authentication-Results")?;
    let statements = statements(value);
    let is_name = statements.first()?.first()?.value.is_none();
    // As servers write it: quoted or behind a comment (§2.2) it may have passed one that removes what claims its name.
    let (head, rest) = value.trim_start().split_at_checked(authserv_id.len())?;
    let ends = rest.is_empty() || rest.starts_with([';', ' ', '\t', '(']);
    let named = is_name && ends && !authserv_id.is_empty() && head.eq_ignore_ascii_case(authserv_id);
    named.then(|| results(statements.get(1..).unwrap_or_default()))
}

/// Whether that server says that the domain asks for nothing when DMARC fails.
pub fn asks_for_nothing(headers: &Headers, server: &Server) -> bool {
    let value = headers.first("Authentication-Results").unwrap_or_default();
    trusted(headers, server).is_some() && dmarc_policy::asks_for_nothing(value)
}

fn results(statements: &[Vec<Pair>]) -> AuthResults {
    let mut found = AuthResults::default();
    for statement in statements {
        let Some((method, result)) = statement.first().and_then(|pair| Some((pair, pair.value.as_deref()?))) else {
            continue;
        };
        // §2.2: the version of a method may follow it, `dkim/1`.
        let method = method.key.split('/').next().unwrap_or_default();
        let verdict = verdict(result);
        let property =
            |name: &str| statement.iter().skip(1).find(|pair| pair.key == name).and_then(|pair| pair.value.as_deref());
        match method {
            "dmarc" => {
                let result = AuthResult { verdict, domain: property("header.from").and_then(domain) };
                if found.dmarc.as_ref().is_none_or(|known| badness(verdict) > badness(known.verdict)) {
                    found.dmarc = Some(result);
                }
            }
            "dkim" if found.dkim.len() < MAX_RESULTS => {
                let signer = property("header.d").or_else(|| property("header.i")).and_then(domain);
                found.dkim.push(AuthResult { verdict, domain: signer });
            }
            "spf" if found.spf.is_none() => {
                let sender = property("smtp.mailfrom").or_else(|| property("smtp.helo")).and_then(domain);
                found.spf = Some(AuthResult { verdict, domain: sender });
            }
            _ => {}
        }
    }
    found
}

fn verdict(result: &str) -> Verdict {
    match result {
        "pass" => Verdict::Pass,
        "fail" | "hardfail" => Verdict::Fail,
        "none" => Verdict::None,
        _ => Verdict::Other,
    }
}

fn badness(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass => 0,
        Verdict::None => 1,
        Verdict::Other => 2,
        Verdict::Fail => 3,
    }
}

/// The domain of `user@domain`, `@domain` or `domain`.
fn domain(value: &str) -> Option<String> {
    let domain = value.rsplit('@').next().unwrap_or(value).trim_matches(['<', '>', '.']);
    (!domain.is_empty()).then(|| domain.to_ascii_lowercase())
}

/// A word, or a word with a value: `mx.example.test`, `dmarc=pass`, `header.from=example.test`.
#[derive(Debug, PartialEq, Eq)]
struct Pair {
    /// In lower case.
    key: String,
    /// In lower case.
    value: Option<String>,
}

/// The statements between the semicolons, without comments. Quoted strings are values as a whole, so that a quoted
/// address cannot end a statement and start its own.
fn statements(value: &str) -> Vec<Vec<Pair>> {
    let mut all = vec![Vec::new()];
    let mut word: Option<String> = None;
    // A `=` waits for its value.
    let mut key: Option<String> = None;
    let mut depth = 0u32;
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, depth) {
            ('\\', 1..) => drop(chars.next()),
            ('(', _) => {
                end(&mut all, &mut word, &mut key);
                depth += 1;
            }
            (')', 1..) => depth -= 1,
            (_, 1..) => {}
            ('"', 0) => word.get_or_insert_default().push_str(&quoted(&mut chars)),
            (';', 0) => {
                end(&mut all, &mut word, &mut key);
                close(&mut all, &mut key);
                all.push(Vec::new());
            }
            ('=', 0) if key.is_none() && (word.is_some() || all.last().is_some_and(|pairs| pending(pairs))) => {
                key = word.take().or_else(|| all.last_mut().and_then(Vec::pop).map(|pair| pair.key));
            }
            (c, 0) if c.is_whitespace() => end(&mut all, &mut word, &mut key),
            (c, 0) => word.get_or_insert_default().push(c.to_ascii_lowercase()),
        }
    }
    end(&mut all, &mut word, &mut key);
    close(&mut all, &mut key);
    all
}

/// `dkim = pass`: blanks around the sign are allowed (§2.2, CFWS).
fn pending(pairs: &[Pair]) -> bool {
    pairs.last().is_some_and(|pair| pair.value.is_none())
}

fn end(all: &mut [Vec<Pair>], word: &mut Option<String>, key: &mut Option<String>) {
    let (Some(word), Some(pairs)) = (word.take(), all.last_mut()) else { return };
    pairs.push(match key.take() {
        Some(key) => Pair { key, value: Some(word) },
        None => Pair { key: word, value: None },
    });
}

/// A key whose value never came.
fn close(all: &mut [Vec<Pair>], key: &mut Option<String>) {
    if let (Some(key), Some(pairs)) = (key.take(), all.last_mut()) {
        pairs.push(Pair { key, value: Some(String::new()) });
    }
}

fn quoted(chars: &mut std::str::Chars<'_>) -> String {
    let mut text = String::new();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => text.extend(chars.next()),
            c => text.push(c.to_ascii_lowercase()),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_on_top_is_found_where_there_is_one() {
        let name = |header: &str| top_name(&Headers::of(format!("{header}From: a@b.test\n\nHello\n").as_bytes()));
        for header in [
            "Authentication-Results: mx.example.test; dmarc=pass\n",
            "Authentication-Results: mx.example.test 1; none\nAuthentication-Results: other.test; dmarc=fail\n",
            "Authentication-Results: mx.example.test(a comment); spf=pass\n",
        ] {
            assert_eq!(name(header).as_deref(), Some("mx.example.test"), "{header}");
        }
        for header in [
            "",
            "Authentication-Results: dmarc=pass header.from=b.test\n",
            "Authentication-Results: \"mx.example.test\"; dmarc=pass\n",
            "Authentication-Results: ; dmarc=pass\n",
            "ARC-Authentication-Results: i=1; mx.example.test; dmarc=pass\n",
        ] {
            assert_eq!(name(header), None, "{header}");
        }
    }

    fn read(headers: &str) -> Option<AuthResults> {
        trusted(&Headers::of(headers.as_bytes()), &Server::Named("mx.example.test".to_owned()))
    }

    fn dmarc(headers: &str) -> Option<(Verdict, Option<String>)> {
        read(headers)?.dmarc.map(|result| (result.verdict, result.domain))
    }

    #[test]
    fn results_of_a_header() {
        let found = read(
            "Authentication-Results: MX.example.test 1;\r\n\tdkim=pass (2048-bit key; unprotected) header.d=Customer.test header.i=@customer.test;\r\n\tdkim=fail reason=\"bad; dmarc=pass\" header.d=other.test;\r\n\tspf=softfail smtp.mailfrom=bounce@customer.test;\r\n\tdmarc=pass (p=reject dis=none) header.from=customer.test\r\n\r\n",
        )
        .unwrap();
        let result = |verdict, domain: &str| AuthResult { verdict, domain: Some(domain.to_owned()) };
        assert_eq!(found.dkim, [result(Verdict::Pass, "customer.test"), result(Verdict::Fail, "other.test")]);
        assert_eq!(found.spf, Some(result(Verdict::Other, "customer.test")));
        assert_eq!(found.dmarc, Some(result(Verdict::Pass, "customer.test")));
    }

    #[test]
    fn verdicts() {
        let of = |text: &str| dmarc(&format!("Authentication-Results: mx.example.test; {text}\n")).unwrap().0;
        assert_eq!(of("dmarc=pass"), Verdict::Pass);
        assert_eq!(of("dmarc = (a comment) FAIL"), Verdict::Fail);
        assert_eq!(of("dmarc/1=none header.from=a.test"), Verdict::None);
        assert_eq!(of("dmarc=bestguesspass"), Verdict::Other);
        assert_eq!(of("dmarc="), Verdict::Other);
        assert_eq!(of("dmarc=pass; dmarc=fail"), Verdict::Fail);
        assert_eq!(of("dmarc=fail; dmarc=pass"), Verdict::Fail);
    }

    #[test]
    fn nothing_said() {
        assert_eq!(read("Authentication-Results: mx.example.test; none\n"), Some(AuthResults::default()));
        assert_eq!(read("Subject: x\n"), None);
        let unnamed = Server::Named(String::new());
        assert_eq!(trusted(&Headers::of(b"Authentication-Results: ; dmarc=pass\n"), &unnamed), None);
    }

    #[test]
    fn exchange_online_has_no_name() {
        let read = |headers: &str| trusted(&Headers::of(headers.as_bytes()), &Server::ExchangeOnline);
        let found = read(
            "Authentication-Results: spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=customer.test; dkim=pass (signature was verified)\r\n header.d=customer.test;dmarc=pass action=none\r\n header.from=customer.test;compauth=pass reason=100\r\nAuthentication-Results: spf=fail; dmarc=fail header.from=customer.test\r\n",
        )
        .unwrap();
        let passed = AuthResult { verdict: Verdict::Pass, domain: Some("customer.test".to_owned()) };
        assert_eq!((found.spf, found.dmarc), (Some(passed.clone()), Some(passed.clone())));
        assert_eq!((found.dkim, found.internal), (vec![passed], false));
        for other in [
            "Authentication-Results: mx.evil.test; dmarc=pass header.from=customer.test\n",
            "Authentication-Results: mx.evil.test; none\nAuthentication-Results: dmarc=pass header.from=a.test\n",
            "Authentication-Results: \n",
            "Subject: x\n",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
        let mark = "X-MS-Exchange-Organization-AuthAs: Internal\n";
        assert!(read(mark).unwrap().internal);
        assert!(
            read(&format!("Authentication-Results: dmarc=none action=none header.from=a.test\n{mark}"))
                .unwrap()
                .internal
        );
        for unmarked in
            [format!("{mark}{mark}"), mark.replace("Internal", "Anonymous"), mark.replace("Internal", "x Internal")]
        {
            assert_eq!(read(&unmarked), None, "{unmarked}");
        }
    }

    #[test]
    fn forged_ones_are_not_believed() {
        let ours_is_missing = [
            // below another server's
            "Authentication-Results: other.test; dmarc=fail\nAuthentication-Results: mx.example.test; dmarc=pass\n",
            // another name that looks alike
            "Authentication-Results: mx.example.test.evil.test; dmarc=pass\n",
            "Authentication-Results: evil.test mx.example.test; dmarc=pass\n",
            "Authentication-Results: mx.example.test=x; dmarc=pass\n",
            "Authentication-Results: (mx.example.test) evil.test; dmarc=pass\n",
            // not as our server writes it
            "Authentication-Results: \"mx.example.test\"; dmarc=pass\n",
            "Authentication-Results: (ours) mx.example.test; dmarc=pass\n",
            "Authentication-Results: mx.example\\.test; dmarc=pass\n",
            // no name at all
            "Authentication-Results: dmarc=pass header.from=customer.test\n",
            // blanks in front of the colon: obsolete, and no server that removes forged headers looks for it
            "Authentication-Results : mx.example.test; dmarc=pass\n",
            "Authentication-Results\t: mx.example.test; dmarc=pass\n",
            // another header
            "ARC-Authentication-Results: i=1; mx.example.test; dmarc=pass\n",
            "X-Authentication-Results: mx.example.test; dmarc=pass\n",
            // in the body
            "Subject: x\n\nAuthentication-Results: mx.example.test; dmarc=pass\n",
        ];
        for headers in ours_is_missing {
            assert_eq!(read(headers), None, "{headers}");
        }
    }

    #[test]
    fn values_cannot_end_their_statement() {
        let smuggled = [
            "spf=fail smtp.mailfrom=\"x; dmarc=pass header.from=a.test\"@evil.test",
            "spf=fail (x; dmarc=pass) smtp.mailfrom=evil.test",
            "spf=fail (x \\) ; dmarc=pass) smtp.mailfrom=evil.test",
            "spf=fail ((x) ; dmarc=pass",
            "spf=fail reason=\"never closed; dmarc=pass",
            "spf=fail smtp.mailfrom=dmarc=pass",
        ];
        for text in smuggled {
            assert_eq!(dmarc(&format!("Authentication-Results: mx.example.test; {text}\n")), None, "{text}");
        }
    }
}
