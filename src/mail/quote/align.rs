//! Finds the ranges that HTML marks in the lines of the readable text.
//!
//! The readable text was rendered from the HTML by us, or by the sender's client: links, bullets and line breaks differ
//! in every renderer, letters and digits hardly. A range is found by the first letters at its start, standing at the
//! start of a line and behind the same letters as in the HTML. What is not found for sure is left alone.

use super::html_marks::{Kind, Marked, Range};
use super::lines::Line;

/// Letters that must agree behind the place, and before it.
const BEHIND: usize = 20;
const BEFORE: usize = 8;

/// A marked range as lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MarkedLines {
    pub(super) start: usize,
    /// The line after the last one.
    pub(super) end: usize,
    pub(super) kind: Kind,
}

/// The lines of each range that can be found, in order.
pub(super) fn find(lines: &[Line<'_>], marked: &Marked) -> Vec<MarkedLines> {
    let text = Letters::of(lines);
    let mut from = 0;
    let mut found = Vec::new();
    for range in &marked.ranges {
        let Some(place) = text.place(&marked.letters, *range, from) else { continue };
        from = place.end;
        found.push(place);
    }
    found
}

/// The letters and digits of the text and where each line starts in them.
struct Letters {
    letters: String,
    starts: Vec<usize>,
}

impl Letters {
    fn of(lines: &[Line<'_>]) -> Self {
        let mut letters = String::new();
        let starts = lines
            .iter()
            .map(|line| {
                let start = letters.len();
                letters.extend(line.raw.chars().filter(|c| c.is_alphanumeric()));
                start
            })
            .collect();
        Self { letters, starts }
    }

    fn place(&self, html: &str, range: Range, from: usize) -> Option<MarkedLines> {
        let start = self.line_at(html, range.start, from)?;
        let end = match html.get(range.end..) {
            Some("") | None => self.starts.len(),
            Some(_) => self.behind_words(start, self.line_at(html, range.end, start + 1)?),
        };
        Some(MarkedLines { start, end, kind: range.kind })
    }

    /// The end without the lines above it that have no letters, such as the dashes of the signature below.
    fn behind_words(&self, start: usize, end: usize) -> usize {
        let has_no_letters = |line: usize| self.starts.get(line) == self.starts.get(line + 1);
        let bare = (start + 1..end).rev().take_while(|&line| has_no_letters(line)).count();
        end - bare
    }

    /// The first line from `from` on that starts where the HTML has its letter `at`.
    fn line_at(&self, html: &str, at: usize, from: usize) -> Option<usize> {
        let behind = first(html.get(at..)?, BEHIND);
        let before = last(html.get(..at)?, BEFORE);
        // Too few letters would be found anywhere, unless they are the last ones of both.
        let short = behind.chars().count() < BEHIND;
        self.starts.iter().enumerate().skip(from).find_map(|(line, &start)| {
            let (above, here) = self.letters.split_at_checked(start)?;
            let agrees = if short { here == behind } else { here.starts_with(behind) };
            let has_words = self.starts.get(line + 1).copied().unwrap_or(self.letters.len()) > start;
            (agrees && has_words && above.ends_with(before)).then_some(line)
        })
    }
}

fn first(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

fn last(text: &str, count: usize) -> &str {
    match count.checked_sub(1).and_then(|skip| text.char_indices().rev().nth(skip)) {
        Some((at, _)) => text.get(at..).unwrap_or_default(),
        None => text,
    }
}
