//! `Content-Type` and `Content-Disposition`: a value and its parameters (RFC 2045 §5.1, RFC 2183, RFC 2231).
//!
//! Parameters keep their bytes, because what charset a raw 8-bit file name is in shows only later.

use memchr::{memchr, memchr2};

use super::fields::unfold;
use crate::mail::{charset, encoded_word, limits};

/// A value such as `text/plain` with its parameters.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The value in lower case, without comments; empty when there is none.
    pub value: String,
    params: Vec<(String, Vec<u8>)>,
}

impl Typed {
    /// Reads a raw header value.
    pub fn of(raw: &[u8]) -> Self {
        let line = unfold(raw);
        let mut pieces = Pieces { rest: &line, unquoted: false };
        let head = pieces.next();
        let mut words = head.split(|byte| byte.is_ascii_whitespace() || *byte == b'(').filter(|word| !word.is_empty());
        let value = String::from_utf8_lossy(words.next().unwrap_or_default()).to_ascii_lowercase();
        let mut typed = Self { value: value.trim_matches(['"', '\'', ',', '<', '>']).to_owned(), params: Vec::new() };
        if typed.value.contains('=') && !typed.value.contains('/') {
            // The value itself is missing: `; charset=utf-8`.
            typed.value.clear();
            pieces.rest = &line;
        } else if let Some(word) = words.find(|word| word.contains(&b'=')) {
            // The semicolon in front of the first parameter is missing.
            typed.param(word);
        }
        while !pieces.rest.is_empty() && typed.params.len() < limits::MAX_PARAMS {
            typed.param(pieces.next());
        }
        typed
    }

    /// Adds `name=value`; several where the semicolons between them are missing (`charset=utf-8 format=flowed`: tokens
    /// hold no blanks, so a second parameter follows one).
    fn param(&mut self, param: &[u8]) {
        let mut rest = Some(param);
        while let Some(param) = rest.take().filter(|_| self.params.len() < limits::MAX_PARAMS) {
            let Some(equals) = param.iter().position(|&byte| byte == b'=') else { return };
            let (name, value) = param.split_at(equals);
            let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
            if name.is_empty() || name.len() > limits::MAX_HEADER_NAME {
                return;
            }
            let mut value = value.get(1..).unwrap_or_default().trim_ascii();
            let is_token = !value.starts_with(b"\"") && !name.starts_with("name") && !name.starts_with("filename");
            if let Some(blank) = value.iter().position(u8::is_ascii_whitespace).filter(|_| is_token) {
                let (first, tail) = value.split_at(blank);
                if tail.contains(&b'=') {
                    (value, rest) = (first, Some(tail));
                }
            }
            self.params.push((name, unquote(value)));
        }
    }

    /// The first parameter of exactly that name.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_slice())
    }

    /// An ASCII parameter, such as a charset.
    pub fn token(&self, name: &str) -> Option<String> {
        let value = match self.bytes(name) {
            Some(value) => String::from_utf8_lossy(value).into_owned(),
            None => self.sections(name, None)?,
        };
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// A parameter that people read, such as a file name: RFC 2231 sections, else RFC 2047 words, percent codes
    /// and raw text, as found in practice. `hint` is the charset that raw 8-bit text may be in.
    pub fn text(&self, name: &str, hint: Option<&str>) -> Option<String> {
        let raw = match self.sections(name, hint) {
            Some(text) => text,
            None => charset::header(self.bytes(name)?, hint),
        };
        let text = percent(&encoded_word::decode(raw.trim()));
        (!text.trim().is_empty()).then_some(text)
    }

    /// Joins `name*`, `name*0`, `name*1*`… (RFC 2231 §3 and §4).
    fn sections(&self, name: &str, hint: Option<&str>) -> Option<String> {
        let mut list: Vec<(usize, bool, &[u8])> = Vec::new();
        for (key, value) in &self.params {
            let Some(rest) = key.strip_prefix(name).and_then(|rest| rest.strip_prefix('*')) else { continue };
            let (number, coded) = match rest.strip_suffix('*') {
                Some(number) => (number, true),
                None => (rest, rest.is_empty()),
            };
            let place = if number.is_empty() { 0 } else { number.parse().ok()? };
            list.push((place, coded, value));
        }
        list.sort_by_key(|(place, ..)| *place);
        list.dedup_by_key(|(place, ..)| *place);
        let (_, coded, first) = *list.first()?;
        let (label, first) = if coded { charset_of(first) } else { (None, first) };
        let mut bytes = Vec::new();
        for (index, (_, coded, value)) in list.iter().enumerate() {
            let value = if index == 0 { first } else { value };
            if *coded { unpercent(value, &mut bytes) } else { bytes.extend_from_slice(value) }
        }
        Some(match label {
            Some(label) => charset::decode(&bytes, Some(&label)).text.into_owned(),
            None => charset::header(&bytes, hint),
        })
    }
}

