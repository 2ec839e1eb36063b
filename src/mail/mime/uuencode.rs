//! Uuencoded files in the text of a mail, as Unix and Outlook sent them before MIME. `mail-parser` leaves them as they are.

use super::fields::line_at;

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
pub fn find(body: &[u8]) -> Option<UuFile> {
    let mut at = 0;
    while at < body.len() {
        let (line, next) = line_at(body, at);
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
        let (line, next) = line_at(body, at);
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

    #[test]
    fn files_in_text() {
        let text = b"Hello\nbegin 644 cat.txt\n#0V%T\n`\nend\nBye\n";
        let file = find(text).unwrap();
        assert_eq!((file.name.as_slice(), file.content.as_slice()), (&b"cat.txt"[..], &b"Cat"[..]));
        assert_eq!((&text[..file.start], &text[file.end..]), (&b"Hello\n"[..], &b"Bye\n"[..]));
        assert_eq!(find(b"begin 644 words\nThis is a sentence of many words, and no data at all.\nend\n"), None);
    }
}
