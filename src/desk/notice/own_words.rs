//! The standing words of our mails to engineers, to be recognised when they come back: in whatever quote, wrapped anew, in
//! part.

use std::collections::HashSet;
use std::sync::Arc;

/// Fewest words in a row that tell our words from somebody's, in a quote that is known to be of our mail.
pub const LEAST_QUOTED: usize = 4;
/// The same elsewhere.
pub const LEAST: usize = 6;
/// Words compared at once; a longer sentence is known by any so many of its words.
const MOST: usize = 8;

/// What our templates for engineers say, whatever the case.
#[derive(Debug, Clone, Default)]
pub struct OwnWords {
    /// Runs of words, lower case and joined by blanks.
    runs: Arc<HashSet<String>>,
}

impl OwnWords {
    /// From the fixed pieces of templates, each a line or less.
    pub fn new(pieces: impl Iterator<Item = String>) -> Self {
        let mut runs = HashSet::new();
        for piece in pieces {
            let words: Vec<String> = piece.split_whitespace().filter_map(word).collect();
            if words.len() >= LEAST_QUOTED {
                runs.extend(words.windows(words.len().min(MOST)).map(|run| run.join(" ")));
            }
        }
        Self { runs: Arc::new(runs) }
    }

    /// Which of some lines hold at least `least` of our words in a row; a row may go over several lines.
    pub fn lines(&self, lines: &[&str], least: usize) -> HashSet<usize> {
        let words: Vec<(usize, String)> = lines
            .iter()
            .enumerate()
            .flat_map(|(number, line)| line.split_whitespace().filter_map(word).map(move |word| (number, word)))
            .collect();
        let mut found = HashSet::new();
        let mut run = String::new();
        for start in 0..words.len() {
            run.clear();
            for (length, (_, word)) in words.iter().skip(start).take(MOST).enumerate() {
                if length > 0 {
                    run.push(' ');
                }
                run.push_str(word);
                if length + 1 >= least && self.runs.contains(run.as_str()) {
                    found.extend(words.iter().skip(start).take(length + 1).map(|(number, _)| *number));
                }
            }
        }
        found
    }
}

/// A word without the signs around it.
fn word(token: &str) -> Option<String> {
    let bare = token.trim_matches(|c: char| !c.is_alphanumeric());
    (!bare.is_empty()).then(|| bare.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> OwnWords {
        let pieces = [
            "**To answer, just reply to this email.** Your answer goes to the customer.",
            "A new request from ",
            "Files:",
        ];
        OwnWords::new(pieces.into_iter().map(str::to_owned))
    }

    fn found(text: &str, least: usize) -> Vec<usize> {
        let lines: Vec<&str> = text.lines().collect();
        let mut found: Vec<usize> = own().lines(&lines, least).into_iter().collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn our_sentences_are_found_wrapped_and_in_part() {
        assert_eq!(
            found("Hello\nTo answer, just reply to this email. Your\nanswer goes to the customer.\nBye", LEAST),
            [1, 2]
        );
        assert_eq!(found("just reply to this email. *Your answer goes*", LEAST), [0]);
    }

    #[test]
    fn peoples_words_are_not() {
        assert_eq!(found("To answer, just reply to this email.", LEAST), Vec::<usize>::new());
        assert_eq!(found("A new request from Anna\nFiles:", LEAST), Vec::<usize>::new());
        assert_eq!(found("A new request from Anna", LEAST_QUOTED), [0]);
    }
}
