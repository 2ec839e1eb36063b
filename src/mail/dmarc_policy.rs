//! What a domain asks for when DMARC fails, as our own server wrote it down beside its verdict.
//!
//! A domain that publishes `p=none` watches and asks for nothing (RFC 9989 §4.7): its mail fails on lists and through
//! forwarders, and is to be treated as if there were no DMARC. Servers say so in words of their own: in a comment (OpenDMARC,
//! Google), as `action` (Microsoft), as `policy.dmarc` (the registry of RFC 8601 §6) or `policy.published-domain-policy`
//! (Fastmail).

/// Whether every DMARC result of an `Authentication-Results` says that the domain asks for nothing, and none says otherwise.
pub fn asks_for_nothing(value: &str) -> bool {
    let mut known = false;
    for words in dmarc_statements(value) {
        let asked: Vec<&str> = words.iter().filter_map(|word| policy(word)).collect();
        if asked.is_empty() || asked.iter().any(|policy| *policy != "none") {
            return false;
        }
        known = true;
    }
    known
}

/// What a word says that the domain asks for: `p=none`. What the server did (`dis`) may be its own decision.
fn policy(word: &str) -> Option<&str> {
    let (key, value) = word.split_once('=')?;
    matches!(key, "p" | "sp" | "action" | "policy.dmarc" | "policy.published-domain-policy").then_some(value)
}

/// The words of each statement about DMARC, those of its comments included, in lower case. Quoted strings are one word, so
/// that an address in one cannot say anything.
fn dmarc_statements(value: &str) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    let (mut word, mut depth, mut quoted) = (String::new(), 0_u32, false);
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        let ends = match c {
            '\\' => {
                word.extend(chars.next());
                continue;
            }
            '"' if depth == 0 => {
                quoted = !quoted;
                continue;
            }
            _ if quoted => false,
            '(' => {
                depth += 1;
                true
            }
            ')' => {
                depth = depth.saturating_sub(1);
                true
            }
            ';' | ',' => true,
            c => c.is_whitespace(),
        };
        if !ends {
            word.push(c.to_ascii_lowercase());
            continue;
        }
        if let Some(statement) = all.last_mut().filter(|_| !word.is_empty()) {
            statement.push(std::mem::take(&mut word));
        }
        if c == ';' && depth == 0 {
            all.push(Vec::new());
        }
    }
    if let Some(statement) = all.last_mut().filter(|_| !word.is_empty()) {
        statement.push(word);
    }
    all.retain(|words| words.first().is_some_and(|first| first.starts_with("dmarc=")));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_servers_write() {
        for value in [
            "mx; spf=softfail; dmarc=fail (p=none dis=none) header.from=a.test",
            "mx.google.com; dkim=fail; dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=a.test",
            "mx; dmarc=fail action=none header.from=a.test;compauth=fail reason=001",
            "mx; dmarc=fail header.from=a.test policy.dmarc=none",
            "mx; dmarc=fail policy.published-domain-policy=none policy.applied-disposition=none header.from=a.test",
        ] {
            assert!(asks_for_nothing(value), "{value}");
        }
        for value in [
            "mx; dmarc=fail header.from=a.test",
            "mx; dmarc=fail (p=reject dis=none) header.from=a.test",
            "mx; dmarc=fail (p=none sp=reject dis=none) header.from=b.a.test",
            "mx; dmarc=fail action=oreject header.from=a.test",
            "mx; dmarc=fail header.from=a.test policy.dmarc=quarantine",
            "mx; spf=fail (p=none) smtp.mailfrom=a.test; dmarc=fail header.from=a.test",
            "mx; spf=fail smtp.mailfrom=\"a; dmarc=fail p=none\"; dmarc=fail (p=reject) header.from=a.test",
            "mx; dmarc=fail (p=none) header.from=a.test; dmarc=fail (p=reject) header.from=a.test",
            "mx; dmarc=fail (dis=none) header.from=a.test",
            "",
        ] {
            assert!(!asks_for_nothing(value), "{value}");
        }
    }
}
