//! What is counted in a text: words, pairs of words, pieces of words, concepts and pairs of concepts in a sentence.
//!
//! Each feature is a number below [`BUCKETS`]: the FNV-1a hash (32 bits) of one octet for its kind and its text in UTF-8,
//! mixed by MurmurHash3's `fmix32`, of which the lowest bits are taken. A feature is there or not, however often. Those of
//! one group share a length of one, so that a long mail counts no more than a short one.

use super::concepts;
use super::text::{self, Kind, Token};

/// Bits of a feature's number.
pub const BITS: u32 = 16;
/// Numbers that features may have.
pub const BUCKETS: u32 = 1 << BITS;

/// Letters of the pieces of words.
const PIECES: std::ops::RangeInclusive<usize> = 3..=5;
/// Letters of the pieces of runs, where words are not told apart.
const RUNS: std::ops::RangeInclusive<usize> = 1..=4;

/// One feature of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feature {
    /// Its number.
    pub bucket: u32,
    /// How much it counts.
    pub value: f32,
    /// The position of the word that it was found at, among the words of [`Features::words`]; none for the text as a whole.
    pub word: Option<u32>,
}

/// All features of a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Features {
    /// In the order of their numbers, each once.
    pub list: Vec<Feature>,
    /// The words, as they were written.
    pub words: Vec<String>,
}

/// What is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Text<'a> {
    /// The subject; empty for an answer.
    pub subject: &'a str,
    /// The subject is that of a mail before this one: it tells what the talk was about, and not what is wanted now.
    pub is_reply: bool,
    /// The writer's own words.
    pub words: &'a str,
    /// What else is known of it, each a word: the class that its mailbox is for, the question that it answers.
    pub known: &'a [&'a str],
    /// Every feature counts twice, the second time together with this: what a word says depends on the question.
    pub asked: Option<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Words,
    Pieces,
    Concepts,
    Subject,
    Known,
}

/// What the features of each group weigh together.
const WEIGHTS: [(Group, f32); 5] =
    [(Group::Words, 1.0), (Group::Pieces, 1.0), (Group::Concepts, 1.2), (Group::Subject, 1.0), (Group::Known, 0.6)];

#[derive(Debug, Clone, Copy)]
struct Mark {
    bucket: u32,
    group: Group,
    word: Option<u32>,
}

/// The features of a text.
pub fn of(text: &Text<'_>) -> Features {
    let mut marks = Marks { list: Vec::new(), asked: text.asked };
    let subject = text::tokens(text.subject);
    let body = text::tokens(text.words);
    let last = subject.last().map_or(0, |token| token.sentence + 1);
    let shift = |token: &Token| Token { sentence: token.sentence + last, ..token.clone() };
    let all: Vec<Token> = subject.iter().cloned().chain(body.iter().map(shift)).collect();
    let own = if text.is_reply { subject.len() } else { 0 };
    marks.words(&all, own);
    marks.pieces(&all, own);
    marks.concepts(&all, own);
    marks.subject(&subject, text.is_reply);
    for word in text.known {
        marks.add(b'k', &[word], Group::Known, None);
    }
    marks.add(b'l', &[length(body.len())], Group::Known, None);
    let surface = |whole: &str, token: &Token| whole.get(token.at.clone()).unwrap_or_default().to_owned();
    let words = subject.iter().map(|token| surface(text.subject, token));
    let words = words.chain(body.iter().map(|token| surface(text.words, token))).collect();
    Features { list: marks.weighed(), words }
}

/// How long a text is, roughly.
fn length(words: usize) -> &'static str {
    match words {
        0 => "none",
        1..=3 => "few",
        4..=9 => "line",
        10..=24 => "short",
        25..=69 => "middle",
        _ => "long",
    }
}

struct Marks<'a> {
    list: Vec<Mark>,
    asked: Option<&'a str>,
}

