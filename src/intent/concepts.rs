//! What words mean, whatever the language: `password` for `salasanani` and パスワード. The list is in `concepts.txt`.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::letters::plain;
use super::text::{Kind, Token};

const LIST: &str = include_str!("concepts.txt");

/// A concept that a text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Concept {
    /// What it is called in the list.
    pub name: &'static str,
    /// The position of its first word among the tokens.
    pub word: usize,
    /// That word's sentence.
    pub sentence: u32,
}

/// What stands for a concept, and where it may stand.
struct Entry {
    concept: &'static str,
    /// Only at the beginning of a word.
    begins: bool,
    /// Only at the end of a word.
    ends: bool,
}

struct Index {
    entries: Vec<Entry>,
    /// None when the list cannot be compiled, which a test would show.
    search: Option<AhoCorasick>,
}

/// The concepts of a text, in the order in which they stand there, each once in a sentence.
pub(super) fn find(tokens: &[Token]) -> Vec<Concept> {
    static INDEX: OnceLock<Index> = OnceLock::new();
    let index = INDEX.get_or_init(index);
    let Some(search) = &index.search else { return Vec::new() };
    let (text, starts) = joined(tokens);
    let mut found: Vec<Concept> = Vec::new();
    for hit in search.find_overlapping_iter(&text) {
        let Some(entry) = index.entries.get(hit.pattern().as_usize()) else { continue };
        let before = hit.start() == 0 || text.as_bytes().get(hit.start() - 1).is_none_or(|octet| is_edge(*octet));
        let after = text.as_bytes().get(hit.end()).is_none_or(|octet| is_edge(*octet));
        let word = starts.partition_point(|start| *start <= hit.start()).saturating_sub(1);
        let Some(token) = tokens.get(word) else { continue };
        if (before || !entry.begins) && (after || !entry.ends) {
            found.push(Concept { name: entry.concept, word, sentence: token.sentence });
        }
    }
    found.sort_by_key(|concept| (concept.sentence, concept.name, concept.word));
    found.dedup_by_key(|concept| (concept.sentence, concept.name));
    found.sort_by_key(|concept| (concept.word, concept.name));
    found
}

/// The words with blanks between them, sentences apart by line breaks; where each begins.
fn joined(tokens: &[Token]) -> (String, Vec<usize>) {
    let mut text = String::new();
    let mut starts = Vec::with_capacity(tokens.len());
    let mut sentence = 0;
    for token in tokens {
        if !text.is_empty() {
            text.push(if token.sentence == sentence { ' ' } else { '\n' });
        }
        sentence = token.sentence;
        starts.push(text.len());
        match token.kind {
            Kind::Run => text.push_str(&token.word),
            Kind::Word | Kind::Sign => text.extend(token.word.chars().flat_map(plain)),
        }
    }
    (text, starts)
}

fn is_edge(octet: u8) -> bool {
    matches!(octet, b' ' | b'\n')
}

fn index() -> Index {
    let mut entries = Vec::new();
    let mut patterns = Vec::new();
    for line in LIST.lines().filter(|line| !line.starts_with('#')) {
        let Some((concept, listed)) = line.split_once(':') else { continue };
        for written in listed.split(',').map(str::trim).filter(|written| !written.is_empty()) {
            let bare = written.trim_matches('*');
            let is_run = bare.chars().any(|letter| letter >= '\u{3040}');
            let begins = !is_run && !written.starts_with('*');
            let ends = !is_run && !written.ends_with('*');
            patterns.push(if is_run { bare.to_owned() } else { bare.chars().flat_map(plain).collect() });
            entries.push(Entry { concept, begins, ends });
        }
    }
    let search = AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns).ok();
    Index { entries, search }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::text::tokens;

    fn names(text: &str) -> Vec<&'static str> {
        find(&tokens(text)).into_iter().map(|concept| concept.name).collect()
    }

    #[test]
    fn the_list_is_read() {
        assert!(index().search.is_some());
        assert!(index().entries.len() > 2000);
    }

    #[test]
    fn the_same_in_many_languages() {
        for text in [
            "I forgot my password",
            "Habe mein Kennwort vergessen",
            "unohdin salasanani",
            "J'ai oublié mon mot de passe",
            "Zapomněl jsem heslo",
            "パスワードを忘れました",
            "비밀번호를 잊었어요",
            "Şifremi unuttum",
        ] {
            let found = names(text);
            assert!(found.contains(&"password") && found.contains(&"forgot"), "{text}: {found:?}");
        }
    }
}
