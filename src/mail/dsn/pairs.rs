//! What is said in two words of one clause, in whatever order and language: who is spoken of, and what is said of them.

use super::super::quote::words;

/// The words of one language.
#[derive(Default)]
struct Language {
    label: &'static str,
    about: Vec<&'static str>,
    said: Vec<&'static str>,
}

/// Such words in many languages.
pub struct Pairs(Vec<Language>);

/// Bytes between the two: further apart they belong to different thoughts.
const MAX_GAP: usize = 48;

impl Pairs {
    /// Reads a list whose section `about` names what is spoken of; the other section is what is said of it.
    pub fn of(list: &'static str, about: &str) -> Self {
        let mut all: Vec<Language> = Vec::new();
        for word in words::of(list) {
            let at = all.iter().position(|language| language.label == word.label).unwrap_or_else(|| {
                all.push(Language { label: word.label, ..Language::default() });
                all.len() - 1
            });
            let Some(language) = all.get_mut(at) else { continue };
            let list = if word.section == about { &mut language.about } else { &mut language.said };
            list.push(word.text);
        }
        Self(all)
    }

    /// Whether a clause (lower case) says it in one of the languages.
    pub fn are_in(&self, clause: &str) -> bool {
        self.0.iter().any(|language| language.says(clause))
    }
}

impl Language {
    fn says(&self, clause: &str) -> bool {
        // What is said is rarer than of what, so it is looked for first.
        self.said.iter().filter_map(|word| place(clause, word)).any(|said| {
            self.about.iter().filter_map(|word| place(clause, word)).any(|about| {
                let gap = about.0.saturating_sub(said.1).max(said.0.saturating_sub(about.1));
                gap <= MAX_GAP
            })
        })
    }
}

/// The bytes of a word in a clause, where it starts one.
fn place(clause: &str, word: &str) -> Option<(usize, usize)> {
    let joined = !word.is_ascii() && word.chars().any(|c| c as u32 >= 0x2e80);
    clause.match_indices(word).find_map(|(at, _)| {
        let before = clause.get(..at)?.chars().next_back();
        let starts = joined || before.is_none_or(|c| !c.is_alphanumeric() && c != '-');
        let short = word.len() <= 4 && clause.get(at + word.len()..)?.starts_with(char::is_alphanumeric);
        (starts && (joined || !short)).then_some((at, at + word.len()))
    })
}
