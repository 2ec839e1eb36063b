//! The line that a client writes above a quote: "On 3 May 2024 at 10:15, Ada <ada@example.test> wrote:".

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

use super::date::{has_clock, has_date};
use super::lines::{Line, is_rule_char, trim};
use super::words;

/// Lines that one attribution may take: clients wrap at 72 to 80 columns, long names and addresses need more of them.
const MAX_LINES: usize = 4;
/// Bytes of a line that is still looked at; long names and tracking addresses stay below.
const MAX_BYTES: usize = 500;

static VERB: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let verbs = |kind: &str| {
        let list = words::of(include_str!("words/verbs.txt"));
        words::alternatives(list.filter(|word| kind_of(word.label) == kind).map(|word| word.text))
    };
    // Not `\b`: behind a bracket, as in `napisał(a)`, it would ask for a letter.
    let spaced = format!("{}|{}", verbs(""), verbs("weak"));
    Regex::new(&format!(r"(?i)(?:^|[^\pL\pN])(?:{spaced})(?:[^\pL\pN]|$)|{}", verbs("joined"))).ok()
});

static WEAK: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let list = words::of(include_str!("words/verbs.txt"));
    list.filter(|word| word.label == "weak").map(|word| word.text).collect()
});

/// The verb is also said in other places than above a quote.
fn is_weak(verb: &str) -> bool {
    let verb = verb.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    WEAK.contains(verb.as_str())
}

/// The kind of a line of verbs, written before or instead of its languages.
fn kind_of(label: &str) -> &str {
    ["weak", "joined"].into_iter().find(|kind| label.starts_with(kind)).unwrap_or_default()
}

/// The words, and whether they count at any place.
static NOT_A_NAME: LazyLock<HashMap<&str, bool>> = LazyLock::new(|| {
    words::of(include_str!("words/not_a_name.txt")).map(|word| (word.text, word.section == "anywhere")).collect()
});

/// What a run of lines says of itself.
struct Traits<'a> {
    text: &'a str,
    colon: bool,
    /// Set between dashes on both sides, as Zoho and the Android client do.
    dashed: bool,
    date: bool,
    /// An address in brackets of any kind.
    bracketed: bool,
    address: bool,
    verb: Option<(usize, usize)>,
    /// The place of the first word with a digit.
    digits_at: Option<usize>,
}

/// The first line of the attribution that ends in line `end`, if one does. `quote_follows` tells that the next words
/// carry a quote mark: then less evidence is enough.
pub(in crate::mail) fn ending_at(lines: &[Line<'_>], end: usize, quote_follows: bool) -> Option<usize> {
    let last = lines.get(end)?;
    if !may_end_one(last, quote_follows) {
        return None;
    }
    let mut joined = String::new();
    let mut fallback = None;
    for start in starts(lines, end) {
        let line = lines.get(start)?;
        joined = if joined.is_empty() { line.body.to_owned() } else { format!("{} {joined}", line.body) };
        // The first of several lines holds the date, or the address; or the name alone, whose verb was wrapped.
        if start < end && !line.body.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'@' | b'<')) {
            if start + 1 == end && quote_follows && is_verb_alone(last) && is_full_name(line.body) {
                return Some(start);
            }
            continue;
        }
        let traits = Traits::of(&joined);
        if !traits.is_attribution(quote_follows) {
            continue;
        }
        if traits.digits_at.is_some_and(|at| at <= 5) {
            return Some(start);
        }
        fallback = fallback.or(Some(start));
    }
    fallback
}

/// Words that attributions start with, to find one that shares its line with the words above it.
const OPENERS: &[&str] = &[
    "On ",
    "Am ",
    "Le ",
    "El ",
    "Il ",
    "In data ",
    "Op ",
    "Em ",
    "Den ",
    "På ",
    "W dniu ",
    "Dnia ",
    "Dne ",
    "Dňa ",
    "Στις ",
    "În ",
    "Pe ",
];

/// The bytes of a line that stand before an attribution on the same line, as renderers without line breaks leave it:
/// "Thank you!--- On Wed, 3 May 2024 at 10:15, Ada wrote:".
pub(super) fn words_before(line: &Line<'_>) -> Option<usize> {
    let (at, _) = OPENERS
        .iter()
        .flat_map(|opener| line.raw.match_indices(opener).take(4))
        .filter(|(at, _)| line.raw.get(..*at).is_some_and(ends_before_words))
        .filter(|(at, _)| {
            let traits = Traits::of(line.raw.get(*at..).unwrap_or_default());
            traits.is_sure() && traits.digits_at.is_some_and(|at| at <= 5)
        })
        .max()?;
    let before = line.raw.get(..at)?.trim_end_matches(|c: char| is_rule_char(c) || c.is_whitespace());
    (!trim(before).is_empty()).then_some(before.len())
}

