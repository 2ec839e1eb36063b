//! Bytes to text: declared charsets, wrong ones, and none at all.
//!
//! Labels are those of the WHATWG encoding standard and, for what that leaves out (UTF-7, IBM850…), those that
//! `mail-parser` knows. What is not declared, or cannot be as declared, is detected.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use mail_parser::decoders::charsets::{DecoderFnc, map::charset_decoder};
use memchr::memchr;

use super::limits;

/// Decoded text, and what was odd about its charset.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// In words for people; `None` when it was as declared.
    pub odd: Option<String>,
}

enum Known {
    Standard(&'static Encoding),
    Other(DecoderFnc),
}

/// The cleaned label: without quotes, blanks, and the language of RFC 2231 §5.
fn clean(label: &str) -> &str {
    let label = label.split('*').next().unwrap_or_default();
    label.trim_matches(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | ';' | ',' | '<' | '>'))
}

fn known(label: &str) -> Option<Known> {
    let label = clean(label);
    if let Some(encoding) = Encoding::for_label_no_replacement(label.as_bytes()) {
        return Some(Known::Standard(encoding));
    }
    // Spellings that mailers write and the standard does not list.
    let squeezed: String =
        label.chars().take(40).filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    let alias = match squeezed.as_str() {
        "utf8" | "utf8mb4" | "unicode11utf8" | "cp65001" | "xutf8" | "xunknown" | "unknown8bit" => "utf-8",
        "cp932" | "windows932" | "windows31j" | "ms932" | "sjis" | "xsjis" => "shift_jis",
        "cp936" | "ms936" | "windows936" | "gb2312" | "gb231280" | "xgbk" => "gbk",
        "cp949" | "ms949" | "ksc56011987" | "ksc5601" | "uhc" | "windows949" => "euc-kr",
        "cp950" | "ms950" | "windows950" => "big5",
        "iso2022jp1" | "iso2022jp2" | "iso2022jp3" | "iso2022jpms" | "cp50220" | "cp50221" => "iso-2022-jp",
        "ansi" | "windows" | "ansix341968" | "iso646us" | "usascii7bit" | "7bit" | "8bit" => "windows-1252",
        _ => squeezed.strip_prefix("win").filter(|page| page.len() == 4).map_or("", |page| match page {
            "1250" => "windows-1250",
            "1251" => "windows-1251",
            "1252" => "windows-1252",
            "1253" => "windows-1253",
            "1254" => "windows-1254",
            "1255" => "windows-1255",
            "1256" => "windows-1256",
            "1257" => "windows-1257",
            _ => "",
        }),
    };
    if let Some(encoding) = Encoding::for_label_no_replacement(alias.as_bytes()) {
        return Some(Known::Standard(encoding));
    }
    let stand_in = Encoding::for_label(label.as_bytes()) == Some(REPLACEMENT);
    charset_decoder(label.as_bytes()).filter(|_| !stand_in && label.len() >= 2).map(Known::Other)
}

/// Decodes `bytes`, which say that they are in `declared`. The result has no byte order mark.
pub fn decode<'a>(bytes: &'a [u8], declared: Option<&str>) -> Decoded<'a> {
    let declared = declared.map(clean).filter(|label| !label.is_empty());
    let choice = declared.and_then(known);
    match (declared, choice) {
        (None, _) => undeclared(bytes, None),
        (Some(label), None) => {
            let plain = bytes.is_ascii();
            let found = undeclared(bytes, None);
            let odd = found.odd.unwrap_or_else(|| "it reads as UTF-8".to_owned());
            let odd = (!plain).then(|| format!("unknown charset {}: {odd}", shown(label)));
            Decoded { text: found.text, odd }
        }
        (Some(_), Some(Known::Other(decoder))) => Decoded { text: Cow::Owned(decoder(bytes)), odd: None },
        (Some(label), Some(Known::Standard(encoding))) => standard(bytes, label, encoding),
    }
}

fn shown(label: &str) -> String {
    label.chars().filter(|c| !c.is_control()).take(40).collect()
}

