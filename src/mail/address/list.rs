//! Reads address lists the lenient way: the structure first, encoded words afterwards, so that a comma or a
//! bracket inside an encoded name does no harm; and a second time decoded, when that found no address.

use memchr::memchr;

use super::Address;
use crate::mail::{encoded_word, headers, limits};

/// One entry of an address header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mailbox {
    /// The decoded display name or comment; empty when there is none.
    pub name: String,
    /// The address, if there is a usable one.
    pub email: Option<String>,
}

/// Every entry of an address header that holds a usable address, at most [`limits::MAX_ADDRESSES`].
pub fn usable(value: &str) -> Vec<Address> {
    let with_address = |entry: Mailbox| Some(Address { name: entry.name, email: entry.email? });
    parse(value).into_iter().filter_map(with_address).collect()
}

/// Every entry of an address header, with or without an address. Groups (§3.4) give their members.
pub fn parse(value: &str) -> Vec<Mailbox> {
    let found = entries(value);
    if found.iter().any(|entry| entry.email.is_some()) || !value.contains("=?") {
        return found;
    }
    // The whole of `Name <address>` inside an encoded word.
    let decoded = encoded_word::decode(value);
    let again = entries(&decoded);
    if again.iter().any(|entry| entry.email.is_some()) { again } else { found }
}

fn entries(value: &str) -> Vec<Mailbox> {
    let mut list: Vec<Mailbox> = Vec::new();
    let mut waiting = String::new();
    for (piece, entry) in
        split(value).into_iter().flat_map(|piece| entry(piece).into_iter().map(move |entry| (piece, entry)))
    {
        // `Doe, Jane <jane@…>` without quotes: the piece without address belongs to the name that follows.
        if entry.email.is_none() && !piece.contains(['<', '@']) {
            if !entry.name.is_empty() {
                waiting = joined(&waiting, &entry.name);
            }
            continue;
        }
        let name = match (waiting.is_empty(), piece.contains('<') && !piece.trim_start().starts_with(['"', '<'])) {
            (false, true) => joined(&waiting, &entry.name),
            _ => entry.name,
        };
        waiting.clear();
        list.push(Mailbox { name, email: entry.email });
        if list.len() >= limits::MAX_ADDRESSES {
            return list;
        }
    }
    if !waiting.is_empty() {
        list.push(Mailbox { name: waiting, email: None });
    }
    list
}

fn joined(first: &str, second: &str) -> String {
    let text = if first.is_empty() { second.to_owned() } else { format!("{first}, {second}") };
    headers::clean(&text, limits::MAX_NAME_CHARS)
}

/// Cuts at the commas and semicolons (which Outlook writes) outside of quotes, comments, brackets and words;
/// leaves out group names.
fn split(value: &str) -> Vec<&str> {
    let bytes = value.as_bytes();
    let last = |byte: u8| memchr::memrchr(byte, bytes).unwrap_or(0);
    let (last_quote, last_round, last_angle) = (last(b'"'), last(b')'), last(b'>'));
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        let next = match byte {
            // What is never closed is a character like any other.
            b'"' if at < last_quote => quoted_end(bytes, at + 1),
            b'(' if at < last_round => comment_end(bytes, at + 1),
            b'<' if at < last_angle => {
                let end = memchr(b'>', bytes.get(at..).unwrap_or_default()).map_or(at + 1, |end| at + end + 1);
                let holds = value.get(at..end).is_some_and(|inner| inner.contains('@'));
                // A comma is missing in front of the next `Name <address>`.
                if holds && another(value.get(end..).unwrap_or_default()) {
                    pieces.push(value.get(start..end).unwrap_or_default());
                    start = end;
                }
                end
            }
            b'=' => at + value.get(at..).and_then(encoded_word::length).unwrap_or(1),
            b',' | b';' => {
                pieces.push(value.get(start..at).unwrap_or_default());
                start = at + 1;
                at + 1
            }
            b':' if is_group(value.get(start..at).unwrap_or_default(), bytes.get(at + 1)) => {
                start = at + 1;
                at + 1
            }
            _ => at + 1,
        };
        at = next;
    }
    pieces.push(value.get(start..).unwrap_or_default());
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}

