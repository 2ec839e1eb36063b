//! What was done to a text on its way: percent escapes, quoted-printable, character references, tags, base64. Each layer is
//! undone in one pass, and a place in what was found leads back to its place in the text.

use std::ops::Range;
use std::sync::LazyLock;

use data_encoding::{Encoding, Specification};

/// Letters of base64 below which nothing of ours can be in it: a code has eleven octets.
const LEAST_ENCODED: usize = 16;
/// Up to this length base64 may begin anywhere, as in addresses that gateways rewrite; longer is a file's or a mail's body,
/// whose lines begin where its groups of four do.
const SHORT_ENCODED: usize = 2_048;
/// The longest character reference that is one, behind its first sign.
const MAX_REFERENCE: usize = 10;
/// The longest tag that is one.
const MAX_TAG: usize = 4_096;

/// A text with one layer undone, and where its stretches stood: from each `(place here, place there)` on one by one.
#[derive(Debug, Default)]
pub(in crate::desk) struct Undone {
    pub octets: Vec<u8>,
    stretches: Vec<(usize, usize)>,
    /// Where the text ends that this was made of.
    end: usize,
    /// Octets that one octet here stood for at most.
    longest: usize,
}

impl Undone {
    fn new(text: &[u8], longest: usize) -> Self {
        Self { octets: Vec::with_capacity(text.len()), stretches: Vec::new(), end: text.len(), longest }
    }

    /// Takes over `octet`, which stood at `at`.
    fn push(&mut self, octet: u8, at: usize) {
        let here = self.octets.len();
        if self.stretches.last().is_none_or(|(from, there)| there + (here - from) != at) {
            self.stretches.push((here, at));
        }
        self.octets.push(octet);
    }

    fn place(&self, here: usize) -> usize {
        if here >= self.octets.len() {
            return self.end;
        }
        let stretch = self.stretches.partition_point(|(from, _)| *from <= here).checked_sub(1);
        stretch.and_then(|at| self.stretches.get(at)).map_or(here, |(from, there)| there + (here - from))
    }

    /// Where a stretch stood in the text that this was made of.
    pub fn source(&self, here: &Range<usize>) -> Range<usize> {
        let last = self.place(here.end.saturating_sub(1));
        self.place(here.start)..self.place(here.end).clamp(last + 1, last + self.longest)
    }
}

/// Without percent escapes (RFC 3986 §2.1), quoted-printable (RFC 2045 §6.7) and numeric character references; `None` when
/// there is none.
pub(in crate::desk) fn unescaped(text: &[u8]) -> Option<Undone> {
    memchr::memchr3(b'%', b'=', b'&', text)?;
    let mut out = Undone::new(text, MAX_REFERENCE + 2);
    let (mut at, mut changed) = (0, false);
    while let Some(&octet) = text.get(at) {
        let rest = text.get(at + 1..).unwrap_or_default();
        let (put, taken) = match octet {
            b'%' | b'=' => escape(octet, rest),
            b'&' => reference(rest),
            other => (Some(other), 0),
        };
        changed |= taken > 0;
        if let Some(put) = put {
            out.push(put, at);
        }
        at += 1 + taken;
    }
    changed.then_some(out)
}

/// What `%XX` or `=XX` means, and how many octets behind the sign it takes; nothing for a soft line break.
fn escape(sign: u8, rest: &[u8]) -> (Option<u8>, usize) {
    match rest {
        [b'\n', ..] if sign == b'=' => (None, 1),
        [b'\r', b'\n', ..] if sign == b'=' => (None, 2),
        [high, low, ..] => match (digit(*high), digit(*low)) {
            (Some(high), Some(low)) => (Some(high << 4 | low), 2),
            _ => (Some(sign), 0),
        },
        _ => (Some(sign), 0),
    }
}

fn digit(letter: u8) -> Option<u8> {
    char::from(letter).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// The same for `&#98;` and `&#x62;`; what is no letter of a token becomes a blank.
fn reference(rest: &[u8]) -> (Option<u8>, usize) {
    let head = rest.get(..rest.len().min(MAX_REFERENCE)).unwrap_or_default();
    let end = memchr::memchr(b';', head).and_then(|end| head.get(..end));
    let Some(name) = end.and_then(|name| std::str::from_utf8(name).ok()) else { return (Some(b'&'), 0) };
    let number = match name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => name.strip_prefix('#').and_then(|decimal| decimal.parse().ok()),
    };
    let Some(number) = number else { return (Some(b'&'), 0) };
    (Some(u8::try_from(number).ok().filter(u8::is_ascii).unwrap_or(b' ')), name.len() + 1)
}

/// Without tags: a client may put one into the middle of a long word. `None` when there is none.
pub(in crate::desk) fn untagged(text: &[u8]) -> Option<Undone> {
    memchr::memchr(b'<', text)?;
    let mut out = Undone::new(text, 1);
    let (mut at, mut changed) = (0, false);
    while let Some(&octet) = text.get(at) {
        let tag = text.get(at..text.len().min(at + MAX_TAG)).filter(|_| octet == b'<').and_then(tag_length);
        changed |= tag.is_some();
        match tag {
            Some(length) => at += length,
            None => {
                out.push(octet, at);
                at += 1;
            }
        }
    }
    changed.then_some(out)
}

