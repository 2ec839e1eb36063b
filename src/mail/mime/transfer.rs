//! Content-Transfer-Encodings (RFC 2045 §6), decoded as leniently as the damage seen in practice asks for.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// How a part's body is packed for transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transfer {
    /// 7bit, 8bit, binary, none, or one that nobody knows: the bytes as they are.
    #[default]
    Identity,
    /// RFC 2045 §6.8.
    Base64,
    /// RFC 2045 §6.7.
    QuotedPrintable,
    /// `x-uuencode` and its spellings: what Unix and Outlook wrote before MIME.
    Uuencode,
}

impl Transfer {
    /// Reads a header value; the flag tells that it names an encoding that nobody knows.
    pub fn of(value: &[u8]) -> (Self, bool) {
        let end = value.iter().position(|&byte| matches!(byte, b';' | b'(')).unwrap_or(value.len());
        let name: String = value
            .get(..end)
            .unwrap_or_default()
            .iter()
            .filter(|byte| byte.is_ascii_alphanumeric())
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .take(32)
            .collect();
        match name.as_str() {
            "base64" | "b64" => (Self::Base64, false),
            "quotedprintable" | "qp" => (Self::QuotedPrintable, false),
            "xuuencode" | "uuencode" | "xuue" | "uue" => (Self::Uuencode, false),
            "" | "7bit" | "7bits" | "8bit" | "8bits" | "binary" | "none" | "plain" => (Self::Identity, false),
            _ => (Self::Identity, true),
        }
    }

    /// Unpacks a body; the flag tells that it was damaged. Never longer than the input.
    pub fn decode(self, body: &[u8]) -> (Cow<'_, [u8]>, bool) {
        match self {
            Self::Identity => (Cow::Borrowed(body), false),
            Self::QuotedPrintable => quoted_printable(body),
            Self::Base64 => match base64(body) {
                (decoded, odd) if odd * 20 <= body.len() => (Cow::Owned(decoded), odd > 0),
                // More than one byte in twenty does not belong into base64: text that was declared wrongly.
                _ => (Cow::Borrowed(body), true),
            },
            Self::Uuencode => match uuencoded(body) {
                Some(file) => (Cow::Owned(file.content), false),
                None => (Cow::Borrowed(body), true),
            },
        }
    }
}

const OTHER: u8 = 0xff;
const BLANK: u8 = 0xfe;
const PAD: u8 = 0xfd;

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn table() -> [u8; 256] {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [OTHER; 256];
    let mut i = 0;
    while i < 64 {
        table[ALPHABET[i] as usize] = i as u8;
        i += 1;
    }
    table[b'\r' as usize] = BLANK;
    table[b'\n' as usize] = BLANK;
    table[b'=' as usize] = PAD;
    table
}

static TABLE: [u8; 256] = table();

fn value(byte: u8) -> u8 {
    TABLE.get(usize::from(byte)).copied().unwrap_or(OTHER)
}

/// Decodes base64 and counts the bytes that do not belong there. Padding in the middle starts anew, as it must
/// where a gateway glued two encodings together.
pub fn base64(body: &[u8]) -> (Vec<u8>, usize) {
    let mut out = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let (mut bits, mut count, mut odd) = (0u32, 0u8, 0usize);
    let mut rest = body;
    while !rest.is_empty() {
        if count == 0 {
            rest = whole_groups(rest, &mut out);
        }
        let Some((&byte, tail)) = rest.split_first() else { break };
        rest = tail;
        match value(byte) {
            BLANK => {}
            PAD => flush(&mut out, &mut bits, &mut count),
            OTHER => odd += 1,
            six => {
                bits = bits << 6 | u32::from(six);
                count += 1;
                if count == 4 {
                    out.extend_from_slice(bits.to_be_bytes().get(1..).unwrap_or_default());
                    (bits, count) = (0, 0);
                }
            }
        }
    }
    flush(&mut out, &mut bits, &mut count);
    (out, odd)
}