/// The entry goes on with a further address in brackets.
fn another(rest: &str) -> bool {
    let piece = rest.split([',', ';']).next().unwrap_or_default();
    piece.split_once('<').is_some_and(|(name, rest)| !name.contains('>') && rest.contains('@'))
}

fn is_group(name: &str, next: Option<&u8>) -> bool {
    let name = name.trim();
    !name.is_empty() && !name.contains(['@', '<', '[']) && !name.eq_ignore_ascii_case("mailto") && next != Some(&b'/')
}

/// Behind the closing quote. `value` holds one, so an end is found.
fn quoted_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Behind the comment; comments nest (§3.2.2).
fn comment_end(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

/// One entry: `Name <address>`, `address (Name)`, `address`, or any mixture of them; several where commas are missing.
fn entry(piece: &str) -> Vec<Mailbox> {
    let (plain, comment, angle) = dissect(piece);
    let named = |text: &str, email| {
        let shown = name(text);
        Mailbox { name: if shown.is_empty() { name(&comment) } else { shown }, email }
    };
    if let Some(email) = angle.as_deref().and_then(email) {
        return vec![named(&plain, Some(email))];
    }
    if let Some(email) = email(&plain) {
        return vec![named("", Some(email))];
    }
    // No address in brackets: every word with an `@` is one, the other words are the name of the first.
    let (mut words, mut found) = (Vec::new(), Vec::new());
    let spaced = plain.replace(" @ ", "@").replace("@ ", "@").replace(" @", "@");
    for word in spaced.split_whitespace() {
        match word.contains('@').then(|| email(word)).flatten() {
            Some(email) => found.push(email),
            None => words.push(word),
        }
    }
    let first = named(&words.join(" "), if found.is_empty() { None } else { Some(found.remove(0)) });
    let others = found.into_iter().map(|email| Mailbox { name: String::new(), email: Some(email) });
    std::iter::once(first).chain(others).collect()
}

/// The text outside of brackets and comments (quotes kept), the comments, and the last bracket that holds an `@`
/// (or else the last one).
fn dissect(piece: &str) -> (String, String, Option<String>) {
    let bytes = piece.as_bytes();
    let last_quote = memchr::memrchr(b'"', bytes).unwrap_or(0);
    let last_round = memchr::memrchr(b')', bytes).unwrap_or(0);
    let (mut plain, mut comment, mut angle) = (String::new(), String::new(), None::<String>);
    let (mut at, mut from) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        let end = match byte {
            b'"' if at < last_quote => {
                at = quoted_end(bytes, at + 1);
                continue;
            }
            b'=' => {
                at += piece.get(at..).and_then(encoded_word::length).unwrap_or(1);
                continue;
            }
            b'(' if at < last_round => comment_end(bytes, at + 1),
            b'<' => memchr(b'>', bytes.get(at..).unwrap_or_default()).map_or(bytes.len(), |end| at + end + 1),
            _ => {
                at += 1;
                continue;
            }
        };
        plain.push_str(piece.get(from..at).unwrap_or_default());
        let inner = piece.get(at + 1..end).unwrap_or_default();
        if byte == b'(' {
            comment.push_str(inner.strip_suffix(')').unwrap_or(inner));
            comment.push(' ');
        } else if inner.contains('@') || angle.is_none() {
            angle = Some(inner.trim_end_matches('>').to_owned());
        }
        (at, from) = (end, end);
    }
    plain.push_str(piece.get(from..).unwrap_or_default());
    (plain, comment, angle)
}

/// A display name for people: decoded, unquoted, one line, bounded.
fn name(text: &str) -> String {
    let shown = unquoted(&encoded_word::decode(text.trim()));
    let mut inner = shown.trim_matches([',', ';', ' ', '<', '>']);
    // A quote that was never closed, or never opened.
    if inner.matches('"').count() == 1 {
        inner = inner.trim_matches('"').trim();
    }
    while let Some(stripped) = inner.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        inner = stripped.trim();
    }
    headers::clean(inner, limits::MAX_NAME_CHARS)
}

