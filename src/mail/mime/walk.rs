//! Finds the parts of a mail.

use memchr::memmem;

use super::{
    Disposition, Part, Parts, Shape, fields,
    fields::{Block, line_at},
    params::Typed,
    transfer::Transfer,
};
use crate::mail::{headers, limits};

struct Open {
    part: usize,
    boundary: Vec<u8>,
    /// Its closing delimiter was seen; more of its parts may follow in broken mails.
    closed: bool,
}

/// A delimiter line of an open multipart.
struct Delimiter {
    /// Index in the stack of open multiparts.
    level: usize,
    closing: bool,
    /// Where the body in front of it ends.
    end: usize,
    /// Where the next line starts.
    next: usize,
}

struct Walker<'a> {
    raw: &'a [u8],
    stack: Vec<Open>,
    parts: Parts<'a>,
}

/// Finds the parts of a mail. Any bytes give at least one part.
pub fn parse(raw: &[u8]) -> Parts<'_> {
    let mut walker = Walker { raw, stack: Vec::new(), parts: Parts { list: Vec::new(), odd: Vec::new() } };
    walker.run();
    walker.parts
}

impl<'a> Walker<'a> {
    fn run(&mut self) {
        let mut at = headers::leading(self.raw);
        let mut parent = None;
        loop {
            let (mut leaf, body) = self.part(at, parent);
            let mut from = body;
            loop {
                let Some(found) = self.next_delimiter(from) else {
                    self.end_leaf(leaf, self.raw.len());
                    self.end_open(0, self.raw.len());
                    return;
                };
                self.end_leaf(leaf.take(), found.end);
                self.end_open(found.level + 1, found.end);
                from = found.next;
                if found.closing {
                    self.close(found.level, found.end);
                    continue;
                }
                let Some(open) = self.stack.get_mut(found.level) else { return };
                open.closed = false;
                parent = Some(open.part);
                at = found.next;
                break;
            }
            if self.parts.list.len() >= limits::MAX_PARTS {
                self.parts.odd.push(format!("more than {} parts: the rest is left out", limits::MAX_PARTS));
                self.end_open(0, self.raw.len());
                return;
            }
        }
    }

    /// Reads the header of a part. Gives its number if it is a leaf, and where its body starts.
    fn part(&mut self, start: usize, parent: Option<usize>) -> (Option<usize>, usize) {
        let stack = &self.stack;
        let block = fields::split(self.raw, start, |line| level(stack, line).is_some());
        let body_start = block.body;
        if block.too_many {
            self.parts.odd.push(format!("more than {} headers: the rest is left out", limits::MAX_HEADERS));
        }
        if block.junk {
            self.parts.odd.push("lines in the header that are no header".to_owned());
        }
        let index = self.parts.list.len();
        let mut part = self.describe(block, start, parent);
        part.body = self.raw.get(body_start..).unwrap_or_default();
        let boundary = part.kind().starts_with("multipart/").then(|| boundary(&part, index == 0)).flatten();
        let boundary = boundary.or_else(|| (index == 0 && !part.typed).then(|| undeclared(part.body)).flatten());
        let Some(boundary) = boundary else {
            self.parts.list.push(part);
            return (Some(index), body_start);
        };
        if self.stack.len() >= limits::MAX_DEPTH {
            self.parts
                .odd
                .push(format!("more than {} multiparts in each other: the inner ones stay closed", limits::MAX_DEPTH));
            self.parts.list.push(part);
            return (Some(index), body_start);
        }
        if !part.kind().starts_with("multipart/") {
            part.kind.value = "multipart/mixed".to_owned();
            self.parts.odd.push("a multipart without a header that says so".to_owned());
        }
        part.shape = Shape::Multipart;
        self.parts.list.push(part);
        self.stack.push(Open { part: index, boundary, closed: false });
        (None, body_start)
    }

