//! A text as lines with their quote marks read.

use super::date::has_clock;
use crate::mail::invisible::is_invisible;

/// One line. `body` is what stands behind the quote marks, without space and invisible marks at its ends.
#[derive(Debug, Clone, Copy)]
pub(in crate::mail) struct Line<'a> {
    /// The line as it is, without its line end.
    pub(in crate::mail) raw: &'a str,
    /// The words of the line.
    pub(in crate::mail) body: &'a str,
    /// How many `>` stand before them.
    pub(in crate::mail) depth: u8,
}

impl Line<'_> {
    pub(in crate::mail) fn is_blank(&self) -> bool {
        self.depth == 0 && self.body.is_empty()
    }

    /// The line starts with a rule of ten characters or more.
    pub(super) fn is_ruled(&self) -> bool {
        self.depth == 0 && self.body.chars().take_while(|&c| is_rule_char(c)).count() >= 10
    }

    /// What stands behind the rule that a line starts with.
    pub(super) fn behind_rule(&self) -> &str {
        self.body.trim_start_matches(|c: char| is_rule_char(c) || c.is_whitespace())
    }

    /// A line of nothing but dashes, underscores and the like, as clients draw above a quote.
    pub(in crate::mail) fn is_rule(&self) -> bool {
        self.body.len() >= 3 && self.body.chars().all(is_rule_char)
    }
}

/// The characters rules are drawn with.
pub(super) fn is_rule_char(c: char) -> bool {
    matches!(c, '-' | '_' | '=' | '*' | '~' | '—' | '–' | '─' | '━')
}

/// The lines of `text`, each read once.
pub(in crate::mail) fn of(text: &str) -> Vec<Line<'_>> {
    let mut open = OpenAngle::default();
    let mut lines = Vec::with_capacity(text.len() / 40 + 1);
    for raw in text.lines() {
        let mut line = read(raw);
        if open.is_closed_by(&line) {
            line = Line { raw, body: trim(raw), depth: 0 };
        }
        open.feed(&line);
        lines.push(line);
    }
    lines
}

/// White space, and the invisible marks of direction and width that Apple Mail and Outlook leave at line ends.
fn is_space(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// Without white space and invisible marks at either end.
pub(in crate::mail) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

fn read(raw: &str) -> Line<'_> {
    let whole = trim(raw);
    let mut rest = whole;
    let mut depth = 0u8;
    while let Some(behind) = rest.strip_prefix('>') {
        depth = depth.saturating_add(1);
        rest = behind.trim_start_matches(is_space);
    }
    // `>>> words <<<` is an ornament, `>>> Ada <ada@…> 3 May 2022 >>>` an attribution of GroupWise, and `>From` the
    // escape of mbox files: none is a quote mark.
    if depth > 0
        && (is_ornament(rest, depth)
            || (depth == 3 && rest.ends_with(">>>"))
            || (depth == 1 && whole.starts_with(">From ")))
    {
        return Line { raw, body: whole, depth: 0 };
    }
    Line { raw, body: rest, depth }
}

/// As many marks at the end as at the start. One alone may also open the address of an attribution that was wrapped there;
/// that has a time of day.
fn is_ornament(rest: &str, depth: u8) -> bool {
    let closing = rest.chars().rev().take_while(|&c| c == '<').count();
    closing == usize::from(depth) && (depth > 1 || !has_clock(rest))
}

/// An address in angle brackets that was wrapped: the `>` at the start of the next line closes it and is no quote mark.
#[derive(Default)]
struct OpenAngle {
    balance: i32,
    lines_left: u8,
}

impl OpenAngle {
    /// How many lines a wrapped address may take.
    const REACH: u8 = 4;

    fn is_closed_by(&self, line: &Line<'_>) -> bool {
        self.balance > 0 && line.depth == 1 && line.body.ends_with([':', '：']) && line.body.len() < 40
    }

    fn feed(&mut self, line: &Line<'_>) {
        if self.balance == 0 && !line.body.as_bytes().contains(&b'<') {
            return;
        }
        self.lines_left = self.lines_left.saturating_sub(1);
        if line.depth > 0 || self.lines_left == 0 {
            *self = Self::default();
        }
        if line.depth > 0 || line.body.len() > 400 {
            return;
        }
        let opened = line.body.bytes().filter(|&b| b == b'<').count();
        let closed = line.body.bytes().filter(|&b| b == b'>').count();
        if opened > closed && self.balance == 0 {
            self.lines_left = Self::REACH;
        }
        self.balance += i32::try_from(opened).unwrap_or(0) - i32::try_from(closed).unwrap_or(0);
        self.balance = self.balance.max(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_marks() {
        for (raw, depth, body) in [
            ("> a", 1, "a"),
            (">> a", 2, "a"),
            (" > > a ", 2, "a"),
            (">", 1, ""),
            ("a > b", 0, "a > b"),
            (">>> https://shop.example.test <<<", 0, ">>> https://shop.example.test <<<"),
            (">> On Sun, 1 May 2022 at 10:48, Help Desk <", 2, "On Sun, 1 May 2022 at 10:48, Help Desk <"),
            ("> On Sun, 1 May 2022 at 10:48, Help Desk <", 1, "On Sun, 1 May 2022 at 10:48, Help Desk <"),
            (">From here on", 0, ">From here on"),
            ("\u{feff}\u{200e}> a", 1, "a"),
        ] {
            let line = read(raw);
            assert_eq!((line.depth, line.body), (depth, body), "{raw:?}");
        }
    }

    #[test]
    fn a_wrapped_address_is_closed_not_quoted() {
        let lines = of("tir. 18. apr. 2023 kl. 13:09 skrev Kari <kari@example.test\n>:\n\n> Hei");
        let depths: Vec<u8> = lines.iter().map(|line| line.depth).collect();
        assert_eq!(depths, [0, 0, 0, 1]);
    }
}
