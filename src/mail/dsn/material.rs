//! A report's parts, told apart: status fields, words for people, the returned mail.

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::super::{html, limits};
use super::original::{self, Original};

/// What there is to read.
#[derive(Debug, Default)]
pub struct Material {
    /// Contents of `message/delivery-status` parts and kin.
    pub status: Vec<String>,
    /// The same of a report that this report returns: a report sent on by a gateway, or one that could not be
    /// delivered itself.
    pub inner_status: Vec<String>,
    /// The words, without a pasted original.
    pub notice: String,
    /// The returned mail; of a returned report, what that returns.
    pub original: Option<Original>,
}

impl Material {
    /// Takes a mail apart. `text` is used where the parts give no words.
    pub fn of(message: &Message<'_>, text: &str) -> Self {
        let mut material = Self::default();
        let mut words = String::new();
        let mut markup = None;
        for (index, part) in message.parts.iter().take(limits::MAX_PARTS).enumerate() {
            match Original::of_part(message, part).filter(|_| index > 0) {
                Some(original) => material.keep(original),
                None => material.add(part, &mut words, &mut markup),
            }
        }
        if words.trim().is_empty() {
            words = markup.map_or_else(|| bounded(text).to_owned(), |markup: String| html::to_text(&markup));
        }
        material.split(&words);
        material.look_in_status();
        material
    }

    fn add(&mut self, part: &MessagePart<'_>, words: &mut String, markup: &mut Option<String>) {
        let kind = kind(part);
        match &part.body {
            PartType::Message(inner) => self.add_message(inner),
            PartType::Text(text) if is_status(&kind) => self.status.push(bounded(text).to_owned()),
            PartType::Text(text) if is_returned(&kind) => self.keep(Original::of_text(text)),
            PartType::Text(text) if words.len() < limits::MAX_REPORT_CHARS => {
                words.push_str(bounded(text));
                words.push_str("\n\n");
            }
            PartType::Html(text) if markup.is_none() => *markup = Some(bounded(text).to_owned()),
            // a multipart without a boundary
            PartType::Binary(bytes) if kind.starts_with("multipart/") => {
                words.push_str(bounded(&String::from_utf8_lossy(
                    bytes.get(..limits::MAX_REPORT_CHARS).unwrap_or(bytes),
                )));
            }
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => self.add_bytes(&kind, bytes),
            _ => {}
        }
    }

    fn add_message(&mut self, inner: &Message<'_>) {
        if self.inner_status.is_empty() && inner.parts.iter().any(|part| is_status(&kind(part))) {
            let mut report = Self::default();
            for part in inner.parts.iter().skip(1).take(limits::MAX_PARTS) {
                match &part.body {
                    PartType::Message(innermost) => {
                        report.original = report.original.or_else(|| Original::of_message(innermost))
                    }
                    _ => report.add(part, &mut String::new(), &mut None),
                }
            }
            self.inner_status = report.status;
            report.original.into_iter().for_each(|original| self.keep(original));
        }
        Original::of_message(inner).into_iter().for_each(|original| self.keep(original));
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

    fn add_bytes(&mut self, kind: &str, bytes: &[u8]) {
        let head = bytes.get(..limits::MAX_REPORT_CHARS).unwrap_or(bytes);
        if is_status(kind) {
            self.status.push(String::from_utf8_lossy(head).into_owned());
        } else if is_returned(kind) {
            self.keep(Original::of_text(&String::from_utf8_lossy(head)));
        }
    }

    /// The first returned mail that has an id wins.
    fn keep(&mut self, found: Original) {
        match &mut self.original {
            Some(known) => {
                known.message_id = known.message_id.take().or(found.message_id);
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
}

/// `type/subtype`, lower case; empty when the part has none.
pub fn kind(part: &MessagePart<'_>) -> String {
    part.content_type()
        .map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_ascii_lowercase())
        .unwrap_or_default()
}

/// RFC 3464 §2.1, and RFC 6533 §4 for addresses in UTF-8.
pub fn is_status(kind: &str) -> bool {
    matches!(kind, "message/delivery-status" | "message/global-delivery-status" | "message/deliverystatus")
}

/// A returned mail or its headers that the parser left as bytes or text.
fn is_returned(kind: &str) -> bool {
    matches!(
        kind,
        "text/rfc822-headers"
            | "message/rfc822-headers"
            | "message/global-headers"
            | "message/rfc822"
            | "message/global"
            | "text/rfc822"
    )
}

/// The first [`limits::MAX_REPORT_CHARS`] bytes or a little less.
fn bounded(text: &str) -> &str {
    let mut end = text.len().min(limits::MAX_REPORT_CHARS);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}
