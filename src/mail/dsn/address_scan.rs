//! Addresses in running text, found without a grammar: by their `@`.

use super::super::address::normalise;
use super::super::limits;

/// An address and where it stands in its line (bytes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pub start: usize,
    pub end: usize,
    pub address: String,
}

/// Every address in `line`, left to right.
pub fn spots(line: &str) -> Vec<Spot> {
    let mut found: Vec<Spot> = Vec::new();
    let mut from = 0;
    while let Some(at) = line.get(from..).and_then(|rest| rest.find('@')).map(|at| from + at) {
        if let Some(spot) = around(line, at).filter(|spot| found.last().is_none_or(|last| last.end <= spot.start)) {
            found.push(spot);
        }
        from = at + 1;
    }
    found
}

/// The addresses alone.
pub fn addresses(text: &str) -> Vec<String> {
    spots(text).into_iter().map(|spot| spot.address).collect()
}

/// The address whose `@` stands at byte `at`.
fn around(line: &str, at: usize) -> Option<Spot> {
    let (before, after) = (line.get(..at)?, line.get(at + 1..)?);
    let start = if before.ends_with('"') { quoted_start(before)? } else { atom_start(before) };
    let domain = after.split(|c: char| !is_domain(c)).next().unwrap_or_default();
    let domain = domain.trim_end_matches(['.', '-']);
    let local = line.get(start..at)?;
    if local.is_empty() || domain.is_empty() || local.len() + domain.len() >= limits::MAX_ADDRESS_OCTETS {
        return None;
    }
    let end = at + 1 + domain.len();
    Some(Spot { start, end, address: normalise(line.get(start..end)?) })
}

/// Where an unquoted local part begins. Signs that may begin one by the grammar but are punctuation in all text
/// seen (`'kim@…'`, `=kim@…`) are left out.
fn atom_start(before: &str) -> usize {
    let local = before
        .rfind(|c: char| !is_local(c))
        .map_or(0, |index| index + before.get(index..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let skipped = before.get(local..).unwrap_or_default();
    if skipped.starts_with("=?") {
        return local; // an encoded word in the place of a local part
    }
    local + (skipped.len() - skipped.trim_start_matches(['\'', '=', '.', '*', '`', '|', '{', '/', '-', '#', '!']).len())
}

/// Where a quoted local part begins.
fn quoted_start(before: &str) -> Option<usize> {
    before.strip_suffix('"')?.rfind('"')
}

fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c) || (!c.is_ascii() && c.is_alphanumeric())
}

fn is_domain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') || (!c.is_ascii() && c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn in_running_text() {
        for (text, found) in [
            ("<kim@example.test>: host said", vec!["kim@example.test"]),
            ("rfc822;Kim@Example.TEST", vec!["kim@example.test"]),
            ("to 'kim@example.test', and o'hara@example.test.", vec!["kim@example.test", "o'hara@example.test"]),
            ("kim@example.test<mailto:kim@example.test>", vec!["kim@example.test", "kim@example.test"]),
            ("\"kim lee\"@example.test", vec!["\"kim lee\"@example.test"]),
            ("size=5 ORCPT=kim@example.test", vec!["orcpt=kim@example.test"]),
            ("<=?utf-8?B?8J+QiA==?=@example.test>", vec!["=?utf-8?b?8j+qia==?=@example.test"]),
            ("用户@example.test", vec!["用户@example.test"]),
            ("meet @ noon, @kim, kim@", vec![]),
        ] {
            assert_eq!(addresses(text), found, "{text}");
        }
    }
}
