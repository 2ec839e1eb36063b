//! Words of a text as phrases are looked for in them: small letters without marks, one blank between.

use super::vocabulary::plain;

/// A text in which phrases are looked for.
#[derive(Debug, Clone)]
pub(super) struct Told {
    /// With a blank at both ends.
    words: String,
}

impl Told {
    pub(super) fn of(text: &str) -> Self {
        let mut words = String::with_capacity(text.len() + 2);
        words.push(' ');
        for letter in text.chars() {
            if letter.is_alphanumeric() || letter == 'ー' {
                words.extend(letter.to_lowercase().flat_map(plain).filter(|c| c.is_alphanumeric() || *c == 'ー'));
            } else if !is_mark(letter) && !words.ends_with(' ') {
                words.push(' ');
            }
        }
        if !words.ends_with(' ') {
            words.push(' ');
        }
        Self { words }
    }

    /// Whether one of the phrases stands in it: from the start of a word; up to the end of one behind `$`. Scripts without
    /// blanks have no words.
    pub(super) fn has(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.at(phrase).is_some())
    }

    /// Where a phrase begins, in bytes.
    pub(super) fn at(&self, phrase: &str) -> Option<usize> {
        let first = phrase.chars().next()?;
        if is_joined(first) {
            return self.words.find(phrase);
        }
        let (phrase, whole) = phrase.strip_suffix('$').map_or((phrase, false), |phrase| (phrase, true));
        let mut from = 0;
        while let Some(at) = self.words.get(from..)?.find(phrase).map(|at| from + at) {
            let end = at + phrase.len();
            let starts = self.words.get(..at).is_some_and(|before| before.ends_with(' '));
            if starts && (!whole || self.words.get(end..).is_some_and(|rest| rest.starts_with(' '))) {
                return Some(at);
            }
            from = end;
        }
        None
    }

    /// The words one by one.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.split(' ').filter(|word| !word.is_empty())
    }

    /// The words before a place.
    pub(super) fn before(&self, at: usize) -> &str {
        self.words.get(..at).unwrap_or_default()
    }
}

/// A letter of a script that puts no blanks between words: kana, ideographs, Hangul (whose endings join their words).
pub(super) fn is_joined(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}

/// Combining marks (U+0300 to U+036F), which belong to the letter before.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// The sentences of a text.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let (sentence, behind) = cut(rest);
            rest = behind;
            let sentence = sentence.trim();
            if !sentence.is_empty() {
                return Some(sentence);
            }
        }
        None
    })
}

/// `1. `: a number at the start of a line is an item's.
fn before_is_item(text: &str, at: usize) -> bool {
    let line = text.get(..at).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    line.trim().len() <= 2
}

/// The first sentence and the rest: at an end of line, at a full stop before a blank, at one of other scripts.
fn cut(text: &str) -> (&str, &str) {
    let mut before = ' ';
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map_or(' ', |(_, next)| *next);
        let ends = match letter {
            '\n' | '。' | '！' | '？' => true,
            '!' | '?' => !matches!(next, '!' | '?'),
            // `e.g. `, `3. `: no sentence ends behind a single letter or a digit.
            '.' | ';' if next.is_whitespace() => {
                let behind = text.get(at + 1..).and_then(|rest| rest.trim_start().chars().next());
                let number = text
                    .get(..at)
                    .is_some_and(|text| text.chars().rev().take_while(char::is_ascii_digit).take(4).count() == 4);
                !before.is_ascii_digit()
                    || number
                    || behind.is_some_and(char::is_uppercase) && !before_is_item(text, at)
            }
            _ => false,
        };
        if ends {
            return text.split_at_checked(at + letter.len_utf8()).unwrap_or((text, ""));
        }
        before = letter;
    }
    (text, "")
}