impl Marks<'_> {
    fn add(&mut self, kind: u8, parts: &[&str], group: Group, word: Option<usize>) {
        let mut hash = Hash::of(kind);
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                hash.octet(b' ');
            }
            hash.text(part);
        }
        self.put(hash, group, word);
    }

    fn put(&mut self, hash: Hash, group: Group, word: Option<usize>) {
        let word = word.and_then(|at| u32::try_from(at).ok());
        self.list.push(Mark { bucket: hash.bucket(), group, word });
        if let Some(asked) = self.asked {
            let mut hash = hash;
            hash.octet(b'|');
            hash.text(asked);
            self.list.push(Mark { bucket: hash.bucket(), group, word });
        }
    }

    /// What stands in the subject, once more as such: there it weighs more, or less.
    fn subject(&mut self, tokens: &[Token], is_reply: bool) {
        let (word, concept) = if is_reply { (b'r', b'R') } else { (b's', b'S') };
        for (at, token) in tokens.iter().enumerate() {
            self.add(word, &[&token.word], Group::Subject, Some(at));
        }
        for found in concepts::find(tokens) {
            self.add(concept, &[found.name], Group::Subject, Some(found.word));
        }
    }

    /// Words, and pairs of neighbours within a sentence, from a position on.
    fn words(&mut self, tokens: &[Token], from: usize) {
        for (at, token) in tokens.iter().enumerate().skip(from) {
            self.add(b'w', &[&token.word], Group::Words, Some(at));
        }
        // What an answer begins with is often all of it.
        for (at, token) in tokens.iter().enumerate().skip(from).take(2) {
            self.add(b'f', &[&token.word], Group::Words, Some(at));
        }
        for (at, pair) in tokens.windows(2).enumerate().skip(from) {
            let [first, second] = pair else { continue };
            if first.sentence == second.sentence {
                self.add(b'b', &[&first.word, &second.word], Group::Words, Some(at));
            }
        }
    }

    /// Pieces of words, which know where a word begins and ends; pieces of runs, which do not.
    fn pieces(&mut self, tokens: &[Token], from: usize) {
        for (at, token) in tokens.iter().enumerate().skip(from) {
            let (letters, lengths): (Vec<char>, _) = match token.kind {
                Kind::Word => (format!("<{}>", token.word).chars().collect(), PIECES),
                Kind::Run => (token.word.chars().collect(), RUNS),
                Kind::Sign => continue,
            };
            for start in 0..letters.len() {
                let mut hash = Hash::of(b'p');
                for (length, letter) in letters.iter().skip(start).take(*lengths.end()).enumerate() {
                    hash.letter(*letter);
                    if length + 1 >= *lengths.start() {
                        self.put(hash, Group::Pieces, Some(at));
                    }
                }
            }
        }
    }

    /// Concepts, and pairs of them within a sentence: what a word means is the same in every language.
    fn concepts(&mut self, tokens: &[Token], from: usize) {
        let mut found = concepts::find(tokens);
        found.retain(|concept| concept.word >= from);
        for concept in &found {
            self.add(b'c', &[concept.name], Group::Concepts, Some(concept.word));
        }
        for (at, one) in found.iter().enumerate() {
            let later = found.iter().skip(at + 1).take_while(|other| other.sentence <= one.sentence + 1);
            for other in later.filter(|other| other.name != one.name) {
                let pair = if one.name < other.name { [one.name, other.name] } else { [other.name, one.name] };
                let near = if one.sentence == other.sentence { b'd' } else { b'e' };
                self.add(near, &pair, Group::Concepts, Some(one.word));
            }
        }
    }

    /// Each feature once, with what it counts.
    fn weighed(mut self) -> Vec<Feature> {
        self.list.sort_by_key(|mark| (mark.bucket, mark.group, mark.word));
        self.list.dedup_by_key(|mark| mark.bucket);
        let value = |group: Group| {
            let many = self.list.iter().filter(|mark| mark.group == group).count();
            let weight = WEIGHTS.iter().find(|(known, _)| *known == group).map_or(0.0, |(_, weight)| *weight);
            weight / (many.max(1) as f32).sqrt()
        };
        let values = WEIGHTS.map(|(group, _)| (group, value(group)));
        let value =
            |mark: &Mark| values.iter().find(|(group, _)| *group == mark.group).map_or(0.0, |(_, value)| *value);
        self.list.iter().map(|mark| Feature { bucket: mark.bucket, value: value(mark), word: mark.word }).collect()
    }
}

/// FNV-1a, 32 bits.
#[derive(Debug, Clone, Copy)]
struct Hash(u32);

impl Hash {
    fn of(kind: u8) -> Self {
        let mut hash = Self(0x811c_9dc5);
        hash.octet(kind);
        hash
    }

    fn octet(&mut self, octet: u8) {
        self.0 = (self.0 ^ u32::from(octet)).wrapping_mul(0x0100_0193);
    }

    fn text(&mut self, text: &str) {
        text.bytes().for_each(|octet| self.octet(octet));
    }

    fn letter(&mut self, letter: char) {
        self.text(letter.encode_utf8(&mut [0; 4]));
    }

    /// The finish of MurmurHash3: FNV's low bits alone are poor.
    fn bucket(self) -> u32 {
        let mut hash = self.0;
        hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
        hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
        (hash ^ (hash >> 16)) % BUCKETS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The trained weights belong to these numbers: whoever changes them trains anew.
    #[test]
    fn numbers_are_as_specified() {
        let mut hash = Hash::of(b'w');
        hash.text("password");
        assert_eq!(hash.0, 0x012c_232b);
        let found = of(&Text { subject: "Hello", words: "my password", known: &["registration"], ..Text::default() });
        assert!(found.list.iter().any(|feature| feature.bucket == hash.bucket()));
        assert_eq!(found.words, ["Hello", "my", "password"]);
    }

    #[test]
    fn a_long_text_counts_no_more_than_a_short_one() {
        let length = |words: &str| {
            of(&Text { words, ..Text::default() }).list.iter().map(|feature| feature.value.powi(2)).sum::<f32>()
        };
        assert!((length("one two three") - length(&"one two three four five six ".repeat(9))).abs() < 0.01);
    }
}
