//! Codes in a server's words: the enhanced status (RFC 3463) and the reply code (RFC 5321 §4.2).

/// The first enhanced status code of a failure, such as `5.1.1`. Version numbers and addresses of hosts look
/// much like one: a code has three numbers, the subject in the middle is 0 to 7 (RFC 3463 §3).
pub fn enhanced(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find_map(|start| {
        let free = start
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .is_none_or(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'.' | b'_'));
        (free && matches!(bytes.get(start), Some(b'4' | b'5'))).then(|| code_at(text.get(start..)?)).flatten()
    })
}

/// The enhanced code that `rest` begins with.
pub fn code_at(rest: &str) -> Option<String> {
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    if rest.get(end..).is_some_and(|tail| tail.starts_with(|c: char| c.is_alphanumeric() || c == '_')) {
        return None;
    }
    let code = rest.get(..end)?.trim_end_matches('.');
    let mut numbers = code.split('.');
    let (class, subject, detail) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let fits = numbers.next().is_none()
        && matches!(class, "2" | "4" | "5")
        && subject.parse::<u16>().is_ok_and(|subject| subject <= 7)
        && (1..=3).contains(&detail.len());
    fits.then(|| code.to_owned())
}

/// The first reply code of a failure (400 to 559) that stands as a word of its own before a space, a dash or
/// the end.
pub fn reply(text: &str) -> Option<u16> {
    let bytes = text.as_bytes();
    (0..bytes.len().saturating_sub(2)).find_map(|start| {
        let before = start.checked_sub(1).and_then(|before| bytes.get(before));
        let free = before.is_none_or(|b| {
            b.is_ascii_whitespace() || matches!(b, b'(' | b'[' | b';' | b'\'' | b'"' | b':' | b'#' | b'<')
        });
        let closed = bytes
            .get(start + 3)
            .is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'-' | b':' | b',' | b';' | b'\'' | b')' | b']'));
        let code = text.get(start..start + 3).filter(|_| free && closed)?;
        code.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| code.parse().ok())
            .flatten()
            .filter(|code| (400..560).contains(code))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enhanced_codes() {
        for (text, code) in [
            ("550 5.1.1 no such user", Some("5.1.1")),
            ("550-5.7.26 unauthenticated", Some("5.7.26")),
            ("(#5.1.2)", Some("5.1.2")),
            ("gone. (#4.4.1)", Some("4.4.1")),
            ("[5.2.2]", Some("5.2.2")),
            ("see 5.1.1.", Some("5.1.1")),
            ("host 5.1.2.3 said", None),
            ("Exim 4.92.3 on x", None),
            ("x5.1.1", None),
            ("5.1", None),
            ("2.1.5 ok", None),
        ] {
            assert_eq!(enhanced(text).as_deref(), code, "{text}");
        }
    }

    #[test]
    fn reply_codes() {
        for (text, code) in [
            ("said: 550 no", Some(550)),
            ("550-no", Some(550)),
            ("ERROR_CODE :421, x", Some(421)),
            ("[554 5.4.6 loop]", Some(554)),
            ("smtp;552 full", Some(552)),
            ("port 25, 1550 bytes", None),
            ("599 x", None),
            ("after 4500 seconds", None),
        ] {
            assert_eq!(reply(text), code, "{text}");
        }
    }
}
