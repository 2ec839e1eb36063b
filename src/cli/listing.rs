//! Lists for people: one line an entry, fitted to the terminal.
//!
//! What does not fit is left out column by column, the least important first, and the columns that may shrink share
//! what remains. Where the output is no terminal, everything is shown whole.

use std::borrow::Cow;
use std::io::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::output::cell;

/// What stands between two columns.
const GAP: &str = "  ";
/// Characters of a cell that are looked at; nothing longer is shown in a list.
const MAX_CELL: usize = 400;

/// A column of a list.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    name: &'static str,
    /// Columns it needs at least; `None`: all of its content.
    least: Option<usize>,
    /// What is left out first has the highest rank; 0 always stays.
    rank: u8,
    right: bool,
}

/// A column that is always there and always whole.
pub const fn column(name: &'static str) -> Column {
    Column { name, least: None, rank: 0, right: false }
}

impl Column {
    /// May be cut to this many columns.
    pub const fn shrinks_to(self, least: usize) -> Self {
        Self { least: Some(least), ..self }
    }

    /// May be left out when there is no room or when it is empty; the highest rank goes first.
    pub const fn rank(self, rank: u8) -> Self {
        Self { rank, ..self }
    }

    /// Numbers.
    pub const fn right(self) -> Self {
        Self { right: true, ..self }
    }
}

/// A list under way.
#[derive(Debug)]
pub struct Listing {
    columns: &'static [Column],
    rows: Vec<Vec<String>>,
}

impl Listing {
    /// A list without entries.
    pub fn new(columns: &'static [Column]) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds an entry: one text a column.
    pub fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|text| cell(&text).chars().take(MAX_CELL).collect()).collect());
    }

    /// Whether it has no entries.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Prints the header and all entries; nothing when there are none.
    pub fn write(&self, out: &mut impl Write, terminal: Option<usize>) -> std::io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let header: Vec<String> = self.columns.iter().map(|column| column.name.to_owned()).collect();
        let mut content = vec![0; self.columns.len()];
        for row in self.rows.iter().chain([&header]) {
            for (most, text) in content.iter_mut().zip(row) {
                *most = text.width().max(*most);
            }
        }
        let widths = self.widths(&content, terminal);
        [&header].into_iter().chain(&self.rows).try_for_each(|row| {
            let mut line = String::new();
            for ((column, text), width) in self.columns.iter().zip(row).zip(&widths) {
                let Some(width) = *width else { continue };
                let text = fitted(text, width);
                let padding = " ".repeat(width.saturating_sub(text.width()));
                let (before, after) = if column.right { (padding.as_str(), "") } else { ("", padding.as_str()) };
                line.extend([before, text.as_ref(), after, GAP]);
            }
            writeln!(out, "{}", line.trim_end())
        })
    }

    /// The width of each column, `None` for those left out.
    fn widths(&self, content: &[usize], terminal: Option<usize>) -> Vec<Option<usize>> {
        let empty = |index: usize| self.rows.iter().all(|row| row.get(index).is_none_or(|text| text.trim().is_empty()));
        let columns = self.columns.iter().zip(content).enumerate();
        let mut slots: Vec<Slot> = columns
            .filter(|(index, (column, _))| column.rank == 0 || !empty(*index))
            .map(|(index, (column, &content))| {
                let least = terminal.and(column.least).map_or(content, |least| least.min(content));
                Slot { index, rank: column.rank, content, width: least }
            })
            .collect();
        if let Some(terminal) = terminal {
            leave_out(&mut slots, terminal);
            share(&mut slots, terminal);
        }
        let width = |index| slots.iter().find(|slot| slot.index == index).map(|slot| slot.width);
        (0..self.columns.len()).map(width).collect()
    }
}

/// A column that is shown.
struct Slot {
    index: usize,
    rank: u8,
    content: usize,
    width: usize,
}

fn total(slots: &[Slot]) -> usize {
    slots.iter().map(|slot| slot.width + GAP.len()).sum::<usize>().saturating_sub(GAP.len())
}

/// Leaves out the least important columns until the others fit at their smallest.
fn leave_out(slots: &mut Vec<Slot>, terminal: usize) {
    while total(slots) > terminal {
        let last = slots.iter().enumerate().max_by_key(|(_, slot)| slot.rank);
        match last.filter(|(_, slot)| slot.rank > 0).map(|(at, _)| at) {
            Some(at) => slots.remove(at),
            None => break,
        };
    }
}

/// Shares what is left, one column each in turn, so that short contents are whole before long ones get more.
fn share(slots: &mut [Slot], terminal: usize) {
    let mut left = terminal.saturating_sub(total(slots));
    while left > 0 && slots.iter().any(|slot| slot.width < slot.content) {
        for slot in slots.iter_mut().filter(|slot| slot.width < slot.content).take(left) {
            slot.width += 1;
            left -= 1;
        }
    }
}

/// A text cut to the width, with a mark where something is missing.
fn fitted(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let mut left = width.saturating_sub(1);
    let kept = text.chars().take_while(|c| {
        let fits = c.width().unwrap_or(0) <= left;
        left = left.saturating_sub(c.width().unwrap_or(0));
        fits
    });
    Cow::Owned(format!("{}…", kept.collect::<String>().trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        column("ID").right(),
        column("QUEUE").rank(2),
        column("NOTE").rank(3),
        column("WHO").shrinks_to(6).rank(1),
        column("SUBJECT").shrinks_to(10),
    ];

    fn shown(terminal: Option<usize>) -> String {
        let mut listing = Listing::new(COLUMNS);
        listing.push(["7", "support", "", "Maija Virtanen", "The licence server refuses the token"].map(str::to_owned));
        listing.push(["12", "sales", "", "Bo", "日本語の件名もまっすぐに並ぶ"].map(str::to_owned));
        let mut out = Vec::new();
        listing.write(&mut out, terminal).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn without_a_terminal_everything_is_whole_and_empty_columns_are_left_out() {
        insta::assert_snapshot!(shown(None));
    }

    #[test]
    fn columns_shrink_then_go() {
        insta::assert_snapshot!([60, 40, 26, 20].map(|width| shown(Some(width))).join("\n"));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in 20..100 {
            for line in shown(Some(width)).lines() {
                assert!(unicode_width::UnicodeWidthStr::width(line) <= width, "{width}: {line}");
            }
        }
    }
}