/// White space, a rule, or the sign that ends a sentence: "Thank you.On Wed, 3 May …".
fn ends_before_words(before: &str) -> bool {
    before.ends_with([' ', '-', '\t', '\u{a0}', '.', '!', '?', ')', '。'])
}

/// The lines that may start an attribution ending in `end`, nearest first.
fn starts<'a>(lines: &'a [Line<'a>], end: usize) -> impl Iterator<Item = usize> + 'a {
    let mut next = Some(end);
    std::iter::from_fn(move || {
        let here = next?;
        let line = lines.get(here).filter(|line| line.depth == 0 && line.body.len() <= MAX_BYTES)?;
        next = here.checked_sub(1).and_then(|above| match lines.get(above) {
            // Polymail sets an empty line before the bracket that opens the address.
            Some(gap) if gap.is_blank() => line.body.starts_with('<').then(|| above.checked_sub(1)).flatten(),
            _ => Some(above),
        });
        (!line.is_blank()).then_some(here)
    })
    .take(MAX_LINES)
}

/// A look at the last line alone, so that ordinary lines cost next to nothing.
fn may_end_one(line: &Line<'_>, quote_follows: bool) -> bool {
    if line.depth > 0 || line.body.is_empty() || line.body.len() > MAX_BYTES {
        return false;
    }
    line.body.ends_with([':', '：', '-', '—', '>', '*'])
        || (line.body.as_bytes().contains(&b'-') && line.body.contains("---"))
        || (quote_follows || line.body.contains('<')) && has_verb(line.body)
}

fn has_verb(text: &str) -> bool {
    VERB.as_ref().is_some_and(|verb| verb.is_match(text))
}

impl<'a> Traits<'a> {
    fn of(joined: &'a str) -> Self {
        let is_edge = |c: char| is_rule_char(c) || c.is_whitespace();
        let text = trim(joined.trim_matches(is_edge));
        let leading = joined.starts_with("--") || joined.starts_with("—");
        let trailing = joined.ends_with("--") || joined.ends_with('—');
        let bracketed = has_bracketed_address(text);
        let verb = VERB.as_ref().and_then(|verb| verb.find(text));
        Self {
            text,
            colon: text.ends_with([':', '：']),
            dashed: leading && trailing,
            date: text.split_whitespace().filter(|word| is_date_word(word)).any(has_date),
            bracketed,
            address: bracketed || text.contains('@'),
            verb: verb.map(|found| (found.start(), found.end())),
            digits_at: text
                .split_whitespace()
                .position(|word| is_date_word(word) && word.bytes().any(|b| b.is_ascii_digit())),
        }
    }

    fn is_attribution(&self, quote_follows: bool) -> bool {
        self.is_sure() || (quote_follows && self.is_likely())
    }

    /// Enough by itself: all that follows is the quote, marked or not.
    fn is_sure(&self) -> bool {
        let verb = self.verb.is_some();
        let dated = self.date && self.digits_at.is_some_and(|at| at <= 5);
        let ended = self.colon || self.dashed;
        (dated && verb && ended && (self.address || !self.is_weak() && self.names_somebody()))
            || (dated && verb && self.bracketed && self.ends_with_verb())
            // Gmail in Russian and Japanese, Yandex and Mail.ru name no verb; they start with the date.
            || (self.date && self.colon && self.digits_at.is_some_and(|at| at <= 1) && self.ends_with_address())
            || (verb && self.bracketed && self.colon)
            || (verb && self.dashed && !self.is_weak())
            || is_notes_style(self.text)
            || (self.date && self.text.starts_with(">>>") && self.text.ends_with(">>>"))
    }

    fn is_weak(&self) -> bool {
        self.verb.and_then(|(start, end)| self.text.get(start..end)).is_some_and(is_weak)
    }

    /// Enough directly above marked lines.
    fn is_likely(&self) -> bool {
        let verb = self.verb.is_some();
        (self.date && (self.address || verb && self.colon))
            || (verb && self.colon && self.text.split_whitespace().count() <= 12)
    }

    /// Between the date and the verb, or behind the verb, stands a name and not a pronoun or a long sentence.
    fn names_somebody(&self) -> bool {
        let Some((start, end)) = self.verb else { return false };
        let before: Vec<&str> = self.text.get(..start).unwrap_or_default().split_whitespace().collect();
        let dated = before.iter().rposition(|word| word.bytes().any(|b| b.is_ascii_digit())).map_or(0, |at| at + 1);
        let before: Vec<&str> = before.into_iter().skip(dated).filter(|word| !is_clock_word(word)).collect();
        if !before.is_empty() {
            return is_name(&before);
        }
        let after = self.text.get(end..).unwrap_or_default();
        is_name(&after.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).collect::<Vec<_>>())
    }

    fn ends_with_verb(&self) -> bool {
        self.verb.is_some_and(|(_, end)| self.text.len() <= end + 1)
    }

    fn ends_with_address(&self) -> bool {
        let text = self.text.trim_end_matches([':', '：', ' ']);
        (self.bracketed && text.ends_with(['>', ')', ']']))
            || text.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains('@'))
    }
}

