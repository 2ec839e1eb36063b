//! The mail that a report returns: attached, as its headers alone, or pasted below the words.

use mail_parser::{HeaderName, Message, MessagePart};

use super::super::{Headers, limits, message_id};
use super::address_scan;

/// What a report keeps of the mail it returns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Original {
    /// Without angle brackets.
    pub message_id: Option<String>,
    /// The addresses of `To` and `Cc`.
    pub to: Vec<String>,
}

impl Original {
    /// Of an attached mail.
    pub fn of_message(message: &Message<'_>) -> Option<Self> {
        let start = message.parts.first()?.offset_header as usize;
        message.raw_message.get(start..).map(Self::of_bytes)
    }

    /// Of a part whose own headers are those of the mail (Mail2000 forgets the part's).
    pub fn of_part(message: &Message<'_>, part: &MessagePart<'_>) -> Option<Self> {
        part.headers.iter().any(|header| header.name == HeaderName::MessageId).then_some(())?;
        message.raw_message.get(part.offset_header as usize..).map(Self::of_bytes)
    }

    /// Of text that begins with headers (`text/rfc822-headers`, RFC 3462 §2), or was pasted.
    pub fn of_text(text: &str) -> Self {
        Self::of_bytes(text.as_bytes())
    }

    /// Some programs put an empty line before the headers.
    fn of_bytes(bytes: &[u8]) -> Self {
        let bytes = bytes.trim_ascii_start();
        Self::of_headers(&Headers::of(bytes.get(..limits::MAX_REPORT_CHARS).unwrap_or(bytes)))
    }

    fn of_headers(headers: &Headers) -> Self {
        let ids = || headers.all("Message-ID");
        let id = ids().flat_map(message_id::list).next().or_else(|| ids().find_map(bare_id));
        let to = ["To", "Cc"].into_iter().flat_map(|name| headers.all(name)).flat_map(address_scan::addresses);
        let mut original = Self { message_id: id, to: Vec::new() };
        for address in to.take(limits::MAX_ADDRESSES) {
            if !original.to.contains(&address) {
                original.to.push(address);
            }
        }
        original
    }
}

/// An id without an `@`, as some programs write.
fn bare_id(value: &str) -> Option<String> {
    let id = value.trim().trim_start_matches('<').trim_end_matches('>').trim();
    (!id.is_empty() && !id.contains(char::is_whitespace)).then(|| id.to_owned())
}

/// Where a pasted original stands among the lines of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pasted {
    /// The first line of its headers.
    pub start: usize,
    /// One behind its last line.
    pub end: usize,
}

/// Headers that stand in mail, not in the words of a report: what they begin is the original, to the end.
const SURE: &[&str] = &[
    "received",
    "x-received",
    "return-path",
    "dkim-signature",
    "x-google-dkim-signature",
    "domainkey-signature",
    "arc-seal",
    "arc-authentication-results",
    "authentication-results",
    "received-spf",
    "x-originating-ip",
    "delivered-to",
    "x-envelope-from",
    "x-originalarrivaltime",
    "mime-version",
];
/// Headers that a report may also quote in its words: several together are needed.
const COMMON: &[&str] = &[
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "sent",
    "message-id",
    "reply-to",
    "sender",
    "user-agent",
    "x-mailer",
    "content-type",
    "content-transfer-encoding",
    "in-reply-to",
    "references",
    "importance",
    "x-priority",
    "organization",
    "precedence",
    "list-id",
    "list-unsubscribe",
    "feedback-id",
    "thread-topic",
    "thread-index",
    "accept-language",
];

/// Finds the pasted original. Programs announce it in countless words ("--- Below this line is a copy of the
/// message."), so its headers are looked for, not the announcement.
pub fn pasted(lines: &[&str]) -> Option<Pasted> {
    (0..lines.len()).find_map(|start| {
        let line = lines.get(start)?;
        if opens_attached_part(line) {
            return Some(Pasted { start: start + 1, end: lines.len() });
        }
        let name = header_name(line)?;
        if SURE.contains(&name.as_str()) {
            let more =
                lines.iter().skip(start + 1).take(14).filter_map(|line| header_name(line)).any(|name| is_header(&name));
            return more.then_some(Pasted { start, end: lines.len() });
        }
        COMMON.contains(&name.as_str()).then(|| quoted_headers(lines, start)).flatten()
    })
}