fn whole_groups<'a>(mut rest: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    while let [a, b, c, d, tail @ ..] = rest {
        let (a, b, c, d) = (value(*a), value(*b), value(*c), value(*d));
        if a | b | c | d >= 64 {
            break;
        }
        let [_, x, y, z] = (u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d)).to_be_bytes();
        out.extend_from_slice(&[x, y, z]);
        rest = tail;
    }
    rest
}

fn flush(out: &mut Vec<u8>, bits: &mut u32, count: &mut u8) {
    match *count {
        2 => out.push((*bits >> 4) as u8),
        3 => out.extend_from_slice(&[(*bits >> 10) as u8, (*bits >> 2) as u8]),
        _ => {}
    }
    (*bits, *count) = (0, 0);
}

fn hex(byte: Option<&u8>) -> Option<u8> {
    byte.and_then(|&byte| char::from(byte).to_digit(16)).map(|digit| digit as u8)
}

/// Decodes quoted-printable. `=` that starts no code stays as it is, as every mail client does.
pub fn quoted_printable(body: &[u8]) -> (Cow<'_, [u8]>, bool) {
    if memchr(b'=', body).is_none() {
        return (Cow::Borrowed(body), false);
    }
    let mut out = Vec::with_capacity(body.len());
    let mut odd = false;
    // Blanks at the end of a line were added in transport (RFC 2045 §6.7 rule 3), encoded ones were not.
    let mut keep = 0;
    let mut rest = body;
    while let Some(at) = memchr2(b'=', b'\n', rest) {
        let (plain, tail) = rest.split_at(at);
        out.extend_from_slice(plain);
        rest = tail.get(1..).unwrap_or_default();
        if tail.first() == Some(&b'\n') {
            end_line(&mut out, keep);
            keep = out.len();
        } else if let (Some(high), Some(low)) = (hex(rest.first()), hex(rest.get(1))) {
            out.push(high << 4 | low);
            keep = out.len();
            rest = rest.get(2..).unwrap_or_default();
        } else if let Some(skip) = soft_break(rest) {
            keep = out.len();
            rest = rest.get(skip..).unwrap_or_default();
        } else {
            odd = true;
            out.push(b'=');
            keep = out.len();
        }
    }
    out.extend_from_slice(rest);
    (Cow::Owned(out), odd)
}

fn end_line(out: &mut Vec<u8>, keep: usize) {
    let returned = out.len() > keep && out.last() == Some(&b'\r');
    if returned {
        out.pop();
    }
    while out.len() > keep && matches!(out.last(), Some(b' ' | b'\t')) {
        out.pop();
    }
    out.extend_from_slice(if returned { b"\r\n" } else { b"\n" });
}

/// The length of a soft line break behind `=`: blanks added in transport and the line end, or the end of the part.
fn soft_break(rest: &[u8]) -> Option<usize> {
    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
    match rest.get(blanks) {
        None => Some(blanks),
        Some(b'\n') => Some(blanks + 1),
        Some(_) => None,
    }
}

/// A file found in uuencoded form, and where it stood.
#[derive(Debug, PartialEq, Eq)]
pub struct UuFile {
    /// The name as written.
    pub name: Vec<u8>,
    /// The decoded content.
    pub content: Vec<u8>,
    /// Offset of the `begin` line.
    pub start: usize,
    /// Offset behind the `end` line.
    pub end: usize,
}

/// The first uuencoded file (POSIX `uuencode`): `begin 644 name`, lines whose first byte tells their length, `end`.
pub fn uuencoded(body: &[u8]) -> Option<UuFile> {
    let mut at = 0;
    while at < body.len() {
        let (line, next) = super::fields::line_at(body, at);
        if let Some(name) = uu_begin(line)
            && let Some((content, end)) = uu_lines(body, next)
        {
            return Some(UuFile { name: name.to_vec(), content, start: at, end });
        }
        at += memchr::memmem::find(body.get(at..)?, b"\nbegin ")? + 1;
    }
    None
}