fn standard<'a>(bytes: &'a [u8], label: &str, encoding: &'static Encoding) -> Decoded<'a> {
    if encoding == UTF_8 || encoding.is_ascii_compatible() && encoding.is_single_byte() {
        // Text that is valid UTF-8 with multi-byte letters is that, whatever single-byte page it claims: in those
        // pages the same bytes are rows of accented letters and signs that nobody writes.
        if bytes.is_ascii() || std::str::from_utf8(bytes).is_ok() {
            let mut found = undeclared(bytes, None);
            found.odd = (encoding != UTF_8 && !bytes.is_ascii() && !label.eq_ignore_ascii_case("us-ascii"))
                .then(|| format!("declared {}, but it is UTF-8", shown(label)));
            return found;
        }
    }
    // UTF-16 may state its byte order by itself; every other mark is only dropped.
    let (text, used, broken) = encoding.decode(bytes);
    if !broken {
        let ascii = label.eq_ignore_ascii_case("us-ascii");
        let odd = (used != encoding || ascii).then(|| format!("declared {}, read as {}", shown(label), used.name()));
        return match ascii {
            true => undeclared(bytes, Some(label)),
            false => Decoded { text, odd },
        };
    }
    // A few broken characters (a cut line, a stray byte) do not make it another charset.
    let damage = text.chars().filter(|&c| c == char::REPLACEMENT_CHARACTER).count();
    let plausible = match encoding == UTF_8 {
        true => text.chars().filter(|c| !c.is_ascii()).count() > damage * 2,
        false => std::str::from_utf8(bytes).is_err(),
    };
    if plausible && damage * 10 < bytes.len() {
        return Decoded { text, odd: Some(format!("{damage} characters are not {}", shown(label))) };
    }
    undeclared(bytes, Some(label))
}

/// Text of which nothing true is known: byte order mark, ISO-2022-JP escapes, UTF-8, else what the detector says.
fn undeclared<'a>(bytes: &'a [u8], claimed: Option<&str>) -> Decoded<'a> {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(skip..).unwrap_or_default();
        return Decoded { text: encoding.decode_without_bom_handling(rest).0, odd: None };
    }
    if let Some(wide) = utf16_without_mark(bytes) {
        let odd = Some(format!("it looks like {}", wide.name()));
        return Decoded { text: wide.decode_without_bom_handling(bytes).0, odd };
    }
    if has_iso_2022_jp(bytes) {
        return Decoded {
            text: ISO_2022_JP.decode_without_bom_handling(bytes).0,
            odd: Some("it is ISO-2022-JP".to_owned()),
        };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: Cow::Borrowed(text), odd: None };
    }
    let encoding = guess(bytes);
    let odd = match claimed {
        Some(label) => format!("declared {}, but it looks like {}", shown(label), encoding.name()),
        None => format!("it looks like {}", encoding.name()),
    };
    Decoded { text: encoding.decode_without_bom_handling(bytes).0, odd: Some(odd) }
}

/// The escape sequences that start two-byte text (RFC 1468). Nothing else that is readable holds them.
pub fn has_iso_2022_jp(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = memchr(0x1b, rest) {
        rest = rest.get(at + 1..).unwrap_or_default();
        if matches!(rest.get(..2), Some(b"$B" | b"$@" | b"(J")) {
            return true;
        }
    }
    false
}

/// The detector's answer over a bounded sample.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let start = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0).saturating_sub(limits::CHARSET_SAMPLE / 8);
    let rest = bytes.get(start..).unwrap_or_default();
    detector.feed(rest.get(..limits::CHARSET_SAMPLE).unwrap_or(rest), true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Latin text in UTF-16 has a zero in every second byte.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..512).unwrap_or(bytes);
    memchr(0, sample)?;
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count() * 5;
    let (even, odd) = (zeros(0), zeros(1));
    match () {
        () if sample.len() < 8 => None,
        () if odd > sample.len() && even < sample.len() / 5 => Some(UTF_16LE),
        () if even > sample.len() && odd < sample.len() / 5 => Some(UTF_16BE),
        () => None,
    }
}