/// A MIME part's own header when the parts of a report were not told apart (a lost boundary).
fn opens_attached_part(line: &str) -> bool {
    let line = line.trim().to_ascii_lowercase();
    line.strip_prefix("content-type:").is_some_and(|kind| {
        let kind = kind.trim();
        kind.starts_with("message/rfc822")
            || kind.starts_with("text/rfc822-headers")
            || kind.starts_with("message/global")
    })
}

/// A run of three or more headers that a report may quote. It is the original to the end when it is not indented
/// and has what no report quotes for people; else the run alone.
fn quoted_headers(lines: &[&str], start: usize) -> Option<Pasted> {
    let run: Vec<&str> =
        lines.iter().skip(start).take(60).take_while(|line| !line.trim().is_empty()).copied().collect();
    let names: Vec<String> = run.iter().filter_map(|line| header_name(line)).filter(|name| is_header(name)).collect();
    let told = ["from", "to", "subject", "date", "sent", "message-id"];
    let telling = told.iter().filter(|name| names.iter().any(|found| found == *name)).count();
    if telling < 3 {
        return None;
    }
    let whole = !run.first()?.starts_with([' ', '\t'])
        && names
            .iter()
            .any(|name| matches!(name.as_str(), "message-id" | "mime-version" | "content-type" | "user-agent"));
    Some(Pasted { start, end: if whole { lines.len() } else { start + run.len() } })
}

/// The lower-case name before the colon of a header line. Indentation is allowed: some programs indent what they paste.
fn header_name(line: &str) -> Option<String> {
    let (name, _) = line.trim_start().split_once(':')?;
    let fits = (2..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    fits.then(|| name.to_ascii_lowercase())
}

fn is_header(name: &str) -> bool {
    SURE.contains(&name) || COMMON.contains(&name) || name.starts_with("x-")
}

/// Reads a pasted original. Its first header run may be that of the mail system, so the whole is looked through
/// for the id.
pub fn read(lines: &[&str], place: &Pasted) -> Original {
    let body = lines.get(place.start..place.end.min(place.start + limits::MAX_REPORT_LINES)).unwrap_or_default();
    let mut text = String::new();
    for line in body {
        let line = if header_name(line).is_some_and(|name| is_header(&name)) { line.trim_start() } else { line };
        if line.trim().is_empty() {
            continue;
        }
        text.push_str(line);
        text.push('\n');
    }
    Original::of_text(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(usize, usize, Original)> {
        let lines: Vec<&str> = text.lines().collect();
        pasted(&lines).map(|place| (place.start, place.end, read(&lines, &place)))
    }

    #[test]
    fn below_the_words() {
        let (start, end, original) = found(
            "Could not deliver.\n\nOriginal follows.\n\nReceived: from a\n\tby b\nMessage-ID:\n <m1@example.test>\nTo: Kim <kim@example.test>\n\nhello\n",
        )
        .unwrap();
        assert_eq!((start, end), (4, 11));
        assert_eq!(original.message_id.as_deref(), Some("m1@example.test"));
        assert_eq!(original.to, ["kim@example.test"]);
    }

    #[test]
    fn quoted_in_the_words() {
        let (start, end, original) =
            found("This is about your mail:\n\n  Message-id: <m1@example.test>\n  From: a@example.test\n  Subject: x\n\nIt failed for\n").unwrap();
        assert_eq!((start, end), (2, 5));
        assert_eq!(original.message_id.as_deref(), Some("m1@example.test"));
    }

    #[test]
    fn words_with_colons_are_no_headers() {
        assert_eq!(found("Hello:\nReason: user unknown\nStatus: 5.1.1\nTo: kim\n"), None);
        assert_eq!(found(""), None);
    }
}
