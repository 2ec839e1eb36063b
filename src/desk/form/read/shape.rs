//! IDs that nearly fit: what a field's example tells of their shape, and what completes a text to it.

use super::dashes::dashes;
use crate::config::form::Field;

/// How an ID looks: `AC-000000` is the letters `AC` and six digits, `0000-0000` two groups of four.
pub(super) struct Shape<'f> {
    field: &'f Field,
    /// The example, in capitals.
    example: Vec<char>,
    /// Letters that it begins with.
    prefix: String,
    /// Letters and digits after the prefix.
    rest: usize,
}

/// Marks between the parts of an ID, as people write them.
const BETWEEN: &[char] = &[' ', '-', '.', ':', '/', '_', '#', '=', '\u{a0}'];
/// Marks between the prefix and the digits at most, so that a label's end is not an ID's middle.
const MOST_BETWEEN: usize = 3;
/// A dash, dictated.
const DASHES: &[&str] = &[
    "dash",
    "hyphen",
    "minus",
    "bindestrich",
    "strich",
    "viiva",
    "bindestreck",
    "streck",
    "tiret",
    "guion",
    "guión",
    "trattino",
    "streepje",
    "traço",
    "hífen",
    "kreska",
    "myślnik",
    "pomlčka",
    "bindestreg",
    "strek",
    "ハイフン",
];

impl<'f> Shape<'f> {
    /// The shape of a field with a pattern and an example that fits it.
    pub(super) fn of(field: &'f Field) -> Option<Self> {
        let pattern = field.pattern.as_ref()?;
        let first = field.example.split([',', ';', '\n']).next().unwrap_or_default().trim();
        if !pattern.is_match(first) {
            return None;
        }
        let example: Vec<char> = first.to_uppercase().chars().collect();
        let prefix: String = example.iter().take_while(|c| c.is_ascii_alphabetic()).collect();
        let all = example.iter().filter(|c| c.is_ascii_alphanumeric()).count();
        let rest = all.checked_sub(prefix.len()).filter(|rest| *rest >= 4)?;
        Some(Self { field, example, prefix, rest })
    }

    /// The letters that it begins with; empty where it begins with a digit.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Letters and digits laid over the example; `None` where they do not fit, or fit in two ways.
    pub(super) fn complete(&self, typed: &str) -> Option<String> {
        let bare: Vec<char> = typed.to_uppercase().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        if bare.iter().filter(|c| c.is_ascii_digit()).count() * 2 < self.rest {
            return None;
        }
        let body = match bare.strip_prefix(self.prefix.chars().collect::<Vec<_>>().as_slice()) {
            Some(body) if body.len() == self.rest => body,
            _ if bare.len() == self.rest && bare.iter().all(char::is_ascii_digit) => &bare,
            _ => return None,
        };
        let plain = self.laid(body);
        // An `O` where only a digit can stand is a zero, and an `I` or `l` a one.
        let alike = |c: &char| match c {
            'O' => '0',
            'I' | 'L' => '1',
            c => *c,
        };
        let digits: Vec<char> = body.iter().map(alike).collect();
        [plain, self.laid(&digits)].into_iter().find(|id| self.fits(id))
    }

    fn laid(&self, body: &[char]) -> String {
        let mut body = body.iter();
        let head = self.prefix.chars();
        let tail = self.example.iter().skip(self.prefix.len());
        head.chain(tail.filter_map(|c| if c.is_ascii_alphanumeric() { body.next().copied() } else { Some(*c) }))
            .collect()
    }

    fn fits(&self, id: &str) -> bool {
        self.field.pattern.as_ref().is_some_and(|pattern| pattern.is_match(id))
    }

    /// Every ID of this shape in a text, and those that begin like one and are too short or too long, as written.
    pub(super) fn find(&self, text: &str) -> (Vec<String>, Vec<String>) {
        let (found, wrong) = self.written(text);
        (found.into_iter().map(|(id, _)| id).collect(), wrong)
    }

    /// The same, each ID with how it is written.
    pub(super) fn written(&self, text: &str) -> (Vec<(String, String)>, Vec<String>) {
        let letters: Vec<char> = spoken(&dashes(text)).chars().collect();
        let (mut found, mut wrong) = (Vec::new(), Vec::new());
        let mut at = 0;
        while let Some(rest) = letters.get(at..).filter(|rest| !rest.is_empty()) {
            let before = at.checked_sub(1).and_then(|before| letters.get(before));
            let step = match before.is_none_or(|c| !c.is_alphanumeric() && *c != '@' || !c.is_ascii()) {
                true => self.one(rest, &mut found, &mut wrong),
                false => 1,
            };
            at += step.max(1);
        }
        (found, wrong)
    }

    /// The one ID of a text in which more is said: `AC-694038. Thanks!` Without letters of its own it could be a telephone's
    /// number, unless it stands there as it should.
    pub(super) fn only(&self, text: &str) -> Option<String> {
        match self.find(text) {
            (found, wrong) if wrong.is_empty() && found.len() == 1 => found.into_iter().next(),
            _ => None,
        }
        .filter(|id| !self.prefix.is_empty() || text.to_uppercase().contains(id.as_str()))
    }