/// `charset'language'text`; mailers that leave the quotes out mean UTF-8.
fn charset_of(value: &[u8]) -> (Option<String>, &[u8]) {
    let mut pieces = value.splitn(3, |&byte| byte == b'\'');
    match (pieces.next(), pieces.next(), pieces.next()) {
        (Some(label), Some(_), Some(text)) if label.len() <= 40 => {
            (Some(String::from_utf8_lossy(label).into_owned()).filter(|label| !label.is_empty()), text)
        }
        _ => (None, value),
    }
}

fn unpercent(value: &[u8], out: &mut Vec<u8>) {
    let digit = |byte: Option<&u8>| byte.and_then(|&byte| char::from(byte).to_digit(16)).map(|digit| digit as u8);
    let mut rest = value;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = match (byte, digit(tail.first()), digit(tail.get(1))) {
            (b'%', Some(high), Some(low)) => {
                out.push(high << 4 | low);
                tail.get(2..).unwrap_or_default()
            }
            _ => {
                out.push(byte);
                tail
            }
        };
    }
}

/// Names that web forms percent-encode without saying so. A name is only taken for one if it has no letter that would have
/// become a code, every `%` starts one, and the result is UTF-8 with a blank or a letter outside of ASCII: `100%25.txt` may be meant as it is.
fn percent(name: &str) -> String {
    let codes = name.matches('%').count();
    let hex = |piece: &str| piece.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    if codes == 0
        || !name.is_ascii()
        || name.contains(' ')
        || name.split('%').skip(1).filter(|piece| hex(piece)).count() != codes
    {
        return name.to_owned();
    }
    let mut bytes = Vec::with_capacity(name.len());
    unpercent(name.as_bytes(), &mut bytes);
    match String::from_utf8(bytes) {
        Ok(text) if text.contains(' ') || !text.is_ascii() => text,
        _ => name.to_owned(),
    }
}

/// What is left of a value, cut at the semicolons outside of quotes and encoded words.
struct Pieces<'a> {
    rest: &'a [u8],
    /// A quote was never closed: the others are characters like any other. Without this each would be looked for to the
    /// end of the line.
    unquoted: bool,
}

impl<'a> Pieces<'a> {
    fn next(&mut self) -> &'a [u8] {
        let line = self.rest;
        let (mut at, mut in_word_to) = (0, 0);
        while let Some(found) = line.get(at..).and_then(|rest| memchr2(b';', b'"', rest)) {
            let here = at + found;
            at = here + 1;
            if line.get(here) == Some(&b'"') {
                if !self.unquoted {
                    let end = quote_end(line, at);
                    self.unquoted = end.is_none();
                    // An unclosed quote ends at the next semicolon.
                    at = end.unwrap_or(at);
                }
            } else if here >= in_word_to {
                let before = line.get(..here).unwrap_or_default();
                if !in_word(before) {
                    self.rest = line.get(at..).unwrap_or_default();
                    return before;
                }
                // Nothing but a `?` ends or begins a word.
                in_word_to = line.get(here..).and_then(|rest| memchr(b'?', rest)).map_or(line.len(), |to| here + to);
            }
        }
        self.rest = &[];
        line
    }
}

/// The parameter value so far is an encoded word that is still open (`name==?utf-8?Q?a;b?=`).
fn in_word(before: &[u8]) -> bool {
    match memchr::memmem::rfind(before, b"=?") {
        Some(start) => before.get(start + 2..).is_some_and(|word| {
            memchr::memmem::find(word, b"?=").is_none() && word.iter().filter(|&&byte| byte == b'?').count() == 2
        }),
        None => false,
    }
}

/// Behind the closing quote, if there is one.
fn quote_end(line: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    while let Some(found) = line.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        let here = at + found;
        if line.get(here) == Some(&b'"') {
            return Some(here + 1);
        }
        at = here + 2;
    }
    None
}