    fn describe(&mut self, block: Block<'a>, start: usize, parent: Option<usize>) -> Part<'a> {
        let mut kind = block.first("Content-Type").map(Typed::of).unwrap_or_default();
        let typed = repair(&mut kind.value);
        if !typed {
            let digest = parent
                .and_then(|parent| self.parts.get(parent))
                .is_some_and(|around| around.kind() == "multipart/digest");
            kind.value = if digest { "message/rfc822" } else { "text/plain" }.to_owned();
        }
        let placing = block.first("Content-Disposition").map(Typed::of).unwrap_or_default();
        let disposition = match placing.value.as_str() {
            "attachment" => Disposition::Attachment,
            "inline" => Disposition::Inline,
            _ => Disposition::None,
        };
        let (transfer, unknown) = block
            .first("Content-Transfer-Encoding")
            .map(|value| Transfer::of(&fields::unfold(value)))
            .unwrap_or_default();
        if unknown {
            self.parts.odd.push("unknown Content-Transfer-Encoding: the bytes are taken as they are".to_owned());
        }
        let body_start = block.body;
        let depth = self.stack.len();
        let shape = Shape::Leaf;
        Part { block, shape, kind, typed, disposition, placing, transfer, body: &[], start, body_start, parent, depth }
    }

    fn next_delimiter(&self, mut at: usize) -> Option<Delimiter> {
        if self.stack.is_empty() {
            return None;
        }
        loop {
            let rest = self.raw.get(at..)?;
            let line_start = at == 0 || self.raw.get(at - 1) == Some(&b'\n');
            if !(line_start && rest.starts_with(b"--")) {
                at += memmem::find(rest, b"\n--")? + 1;
            }
            let (line, next) = line_at(self.raw, at);
            if let Some((level, closing)) = level(&self.stack, line) {
                let before = self.raw.get(..at).unwrap_or_default();
                let before = before.strip_suffix(b"\n").map_or(before, |text| text.strip_suffix(b"\r").unwrap_or(text));
                return Some(Delimiter { level, closing, end: before.len(), next });
            }
            at = next;
            if at >= self.raw.len() {
                return None;
            }
        }
    }

    fn end_leaf(&mut self, leaf: Option<usize>, end: usize) {
        let raw = self.raw;
        if let Some(part) = leaf.and_then(|index| self.parts.list.get_mut(index)) {
            part.body = raw.get(part.body_start..end).unwrap_or_default();
        }
    }

    /// Ends every open multipart from `level` inwards.
    fn end_open(&mut self, level: usize, end: usize) {
        while self.stack.len() > level {
            let Some(open) = self.stack.pop() else { return };
            let childless = !self.parts.list.iter().skip(open.part + 1).any(|part| part.parent == Some(open.part));
            if !open.closed && !childless {
                self.parts.odd.push("a multipart without its end".to_owned());
            }
            self.end_leaf(Some(open.part), end);
            if childless && let Some(part) = self.parts.list.get_mut(open.part) {
                // What holds no part is text, the way a reader without MIME would show it.
                part.shape = Shape::Leaf;
                part.kind.value = "text/plain".to_owned();
                self.parts.odd.push("a multipart without parts is shown as text".to_owned());
            }
        }
    }

    /// A closing delimiter. The outermost multipart stays known: parts that follow it by mistake are read too.
    fn close(&mut self, level: usize, end: usize) {
        if let Some(open) = self.stack.get_mut(level) {
            open.closed = true;
        }
        if level > 0 {
            self.end_open(level, end);
        }
    }
}

/// The innermost open multipart whose delimiter the line is, and whether it closes it (RFC 2046 §5.1.1).
fn level(stack: &[Open], line: &[u8]) -> Option<(usize, bool)> {
    let line = line.strip_prefix(b"--")?.trim_ascii_end();
    let matches = |open: &Open| {
        let tail = line.strip_prefix(open.boundary.as_slice())?;
        match tail {
            b"" => Some(false),
            b"--" => Some(true),
            _ => None,
        }
    };
    stack.iter().enumerate().rev().find_map(|(level, open)| Some((level, matches(open)?)))
}

/// Makes `type/subtype` of what stands there; `false` when nothing usable does.
fn repair(value: &mut String) -> bool {
    let fixed = match value.as_str() {
        "text" | "plain" | "plain/text" | "text/ascii" => "text/plain",
        "html" | "html/text" | "text/xhtml" | "application/xhtml+xml" | "text/htm" => "text/html",
        "multipart" => "multipart/mixed",
        "multipart/alternate" | "multipart/alternatives" => "multipart/alternative",
        other => {
            let token = |part: &str| {
                !part.is_empty()
                    && part.bytes().all(|byte| byte.is_ascii_graphic() && !b"()<>@,;:\\\"[]?=".contains(&byte))
            };
            return other.split_once('/').is_some_and(|(main, sub)| token(main) && token(sub) && !sub.contains('/'))
                && other.len() <= limits::MAX_HEADER_NAME;
        }
    };
    fixed.clone_into(value);
    true
}

/// The declared boundary; of the outermost multipart, the one in use if the declared one never occurs.
fn boundary(part: &Part<'_>, outermost: bool) -> Option<Vec<u8>> {
    let declared =
        part.kind.text("boundary", None).map(String::into_bytes).filter(|text| text.len() <= limits::MAX_BOUNDARY);
    let raw = part
        .kind
        .bytes("boundary")
        .map(<[u8]>::trim_ascii_end)
        .filter(|text| !text.is_empty() && text.len() <= limits::MAX_BOUNDARY);
    let declared = raw.map(<[u8]>::to_vec).or(declared);
    if !outermost {
        return declared;
    }
    let in_use = |boundary: &Vec<u8>| memmem::find(part.body, &[b"--", boundary.as_slice()].concat()).is_some();
    declared.clone().filter(in_use).or_else(|| undeclared(part.body)).or(declared)
}

/// A boundary that nobody declared: a line of `--` and a token, followed by a MIME header, near the start.
fn undeclared(body: &[u8]) -> Option<Vec<u8>> {
    let mut at = 0;
    for _ in 0..20 {
        let (line, next) = line_at(body, at);
        let token = line.strip_prefix(b"--").map(<[u8]>::trim_ascii_end);
        let token =
            token.filter(|token| !token.is_empty() && token.len() <= limits::MAX_BOUNDARY && !token.contains(&b' '));
        let (after, _) = line_at(body, next);
        if token.is_some() && after.get(..8).is_some_and(|name| name.eq_ignore_ascii_case(b"content-")) {
            return token.map(<[u8]>::to_vec);
        }
        if next >= body.len() {
            return None;
        }
        at = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(raw: &str) -> Vec<String> {
        let parts = parse(raw.as_bytes());
        let line = |part: &Part| {
            format!(
                "{}{} [{}]",
                " ".repeat(part.depth),
                part.kind(),
                String::from_utf8_lossy(part.body).replace("\r\n", "|")
            )
        };
        parts.list.iter().filter(|part| part.shape == Shape::Leaf).map(line).collect()
    }

    #[test]
    fn nested_multiparts() {
        let raw = "Content-Type: multipart/mixed; boundary=a\r\n\r\npreamble\r\n--a\r\nContent-Type: multipart/alternative; boundary=\"a b\"\r\n\r\n--a b\r\n\r\none\r\n--a b\r\nContent-Type: text/html\r\n\r\ntwo\r\n\r\n--a b--\r\n--a  \r\nContent-Type: image/png\r\n\r\nx\r\n--a--\r\nepilogue\r\n";
        assert_eq!(tree(raw), ["  text/plain [one]", "  text/html [two|]", " image/png [x]"]);
    }

    #[test]
    fn an_inner_end_may_be_missing() {
        let raw = "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=a1\n\n--a1\n\none\n--a\n\ntwo";
        assert_eq!(tree(raw), ["  text/plain [one]", " text/plain [two]"]);
        assert_eq!(parse(raw.as_bytes()).odd, ["a multipart without its end", "a multipart without its end"]);
    }

    #[test]
    fn boundaries_that_nobody_declared() {
        for head in ["multipart/mixed", "multipart/mixed; boundary=other"] {
            let raw = format!("Content-Type: {head}\n\n--x_1\nContent-Type: text/html\n\none\n--x_1--\n");
            assert_eq!(tree(&raw), [" text/html [one]"]);
        }
        assert_eq!(tree("Subject: s\n\n--x_1\nContent-Type: text/html\n\none\n--x_1--\n"), [" text/html [one]"]);
        assert_eq!(tree("Content-Type: multipart/mixed; boundary=a\n\njust text\n"), ["text/plain [just text\n]"]);
    }

    #[test]
    fn parts_after_the_end_are_read() {
        let raw = "Content-Type: multipart/mixed; boundary=a\n\n--a\n\none\n--a--\n--a\n\ntwo\n--a--\n";
        assert_eq!(tree(raw), [" text/plain [one]", " text/plain [two]"]);
    }

    #[test]
    fn depth_and_number_are_bounded() {
        let nest: String =
            (0..200).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
        let parts = parse(nest.as_bytes());
        assert!(parts.list.iter().all(|part| part.depth <= limits::MAX_DEPTH));
        let many = format!("Content-Type: multipart/mixed; boundary=a\n\n{}", "--a\n\nx\n".repeat(2_000));
        assert_eq!(parse(many.as_bytes()).list.len(), limits::MAX_PARTS);
    }
}
