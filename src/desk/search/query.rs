//! What somebody looks for, as people type it: `licence server from:anna after:2026-03-01 in:support`.
//!
//! Whatever is typed is something to look for, and nothing is a mistake but a day that is none: signs between words only
//! part them, so that an address, a case ID or a file's name is found by its parts in their order.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::fold::{fold, is_written_together, other_spelling};
use crate::desk::ticket::case_id;

/// Characters looked at of what was typed.
const MAX_CHARS: usize = 500;
/// Terms looked for at once.
const MAX_TERMS: usize = 16;
/// A word begins others from so many letters on: Finnish puts its endings behind them, German whole words.
const SHORTEST_BEGINNING: usize = 3;

/// What somebody looks for; all of it must hold of one message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// What must stand in it.
    pub terms: Vec<Term>,
    /// What its author's name or address must hold.
    pub from: Vec<Term>,
    /// It came then or later.
    pub after: Option<Timestamp>,
    /// It came before.
    pub before: Option<Timestamp>,
    /// The queue of its ticket.
    pub queue: Option<String>,
    /// A ticket's number, when nothing else is looked for.
    pub case: Option<i64>,
}

/// Words that stand behind one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// One spelling or more, each a row of words of letters and digits alone.
    pub spellings: Vec<Vec<String>>,
    /// The last word may go on.
    pub begins: bool,
}

/// Why nothing can be looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unclear {
    /// There are no words, and nothing else that is looked for.
    Nothing,
    /// This is no day.
    NoDay(String),
}

/// Reads what somebody typed. Days are those of `zone`.
///
/// # Errors
/// When a day is none, or when nothing is left to look for.
pub fn parse(typed: &str, case_prefix: &str, zone: &TimeZone) -> Result<Query, Unclear> {
    let typed: String = typed.chars().take(MAX_CHARS).collect();
    let mut query = Query::default();
    let mut words = 0;
    for Piece { key, words: piece, quoted } in pieces(&typed) {
        let day = |piece: &str| day(piece, zone).ok_or_else(|| Unclear::NoDay(piece.to_owned()));
        match key {
            Some("after" | "since") => query.after = Some(day(&piece)?),
            Some("before" | "until") => query.before = Some(day(&piece)?),
            Some("in" | "queue") => query.queue = Some(piece.to_lowercase()),
            Some("from") => query.from.extend(term(&piece, quoted)),
            _ => {
                words += 1;
                query.case = (words == 1).then(|| case_number(&piece, case_prefix)).flatten();
                query.terms.extend(term(&piece, quoted));
            }
        }
    }
    query.terms.truncate(MAX_TERMS);
    query.from.truncate(MAX_TERMS);
    if query.terms.is_empty() && query.from.is_empty() {
        return Err(Unclear::Nothing);
    }
    if !query.from.is_empty() || query.after.is_some() || query.before.is_some() || query.queue.is_some() {
        query.case = None;
    }
    Ok(query)
}

/// What stands between blanks, or between quotation marks.
struct Piece {
    key: Option<&'static str>,
    words: String,
    quoted: bool,
}

const KEYS: [&str; 7] = ["from", "after", "since", "before", "until", "in", "queue"];

fn pieces(typed: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        let key = KEYS.into_iter().find_map(|key| Some((key, behind(rest, key)?)));
        let below = key.map_or(rest, |(_, below)| below);
        let (words, quoted, left) = one(below);
        pieces.push(Piece { key: key.map(|(key, _)| key), words: words.to_owned(), quoted });
        rest = left.trim_start();
    }
    pieces
}

/// What stands behind `key:`, when something does.
fn behind<'t>(typed: &'t str, key: &str) -> Option<&'t str> {
    let (word, below) = typed.split_once(':')?;
    (word.eq_ignore_ascii_case(key) && !below.is_empty() && !below.starts_with(char::is_whitespace)).then_some(below)
}

