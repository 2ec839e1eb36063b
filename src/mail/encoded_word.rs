//! Encoded words (RFC 2047), for the places where they must be written whatever the text looks like.

use data_encoding::BASE64;

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
    use super::encode;

    #[test]
    fn words_are_short_and_whole() {
        let encoded = encode(&"ä".repeat(100));
        assert!(encoded.split(' ').all(|word| word.len() <= 75), "{encoded}");
        let raw = format!("Subject: {}\r\n\r\n", encoded.replace(' ', "\r\n "));
        let parsed = mail_parser::MessageParser::default().parse(raw.as_bytes()).unwrap();
        assert_eq!(parsed.subject(), Some("ä".repeat(100).as_str()));
    }
}
