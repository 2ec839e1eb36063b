//! Finds the parts of a mail.

use memchr::memmem::{self, Finder};

use super::fields::{self, Block, line_at};
use super::params::Typed;
use super::part::{Disposition, Part, Parts, Shape};
use super::transfer::Transfer;
use crate::mail::{headers, limits};

/// Finds the parts of a mail. Any bytes give at least one part.
pub fn parse(raw: &[u8]) -> Parts<'_> {
    let mut parts = Parts { list: Vec::new(), odd: Vec::new() };
    part(&mut parts, raw, headers::leading(raw), None, 0);
    parts
}

/// Reads the part that starts at `start` and ends with `raw`, and those inside of it: a delimiter of a multipart ends
/// whatever is open inside, so that one lost end loses no other part. Depth is bounded by [`limits::MAX_DEPTH`].
fn part<'a>(parts: &mut Parts<'a>, raw: &'a [u8], start: usize, parent: Option<usize>, depth: usize) {
    let block = fields::split(raw, start);
    if block.too_many {
        parts.odd.push(format!("more than {} headers: the rest is left out", limits::MAX_HEADERS));
    }
    if block.junk {
        parts.odd.push("lines in the header that are no header".to_owned());
    }
    let body = raw.get(block.body..).unwrap_or_default();
    let (mut part, typed) = describe(parts, block, body, parent);
    let boundary = match part.kind().starts_with("multipart/") {
        true => boundary(&part, depth == 0),
        false if depth == 0 && !typed => undeclared(body),
        false => None,
    };
    let index = parts.list.len();
    let Some(boundary) = boundary else { return parts.list.push(part) };
    if depth >= limits::MAX_DEPTH {
        let odd = format!("more than {} multiparts in each other: the inner ones stay closed", limits::MAX_DEPTH);
        parts.odd.push(odd);
        return parts.list.push(part);
    }
    if !part.kind().starts_with("multipart/") {
        part.kind.value = "multipart/mixed".to_owned();
        parts.odd.push("a multipart without a header that says so".to_owned());
    }
    part.shape = Shape::Multipart;
    parts.list.push(part);
    split(parts, body, &boundary, index, depth);
}

/// Reads the parts between the delimiters of a multipart. Parts that follow its end by mistake are read too.
fn split<'a>(parts: &mut Parts<'a>, body: &'a [u8], boundary: &[u8], index: usize, depth: usize) {
    let mark = [b"--", boundary].concat();
    let finder = Finder::new(&mark);
    let (mut open, mut ended, mut found, mut first) = (None, false, false, body.len());
    let mut at = 0;
    loop {
        let delimiter = delimiter(body, at, &finder);
        let end = delimiter.as_ref().map_or(body.len(), |delimiter| delimiter.end);
        if let Some(start) = open {
            if parts.list.len() >= limits::MAX_PARTS {
                parts.odd.push(format!("more than {} parts: the rest is left out", limits::MAX_PARTS));
                return;
            }
            part(parts, body.get(..end.max(start)).unwrap_or_default(), start, Some(index), depth + 1);
            found = true;
        }
        let Some(delimiter) = delimiter else { break };
        first = first.min(delimiter.end);
        ended = delimiter.closing;
        open = (!delimiter.closing).then_some(delimiter.next);
        at = delimiter.next;
    }
    if found && !ended {
        parts.odd.push("a multipart without its end".to_owned());
    }
    if !found && let Some(part) = parts.list.get_mut(index) {
        // What holds no part is text, the way a reader without MIME would show it; of the mail itself all of it.
        part.shape = Shape::Leaf;
        part.body = if depth == 0 { body } else { body.get(..first).unwrap_or_default() };
        part.kind.value = "text/plain".to_owned();
        parts.odd.push("a multipart without parts is shown as text".to_owned());
    }
}

fn describe<'a>(parts: &mut Parts<'a>, block: Block<'a>, body: &'a [u8], parent: Option<usize>) -> (Part<'a>, bool) {
    let mut kind = block.first("Content-Type").map(Typed::of).unwrap_or_default();
    let typed = repair(&mut kind.value);
    if !typed {
        let digest =
            parent.and_then(|parent| parts.get(parent)).is_some_and(|around| around.kind() == "multipart/digest");
        kind.value = if digest { "message/rfc822" } else { "text/plain" }.to_owned();
    }
    let placing = block.first("Content-Disposition").map(Typed::of).unwrap_or_default();
    let disposition = match placing.value.as_str() {
        "attachment" => Disposition::Attachment,
        "inline" => Disposition::Inline,
        _ => Disposition::None,
    };
    let encoding = block.first("Content-Transfer-Encoding").map(|value| Transfer::of(&fields::unfold(value)));
    let (transfer, unknown) = encoding.unwrap_or_default();
    if unknown {
        parts.odd.push("unknown Content-Transfer-Encoding: the bytes are taken as they are".to_owned());
    }
    (Part { block, shape: Shape::Leaf, kind, disposition, placing, transfer, body, parent }, typed)
}

/// A delimiter line (RFC 2046 §5.1.1).
struct Delimiter {
    closing: bool,
    /// Where the part in front of it ends.
    end: usize,
    /// Where the next line starts.
    next: usize,
}

fn delimiter(body: &[u8], mut from: usize, mark: &Finder<'_>) -> Option<Delimiter> {
    loop {
        let at = from + mark.find(body.get(from..)?)?;
        let (line, next) = line_at(body, at);
        // What is found within a line, or goes on behind the mark, is no delimiter; nothing else in this line is one
        // either. Each octet is so compared once, whatever the mark repeats of itself.
        from = next;
        let before = body.get(..at).unwrap_or_default();
        if !(before.is_empty() || before.ends_with(b"\n")) {
            continue;
        }
        let closing = match line.get(mark.needle().len()..).map(<[u8]>::trim_ascii_end) {
            Some(b"") => false,
            Some(b"--") => true,
            _ => continue,
        };
        let before = before.strip_suffix(b"\n").unwrap_or(before);
        let end = before.strip_suffix(b"\r").unwrap_or(before).len();
        return Some(Delimiter { closing, end, next });
    }
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

    fn depth(parts: &Parts, part: &Part) -> usize {
        part.parent.and_then(|parent| parts.get(parent)).map_or(0, |parent| 1 + depth(parts, parent))
    }

    fn tree(raw: &str) -> Vec<String> {
        let parts = parse(raw.as_bytes());
        let line = |part: &Part| {
            format!(
                "{}{} [{}]",
                " ".repeat(depth(&parts, part)),
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
        assert!(parts.list.iter().all(|part| depth(&parts, part) <= limits::MAX_DEPTH));
        let many = format!("Content-Type: multipart/mixed; boundary=a\n\n{}", "--a\n\nx\n".repeat(2_000));
        assert_eq!(parse(many.as_bytes()).list.len(), limits::MAX_PARTS);
    }
}