fn uu_begin(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"begin ")?;
    let (mode, name) = (rest.get(..3)?, rest.get(4..)?.trim_ascii());
    (mode.iter().all(|digit| (b'0'..b'8').contains(digit)) && rest.get(3) == Some(&b' ') && !name.is_empty())
        .then_some(name)
}

fn uu_lines(body: &[u8], mut at: usize) -> Option<(Vec<u8>, usize)> {
    let mut content = Vec::new();
    while at < body.len() {
        let (line, next) = super::fields::line_at(body, at);
        if line == b"end" {
            return Some((content, next));
        }
        uu_line(line, &mut content)?;
        at = next;
    }
    None
}

fn uu_line(line: &[u8], content: &mut Vec<u8>) -> Option<()> {
    let six = |byte: u8| (b' '..=b'`').contains(&byte).then_some(byte.wrapping_sub(32) & 63);
    let Some((&first, data)) = line.split_first() else { return Some(()) };
    let length = usize::from(six(first)?);
    // Trailing blanks may have been lost in transport, a checksum byte may follow; anything else is no uuencode.
    if data.len() > length.div_ceil(3) * 4 + 2 || data.len() + 4 < length * 4 / 3 {
        return None;
    }
    let start = content.len();
    for group in data.chunks(4) {
        let mut bits = 0u32;
        for place in 0..4 {
            bits = bits << 6 | u32::from(group.get(place).map_or(Some(0), |&byte| six(byte))?);
        }
        content.extend_from_slice(bits.to_be_bytes().get(1..)?);
    }
    content.resize(start + length, 0);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn qp(text: &str) -> String {
        String::from_utf8(quoted_printable(text.as_bytes()).0.into_owned()).unwrap()
    }

    #[test]
    fn quoted_printable_rules() {
        assert_eq!(qp("a=3Db=\r\nc  \r\nd=20\r\ne"), "a=bc\r\nd \r\ne");
        assert_eq!(qp("soft= \t\nbreak"), "softbreak");
        assert_eq!(qp("1 + 1 = 2, =ZZ and ="), "1 + 1 = 2, =ZZ and ");
        assert_eq!(quoted_printable(b"=e4=E4").0.as_ref(), b"\xe4\xe4");
    }

    #[test]
    fn base64_rules() {
        assert_eq!(base64(b"SGVs\r\nbG8=\r\n"), (b"Hello".to_vec(), 0));
        assert_eq!(base64(b"SGVsbG8=SGVsbG8"), (b"HelloHello".to_vec(), 0));
        assert_eq!(base64(b"SGVs!bG8"), (b"Hello".to_vec(), 1));
    }

    #[test]
    fn text_declared_base64_stays_text() {
        let text = b"Dear desk, my key does not work.";
        assert_eq!(Transfer::Base64.decode(text), (Cow::Borrowed(&text[..]), true));
    }

    #[test]
    fn spellings() {
        assert_eq!(Transfer::of(b" \"Quoted_Printable\" ; x"), (Transfer::QuotedPrintable, false));
        assert_eq!(Transfer::of(b"BASE64 (comment)"), (Transfer::Base64, false));
        assert_eq!(Transfer::of(b"rot13"), (Transfer::Identity, true));
    }

    #[test]
    fn uuencode_in_text() {
        let text = b"Hello\nbegin 644 cat.txt\n#0V%T\n`\nend\nBye\n";
        let file = uuencoded(text).unwrap();
        assert_eq!((file.name.as_slice(), file.content.as_slice()), (&b"cat.txt"[..], &b"Cat"[..]));
        assert_eq!((&text[..file.start], &text[file.end..]), (&b"Hello\n"[..], &b"Bye\n"[..]));
        assert_eq!(uuencoded(b"begin 644 words\nThis is a sentence of many words, and no data at all.\nend\n"), None);
    }
}
