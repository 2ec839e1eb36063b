//! Content-Transfer-Encodings (RFC 2045 §6). `mail-parser` decodes them; what it would refuse or lose of damaged bodies
//! is mended before.

use std::borrow::Cow;

use mail_parser::decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode};
use memchr::{memchr, memchr_iter, memchr2, memchr3, memmem};

use super::uuencode;

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
    /// Reads a header value, in the spellings that mailers write; the flag tells that it names an encoding that nobody
    /// knows.
    pub fn of(value: &[u8]) -> (Self, bool) {
        let end = memchr2(b';', b'(', value).unwrap_or(value.len());
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
            Self::Uuencode => match uuencode::find(body) {
                Some(file) => (Cow::Owned(file.content), false),
                None => (Cow::Borrowed(body), true),
            },
        }
    }
}

/// Decodes base64 and counts the bytes that do not belong there, which are left out (RFC 2045 §6.8): the library gives
/// nothing at all for one wrong byte, and ends at 0xff.
pub fn base64(body: &[u8]) -> (Vec<u8>, usize) {
    let stray = memchr3(b' ', b'\t', 0xff, body).is_some();
    if let Some(decoded) = base64_decode(body).filter(|_| !stray) {
        return (decoded, 0);
    }
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=\r\n".contains(byte);
    let kept: Vec<u8> = body.iter().copied().filter(belongs).collect();
    (base64_decode(&kept).unwrap_or_default(), body.len() - kept.len())
}

/// Decodes quoted-printable. The library gives nothing for one `=` that starts no code, takes the blanks out of `= 20`,
/// drops a lone CR, and ends every line like the first that has a CR: what is to be read as it stands is escaped before.
pub fn quoted_printable(body: &[u8]) -> (Cow<'_, [u8]>, bool) {
    if memchr(b'=', body).is_none() {
        return (Cow::Borrowed(body), false);
    }
    let whole = memmem::find_iter(body, b"\r\n").count();
    let mixed = whole > 0 && memchr_iter(b'\n', body).count() > whole;
    let mut mended = Vec::new();
    let (mut from, mut at, mut soft_end, mut odd) = (0, 0, 0, false);
    while let Some(found) = body.get(at..).and_then(|rest| memchr2(b'=', b'\r', rest)) {
        let here = at + found;
        at = here + 1;
        let rest = body.get(at..).unwrap_or_default();
        let escaped: &[u8] = match body.get(here) {
            Some(b'=') => match code(rest) {
                Some(length) => {
                    soft_end = at + length;
                    continue;
                }
                None => b"=3D",
            },
            _ if !mixed && rest.starts_with(b"\n") => continue,
            _ if here < soft_end => b"",
            _ => b"=0D",
        };
        odd |= escaped == b"=3D";
        mended.extend_from_slice(body.get(from..here).unwrap_or_default());
        mended.extend_from_slice(escaped);
        from = at;
    }
    let decoded = match from {
        0 => quoted_printable_decode(body),
        _ => {
            mended.extend_from_slice(body.get(from..).unwrap_or_default());
            quoted_printable_decode(&mended)
        }
    };
    (decoded.map_or(Cow::Borrowed(body), Cow::Owned), odd)
}

/// The length of what a `=` encodes: an octet in hexadecimal, or a soft line break, with blanks added in transport; the
/// end of the part breaks a line too.
fn code(rest: &[u8]) -> Option<usize> {
    match rest {
        [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => Some(2),
        _ => {
            let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
            rest.get(blanks).is_none_or(|byte| *byte == b'\n').then_some(blanks)
        }
    }
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
        assert_eq!(qp("x = 20, =A\nBc, =3D"), "x = 20, =A\nBc, =");
        assert_eq!(qp("a=3D\rb"), "a=\rb");
        assert_eq!(qp("=3D\r\na\nsoft=\r\nb\n"), "=\r\na\nsoftb\n");
        assert_eq!(quoted_printable(b"=e4=E4").0.as_ref(), b"\xe4\xe4");
    }

    #[test]
    fn base64_rules() {
        assert_eq!(base64(b"SGVs\r\nbG8=\r\n"), (b"Hello".to_vec(), 0));
        assert_eq!(base64(b"SGVsbG8=SGVsbG8"), (b"HelloHello".to_vec(), 0));
        assert_eq!(base64(b"SGVs!bG8"), (b"Hello".to_vec(), 1));
        assert_eq!(base64(b"SGVs\xffbG8 "), (b"Hello".to_vec(), 2));
    }

    #[test]
    fn text_declared_base64_stays_text() {
        let text = b"Dear desk my key does not work";
        assert_eq!(Transfer::Base64.decode(text), (Cow::Borrowed(&text[..]), true));
    }

    #[test]
    fn spellings() {
        assert_eq!(Transfer::of(b" \"Quoted_Printable\" ; x"), (Transfer::QuotedPrintable, false));
        assert_eq!(Transfer::of(b"BASE64 (comment)"), (Transfer::Base64, false));
        assert_eq!(Transfer::of(b"rot13"), (Transfer::Identity, true));
    }
}
