//! The line before each mail of an mbox.

/// `From sender Mon Jan  1 00:00:00 2024`, with the variations of real programs: Thunderbird writes `From - …`, Google
/// Takeout and others add a zone before or after the year. There must be a sender, a day, a month, a time and a year.
pub(super) fn is_from_line(line: &[u8]) -> bool {
    const DAYS: [&[u8]; 7] = [b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun"];
    const MONTHS: [&[u8]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    let Some(rest) = line.strip_prefix(b"From ").filter(|rest| rest.len() < 1_000) else { return false };
    let words: Vec<&[u8]> = rest.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).skip(1).collect();
    let named = |names: &[&[u8]]| words.iter().any(|word| names.iter().any(|name| word.eq_ignore_ascii_case(name)));
    let year = |word: &&[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    let time =
        |word: &&[u8]| matches!(word, [h @ .., b':', _, _] if h.iter().all(|o| o.is_ascii_digit() || *o == b':'));
    named(&DAYS) && named(&MONTHS) && words.iter().any(year) && words.iter().any(time)
}

/// A leading `From ` line that names whatever it likes, but not the field (RFC 822 allowed `From : x`).
pub(super) fn is_envelope_line(line: &[u8]) -> bool {
    line.strip_prefix(b"From ").is_some_and(|rest| !rest.trim_ascii_start().starts_with(b":"))
}

/// A header field, or no header at all, or a second `From ` line that a relay added.
pub(super) fn begins_header(line: &[u8]) -> bool {
    if matches!(line, b"\n" | b"\r\n") || line.starts_with(b">From ") {
        return true;
    }
    let name = line.split(|octet| *octet == b':').next().unwrap_or_default();
    name.len() < line.len() && !name.is_empty() && name.trim_ascii_end().iter().all(u8::is_ascii_graphic)
}

/// Whether these octets, which follow a mail, begin another one, or are none.
pub(super) fn follows_a_mail(octets: &[u8]) -> bool {
    let rest = octets.trim_ascii_start();
    let mut lines = rest.split_inclusive(|octet| *octet == b'\n');
    rest.is_empty() || lines.next().is_some_and(is_from_line) && lines.next().is_none_or(begins_header)
}