/// The line directly above our own separator: as that is no doubt quoted, any line with a date or an address that ends
/// in a colon heads it, in whatever language.
pub(super) fn is_above_separator(line: &Line<'_>) -> bool {
    let traits = Traits::of(line.body);
    line.body.len() <= MAX_BYTES && (traits.colon || traits.verb.is_some()) && (traits.date || traits.address)
}

/// Enough by itself, when its lines were joined.
pub(super) fn is_whole(joined: &str) -> bool {
    joined.len() <= MAX_BYTES && Traits::of(joined).is_sure()
}

/// Directly below a rule a line with a name, an address and a date that ends in a colon heads a quote without any verb.
pub(super) fn is_below_rule(line: &Line<'_>) -> bool {
    if line.body.len() > MAX_BYTES || !line.body.ends_with([':', '：']) {
        return false;
    }
    let traits = Traits::of(line.body);
    traits.date && traits.bracketed
}

/// "wrote:", at the start of its line.
fn is_verb_alone(line: &Line<'_>) -> bool {
    line.body.split_whitespace().count() == 1 && line.body.ends_with([':', '\u{ff1a}']) && has_verb(line.body)
}

/// "Ada Byron": two to five words that each start with a capital letter.
fn is_full_name(body: &str) -> bool {
    let words: Vec<&str> = body.split_whitespace().collect();
    (2..=5).contains(&words.len()) && words.iter().all(|word| word.starts_with(char::is_uppercase)) && is_name(&words)
}

/// Not part of an address or a link: those are full of digits.
fn is_date_word(word: &str) -> bool {
    !word.contains('@') && !word.contains("://")
}

fn is_name(words: &[&str]) -> bool {
    (1..=8).contains(&words.len())
        && !words.iter().enumerate().any(|(index, word)| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            NOT_A_NAME.get(word.as_str()).is_some_and(|anywhere| *anywhere || index == 0)
        })
}

/// What may stand between the digits of a date and the name: "PM", "EST", "Uhr", "kl.", "at".
fn is_clock_word(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.len() <= 3 && word.chars().all(char::is_uppercase)
        || matches!(word, "pm" | "am" | "p.m" | "a.m" | "Uhr" | "г" | "р" | "at")
}

/// `Ada Byron---05/03/2024 10:15:12 AM---Hello …`: how HCL Notes heads a reply.
fn is_notes_style(text: &str) -> bool {
    let mut pieces = text.splitn(3, "---");
    let (Some(name), Some(date), Some(_)) = (pieces.next(), pieces.next(), pieces.next()) else { return false };
    !name.is_empty() && name.len() <= 80 && date.len() <= 40 && has_date(date) && has_clock(date)
}

/// `<ada@…>`, `(ada@…)`, `[ada@…]` and `[mailto:ada@…]`.
fn has_bracketed_address(text: &str) -> bool {
    text.match_indices('@').take(8).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let local = before.rsplit(|c: char| c.is_whitespace() && c != '\u{a0}').next().unwrap_or_default();
        // Wrapping leaves "< ada@…": the bracket is then the word before.
        local.contains(['<', '(', '['])
            || before.trim_end_matches(|c: char| !c.is_whitespace()).trim_end().ends_with(['<', '(', '['])
    })
}
