//! One entry of an address header: its name and its address.

use memchr::memchr;

use super::normal::normalise;
use crate::mail::{encoded_word, headers, limits};

/// One entry of an address header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mailbox {
    /// The decoded display name or comment; empty when there is none.
    pub name: String,
    /// The address, if there is a usable one.
    pub email: Option<String>,
}

/// Behind the closing quote. `value` holds one, so an end is found.
pub(super) fn quoted_end(bytes: &[u8], mut at: usize) -> usize {
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
pub(super) fn comment_end(bytes: &[u8], mut at: usize) -> usize {
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
pub(super) fn entry(piece: &str) -> Vec<Mailbox> {
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
    // RFC 2047 §5 (3): none in an address. Who decoded it would see another sender than the server that checked the mail.
    if text.contains("=?") {
        return None;
    }
    let plain = without_comments(text);
    let bare = plain.trim().trim_matches(['<', '>', '[', ']', ',', ';', '\'', ' ']);
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
    let email = normalise(&format!("{local}@{domain}"));
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