/// Without the quotes that come in pairs, and without the backslashes that protect a quote or a backslash.
fn unquoted(text: &str) -> String {
    let paired = text.replace("\\\"", "").matches('"').count().is_multiple_of(2);
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(&next @ ('"' | '\\'))) => {
                out.push(next);
                chars.next();
            }
            ('"', _) if paired => {}
            _ => out.push(c),
        }
    }
    out
}

/// The address in `text`, normalised; `None` when it is none that mail could be sent to.
///
/// Removed as mistakes of mailers: `mailto:`, source routes (RFC 5321 §C), stray quotes and brackets around or
/// inside, a dot at the end of the domain, blanks beside the `@`.
fn email(text: &str) -> Option<String> {
    let decoded = encoded_word::decode(text);
    let decoded = without_comments(&decoded);
    let bare = decoded.trim().trim_matches(['<', '>', '[', ']', ',', ';', '\'', ' ']);
    let bare = bare.strip_prefix("mailto:").or_else(|| bare.strip_prefix("MAILTO:")).unwrap_or(bare);
    let bare = match bare.strip_prefix('@').and_then(|route| route.rsplit_once(':')) {
        Some((_, target)) => target,
        None => bare,
    };
    let (local, domain) = bare.rsplit_once('@')?;
    let (local, domain) = (local.trim(), domain.trim());
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let local = if quoted { plain_local(local) } else { local.replace(['"', '<'], "") };
    let local = local.trim_start_matches('\'');
    let domain = domain.replace(['"', '\'', '>', '<'], "");
    let domain = domain.trim_end_matches(['.', ']', ';', ',', ')']).trim();
    let email = format!("{local}@{domain}").to_lowercase();
    // Not even in quotes (RFC 5321 §4.1.2): an encoded word may hold a line end.
    let one_line = !local.contains(char::is_control);
    let fits = email.len() <= limits::MAX_ADDRESS_OCTETS && !local.is_empty() && one_line;
    (fits && (quoted || is_local(local)) && is_domain(domain)).then_some(email)
}