fn tag_length(text: &[u8]) -> Option<usize> {
    let named = text.get(1).is_some_and(|sign| sign.is_ascii_alphabetic() || matches!(sign, b'/' | b'!'));
    let end = memchr::memchr2(b'>', b'<', text.get(1..)?).map(|end| end + 1).filter(|_| named)?;
    (text.get(end) == Some(&b'>')).then_some(end + 1)
}

/// A stretch of base64 and what it says.
#[derive(Debug)]
pub(in crate::desk) struct Decoded {
    pub octets: Vec<u8>,
    /// Where its first letter is among those of `letters`.
    first: usize,
}

/// Letters of base64 that stand together, line breaks and quote marks left out.
#[derive(Debug)]
pub(in crate::desk) struct Encoded {
    letters: Undone,
}

impl Encoded {
    /// What the letters say, from every place where they may begin.
    pub fn decoded(&self) -> impl Iterator<Item = Decoded> {
        let phases = if self.letters.octets.len() <= SHORT_ENCODED { 4 } else { 1 };
        (0..phases).filter_map(|first| {
            let letters = self.letters.octets.get(first..)?;
            // One letter alone says nothing.
            let letters = letters.get(..letters.len() - usize::from(letters.len() % 4 == 1))?;
            let octets = BASE64.decode(letters).ok()?;
            Some(Decoded { octets, first })
        })
    }

    /// Where a stretch of what was decoded stood in the text.
    pub fn source(&self, decoded: &Decoded, here: &Range<usize>) -> Range<usize> {
        let letters = decoded.first + here.start / 3 * 4..decoded.first + here.end.div_ceil(3) * 4;
        let last = letters.end.min(self.letters.octets.len()).saturating_sub(1);
        self.letters.place(letters.start)..self.letters.place(last) + 1
    }
}

/// Base64 in both its alphabets (RFC 4648 §4, §5), without padding.
static BASE64: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    specification.translate.from.push_str("-_");
    specification.translate.to.push_str("+/");
    specification.check_trailing_bits = false;
    // The alphabet above is whole: this cannot fail.
    specification.encoding().unwrap_or(data_encoding::BASE64_NOPAD)
});

/// Hands out every stretch of base64. Lines of one stretch stand directly below each other.
pub(in crate::desk) fn each_encoded(text: &[u8], take: &mut dyn FnMut(&Encoded)) {
    let mut letters = Undone::default();
    let mut at = 0;
    while let Some(&octet) = text.get(at) {
        if is_encoded(octet) {
            letters.push(octet, at);
            at += 1;
            continue;
        }
        let next = next_line(text, at);
        let goes_on = next.is_some_and(|next| text.get(next).copied().is_some_and(is_encoded));
        let whole = letters.octets.len() % 4 == 0 || letters.octets.len() <= SHORT_ENCODED;
        at = next.filter(|_| goes_on).unwrap_or(at + 1);
        if !goes_on || !whole {
            hand_out(&mut letters, take);
        }
    }
    hand_out(&mut letters, take);
}

fn hand_out(letters: &mut Undone, take: &mut dyn FnMut(&Encoded)) {
    let found = std::mem::take(letters);
    if found.octets.len() >= LEAST_ENCODED {
        take(&Encoded { letters: found });
    }
}

fn is_encoded(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'-' | b'_')
}

/// Where the next line's own letters begin, behind quote marks and indentation.
fn next_line(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let line = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"))?;
    let marks = line.iter().take(MAX_MARKS).take_while(|octet| matches!(octet, b'>' | b' ' | b'\t')).count();
    Some(text.len() - line.len() + marks)
}

/// Quote marks and blanks before a line of base64.
const MAX_MARKS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_leads_back_to_where_it_stood() {
        let undone = unescaped(b"a%62c=\r\nd&#101;f").unwrap();
        assert_eq!(undone.octets, b"abcdef");
        assert_eq!([undone.source(&(1..2)), undone.source(&(2..4))], [1..4, 4..9]);
        assert!(unescaped(b"100 % = & <").is_none());
        let untagged = untagged(b"ab<wbr>cd <3").unwrap();
        assert_eq!((untagged.octets.as_slice(), untagged.source(&(1..3))), (b"abcd <3".as_slice(), 1..8));
    }

    #[test]
    fn base64_is_found_in_lines_and_in_addresses() {
        let said = b"https://help.example.test/reset/ and more words, so that it takes several lines of base64";
        let encoded = data_encoding::BASE64.encode(said);
        let (head, tail) = encoded.split_at(64);
        let quoted = format!("Content-Transfer-Encoding: base64\n\n> {head}\n> {tail}\n");
        let url = format!("https://gate.test/x/{}", encoded.trim_end_matches('='));
        for text in [quoted, url] {
            let mut found = false;
            each_encoded(text.as_bytes(), &mut |encoded| {
                found |= encoded.decoded().any(|decoded| {
                    let at = memchr::memmem::find(&decoded.octets, b"/reset/");
                    let place = at.map(|at| encoded.source(&decoded, &(at..at + 7)));
                    place.and_then(|place| text.get(place)).is_some_and(|place| encoded_has(&said[..], place))
                });
            });
            assert!(found, "{text}");
        }
    }

    /// Whether the letters that a place leads to are some of those of the whole.
    fn encoded_has(said: &[u8], place: &str) -> bool {
        data_encoding::BASE64.encode(said).contains(place.trim_matches(['>', ' ', '\n']))
    }
}
