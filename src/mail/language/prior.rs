//! What the function words of a text tell: a support mail of one sentence has a few of them, and they tell more than the
//! frequency of its letters.

use std::{collections::HashMap, sync::LazyLock};

use super::limits;
use super::words::LISTS;

/// Finnish says with endings what others say with words.
#[rustfmt::skip]
const FINNISH_ENDINGS: &[&str] = &[
    "ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä", "lle", "ksi", "mme", "nne", "iden", "jen", "een", "ään",
    "aan", "sti", "tta", "ttä", "ien", "kset", "isen",
];

/// What a word is worth that one language alone has; divisible by the number of those that may share one.
const WHOLE: usize = 12;

/// Every function word with the languages that have it, one bit for each of [`LISTS`].
static WORDS: LazyLock<HashMap<&str, u16>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for (place, (_, list)) in LISTS.iter().enumerate() {
        list.split(' ').for_each(|word| *words.entry(word).or_default() |= 1 << place);
    }
    words
});

/// How many words speak for which language.
#[derive(Debug, Clone, Copy)]
pub struct Prior {
    words: usize,
    /// Two letters in three are ASCII.
    plain: bool,
    /// In parts of [`WHOLE`], in the order of [`LISTS`].
    worth: [usize; LISTS.len()],
}

/// The words of a text up to the limit, without addresses, links, and what holds digits.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut room = limits::LANGUAGE_SAMPLE;
    text.split_whitespace()
        .filter(|word| {
            word.len() < 200
                && !word.contains(['@', '/', '_', '<', '='])
                && !word.contains(|c: char| c.is_ascii_digit())
        })
        .take_while(move |word| {
            room = room.saturating_sub(word.chars().count() + 1);
            room > 0
        })
        .map(|word| word.trim_matches(|c: char| !c.is_alphabetic()))
        .filter(|word| !word.is_empty())
}

/// Counts the words of a sample.
pub fn count(sample: &str) -> Prior {
    let beyond = sample.chars().filter(|c| !c.is_ascii()).count();
    let plain = beyond * 3 <= sample.chars().count();
    let mut prior = Prior { words: 0, plain, worth: [0; LISTS.len()] };
    for word in sample.to_lowercase().replace('’', "'").split_whitespace() {
        prior.words += 1;
        let known = WORDS.get(word).copied().unwrap_or_default();
        let share = WHOLE / (known.count_ones().max(1) as usize);
        for (place, (worth, (code, _))) in prior.worth.iter_mut().zip(LISTS).enumerate() {
            if known >> place & 1 == 1 {
                *worth += share;
            } else if code == "fi" && is_finnish(word) {
                *worth += WHOLE;
            }
        }
    }
    prior
}

/// A long word with a case ending, and with the vowels or doubled letters that other languages do not pair with it.
fn is_finnish(word: &str) -> bool {
    let long = word.chars().count() >= 6 && FINNISH_ENDINGS.iter().any(|ending| word.ends_with(ending));
    long && !word.contains(['q', 'w', 'x', 'z', 'ß', 'ü', 'å', 'c', 'b', 'f'])
}

impl Prior {
    /// The language whose words are worth most, their worth, and that of the next.
    fn best(self) -> (&'static str, usize, usize) {
        let mut ranked: Vec<(usize, &str)> = self.worth.into_iter().zip(LISTS.iter().map(|(code, _)| *code)).collect();
        ranked.sort_by_key(|(worth, _)| std::cmp::Reverse(*worth));
        let next = ranked.get(1).map_or(0, |(worth, _)| *worth);
        ranked.first().map_or(("", 0, 0), |(worth, code)| (*code, *worth, next))
    }

    /// A language of which there is as much as a word and a half that it shares with nobody, a fifth of all words, and a
    /// fifth more than of the next.
    ///
    /// Lists, logs and keywords have fewer function words; of English ones a fifteenth will do where most letters are
    /// plain, because what else is written so has the short words of a neighbour (`di`, `na`, `se`) in every sentence.
    pub fn sure(self) -> Option<&'static str> {
        let (code, worth, next) = self.best();
        let share = if code == "en" && self.plain { 15 } else { 5 };
        let enough = worth * 2 >= WHOLE * 3 && worth * share >= self.words * WHOLE;
        (enough && worth * 5 >= next * 6).then_some(code)
    }

    /// The language has more words than any other.
    pub fn supports(self, code: &str) -> bool {
        let (best, worth, next) = self.best();
        best == code && worth > next
    }
}
