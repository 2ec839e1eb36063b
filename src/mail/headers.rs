//! The header block as a bounded list of names and unfolded values.

use super::invisible::is_dispensable;
use super::{
    charset,
    mime::fields::{self, Block},
};

/// What decides whose a mail is, where it belongs and what it says. Each may stand once (RFC 5322 §3.6, RFC 2045 §3): of
/// two, whoever checked the sender may have read the other one.
pub const DECISIVE: [&str; 12] = [
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Content-Type",
    "Content-Transfer-Encoding",
];

/// All headers of one mail, in order. Names are matched without regard to case. Values hold no control characters:
/// whatever is made of them cannot start another header.
#[derive(Debug, Clone, Default)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// The header block at the start of `raw`, unfolded (RFC 5322 §2.2.3). Encoded words stay encoded; raw 8-bit
    /// text is read as UTF-8, or as what it looks like.
    pub fn of(raw: &[u8]) -> Self {
        Self::from_block(&fields::split(raw, leading(raw)), None)
    }

    /// As [`Headers::of`]; `charset` is that of the body, which raw 8-bit headers are mostly in too.
    pub(super) fn from_block(block: &Block<'_>, charset: Option<&str>) -> Self {
        let value = |raw: &[u8]| flat(charset::header(&fields::unfold(raw), charset));
        // No server writes its results so; one with blanks before the colon may come from a sender, past a server that
        // removes what claims its name.
        let forged =
            |field: &fields::Field<'_>| field.spaced && field.name.eq_ignore_ascii_case("Authentication-Results");
        let fields = block.fields.iter().filter(|field| !forged(field));
        Self(fields.map(|field| (field.name.to_owned(), value(field.value))).collect())
    }

    /// The first value of `name`.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Every value of `name`, top-most first.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Every header in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Offset of the first header: behind a byte order mark, empty lines and mbox `From ` lines.
pub(super) fn leading(raw: &[u8]) -> usize {
    let mut at = if raw.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    loop {
        let (line, next) = fields::line_at(raw, at);
        let mbox = line.starts_with(b"From ") || line.starts_with(b">From ");
        if at >= raw.len() || !(line.trim_ascii().is_empty() || mbox) {
            return at;
        }
        at = next;
    }
}

/// The mail from its header on: without the `From ` line of a delivery program.
pub fn mail(raw: &[u8]) -> &[u8] {
    raw.get(leading(raw)..).unwrap_or_default()
}

/// Control characters become blanks.
fn flat(value: String) -> String {
    match value.chars().any(char::is_control) {
        true => value.replace(char::is_control, " "),
        false => value,
    }
}

/// Text for one line that people read: no control characters, no characters that turn the writing direction (a
/// name that reads `fdp.exe` backwards), no invisible marks, white space as single blanks, ends trimmed, at most
/// `limit` characters.
pub fn clean(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit * 4));
    let mut blank = false;
    let mut count = 0;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            blank = !out.is_empty();
            continue;
        }
        if is_dispensable(c) {
            continue;
        }
        let wanted = 1 + usize::from(blank);
        if count + wanted > limit {
            break;
        }
        count += wanted;
        if std::mem::take(&mut blank) {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::limits;

    #[test]
    fn values_are_unfolded_and_flat() {
        let headers = Headers::of(b"\r\nFrom x\nSubject: a\r\n b\0c\rd\r\nX-A: 1\r\nx-a: 2\r\n\r\nX-A: 3");
        assert_eq!(headers.first("subject"), Some("a b c d"));
        assert_eq!(headers.all("X-A").collect::<Vec<_>>(), ["1", "2"]);
    }

    #[test]
    fn clean_text() {
        assert_eq!(clean(" a\r\nBcc: b\u{202e}\t\tc\u{0} ", 100), "a Bcc: b c");
        assert_eq!(clean("äöü x", 4), "äöü");
    }

    #[test]
    fn limits_hold() {
        let raw = "A: x\n".repeat(limits::MAX_HEADERS + 5);
        assert_eq!(Headers::of(raw.as_bytes()).iter().count(), limits::MAX_HEADERS);
        let raw = format!("A:{}", "x".repeat(limits::MAX_HEADER_CHARS * 2));
        assert_eq!(Headers::of(raw.as_bytes()).first("a").unwrap().len(), limits::MAX_HEADER_CHARS);
    }
}