    /// An ID at the start of a text: how many characters it takes.
    fn one(&self, text: &[char], found: &mut Vec<(String, String)>, wrong: &mut Vec<String>) -> usize {
        let fits = |(c, wanted): (&char, char)| c.to_ascii_uppercase() == wanted;
        let head = self.prefix.len();
        if text.len() < head || !text.iter().zip(self.prefix.chars()).all(fits) {
            return 1;
        }
        let Some((body, length)) = self.body(text.get(head..).unwrap_or_default()) else { return 1 };
        let typed: String = text.iter().take(head + length).collect();
        match self.complete(&(self.prefix.clone() + &body)) {
            Some(id) => {
                if !found.iter().any(|(known, _)| *known == id) {
                    found.push((id, typed));
                }
            }
            None if head > 1 && body.chars().count() >= 3 && body.chars().all(|c| c.is_ascii_digit()) => {
                wrong.push(typed)
            }
            None => return 1,
        }
        head + length
    }

    /// The letters and digits that follow the prefix, with the marks between left out, and how far they reach.
    fn body(&self, text: &[char]) -> Option<(String, usize)> {
        let digit = |c: &char| c.is_ascii_digit() || matches!(c, 'O' | 'o' | 'I' | 'l');
        let takes = |c: &char| if self.prefix.is_empty() { c.is_ascii_alphanumeric() } else { digit(c) };
        let lead = text.iter().take_while(|c| BETWEEN.contains(c)).count();
        // `c. 250000 users`, `C: 0401234567`: what follows one letter and a full stop or a colon is about or a cell phone.
        let abbreviated = self.prefix.len() == 1 && text.iter().take(lead).any(|c| matches!(c, '.' | ':' | '='));
        if lead > MOST_BETWEEN || lead > 0 && self.prefix.is_empty() || abbreviated {
            return None;
        }
        let mut groups: Vec<(String, usize)> = vec![(String::new(), lead)];
        let mut at = lead;
        while let Some(c) = text.get(at) {
            let full = groups.iter().map(|(group, _)| group.len()).sum::<usize>() >= self.rest;
            let new = BETWEEN.contains(c) && !full && text.get(at + 1).is_some_and(takes);
            match groups.last_mut() {
                Some((group, end)) if takes(c) => {
                    group.push(*c);
                    *end = at + 1;
                }
                Some(_) if new => groups.push((String::new(), at + 1)),
                _ => break,
            }
            at += 1;
        }
        // `AC-10234 2 users`: what stands behind a blank belongs to an ID only in groups of one length.
        let (first, first_end) = groups.first()?.clone();
        let even = groups.iter().all(|(group, _)| group.len() == first.len());
        let (body, end) = match even {
            true => (groups.iter().map(|(group, _)| group.as_str()).collect(), groups.last()?.1),
            false => (first, first_end),
        };
        let whole = text.get(end).is_none_or(|c| !c.is_alphanumeric() && *c != '@' || !c.is_ascii());
        (whole && !body.is_empty()).then_some((body, end))
    }

    /// Whether it has so many digits that no year, postal code or size is as long.
    pub(super) fn is_long(&self) -> bool {
        self.rest >= 6
    }

    /// How many different numbers of its length a text has.
    pub(super) fn numbers(&self, text: &str) -> usize {
        let text = dashes(text);
        let mut all: Vec<&str> =
            numbers(&text).into_iter().map(|(_, digits)| digits).filter(|digits| digits.len() == self.rest).collect();
        all.sort_unstable();
        all.dedup();
        all.len()
    }

    /// Digits alone, behind a word that says what they are: `account number 100234`.
    /// `told` sees the text up to it from the number before, and all that follows.
    pub(super) fn bare(&self, text: &str, told: impl Fn(&str, &str) -> bool) -> Vec<String> {
        let mut found = Vec::new();
        if self.prefix.is_empty() || !self.example.iter().skip(self.prefix.len()).all(|c| !c.is_ascii_alphabetic()) {
            return found;
        }
        let text = dashes(text);
        let mut start = 0;
        for (at, digits) in numbers(&text) {
            let before = text.get(start..at).unwrap_or_default();
            // `089 204417`: the rest of a longer number.
            let rest = start > 0 && before.chars().all(|c| matches!(c, ' ' | '/' | '(' | ')' | '\u{a0}'));
            if digits.len() == self.rest
                && !rest
                && told(before, text.get(at + digits.len()..).unwrap_or_default())
                && self.complete(digits).is_some()
                && !found.iter().any(|known| known == digits)
            {
                found.push(digits.to_owned());
            }
            start = at + digits.len();
        }
        found
    }
}

/// The numbers of a text that stand for themselves, with where they begin.
fn numbers(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for piece in text.split(|c: char| !c.is_ascii_digit()) {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + piece.len()..).unwrap_or_default();
        let next = after.chars().next();
        let joined = |c: Option<char>| {
            c.is_some_and(|c| c.is_alphabetic() && c.is_ascii() || matches!(c, '@' | '/' | '-' | '+' | '_' | '\\'))
        };
        let decimal = matches!(next, Some('.' | ',')) && after.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        let tail = matches!(before, Some('.' | ','))
            && text.get(..at.saturating_sub(1)).is_some_and(|t| t.ends_with(|c: char| c.is_ascii_digit()));
        if !piece.is_empty() && !joined(before) && !joined(next) && !decimal && !tail {
            found.push((at, piece));
        }
        at += piece.len() + after.chars().next().map_or(0, char::len_utf8);
    }
    found
}

/// Dictated dashes as dashes: `AC dash 102000`.
fn spoken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        match DASHES.contains(&word.to_lowercase().as_str()) {
            true => out.push('-'),
            false => out.push_str(word),
        }
    }
    out
}
