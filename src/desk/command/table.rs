//! The commands: what the parser knows, what a refusal offers, what `#help` and docs/COMMANDS.md say. A command is a row in its
//! family's file, with an arm there, and a member of the family in [`super::order`].

use super::arguments::nothing;
use super::order::{Mistake, Order};
use super::row::{Role, Row};
use super::{form, note, people, state};

/// The families, in the order in which they are offered.
const FAMILIES: &[&[Row]] = &[note::ROWS, people::ROWS, state::ROWS, form::ROWS, HELP];

/// All commands.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    FAMILIES.iter().copied().flatten()
}

const HELP: &[Row] = &[Row {
    name: "help",
    synonyms: &["commands"],
    arguments: ["", "", ""],
    read: |words| nothing(words, Order::Help),
    role: Role::Engineer,
    does: [
        "This list. Nothing of the email goes to the customer.",
        "Diese Liste. Nichts von der E-Mail geht an die Kundin oder den Kunden.",
        "Tämä luettelo. Mitään viestistä ei lähetetä asiakkaalle.",
    ],
    example: "#help",
}];

/// What ends a line, or the name of a command, and says nothing.
const FULL_STOPS: &[char] = &['.', ',', ';', ':', '!', '…', ' '];

fn is_called(row: &Row, word: &str) -> bool {
    row.name == word || row.synonyms.contains(&word)
}

/// The order of what stands behind the name, as people type it: with a full stop at the end, or not.
fn order_of(row: &Row, words: &str) -> Result<Order, Mistake> {
    let order = (row.read)(words).or_else(|| (row.read)(words.trim_end_matches(FULL_STOPS)));
    order.ok_or(Mistake::Arguments(row.name))
}

/// The row of a name.
pub(super) fn row(name: &str) -> Option<&'static Row> {
    rows().find(|row| is_called(row, name))
}

/// The order of a line without its `#`.
///
/// # Errors
/// What is wrong with it.
pub fn order(typed: &str) -> Result<Order, Mistake> {
    let typed = typed.trim();
    let (word, words) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let word = word.trim_end_matches(FULL_STOPS).to_lowercase();
    match row(&word) {
        Some(row) => order_of(row, words.trim()),
        None => Err(Mistake::Unknown { meant: meant(&word) }),
    }
}

/// Letters from which on two of them may be wrong.
const LONG: usize = 5;
/// Letters of the shortest beginning of a name that stands for it.
const SHORTEST_BEGINNING: usize = 3;

/// The name of the command that somebody probably meant.
fn meant(word: &str) -> Option<&'static str> {
    let named = rows().flat_map(|row| std::iter::once(&row.name).chain(row.synonyms).map(|name| (*name, row.name)));
    let beginning = word.chars().count() >= SHORTEST_BEGINNING;
    let distance = |name: &str| match name.strip_prefix(word).filter(|_| beginning) {
        Some(_) => 0,
        None => strsim::damerau_levenshtein(word, name),
    };
    let most = if word.chars().count() >= LONG { 2 } else { 1 };
    let near = named.map(|(name, of)| (distance(name), of)).filter(|(distance, _)| *distance <= most);
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}
