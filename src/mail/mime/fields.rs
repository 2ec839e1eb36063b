//! Splits a header block into fields, leniently and in one pass.

use std::borrow::Cow;

use memchr::memchr;

use crate::mail::limits;

/// One header field as it stands in the mail.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// The name, as written, without the colon.
    pub name: &'a str,
    /// Everything behind the colon, still folded and encoded.
    pub value: &'a [u8],
    /// Blanks stand in front of the colon (RFC 5322 §4.5.8).
    pub spaced: bool,
}

/// A header block and where the body starts.
#[derive(Debug, Default)]
pub struct Block<'a> {
    /// At most [`limits::MAX_HEADERS`] fields, in order.
    pub fields: Vec<Field<'a>>,
    /// Offset of the first byte of the body.
    pub body: usize,
    /// Lines that are no header fields were skipped.
    pub junk: bool,
    /// There were more fields than the limit.
    pub too_many: bool,
}

impl<'a> Block<'a> {
    /// The raw value of the first field of that name.
    pub fn first(&self, name: &str) -> Option<&'a [u8]> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value)
    }
}

/// The line at `at` without its end, and the offset of the next one.
pub fn line_at(raw: &[u8], at: usize) -> (&[u8], usize) {
    let rest = raw.get(at..).unwrap_or_default();
    match memchr(b'\n', rest) {
        Some(end) => {
            let line = rest.get(..end).unwrap_or_default();
            (line.strip_suffix(b"\r").unwrap_or(line), at + end + 1)
        }
        None => (rest, raw.len()),
    }
}

/// Splits the block that starts at `start`; without an empty line behind it, it ends with `raw`.
pub fn split<'a>(raw: &'a [u8], start: usize) -> Block<'a> {
    let mut block = Block::default();
    let mut at = start;
    let mut open: Option<(&'a str, usize)> = None;
    let mut end = start;
    loop {
        let (line, next) = line_at(raw, at);
        let step = if at >= raw.len() { Step::End(at) } else { step(raw, line, at, next, open.is_some()) };
        let step = match step {
            Step::End(_) if !line.is_empty() && block.goes_on(raw, next, open) => Step::Junk,
            step => step,
        };
        if !matches!(step, Step::Fold | Step::Junk) {
            block.close(raw, open.take(), end);
        }
        match step {
            Step::Fold => end = at + line.len(),
            Step::Junk => block.junk = true,
            Step::Field(name, value_at) => {
                open = Some((name, value_at));
                end = at + line.len();
            }
            Step::End(body) => {
                block.body = body;
                return block;
            }
        }
        at = next;
    }
}

/// Lines of a value that lost its indentation.
const MAX_LOST_LINES: usize = 64;

impl<'a> Block<'a> {
    /// Headers that every mail has are still to come, before the next empty line: a long value was wrapped without indentation.
    fn goes_on(&self, raw: &[u8], mut at: usize, open: Option<(&str, usize)>) -> bool {
        let is_there =
            |name: &str| open.is_some_and(|(known, _)| known.eq_ignore_ascii_case(name)) || self.first(name).is_some();
        let missing =
            |names: &[&'static str]| -> Vec<&str> { names.iter().copied().filter(|name| !is_there(name)).collect() };
        let core = missing(&["From", "Subject"]);
        let others = missing(&["From", "Subject", "To", "Date", "Message-ID"]);
        // Without author and subject, one of them is enough; else it takes two that every mail has.
        let enough = if core.len() == 2 { 1 } else { 2 };
        let wanted = if core.len() == 2 { core } else { others };
        let mut seen = 0;
        for _ in 0..MAX_LOST_LINES {
            let (line, next) = line_at(raw, at);
            if line.is_empty() {
                return false;
            }
            seen += usize::from(
                field_name(line).is_some_and(|(name, _)| wanted.iter().any(|want| want.eq_ignore_ascii_case(name))),
            );
            if seen >= enough {
                return true;
            }
            at = next;
        }
        false
    }

    fn close(&mut self, raw: &'a [u8], open: Option<(&'a str, usize)>, end: usize) {
        let Some((name, start)) = open else { return };
        if self.fields.len() >= limits::MAX_HEADERS {
            self.too_many = true;
            return;
        }
        let spaced = start.checked_sub(2).and_then(|before| raw.get(before)).is_some_and(u8::is_ascii_whitespace);
        self.fields.push(Field { name, value: raw.get(start..end).unwrap_or_default(), spaced });
    }
}

enum Step<'a> {
    /// A name, and the offset of the value.
    Field(&'a str, usize),
    Fold,
    Junk,
    /// The block is over; the body starts at this offset.
    End(usize),
}

