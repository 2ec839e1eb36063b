//! Encoded words (RFC 2047): `=?charset?B or Q?data?=`, wherever mailers put them.
//!
//! Outside of the rules but seen in practice and read here: words glued to other text or inside quotes, blanks and
//! `?` in Q data, letters cut in two between words, a missing end, words encoded twice.

use std::borrow::Cow;

use data_encoding::BASE64;
use memchr::memmem;

use super::{
    charset,
    mime::transfer::{base64, quoted_printable},
};

struct Word<'a> {
    charset: &'a str,
    base64: bool,
    data: &'a str,
    /// Bytes of the value up to the end of the word.
    end: usize,
}

/// Decodes every encoded word of a header value; other text stays as it is. Control characters are left to
/// whoever cleans the result ([`super::headers::clean`]).
pub fn decode(value: &str) -> Cow<'_, str> {
    if memmem::find(value.as_bytes(), b"=?").is_none() {
        return Cow::Borrowed(value);
    }
    let once = decode_once(value);
    // A form that encoded an encoded name: one more round, when nothing but that is left.
    match once.starts_with("=?") && once.ends_with("?=") && once != value {
        true => Cow::Owned(decode_once(&once)),
        false => Cow::Owned(once),
    }
}

fn decode_once(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    let mut pending: Option<Run> = None;
    while let Some(at) = rest.find("=?") {
        let (plain, tail) = rest.split_at(at);
        let Some(word) = word(tail) else {
            finish(&mut out, &mut pending);
            out.push_str(plain);
            out.push_str("=?");
            rest = tail.get(2..).unwrap_or_default();
            continue;
        };
        // Blanks between two words only separate them (§6.2).
        if !(pending.is_some() && plain.trim().is_empty()) {
            finish(&mut out, &mut pending);
            out.push_str(plain);
        }
        let source = tail.get(..word.end).unwrap_or_default();
        if pending.as_ref().is_some_and(|run| !run.charset.eq_ignore_ascii_case(word.charset)) {
            finish(&mut out, &mut pending);
        }
        let run = pending.get_or_insert_with(|| Run {
            charset: word.charset.to_owned(),
            words: Vec::new(),
            raw: String::new(),
        });
        run.words.push(word.bytes());
        run.raw.push_str(source);
        rest = tail.get(word.end..).unwrap_or_default();
    }
    finish(&mut out, &mut pending);
    out.push_str(rest);
    out
}

/// Words of one charset with only blanks between.
struct Run {
    charset: String,
    words: Vec<Vec<u8>>,
    raw: String,
}

fn finish(out: &mut String, pending: &mut Option<Run>) {
    let Some(run) = pending.take() else { return };
    let each: Vec<_> = run.words.iter().map(|bytes| charset::decode(bytes, Some(&run.charset))).collect();
    let text = match each.iter().all(|word| word.odd.is_none() && !word.text.contains(char::REPLACEMENT_CHARACTER)) {
        true => each.iter().map(|word| word.text.as_ref()).collect(),
        // A letter was cut in two between words (§5 forbids it): decode them together.
        false => charset::decode(&run.words.concat(), Some(&run.charset)).text.into_owned(),
    };
    // Data that gives control characters was damaged: the raw word says at least that.
    let garbage = text.chars().any(|c| c.is_control() && !c.is_whitespace() && c != '\0');
    out.push_str(if garbage { &run.raw } else { &text });
}

impl Word<'_> {
    fn bytes(&self) -> Vec<u8> {
        match self.base64 {
            true => base64(self.data.as_bytes()).0,
            false => quoted_printable(self.data.replace('_', " ").as_bytes()).0.into_owned(),
        }
    }
}

/// The encoded word at the start of `text`, which starts with `=?`.
fn word(text: &str) -> Option<Word<'_>> {
    let (charset, rest) = text.get(2..)?.split_once('?')?;
    let (kind, data) = rest.split_once('?')?;
    if charset.is_empty() || charset.len() > 60 || charset.contains(|c: char| c.is_whitespace() || c == '=') {
        return None;
    }
    let base64 = match kind {
        "B" | "b" => true,
        "Q" | "q" => false,
        _ => return None,
    };
    let start = text.len() - data.len();
    let (length, skip) = match base64 {
        true => base64_end(data),
        false => q_end(data),
    };
    Some(Word { charset, base64, data: data.get(..length)?, end: start + length + skip })
}

