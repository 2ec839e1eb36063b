//! What the subject of a mail says of it: an answer, or one that was passed on.

use crate::mail::quote::words;

/// The subject says that the mail was passed on: `Fwd: …`, `WG: …`, and not `Re: Fwd: …`.
pub fn says_so(subject: &str) -> bool {
    Prefix::of(subject) == Prefix::Forward
}

/// What the subject starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefix {
    Forward,
    /// "VS:", a reply in Finnish and a forward in Danish and Norwegian.
    Ambiguous,
    Reply,
    None,
}

impl Prefix {
    /// The first prefix; tags in brackets before it, such as `[CASE-7]`, are passed over. nmh and alpine write `(fwd)` behind
    /// the subject.
    pub(super) fn of(subject: &str) -> Self {
        let first = Self::first(subject);
        if first == Self::None && subject.trim_end().ends_with("(fwd)") { Self::Forward } else { first }
    }

    fn first(subject: &str) -> Self {
        let mut rest = subject.trim_start();
        for _ in 0..4 {
            let Some((tag, behind)) = rest.strip_prefix('[').and_then(|inside| inside.split_once(']')) else { break };
            // Netscape and its heirs write "[Fwd: the subject]".
            if Self::word(tag) == Self::Forward {
                return Self::Forward;
            }
            rest = behind.trim_start();
        }
        Self::word(rest)
    }

    fn word(subject: &str) -> Self {
        let Some((word, _)) = subject.split_once([':', '：']).filter(|(word, _)| word.len() <= 40) else {
            return Self::None;
        };
        // Some clients count: "Fwd[2]:", "FW(3):".
        let word = word.trim().to_lowercase();
        let word =
            word.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')' | '*' | '^' | ' '));
        let known = words::of(include_str!("../quote/words/subject_prefixes.txt")).find(|known| known.text == word);
        match known.map(|known| known.section) {
            Some("forward") => Self::Forward,
            Some("ambiguous") => Self::Ambiguous,
            Some("reply") => Self::Reply,
            _ => Self::None,
        }
    }
}