/// `jane(a comment)@example.test` (§3.4.1, obsolete).
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut depth, mut closed) = (0usize, text.matches(')').count());
    for c in text.chars() {
        match c {
            '(' if closed > 0 => depth += 1,
            ')' if depth > 0 => {
                depth -= 1;
                closed -= 1;
            }
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Quotes that are not needed are left out: `"jane"@…` and `jane@…` are the same mailbox (RFC 5321 §4.1.2).
fn plain_local(quoted: &str) -> String {
    let inner = quoted.trim_matches('"');
    if is_local(inner) && !inner.contains(['(', ')', ',', ':', ';', '@']) {
        inner.to_owned()
    } else {
        quoted.to_owned()
    }
}

fn is_local(local: &str) -> bool {
    local
        .chars()
        .all(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '(' | ')' | ',' | ':' | ';' | '[' | ']' | '\\'))
}

/// Letters, digits, dots and hyphens (underscores are seen in hosts of intranets), or an address literal.
fn is_domain(domain: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '\u{300}'..='\u{36f}');
    let literal = domain
        .strip_prefix('[')
        .is_some_and(|inner| inner.chars().all(|c| c.is_ascii_hexdigit() || ".:IPv".contains(c)));
    !domain.is_empty() && (domain.chars().all(word) && !domain.starts_with('.') && !domain.contains("..") || literal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(value: &str) -> (String, String) {
        let entry = parse(value).into_iter().next().unwrap_or_default();
        (entry.name, entry.email.unwrap_or_default())
    }

    fn pair(name: &str, email: &str) -> (String, String) {
        (name.to_owned(), email.to_owned())
    }

    #[test]
    fn by_the_book() {
        for value in [
            "Jane Doe <jane@example.test>",
            "\"Jane Doe\" <JANE@example.test>",
            "jane@example.test (Jane Doe)",
            "=?utf-8?Q?Jane_Doe?= <jane@example.test>",
            "Jane (desk) Doe <jane@example.test>".replace(" (desk)", "").as_str(),
        ] {
            assert_eq!(first(value), pair("Jane Doe", "jane@example.test"), "{value}");
        }
        assert_eq!(
            first("\"Doe, Jane \\\"JD\\\"\" <jane@example.test>"),
            pair("Doe, Jane \"JD\"", "jane@example.test")
        );
        assert_eq!(usable("Team: a@example.test, B <b@example.test>;").len(), 2);
        assert_eq!(usable("undisclosed-recipients:;"), []);
        assert_eq!(first("\"odd one\"@example.test").1, "\"odd one\"@example.test");
        assert_eq!(first("\"jane\"@example.test").1, "jane@example.test");
    }

    #[test]
    fn as_they_come() {
        for value in [
            "Jane Doe jane@example.test",
            "Jane Doe <jane@example.test",
            "Jane Doe <jane@example.test>>",
            "Jane Doe <<jane@example.test>>",
            "Jane Doe <'jane@example.test'>",
            "Jane Doe <jane\"@example.test>",
            "Jane Doe <jane@exam'ple.test>",
            "Jane Doe <jane @ example.test>",
            "Jane Doe <mailto:jane@example.test>",
            "'Jane Doe' <jane@example.test.>",
            "Jane Doe [jane@example.test]",
            "=?utf-8?Q?Jane_Doe_<jane@example.test>?=",
            "\"=?utf-8?Q?Jane_Doe?=\" <jane@example.test>",
            "=?utf-8?Q?=22Jane_Doe=22?= <=?utf-8?Q?jane?=@example.test>",
            "Jane\r\n Doe <@relay.test:jane@example.test>",
        ] {
            assert_eq!(first(value), pair("Jane Doe", "jane@example.test"), "{value}");
        }
        assert_eq!(first("Doe, Jane <jane@example.test>"), pair("Doe, Jane", "jane@example.test"));
        assert_eq!(first("=?iso-8859-1?Q?D=F6,_Jane?= <jane@example.test>"), pair("Dö, Jane", "jane@example.test"));
        assert_eq!(first("x@example.test> <jane@example.test>"), pair("x@example.test", "jane@example.test"));
        assert_eq!(first("\"Jane <jane@example.test>"), pair("Jane", "jane@example.test"));
        assert_eq!(first("Jane <jane(home)@example.test(host)>"), pair("Jane", "jane@example.test"));
        assert_eq!(first("jane@b\u{fc}ro.test"), pair("", "jane@b\u{fc}ro.test"));
    }

    #[test]
    fn no_address() {
        for value in ["Jane", "", "<>", "jane@", "@example.test", "Jane <no spaces here@example.test>", "a@b@@"] {
            assert_eq!(usable(value), [], "{value}");
        }
        assert_eq!(first("Real Name").0, "Real Name");
    }

    #[test]
    fn several() {
        let found = usable("a@example.test; \"B, b\" <b@example.test>, C <c@example.test>");
        let emails: Vec<_> = found.iter().map(|address| address.email.as_str()).collect();
        assert_eq!(emails, ["a@example.test", "b@example.test", "c@example.test"]);
        for value in ["A <a@example.test> B <b@example.test>", "A a@example.test b@example.test"] {
            let found = usable(value);
            assert_eq!(
                (found.len(), found[0].name.as_str(), found[1].email.as_str()),
                (2, "A", "b@example.test"),
                "{value}"
            );
        }
        assert_eq!(usable(&"a@example.test,".repeat(2_000)).len(), limits::MAX_ADDRESSES);
    }

    #[test]
    fn nothing_can_start_a_header() {
        let (name, email) = first("=?utf-8?Q?Jane=0D=0ABcc:_x=40example.test?= <jane@example.test>");
        assert_eq!(name, "Jane Bcc: x@example.test");
        assert!(!email.contains(char::is_control));
        let quoted = "=?utf-8?Q?=22jane=0D=0ABcc:_x=22=40example.test?=";
        assert!(usable(quoted).iter().all(|address| !address.email.contains(char::is_control)));
    }
}