/// Text of a header, which should be ASCII or UTF-8 (RFC 6532) and at times is raw 8-bit text in the charset of
/// the body (`hint`), or raw ISO-2022-JP.
pub fn header(bytes: &[u8], hint: Option<&str>) -> String {
    if !has_iso_2022_jp(bytes)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return text.to_owned();
    }
    if let Some(Known::Standard(encoding)) = hint.and_then(known)
        && encoding != UTF_8
        && !has_iso_2022_jp(bytes)
    {
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        if !broken {
            return text.into_owned();
        }
    }
    // A few bytes are too few for the detector, unless they are of a script of their own.
    let found = undeclared(bytes, None).text;
    match bytes.iter().filter(|byte| !byte.is_ascii()).count() < 3 && bytes.len() > 3 && !has_iso_2022_jp(bytes) {
        true => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        false => found.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], label: Option<&str>) -> String {
        decode(bytes, label).text.into_owned()
    }

    #[test]
    fn declared_charsets() {
        assert_eq!(text(b"\xea\xb3\xa0", Some("utf-8")), "고");
        assert_eq!(text(b"\xb0\xed\xb8\xbf", Some("ks_c_5601-1987")), "고맙");
        assert_eq!(text(b"\xf0\xd2\xc9", Some("\"KOI8-R\"")), "При");
        assert_eq!(text(b"\xc4\xe3\xba\xc3", Some("GB2312")), "你好");

        assert_eq!(text(b"\x1b$B%F%9%H\x1b(B", Some("iso-2022-jp")), "テスト");
        assert_eq!(text(b"Gr+APw-n", Some("utf-7")), "Grün");
        assert_eq!(text(b"\x81", Some("cp850")), "ü");
        assert_eq!(text(b"Gr\xfc\xdfe", Some("iso-8859-1")), "Grüße");
    }

    #[test]
    fn wrong_ones_are_told() {
        let found = decode("Grüße".as_bytes(), Some("iso-8859-1"));
        assert_eq!(
            (found.text.as_ref(), found.odd.as_deref()),
            ("Grüße", Some("declared iso-8859-1, but it is UTF-8"))
        );
        let found = decode(
            "Gr\u{fc}\u{df}e an alle, die hier sind".chars().map(|c| c as u8).collect::<Vec<_>>().leak(),
            Some("utf-8"),
        );
        assert_eq!(found.text, "Grüße an alle, die hier sind");
        assert!(found.odd.unwrap().starts_with("declared utf-8, but it looks like"));
    }

    #[test]
    fn a_cut_letter_does_not_change_the_charset() {
        let mut bytes = "Привет, это длинное письмо о лицензии".as_bytes().to_vec();
        bytes.push(0xd0);
        assert_eq!(text(&bytes, Some("utf-8")), "Привет, это длинное письмо о лицензии\u{fffd}");
    }

    #[test]
    fn unknown_and_missing_ones() {
        assert_eq!(text("Grüße".as_bytes(), Some("x-none-such")), "Grüße");
        assert_eq!(text("Grüße".as_bytes(), None), "Grüße");
        let russian = encoding_rs::KOI8_R.encode("Здравствуйте, лицензия не работает").0.into_owned();
        assert_eq!(text(&russian, None), "Здравствуйте, лицензия не работает");
        assert_eq!(text(b"\x1b$B%F%9%H\x1b(B", None), "テスト");
        assert_eq!(text(b"H\0a\0l\0l\0\xf6\0c\0h\0e\0n\0", None), "Hallöchen");
    }

    #[test]
    fn headers_take_the_charset_of_the_body() {
        assert_eq!(header(b"J\xfcrgen", None), "Jürgen");
        assert_eq!(header(b"\xf0\xd2\xc9\xd7\xc5\xd4", Some("koi8-r")), "Привет");
        assert_eq!(header(b"\x1b$B%F%9%H\x1b(B", None), "テスト");
    }
}