/// Length of the data and of the mark behind it. A word without end reaches to the end of its run.
fn base64_end(data: &str) -> (usize, usize) {
    let length = data.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"+/= \t".contains(byte)).count();
    match data.get(length..) {
        Some(tail) if tail.starts_with("?=") => (length, 2),
        Some(tail) if tail.starts_with('?') => (length, 1),
        _ => (data.get(..length).and_then(|run| run.find(char::is_whitespace)).unwrap_or(length), 0),
    }
}

/// As [`base64_end`]. `?=` in front of two hexadecimal digits may be a raw `?` and an encoded letter: it ends the
/// word only if no better end follows before the next word.
fn q_end(data: &str) -> (usize, usize) {
    let data = data.get(..data.find("=?").map_or(data.len(), |next| next + 1)).unwrap_or(data);
    let is_end = |at: &usize| data.bytes().skip(at + 2).take(2).filter(u8::is_ascii_hexdigit).count() < 2;
    let mut ends = data.match_indices("?=").map(|(at, _)| at);
    let first = ends.clone().next();
    match ends.find(is_end).or(first) {
        Some(at) => (at, 2),
        None => {
            let run = data.strip_suffix('=').unwrap_or(data);
            let length = run.trim_end().len();
            (run.trim_end().trim_end_matches('?').len(), length - run.trim_end().trim_end_matches('?').len())
        }
    }
}

/// The length of an encoded word at the start of `text`, for those who look for separators around it.
pub fn length(text: &str) -> Option<usize> {
    text.starts_with("=?").then(|| word(text)).flatten().map(|word| word.end)
}

/// Octets of text in one word: 45 become 60 in base64, which with the frame stays below the 75 of RFC 2047 §2.
const MAX_OCTETS: usize = 45;

/// `text` as encoded words, separated by spaces where a header may be folded. No character is cut in two (§5).
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2 + 16);
    let mut rest = text;
    while !rest.is_empty() {
        let cut = rest.floor_char_boundary(MAX_OCTETS.min(rest.len()));
        let (word, tail) = rest.split_at_checked(cut).unwrap_or((rest, ""));
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str("=?utf-8?B?");
        out.push_str(&BASE64.encode(word.as_bytes()));
        out.push_str("?=");
        rest = tail;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_by_the_book() {
        assert_eq!(decode("=?ISO-8859-1?Q?a_b=E4?= (x)"), "a bä (x)");
        assert_eq!(decode("=?utf-8?B?w6Q=?=\t=?utf-8?B?w7Y=?= end"), "äö end");
        assert_eq!(decode("=?UTF-8*de?Q?Gr=C3=BC=C3=9Fe?="), "Grüße");
        assert_eq!(decode("=?iso-2022-jp?B?GyRCJUYlOSVIGyhC?="), "テスト");
    }

    #[test]
    fn words_as_they_come() {
        assert_eq!(decode("=?utf-8?B?w6Q=?=plain=?utf-8?Q?=C3=B6?="), "äplainö");
        assert_eq!(decode("=?utf-8?Q?G=C3?= =?utf-8?Q?=A4ste?="), "Gäste");
        assert_eq!(decode("=?utf-8?Q?Was ist los? =C3=A4h?="), "Was ist los? äh");
        assert_eq!(decode("=?utf-8?Q?Was?=20ist_los?="), "Was? ist los");
        assert_eq!(decode("=?utf-8?Q?cut_off"), "cut off");
        assert_eq!(decode("=?utf-8?B?PT91dGYtOD9RP2E9QzM9QTQ/PQ==?="), "aä");
        assert_eq!(decode("=?x-unknown-page?Q?plain?="), "plain");
        assert_eq!(decode("=?iso-2022-jp?B?GyRCJUYlOQ==?= =?iso-2022-jp?B?GyRCJUgbKEI=?="), "テスト");
    }

    #[test]
    fn what_is_no_word_stays() {
        for text in ["1 =? 2", "=?utf-8?X?abc?=", "=??Q?abc?=", "a=b?c=d", "=?", "=?utf-8?Q"] {
            assert_eq!(decode(text), text);
        }
        let broken = "=?UTF-8?B?mwIbAhsDnA==?=";
        assert_eq!(decode(broken), broken);
    }

    #[test]
    fn words_are_short_and_whole() {
        let encoded = encode(&"ä".repeat(100));
        assert!(encoded.split(' ').all(|word| word.len() <= 75), "{encoded}");
        let raw = format!("Subject: {}\r\n\r\n", encoded.replace(' ', "\r\n "));
        let parsed = mail_parser::MessageParser::default().parse(raw.as_bytes()).unwrap();
        assert_eq!(parsed.subject(), Some("ä".repeat(100).as_str()));
    }
}
