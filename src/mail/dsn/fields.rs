//! The fields of RFC 3464 §2, in a `message/delivery-status` part or pasted in the words for people.

use super::super::limits;
use super::address_scan;
use super::report::Entry;

/// The recipients of all status parts, in order.
///
/// Blank lines part the recipients by the RFC; programs forget them, or put them between the fields of one.
/// So a recipient ends where a field comes a second time, or where a blank line is followed by a new recipient.
pub fn read(parts: &[impl AsRef<str>]) -> Vec<Entry> {
    let mut reader = Reader::default();
    for part in parts {
        for (name, value) in unfolded(part.as_ref()) {
            reader.take(&name, &value);
        }
        reader.finish();
    }
    reader.entries
}

/// `name: value` lines with their folded rest; a blank line gives an empty name.
fn unfolded(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines().take(limits::MAX_REPORT_LINES) {
        if line.trim().is_empty() {
            fields.push((String::new(), String::new()));
        } else if line.starts_with([' ', '\t']) && fields.last().is_some_and(|(name, _)| is_wanted(name)) {
            if let Some((_, value)) = fields.last_mut().filter(|(_, value)| value.len() < limits::MAX_HEADER_CHARS) {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    fields
}

const WANTED: &[&str] =
    &["final-recipient", "original-recipient", "action", "status", "diagnostic-code", "x-supplementary-info"];

fn is_wanted(name: &str) -> bool {
    WANTED.contains(&name)
}

#[derive(Default)]
struct Reader {
    entries: Vec<Entry>,
    now: [Option<String>; 6],
    blank: bool,
}

impl Reader {
    fn take(&mut self, name: &str, value: &str) {
        if name.is_empty() {
            self.blank = true;
            return;
        }
        let Some(index) = WANTED.iter().position(|wanted| *wanted == name) else { return };
        let named = self.now.iter().take(2).any(Option::is_some);
        let again = self.now.get(index).is_some_and(Option::is_some);
        if again || (index < 2 && self.blank && named) {
            self.finish();
        }
        self.blank = false;
        if let Some(slot) = self.now.get_mut(index) {
            *slot = Some(value.to_owned());
        }
    }

    /// Ends one recipient. A mail that was forwarded has two names: the one that was written to, and the one
    /// where it ended. Both are told, since either may be the one we know.
    fn finish(&mut self) {
        let [last, first, action, status, diagnostic, more] = std::mem::take(&mut self.now);
        self.blank = false;
        let names = [first, last].map(|name| name.and_then(|name| recipient(&name)));
        let diagnostic = diagnostic.map(|text| without_type(&text).to_owned()).or(more).unwrap_or_default();
        let status = status.and_then(|text| super::smtp::code_at(text.trim())).unwrap_or_default();
        let action = action.map(|text| word(&text)).unwrap_or_default();
        let [first, last] = names;
        let second = last.clone().filter(|last| Some(last) != first.as_ref());
        for recipient in [first, second].into_iter().flatten() {
            if self.entries.len() < limits::MAX_BOUNCE_REPORTS {
                let (action, status, diagnostic) = (action.clone(), status.clone(), diagnostic.clone());
                self.entries.push(Entry { recipient, action, status, diagnostic, said: String::new() });
            }
        }
    }
}

/// The address of `rfc822; kim@example.test`, of `<kim@example.test>` without a type (McAfee), of a local user.
fn recipient(value: &str) -> Option<String> {
    let (kind, rest) = value.split_once(';').unwrap_or(("", value));
    let decoded = if kind.trim().eq_ignore_ascii_case("utf-8") { unescaped(rest) } else { rest.to_owned() };
    let found = address_scan::addresses(&decoded).into_iter().next();
    found.or_else(|| {
        let plain = decoded.trim().trim_start_matches('<').trim_end_matches('>').replace("+40", "@");
        address_scan::addresses(&plain).into_iter().next()
    })
}

/// `\x{1F600}` of `utf-8-addr-xtext` (RFC 6533 §3).
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once("\\x{") {
        out.push_str(before);
        let (hex, after) = tail.split_once('}').unwrap_or((tail, ""));
        out.extend(u32::from_str_radix(hex, 16).ok().and_then(char::from_u32));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What follows `smtp;`, `x-postfix;` and kin.
pub fn without_type(text: &str) -> &str {
    match text.split_once(';') {
        Some((kind, rest)) if !kind.trim().contains(char::is_whitespace) => rest.trim(),
        _ => text,
    }
}

/// The first word, lower case: `Failed (bad address)` is `failed`.
fn word(text: &str) -> String {
    text.trim().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        read(&[text])
            .into_iter()
            .map(|entry| format!("{} {} {} {}", entry.recipient, entry.action, entry.status, entry.diagnostic))
            .collect()
    }

    #[test]
    fn by_the_rfc() {
        let text = "Reporting-MTA: dns; mx.example.test\n\nOriginal-Recipient: rfc822;kim@example.test\n\
            Final-Recipient: RFC822; kim@example.test\nAction: failed\nStatus: 5.1.1 (bad)\n\
            Diagnostic-Code: smtp; 550 5.1.1\n <kim@example.test> gone\n\nFinal-Recipient: rfc822;lee@example.test\nAction: Delayed\nStatus: 4.4.1\n";
        assert_eq!(
            names(text),
            ["kim@example.test failed 5.1.1 550 5.1.1 <kim@example.test> gone", "lee@example.test delayed 4.4.1 "]
        );
    }

    #[test]
    fn fields_in_other_orders() {
        let text = "Action: failed\nFinal-Recipient: rfc822; kim@example.test\nStatus: 5.0.0\n\nAction: failed\nFinal-Recipient: rfc822; lee@example.test\n";
        assert_eq!(names(text), ["kim@example.test failed 5.0.0 ", "lee@example.test failed  "]);
        let text = "Final-Recipient: rfc822; kim@example.test\n\nAction: failed\n\nStatus: 5.0.0\nFinal-Recipient: rfc822; lee@example.test\nAction: failed\n";
        assert_eq!(names(text), ["kim@example.test failed 5.0.0 ", "lee@example.test failed  "]);
    }

    #[test]
    fn both_names_of_a_forwarded_mail() {
        let text = "Original-Recipient: rfc822;kim@example.test\nFinal-Recipient: rfc822;kim@home.example.test\nAction: failed\nStatus: 5.2.2\n";
        assert_eq!(names(text), ["kim@example.test failed 5.2.2 ", "kim@home.example.test failed 5.2.2 "]);
    }

    #[test]
    fn names_without_a_type_and_in_utf_8() {
        assert_eq!(names("Original-Recipient: <kim@example.test>\nAction: failed\n"), ["kim@example.test failed  "]);
        assert_eq!(
            names("Final-Recipient: utf-8; j\\x{F6}rg@example.test\nAction: failed\n"),
            ["jörg@example.test failed  "]
        );
        assert_eq!(
            names("Original-Recipient: rfc822;kim+40example.test\nAction: failed\n"),
            ["kim@example.test failed  "]
        );
        assert!(names("Final-Recipient: rfc822; @example.test\nAction: failed\n").is_empty());
    }
}
