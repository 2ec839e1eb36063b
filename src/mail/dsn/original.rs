//! The mail that a report returns: attached, as its headers alone, or pasted below the words.

use super::super::mime::Part;
use super::super::{Headers, limits, message_id};
use super::address_scan;

/// What a report keeps of the mail it returns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Original {
    /// Without angle brackets.
    pub message_id: Option<String>,
    /// The addresses of `To` and `Cc`.
    pub to: Vec<String>,
    /// What its [`DELIVERY_HEADER`] says.
    pub delivery: Option<String>,
}

/// The header of each mail of ours that names its delivery by a sealed token. Unlike a Message-ID it goes into no reply: who
/// returns it has the mail itself, as the servers on its way have.
pub const DELIVERY_HEADER: &str = "X-Caseway-Delivery";

impl Original {
    /// Of a part whose own headers are those of the mail (Mail2000 forgets the part's).
    pub fn of_part(part: &Part<'_>) -> Option<Self> {
        part.block.first("Message-ID")?;
        let headers = Headers::from_block(&part.block, None);
        let mut original = Self::default();
        headers.iter().for_each(|(name, value)| original.take(&name.to_ascii_lowercase(), value));
        Some(original)
    }

    /// Of a mail, or of its headers alone. Some programs put an empty line before the headers.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let bytes = bytes.trim_ascii_start();
        let text = String::from_utf8_lossy(bytes.get(..limits::MAX_REPORT_CHARS).unwrap_or(bytes));
        Self::of_lines(text.lines().take_while(|line| !line.trim().is_empty()))
    }

    /// Of lines that hold headers, leniently: programs indent what they paste, or take the indentation from folded
    /// lines.
    fn of_lines<'l>(lines: impl Iterator<Item = &'l str>) -> Self {
        let mut original = Self::default();
        let mut open: Option<(String, String)> = None;
        for line in lines {
            match header_name(line) {
                Some(name) if is_header(&name) || !line.starts_with([' ', '\t']) => {
                    open.take().into_iter().for_each(|(name, value)| original.take(&name, &value));
                    let value = line.split_once(':').map_or("", |(_, value)| value.trim());
                    open = WANTED.contains(&name.as_str()).then(|| (name, value.to_owned()));
                }
                _ => {
                    if let Some((_, value)) = open.as_mut().filter(|(_, value)| value.len() < limits::MAX_HEADER_CHARS)
                    {
                        value.push(' ');
                        value.push_str(line.trim());
                    }
                }
            }
        }
        open.into_iter().for_each(|(name, value)| original.take(&name, &value));
        original
    }

    /// Takes one header; of several ids the first.
    fn take(&mut self, name: &str, value: &str) {
        match name {
            "message-id" | "original-message-id" => {
                self.message_id = self.message_id.take().or_else(|| message_id::list(value).into_iter().next())
            }
            "to" | "cc" => {
                for address in address_scan::addresses(value) {
                    if self.to.len() < limits::MAX_ADDRESSES && !self.to.contains(&address) {
                        self.to.push(address);
                    }
                }
            }
            "x-caseway-delivery" => {
                let value: String = value.trim().chars().take(limits::MAX_ADDRESS_OCTETS).collect();
                self.delivery = self.delivery.take().or_else(|| Some(value).filter(|value| !value.is_empty()));
            }
            _ => {}
        }
    }
}

/// The headers of the returned mail that tell us which one it was.
const WANTED: &[&str] = &["message-id", "original-message-id", "to", "cc", "x-caseway-delivery"];

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
    Original::of_lines(body.iter().copied())
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
