//! Decodes every part once, and decides which of them are the words of the mail.

use std::borrow::Cow;

use crate::mail::invisible::BYTE_ORDER_MARK;
use crate::mail::{
    charset, limits,
    mime::{Disposition, Part, Parts, Shape, uuencode},
};

use super::{armour, flowed};

/// What a part holds.
#[derive(Debug)]
pub enum Content<'a> {
    /// Words of the mail, ready to read: `\n` line ends, no control characters.
    Plain(String),
    /// Words of the mail as HTML.
    Html(String),
    /// A file.
    Data(Cow<'a, [u8]>),
    /// A multipart.
    Parts,
}

/// A file that was packed into the text of a part.
#[derive(Debug)]
pub struct Packed {
    /// The name as declared.
    pub name: String,
    /// The decoded content.
    pub content: Vec<u8>,
}

/// The decoded parts of a mail.
#[derive(Debug)]
pub struct Contents<'a> {
    /// One entry a part.
    pub list: Vec<Content<'a>>,
    /// Files found inside of text parts.
    pub packed: Vec<Packed>,
}

/// Decodes the parts of a mail.
pub fn decode<'a>(parts: &Parts<'a>, warnings: &mut Vec<String>) -> Contents<'a> {
    let words = words(parts);
    let mut contents = Contents { list: Vec::with_capacity(parts.list.len()), packed: Vec::new() };
    for (index, part) in parts.list.iter().enumerate() {
        let content = match part.shape {
            Shape::Multipart => Content::Parts,
            Shape::Leaf => {
                let (bytes, damaged) = part.transfer.decode(part.body);
                if damaged {
                    warnings.push(format!("part {index}: damaged {:?} encoding", part.transfer));
                }
                match words.get(index) {
                    Some(true) => text(part, index, bytes, &mut contents.packed, warnings),
                    _ => Content::Data(bytes),
                }
            }
        };
        contents.list.push(content);
    }
    contents
}

/// Which parts are words: unnamed text that does not ask to be a file. If there is none, text that is a file only by
/// its name, and then a mail that is nothing but one text.
fn words(parts: &Parts<'_>) -> Vec<bool> {
    let text = |part: &Part<'_>| part.shape == Shape::Leaf && is_text(part.kind());
    let found: Vec<bool> = parts
        .list
        .iter()
        .map(|part| text(part) && part.disposition != Disposition::Attachment && !part.is_named())
        .collect();
    if found.contains(&true) {
        return found;
    }
    let named: Vec<bool> =
        parts.list.iter().map(|part| text(part) && part.disposition != Disposition::Attachment).collect();
    if named.contains(&true) || parts.list.len() > 1 {
        return named;
    }
    parts.list.iter().map(text).collect()
}

fn is_text(kind: &str) -> bool {
    matches!(kind, "text/plain" | "text/html" | "text/enriched" | "text/richtext" | "text/markdown" | "text/x-markdown")
}

fn text<'a>(
    part: &Part<'a>,
    index: usize,
    bytes: Cow<'a, [u8]>,
    packed: &mut Vec<Packed>,
    warnings: &mut Vec<String>,
) -> Content<'a> {
    let plain = part.kind() != "text/html";
    let bytes = if plain { unpack(bytes, packed) } else { bytes };
    let declared = part.charset();
    let decoded = charset::decode(&bytes, declared.as_deref());
    if let Some(odd) = decoded.odd {
        warnings.push(format!("part {index}: {odd}"));
    }
    if !plain || is_html_source(&decoded.text) {
        return Content::Html(html_charset(&bytes, declared.as_deref()).unwrap_or_else(|| decoded.text.into_owned()));
    }
    if memchr::memchr(0, decoded.text.as_bytes()).is_some() {
        warnings.push(format!("part {index}: NUL characters are left out"));
    }
    let mut text = tidy(&decoded.text);
    if part.kind.token("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed")) {
        let delete_space = part.kind.token("delsp").is_some_and(|delsp| delsp.eq_ignore_ascii_case("yes"));
        text = flowed::unwrap(&text, delete_space);
    }
    if matches!(part.kind(), "text/enriched" | "text/richtext") {
        text = without_commands(&text);
    }
    if let Some(shown) = armour::show(&text, warnings) {
        text = shown;
    }
    Content::Plain(text)
}

/// HTML says its charset inside, at times, when the header does not.
fn html_charset(bytes: &[u8], declared: Option<&str>) -> Option<String> {
    if declared.is_some() || bytes.is_ascii() || std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let head = bytes.get(..limits::CHARSET_SAMPLE.min(bytes.len()))?;
    let at = memchr::memmem::find(head, b"charset=")?;
    let label: Vec<u8> =
        head.iter().skip(at + 8).copied().skip_while(|byte| matches!(byte, b'"' | b'\'')).take(40).collect();
    let label = String::from_utf8_lossy(&label);
    let label = label.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').next()?;
    Some(charset::decode(bytes, Some(label)).text.into_owned())
}

/// Files that were uuencoded into the text, as mailers did before MIME.
fn unpack<'a>(bytes: Cow<'a, [u8]>, packed: &mut Vec<Packed>) -> Cow<'a, [u8]> {
    if memchr::memmem::find(&bytes, b"begin ").is_none() {
        return bytes;
    }
    let mut rest: &[u8] = &bytes;
    let mut kept = Vec::new();
    while packed.len() < limits::MAX_UNPACKED
        && let Some(file) = uuencode::find(rest)
    {
        kept.extend_from_slice(rest.get(..file.start).unwrap_or_default());
        rest = rest.get(file.end..).unwrap_or_default();
        packed.push(Packed { name: charset::header(&file.name, None), content: file.content });
    }
    if kept.is_empty() && rest.len() == bytes.len() {
        return bytes;
    }
    kept.extend_from_slice(rest);
    Cow::Owned(kept)
}

/// Some generators send the HTML source as the plain text.
fn is_html_source(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(14).collect::<String>().to_ascii_lowercase();
    ["<html", "<!doctype html", "<body", "<head>"].iter().any(|tag| start.starts_with(tag))
}

/// `\n` line ends, and none of the control characters that a terminal or a database might take amiss.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    for (number, piece) in text.split('\r').enumerate() {
        // A lone CR ends a line, too.
        if number > 0 && !piece.starts_with('\n') {
            out.push('\n');
        }
        let control = |byte: u8| byte < 0x20 && byte != b'\n' && byte != b'\t' || byte == 0x7f || byte == 0xc2;
        if piece.bytes().fold(false, |found, byte| found | control(byte)) {
            out.extend(piece.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')));
        } else {
            out.push_str(piece);
        }
    }
    out
}

/// Without the commands of `text/enriched` (RFC 1896): `<bold>`, `<param>…</param>`; `<<` is a `<`.
fn without_commands(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, tail)) = rest.split_once('<') {
        out.push_str(plain);
        rest = match (tail.strip_prefix('<'), tail.strip_prefix("param>")) {
            (Some(after), _) => {
                out.push('<');
                after
            }
            (None, Some(param)) => param.split_once("</param>").map_or("", |(_, after)| after),
            (None, None) => tail.split_once('>').map_or("", |(_, after)| after),
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidy_text() {
        assert_eq!(tidy("\u{feff}a\r\nb\rc\0\u{1b}[31md\te\u{85}\r\r\n"), "a\nb\nc[31md\te\n\n");
        assert_eq!(tidy("ä\u{a0}b"), "ä\u{a0}b");
    }

    #[test]
    fn enriched_text() {
        assert_eq!(without_commands("<bold>a</bold> <<b <color><param>red</param>c</color>"), "a <b c");
    }
}