fn step<'a>(raw: &[u8], line: &'a [u8], at: usize, next: usize, open: bool) -> Step<'a> {
    if line.is_empty() {
        return Step::End(next);
    }
    if line.starts_with(b" ") || line.starts_with(b"\t") {
        let blank = line.iter().all(u8::is_ascii_whitespace);
        let (after, _) = line_at(raw, next);
        // A line of blanks folds (RFC 5322 §4.2), but what most often follows one is the body.
        return match blank && !is_fold(after) && field_name(after).is_none() {
            true => Step::End(next),
            false if open => Step::Fold,
            false => Step::Junk,
        };
    }
    if let Some((name, skip)) = field_name(line) {
        return Step::Field(name, at + skip);
    }
    // An mbox separator, a line that lost its indentation, or a body whose empty line is missing. It is taken for
    // the body, so that no words are lost, unless a header that one can be sure of follows.
    let (after, _) = line_at(raw, next);
    let mbox = line.starts_with(b"From ") || line.starts_with(b">From ");
    match mbox || field_name(after).is_some_and(|(name, _)| is_known(name)) {
        true => Step::Junk,
        false => Step::End(at),
    }
}

fn is_fold(line: &[u8]) -> bool {
    line.starts_with(b" ") || line.starts_with(b"\t")
}

/// The name of a field line and the length up to and with the colon. Blanks before the colon are obsolete
/// syntax (RFC 5322 §4.5.8).
fn field_name(line: &[u8]) -> Option<(&str, usize)> {
    let colon = memchr(b':', line.get(..limits::MAX_HEADER_NAME + 2).unwrap_or(line))?;
    let name = line.get(..colon)?.trim_ascii_end();
    let valid = !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic());
    Some((std::str::from_utf8(name).ok().filter(|_| valid)?, colon + 1))
}

/// Names that hardly occur as the first word of a sentence.
fn is_known(name: &str) -> bool {
    const PLAIN: [&str; 9] = ["Received", "From", "To", "Cc", "Subject", "Date", "Sender", "References", "Bcc"];
    name.contains('-') || PLAIN.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The value on one line: folds become one blank (RFC 5322 §2.2.3), ends are trimmed, the length is bounded.
pub fn unfold(value: &[u8]) -> Cow<'_, [u8]> {
    let value = value.get(..limits::MAX_HEADER_CHARS).unwrap_or(value).trim_ascii();
    if memchr(b'\n', value).is_none() {
        return Cow::Borrowed(value);
    }
    let mut flat = Vec::with_capacity(value.len());
    for line in value.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()) {
        if !flat.is_empty() {
            flat.push(b' ');
        }
        flat.extend_from_slice(line);
    }
    Cow::Owned(flat)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(raw: &str) -> (Vec<String>, String) {
        let block = split(raw.as_bytes(), 0);
        let text = |field: &Field| format!("{}={}", field.name, String::from_utf8_lossy(&unfold(field.value)));
        (block.fields.iter().map(text).collect(), raw.get(block.body..).unwrap().to_owned())
    }

    #[test]
    fn fields_folds_and_body() {
        let (fields, body) = names("From: a\r\nSubject : one\r\n\ttwo\r\n  three\r\n\r\nHello: you\r\n");
        assert_eq!(fields, ["From=a", "Subject=one two three"]);
        assert_eq!(body, "Hello: you\r\n");
    }

    #[test]
    fn a_missing_empty_line_loses_no_words() {
        let (fields, body) = names("Subject: x\nDear desk\nit does not work\n");
        assert_eq!(fields, ["Subject=x"]);
        assert_eq!(body, "Dear desk\nit does not work\n");
    }

    #[test]
    fn junk_between_headers_is_skipped() {
        let (fields, body) = names("Subject: x\nlost its indentation\nMessage-ID: <a@b>\n\nbody");
        assert_eq!(fields, ["Subject=x", "Message-ID=<a@b>"]);
        assert_eq!(body, "body");
    }

    #[test]
    fn a_value_wrapped_without_indentation_ends_nothing() {
        let (fields, body) = names("X-Mark: H4sIA\nIg5drOC\nPLL ggnEO\nFrom: a@b.test\nSubject: x\n\nbody");
        assert_eq!(fields, ["X-Mark=H4sIA", "From=a@b.test", "Subject=x"]);
        assert_eq!(body, "body");
        let (fields, body) = names("From: a@b.test\nSubject: x\nDear desk\nplease\nFrom: Monday on\n");
        assert_eq!((fields.len(), body.as_str()), (2, "Dear desk\nplease\nFrom: Monday on\n"));
    }

    #[test]
    fn a_line_of_blanks_ends_the_block_or_folds() {
        assert_eq!(names("A: x\n \nbody").1, "body");
        assert_eq!(names("A: x\n \nB-c: y\n\nbody").0, ["A=x", "B-c=y"]);
    }

    #[test]
    fn no_end_and_no_header() {
        assert_eq!(names(""), (vec![], String::new()));
        assert_eq!(names("A: x").0, ["A=x"]);
        assert_eq!(names("just words").1, "just words");
    }
}
