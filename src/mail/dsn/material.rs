//! A report's parts, told apart: status fields, words for people, the returned mail.

use std::borrow::Cow;

use super::super::mime::{self, Part, Parts, Shape};
use super::super::{charset, html, limits};
use super::original::{self, Original};

/// What there is to read.
#[derive(Debug, Default)]
pub struct Material {
    /// Contents of `message/delivery-status` parts and kin.
    pub status: Vec<String>,
    /// The same of a report that this report returns: a report sent on by a gateway, or one that could not be
    /// delivered itself.
    pub inner_status: Vec<String>,
    /// Contents of `message/disposition-notification` parts (RFC 8098).
    pub receipt: Vec<String>,
    /// The words, without a pasted original.
    pub notice: String,
    /// The returned mail; of a returned report, what that returns.
    pub original: Option<Original>,
}

/// Words gathered from the parts.
#[derive(Debug, Default)]
struct Words {
    plain: String,
    markup: Option<String>,
}

impl Words {
    fn add(&mut self, text: &str) {
        if self.plain.len() < limits::MAX_REPORT_CHARS {
            self.plain.push_str(text);
            self.plain.push_str("\n\n");
        }
    }
}

impl Material {
    /// Takes a mail apart. `text` is used where the parts give no words.
    pub fn of(parts: &Parts<'_>, text: &str) -> Self {
        let mut material = Self::default();
        let mut words = Words::default();
        for (index, part) in parts.list.iter().enumerate().filter(|(_, part)| part.shape == Shape::Leaf) {
            match Original::of_part(part).filter(|_| index > 0) {
                Some(original) => material.keep(original),
                None => material.add(part, &mut words),
            }
        }
        let plain = if words.plain.trim().is_empty() {
            words.markup.map_or_else(|| bounded(text).to_owned(), |markup| html::to_text(&markup))
        } else {
            words.plain
        };
        material.split(&plain);
        material.look_in_status();
        material
    }

    fn add(&mut self, part: &Part<'_>, words: &mut Words) {
        match part.kind() {
            "message/rfc822" | "message/global" | "text/rfc822" => self.add_message(&content(part)),
            kind if is_status(kind) => self.status.push(text(part)),
            "message/disposition-notification" => self.receipt.push(text(part)),
            kind if is_headers(kind) => self.keep(Original::of_bytes(&content(part))),
            "text/html" => words.markup = words.markup.take().or_else(|| Some(text(part))),
            // text, and a multipart whose boundary is lost
            kind if kind.starts_with("text/") || kind.starts_with("multipart/") => words.add(&text(part)),
            // `message/partial` of Bigfoot and what else wraps the returned mail
            kind if kind.starts_with("message/") && !is_about(kind) => self.keep(Original::of_bytes(&content(part))),
            _ => {}
        }
    }

    fn add_message(&mut self, bytes: &[u8]) {
        if self.inner_status.is_empty() && is_report(bytes) {
            let mut report = Self::default();
            for part in mime::parse(bytes).list.iter().skip(1).filter(|part| part.shape == Shape::Leaf) {
                match part.kind() {
                    "message/rfc822" | "message/global" => report.keep(Original::of_bytes(&content(part))),
                    _ => report.add(part, &mut Words::default()),
                }
            }
            self.inner_status = report.status;
            report.original.into_iter().for_each(|original| self.keep(original));
        }
        self.keep(Original::of_bytes(bytes));
    }

    /// The first id wins, and the first recipients.
    pub fn keep(&mut self, found: Original) {
        match &mut self.original {
            Some(known) => {
                known.message_id = known.message_id.take().or(found.message_id);
                known.delivery = known.delivery.take().or(found.delivery);
                if known.to.is_empty() {
                    known.to = found.to;
                }
            }
            none => *none = Some(found),
        }
    }

    /// Cuts the pasted original out of the words.
    fn split(&mut self, words: &str) {
        let lines: Vec<&str> = words.lines().take(limits::MAX_REPORT_LINES).collect();
        let Some(place) = original::pasted(&lines) else {
            self.notice = lines.join("\n");
            return;
        };
        let pasted = original::read(&lines, &place);
        self.keep(pasted);
        let before = lines.iter().take(place.start);
        let after = lines.iter().skip(place.end);
        self.notice = before.chain(after).copied().collect::<Vec<_>>().join("\n");
    }

    /// Where the boundary between the status fields and the returned mail is broken, one holds the other.
    fn look_in_status(&mut self) {
        if self.original.as_ref().is_some_and(|original| original.message_id.is_some()) {
            return;
        }
        for part in std::mem::take(&mut self.status) {
            let lines: Vec<&str> = part.lines().take(limits::MAX_REPORT_LINES).collect();
            if let Some(place) = original::pasted(&lines) {
                let found = original::read(&lines, &place);
                self.keep(found);
            }
            self.status.push(part);
        }
    }
}

/// Whether an attached mail looks like a report with status fields.
fn is_report(bytes: &[u8]) -> bool {
    let head = bytes.get(..limits::MAX_REPORT_CHARS).unwrap_or(bytes);
    memchr::memmem::find(head, b"delivery-status").is_some()
}

/// RFC 3464 §2.1, and RFC 6533 §4 for addresses in UTF-8.
pub fn is_status(kind: &str) -> bool {
    matches!(kind, "message/delivery-status" | "message/global-delivery-status" | "message/deliverystatus")
}

/// Parts that tell of a mail without holding it (RFC 5965, RFC 8098, RFC 2046 §5.2.3).
fn is_about(kind: &str) -> bool {
    matches!(kind, "message/feedback-report" | "message/disposition-notification" | "message/external-body")
}

/// The headers of a returned mail (RFC 6522 §4, RFC 6533 §6).
fn is_headers(kind: &str) -> bool {
    matches!(kind, "text/rfc822-headers" | "text/rfc822-header" | "message/rfc822-headers" | "message/global-headers")
}

fn content<'a>(part: &Part<'a>) -> Cow<'a, [u8]> {
    part.transfer.decode(part.body).0
}

/// The decoded beginning of a part. Cut before it is decoded: a returned mail may stand in it.
fn text(part: &Part<'_>) -> String {
    let head = part.body.get(..2 * limits::MAX_REPORT_CHARS).unwrap_or(part.body);
    let (bytes, _) = part.transfer.decode(head);
    let decoded = charset::decode(&bytes, part.charset().as_deref());
    bounded(&decoded.text).to_owned()
}

/// The first [`limits::MAX_REPORT_CHARS`] bytes or a little less.
fn bounded(text: &str) -> &str {
    let mut end = text.len().min(limits::MAX_REPORT_CHARS);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}