/// The next piece: quoted as people's keyboards do it, or up to the next blank; and what follows.
fn one(typed: &str) -> (&str, bool, &str) {
    const MARKS: &[char] = &['"', '“', '”', '„', '«', '»'];
    if let Some((words, rest)) = typed.strip_prefix(MARKS).and_then(|below| below.split_once(MARKS)) {
        return (words, true, rest);
    }
    let (word, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    (word, false, rest)
}

/// The words of a piece; `None` where there is none in it.
fn term(piece: &str, quoted: bool) -> Option<Term> {
    let words = parts(piece);
    let last = words.last()?;
    let together = last.chars().any(is_written_together);
    let number = last.chars().all(char::is_numeric);
    let begins = !quoted && !together && !number && last.chars().count() >= SHORTEST_BEGINNING;
    let other = other_spelling(piece).filter(|_| !quoted).map(|other| parts(&other));
    let spellings = std::iter::once(words).chain(other).collect();
    Some(Term { spellings, begins })
}

fn parts(text: &str) -> Vec<String> {
    let folded = fold(text);
    let parts = folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

fn case_number(piece: &str, prefix: &str) -> Option<i64> {
    case_id::parse(prefix, piece).filter(|_| piece.contains('-'))
}

/// The beginning of a day: `2026-03-01`, `2026-03`, `2026`, `1.3.2026`.
fn day(typed: &str, zone: &TimeZone) -> Option<Timestamp> {
    let mut numbers = typed.split(['-', '.', '/']).map(str::parse::<i16>);
    let all: Vec<i16> = numbers.by_ref().take(4).collect::<Result<_, _>>().ok()?;
    let small = |number: i16| i8::try_from(number).ok();
    let date = match all.as_slice() {
        [year] if *year > 31 => Date::new(*year, 1, 1),
        [year, month] if *year > 31 => Date::new(*year, small(*month)?, 1),
        [year, month, day] if *year > 31 => Date::new(*year, small(*month)?, small(*day)?),
        [day, month, year] if *year > 31 && !typed.contains('/') => Date::new(*year, small(*month)?, small(*day)?),
        _ => return None,
    };
    let start = date.ok()?.to_zoned(zone.clone()).ok()?;
    Some(start.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Query {
        parse(typed, "CASE", &TimeZone::UTC).unwrap()
    }

    /// `licence*` begins, `"a b"` stands behind one another, `/` parts spellings.
    fn told(typed: &str) -> String {
        let term = |term: &Term| {
            let spellings: Vec<String> = term.spellings.iter().map(|words| words.join(" ")).collect();
            format!("{}{}", spellings.join("/"), if term.begins { "*" } else { "" })
        };
        let query = read(typed);
        let from = query.from.iter().map(|from| format!("from {}", term(from)));
        query.terms.iter().map(term).chain(from).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn whatever_people_type_is_something_to_look_for() {
        for (typed, found) in [
            ("licence server", "licence*, server*"),
            ("\"licence server\" 42", "licence server, 42"),
            ("„Lizenz Server“", "Lizenz Server"),
            ("\"never closed", "never*, closed*"),
            ("anna@customer.test", "anna customer test*"),
            ("from:Anna licence-token", "licence token*, from Anna*"),
            ("Müller", "Müller/Mueller*"),
            ("Mueller", "Mueller/muller*"),
            ("NEAR(a b) OR AND * ^x {y}", "NEAR a, b, OR, AND*, x, y"),
            ("it's 100% col:on -minus", "it s, 100, col on, minus*"),
            ("更新", "更 新"),
            ("CASE-7", "CASE 7"),
            ("from: anna", "from*, anna*"),
        ] {
            assert_eq!(told(typed), found, "{typed}");
        }
    }

    #[test]
    fn days_queues_and_cases() {
        let query = read("licence after:2026-03-01 before:1.4.2026 in:Support");
        assert_eq!(query.after.unwrap().to_string(), "2026-03-01T00:00:00Z");
        assert_eq!(query.before.unwrap().to_string(), "2026-04-01T00:00:00Z");
        assert_eq!((query.queue.as_deref(), query.case), (Some("support"), None));
        assert_eq!(read("[CASE-7]").case, Some(7));
        assert_eq!(read("CASE-7 licence").case, None);
        assert_eq!(read("COVID-19").case, None);
    }

    #[test]
    fn what_is_nothing_to_look_for_is_told() {
        for nothing in ["", "  ", "***", "\"\"", "after:2026", "(-)"] {
            assert_eq!(parse(nothing, "CASE", &TimeZone::UTC), Err(Unclear::Nothing), "{nothing}");
        }
        for day in ["after:tomorrow x", "before:2026-13-01 x", "after:30.2.2026 x"] {
            assert!(matches!(parse(day, "CASE", &TimeZone::UTC), Err(Unclear::NoDay(_))), "{day}");
        }
    }
}
