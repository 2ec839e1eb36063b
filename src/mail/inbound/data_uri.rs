//! Pictures that stand in the HTML itself, as `data:` URIs (RFC 2397): how browsers paste a screenshot into the editor of
//! a web mail, and how Apple Mail and Zimbra's web client send one at times.

use std::borrow::Cow;

use crate::mail::{Attachment, attachment, limits, mime::transfer::Transfer};

/// Octets of the type and its parameters, before the comma.
const MAX_HEAD: usize = 200;
const SCHEME: &str = "data:";

/// The pictures of an HTML text as files, each once; `before` files of the mail have a number already.
///
/// Spacers of one pixel are left out: web mail is laid out with them.
pub fn pictures(html: &str, before: usize) -> Vec<Attachment> {
    let mut found: Vec<Attachment> = Vec::new();
    let mut rest = html;
    while let Some(at) = find(rest) {
        let (head, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let tail = tail.get(SCHEME.len()..).unwrap_or_default();
        rest = tail;
        let Some(end) = head.chars().next_back().and_then(end_of) else { continue };
        let data = tail.split(end).next().unwrap_or_default();
        rest = tail.get(data.len()..).unwrap_or_default();
        let Some((content_type, content)) = decode(data) else { continue };
        if content.is_empty() || is_spacer(&content) || found.iter().any(|known| known.content == content) {
            continue;
        }
        found.push(Attachment {
            filename: attachment::invented_name(&content_type, before + found.len() + 1),
            content_type,
            content_id: None,
            inline: true,
            content,
        });
        if found.len() >= limits::MAX_UNPACKED {
            break;
        }
    }
    found
}

/// Where the next one may start, in either way of writing the scheme.
fn find(html: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = memchr::memchr(b':', html.as_bytes().get(from..)?) {
        let start = (from + at + 1).checked_sub(SCHEME.len());
        if let Some(start) = start
            && html.get(start..=from + at).is_some_and(|word| word.eq_ignore_ascii_case(SCHEME))
        {
            return Some(start);
        }
        from += at + 1;
    }
    None
}

/// What ends a value that begins behind this character; `None` where no value begins.
fn end_of(before: char) -> Option<fn(char) -> bool> {
    match before {
        '"' => Some(|c| c == '"'),
        '\'' => Some(|c| c == '\''),
        '(' => Some(|c| c == ')'),
        // `url(&quot;data:…&quot;)`
        ';' => Some(|c| matches!(c, '&' | '"' | '\'')),
        '=' => Some(|c: char| c.is_ascii_whitespace() || c == '>'),
        _ => None,
    }
}

/// The type and the octets of a picture.
fn decode(data: &str) -> Option<(String, Vec<u8>)> {
    let head = data.get(..data.floor_char_boundary(MAX_HEAD))?;
    let comma = head.find(',')?;
    let (head, tail) = (data.get(..comma)?, data.get(comma + 1..)?);
    let kind = head.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !kind.strip_prefix("image/").is_some_and(|sub| !sub.is_empty() && sub.bytes().all(is_token)) {
        return None;
    }
    let octets = percent_decoded(&without_references(tail));
    let base64 = head.split(';').skip(1).any(|word| word.trim().eq_ignore_ascii_case("base64"));
    if !base64 {
        return Some((kind, octets));
    }
    let letters: Vec<u8> = octets.into_iter().filter(|octet| !octet.is_ascii_whitespace()).collect();
    Some((kind, Transfer::Base64.decode(&letters).0.into_owned()))
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+-._".contains(&byte)
}

/// Character references that stand in such values.
const REFERENCES: &[(&str, &str)] = &[
    ("&#10;", "\n"),
    ("&#13;", "\r"),
    ("&#43;", "+"),
    ("&#47;", "/"),
    ("&#61;", "="),
    ("&#x2B;", "+"),
    ("&#x3D;", "="),
    ("&#39;", "'"),
    ("&quot;", "\""),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
];

fn without_references(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    REFERENCES.iter().fold(Cow::Borrowed(text), |text, (reference, means)| match text.contains(reference) {
        true => Cow::Owned(text.replace(reference, means)),
        false => text,
    })
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = |at: usize| tail.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        if byte == b'%'
            && let (Some(high), Some(low)) = (hex(0), hex(1))
            && let Ok(octet) = u8::try_from(high * 16 + low)
        {
            out.push(octet);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            out.push(byte);
            rest = tail;
        }
    }
    out
}

/// A GIF of one pixel.
fn is_spacer(content: &[u8]) -> bool {
    content.starts_with(b"GIF8") && content.get(6..10) == Some(&[1, 0, 1, 0])
}

#[cfg(test)]
mod tests {
    use super::pictures;

    fn found(html: &str) -> Vec<(String, Vec<u8>)> {
        pictures(html, 0).into_iter().map(|file| (file.filename, file.content)).collect()
    }

    #[test]
    fn pictures_are_found_however_the_value_is_written() {
        let seen = vec![("image-1.png".to_owned(), b"abcde".to_vec())];
        for html in [
            "<img src=\"data:image/png;base64,YWJjZGU=\">",
            "<img src='DATA:image/PNG;base64,YWJj\r\n ZGU='>",
            "<img src=data:image/png;base64,YWJjZGU= alt=x>",
            "<img src=\"data:image/png;charset=utf-8;base64,YWJj%0D%0AZGU%3D\">",
            "<td style=\"background:url(&quot;data:image/png;base64,YWJjZGU=&quot;)\">",
            "<td style=\"background:url(data:image/png;base64,YWJjZGU=)\">",
            "<img src=\"data:image/png,ab%63de\">",
        ] {
            assert_eq!(found(html), seen, "{html}");
        }
        let svg = "<img src='data:image/svg+xml;utf8,<svg fill=\"red\"/>'>";
        assert_eq!(found(svg), [("image-1.svg".to_owned(), b"<svg fill=\"red\"/>".to_vec())]);
    }

    #[test]
    fn a_picture_is_one_file_and_words_are_none() {
        let twice = "<img src=\"data:image/png;base64,YWJj\"><img src=\"data:image/png;base64,YWJj\">";
        assert_eq!(found(twice).len(), 1);
        for html in [
            "<p>data:image/png;base64,YWJj",
            "<img src=\"data:text/html;base64,YWJj\">",
            "<img src=\"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\">",
            "<img src=\"data:image/png;base64,\">",
            "<img src=\"data:",
        ] {
            assert_eq!(found(html), [], "{html}");
        }
    }
}