/// Without quotes. Only `\"` and `\\` are escapes here: `"C:\new\file.txt"` is what Windows mailers mean.
fn unquote(value: &[u8]) -> Vec<u8> {
    let Some(inner) = value.strip_prefix(b"\"") else {
        let single = value.strip_prefix(b"'").and_then(|inner| inner.strip_suffix(b"'"));
        return single.unwrap_or(value).to_vec();
    };
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match (byte, bytes.peek()) {
            (b'"', _) => break,
            (b'\\', Some(&next @ (b'"' | b'\\'))) => {
                out.push(next);
                bytes.next();
            }
            _ => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(value: &[u8]) -> Option<String> {
        Typed::of(value).text("filename", Some("iso-8859-1"))
    }

    #[test]
    fn values_and_tokens() {
        let typed = Typed::of(b"Text/HTML (comment) ; Charset=\"UTF-8\"; format=flowed;");
        assert_eq!((typed.value.as_str(), typed.token("charset").as_deref()), ("text/html", Some("UTF-8")));
        assert_eq!(Typed::of(b"text/plain charset=utf-8").token("charset").as_deref(), Some("utf-8"));
        assert_eq!(Typed::of(b"text/plain; charset=utf-8 format=flowed").token("format").as_deref(), Some("flowed"));
        assert_eq!(Typed::of(b"a/b; boundary=\"= b=c\"").token("boundary").as_deref(), Some("= b=c"));
        assert_eq!(Typed::of(b"charset=utf-8").token("charset").as_deref(), Some("utf-8"));
        assert_eq!(Typed::of(b"text/plain; charset='x'").token("charset").as_deref(), Some("x"));
        assert_eq!(Typed::of(b"a/b; charset*=us-ascii'en'utf-8").token("charset").as_deref(), Some("utf-8"));
        assert_eq!(Typed::of(b"").value, "");
    }

    #[test]
    fn file_names_by_rfc_2231() {
        assert_eq!(name(b"a; filename*=UTF-8''%e2%82%ac%20rates.txt").as_deref(), Some("€ rates.txt"));
        assert_eq!(
            name(b"a; filename*0*=utf-8'en'%C3; filename*1*=%A4b; filename*2=\".txt\"").as_deref(),
            Some("äb.txt")
        );
        assert_eq!(name(b"a; filename*1=b.txt; filename*0=a; filename=c").as_deref(), Some("ab.txt"));
        assert_eq!(name(b"a; filename*=plain%20name.txt").as_deref(), Some("plain name.txt"));
    }

    #[test]
    fn file_names_as_they_come() {
        assert_eq!(name(b"a; filename=\"=?utf-8?Q?G=C3=A4ste;_1?=\"").as_deref(), Some("Gäste; 1"));
        assert_eq!(name(b"a; filename==?utf-8?Q?G=C3=A4ste;_1?=; x=y").as_deref(), Some("Gäste; 1"));
        assert_eq!(name(b"a; filename=\"G\xe4ste.txt\"").as_deref(), Some("Gäste.txt"));
        assert_eq!(name(b"a; filename=two words.txt; x=y").as_deref(), Some("two words.txt"));
        assert_eq!(name(b"a; filename=\"say \\\"hi\\\".txt\"").as_deref(), Some("say \"hi\".txt"));
        assert_eq!(name(b"a; filename=\"C:\\new\\file.txt\"").as_deref(), Some("C:\\new\\file.txt"));
        assert_eq!(name(b"a; filename=\"unclosed.txt; x=y").as_deref(), Some("unclosed.txt"));
        assert_eq!(name(b"a; filename=G%C3%A4ste%20liste.txt").as_deref(), Some("Gäste liste.txt"));
        // Who codes letters leaves none: these were not.
        assert_eq!(name(b"a; filename*=utf-8''%250A%CE%A3").as_deref(), Some("%0AΣ"));
        assert_eq!(name("a; filename=\"50%20ä.txt\"".as_bytes()).as_deref(), Some("50%20ä.txt"));
        assert_eq!(name(b"a; filename=\"=?utf-8?Q?%20=C3=A4?=\"").as_deref(), Some("%20ä"));
        assert_eq!(name(b"a; filename=\"100%25.txt\"").as_deref(), Some("100%25.txt"));
        assert_eq!(name(b"a; filename=\"\""), None);
    }
}
