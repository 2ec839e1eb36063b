//! The header of older Lotus Notes clients: the author and the date on lines of their own, then "To", "cc" and
//! "Subject" without colons, each beside or above its value.

use super::date::{has_clock, has_date};
use super::header_block::{self, Kind};
use super::lines::Line;

/// Lines from "To" to "Subject": the values and empty lines between them.
const MAX_LINES: usize = 14;
/// Bytes of the longest name of a header.
const MAX_NAME_BYTES: usize = 20;
/// Bytes of the line with the date.
const MAX_DATE_BYTES: usize = 60;

/// The first line of such a header and the line after its last, if its "To" stands in line `index`.
pub(super) fn around(lines: &[Line<'_>], index: usize) -> Option<(usize, usize)> {
    if name(lines.get(index)?) != Some(Kind::To) {
        return None;
    }
    let subject =
        (index + 1..lines.len()).take(MAX_LINES).find(|&at| lines.get(at).and_then(name) == Some(Kind::Subject))?;
    let mut above = (0..index).rev().take(MAX_LINES).filter(|&at| lines.get(at).is_some_and(|line| !line.is_blank()));
    let date = above.next()?;
    let is_date = |line: &&Line<'_>| line.body.len() <= MAX_DATE_BYTES && has_date(line.body) && has_clock(line.body);
    lines.get(date).filter(is_date)?;
    let is_author = |line: &Line<'_>| line.body.contains('@') || line.body.contains('/') && line.body.len() <= 100;
    let author = above.next().filter(|&at| lines.get(at).is_some_and(is_author));
    Some((author.unwrap_or(date), subject + 1))
}

/// The kind of a header whose name fills the line, or stands before a wide gap.
fn name(line: &Line<'_>) -> Option<Kind> {
    // Every line of every mail comes by: only what a name and a gap may fill is looked at.
    let start = line.body.get(..line.body.floor_char_boundary(MAX_NAME_BYTES + 4)).unwrap_or(line.body);
    let word = start.split(['\t', '\u{a0}']).next().unwrap_or_default();
    let word = word.get(..memchr::memmem::find(word.as_bytes(), b"  ").unwrap_or(word.len())).unwrap_or(word);
    (line.depth == 0 && word.len() <= MAX_NAME_BYTES && (word.len() < line.body.len() || !word.contains(' ')))
        .then(|| header_block::kind_of(word))
        .flatten()
}
