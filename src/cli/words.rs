//! Times, sizes, people and texts as people read them. Strangers' words are shown without what would steer a terminal.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::output::cell;
use crate::mail::Address;

/// Columns of the terminal: `$COLUMNS`, or what the terminal says; `None` when the output goes elsewhere and should
/// keep everything.
pub fn terminal_width() -> Option<usize> {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    told.or_else(|| comfy_table::Table::new().width().map(usize::from)).filter(|columns| *columns >= 20)
}

/// Columns for running text: no more than people like to read.
pub fn reading_width() -> Option<usize> {
    terminal_width().map(|width| width.min(100))
}

/// A time in the zone of the person who reads it: `2026-03-04 15:32`.
pub fn local(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// `1 mail`, `2 mails`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `Name <address>`, or the address alone.
pub fn person(address: &Address) -> String {
    if address.name.trim().is_empty() {
        return cell(&address.email);
    }
    format!("{} <{}>", cell(&address.name).trim(), cell(&address.email))
}

/// The name, or the address of somebody without one: for narrow columns.
pub fn short_person(address: &Address) -> String {
    if address.name.trim().is_empty() { cell(&address.email) } else { cell(&address.name).trim().to_owned() }
}

/// Several people.
pub fn people(addresses: &[Address]) -> String {
    addresses.iter().map(person).collect::<Vec<_>>().join(", ")
}

/// A text with its lines, indented and wrapped to the width; trailing blank lines are left out.
pub fn text(text: &str, indent: usize, width: Option<usize>) -> String {
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(indent).max(20));
    let mut shown = String::with_capacity(text.len() + text.len() / 8);
    for line in text.trim_end().lines() {
        wrap(&cell(&line.replace('\t', "    ")), room, |piece| {
            if !piece.is_empty() {
                let _ = write!(shown, "{:indent$}{piece}", "");
            }
            shown.push('\n');
        });
    }
    shown
}

/// A title on a line across: `── 2026-03-04 15:32  Maija ───────`.
pub fn rule(title: &str, width: Option<usize>) -> String {
    let title = format!("── {title} ");
    let rest = width.unwrap_or(80).min(100).saturating_sub(title.width());
    format!("{title}{}", "─".repeat(rest))
}

/// A name and what belongs to it, wrapped beside it.
pub fn hanging(
    out: &mut impl std::io::Write,
    name: &str,
    column: usize,
    text: &str,
    width: Option<usize>,
) -> std::io::Result<()> {
    let shown = self::text(text, column, width);
    // A name that is too long for its column stands on a line of its own.
    if name.width() + 1 > column || shown.is_empty() {
        return write!(out, "{name}\n{shown}");
    }
    write!(out, "{name}{}{}", " ".repeat(column - name.width()), shown.trim_start_matches(' '))
}

/// Breaks one line at spaces into pieces of at most `room` columns; a word longer than that is cut.
fn wrap(line: &str, room: usize, mut piece: impl FnMut(&str)) {
    let mut rest = line.trim_end();
    while let Some((end, next)) = break_at(rest, room) {
        let (head, tail) = (rest.get(..end).unwrap_or(rest), rest.get(next..).unwrap_or_default());
        piece(head.trim_end());
        rest = tail;
    }
    if !rest.is_empty() || line.trim_end().is_empty() {
        piece(rest);
    }
}

/// Where a line that is too long ends, and where its rest begins, in octets.
fn break_at(line: &str, room: usize) -> Option<(usize, usize)> {
    let mut columns = 0;
    let mut space = None;
    let mut words = false;
    for (at, c) in line.char_indices() {
        columns += c.width().unwrap_or(0);
        if columns > room {
            // A character wider than the room goes on a line of its own.
            let cut = if at == 0 { c.len_utf8() } else { at };
            return Some(if c == ' ' && words { (at, at + 1) } else { space.unwrap_or((cut, cut)) });
        }
        match c {
            ' ' if words => space = Some((at, at + 1)),
            ' ' => {}
            _ => words = true,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(line: &str, room: usize) -> Vec<String> {
        let mut pieces = Vec::new();
        wrap(line, room, |piece| pieces.push(piece.to_owned()));
        pieces
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_are_cut() {
        assert_eq!(wrapped("the quick brown fox", 9), ["the quick", "brown fox"]);
        assert_eq!(wrapped("  indented code stays", 12), ["  indented", "code stays"]);
        assert_eq!(wrapped("aaaaaaaaaa b", 4), ["aaaa", "aaaa", "aa b"]);
        assert_eq!(wrapped("", 4), [""]);
        assert_eq!(wrapped("日本語のメール", 6), ["日本語", "のメー", "ル"]);
        assert_eq!(wrapped("日本", 1), ["日", "本"]);
    }

    #[test]
    fn a_long_line_is_wrapped_in_linear_time() {
        let line = "x".repeat(1_000_000);
        assert_eq!(wrapped(&line, 80).len(), 12_500);
    }

    #[test]
    fn texts_cannot_steer_the_terminal() {
        assert_eq!(text("a\u{1b}[2Jb\r\n\u{202e}evil\n\n\n", 2, None), "  a [2Jb\n  evil\n");
    }
}
