//! Where a text may hold the token of a link or a code: every run of token letters that has their length, whatever stands
//! between the letters, as [`LinkHash::of`] takes it too.

use std::collections::VecDeque;
use std::ops::Range;

use crate::desk::seal::link::{CODE_LETTERS, LINK_LETTERS, LinkHash, is_token_letter};

/// Octets that may stand between two letters of one token: a line break with quote marks and indentation, a soft hyphen.
const MAX_GAP: usize = 24;
/// Fewer different letters than this has no link's token of random octets; separators and numbers have.
const LEAST_LETTERS: u32 = 8;

/// One letter of a run.
#[derive(Debug, Clone, Copy)]
struct Letter {
    /// In lower case.
    octet: u8,
    /// Where it stands.
    at: usize,
    /// No letter or digit stands directly before it.
    begins: bool,
}

/// Hands out every candidate with its place, in one pass: what begins or ends a word for links, as words run into their
/// neighbours where clients glue lines together; whole words for codes.
pub(in crate::desk) fn each(text: &[u8], visit: &mut dyn FnMut(LinkHash, Range<usize>)) {
    let mut run: VecDeque<Letter> = VecDeque::with_capacity(LINK_LETTERS + 1);
    let mut gap = 0;
    let mut beside = false;
    for (at, octet) in text.iter().map(u8::to_ascii_lowercase).enumerate() {
        // Every other octet of UTF-16.
        if octet == 0 {
            continue;
        }
        if !octet.is_ascii_alphanumeric() {
            if beside && run.len() >= CODE_LETTERS {
                ending_here(&run, true, visit);
            }
            (gap, beside) = (gap + 1, false);
            if gap > MAX_GAP {
                run.clear();
            }
            continue;
        }
        if beside && run.len() >= LINK_LETTERS {
            ending_here(&run, false, visit);
        }
        if is_token_letter(octet) {
            if run.len() == LINK_LETTERS {
                run.pop_front();
            }
            run.push_back(Letter { octet, at, begins: !beside });
        } else {
            run.clear();
        }
        (gap, beside) = (0, true);
    }
    if beside {
        ending_here(&run, true, visit);
    }
}

/// The candidates whose last letter is the run's last one; `ends`: no letter or digit stands directly behind it.
fn ending_here(run: &VecDeque<Letter>, ends: bool, visit: &mut dyn FnMut(LinkHash, Range<usize>)) {
    for (length, code) in [(LINK_LETTERS, false), (CODE_LETTERS, true)] {
        let Some(first) = run.len().checked_sub(length).and_then(|at| run.get(at)) else { continue };
        let letters = || run.iter().skip(run.len() - length);
        let stands = if code { first.begins && ends && is_code(letters()) } else { first.begins || ends };
        if !stands || !code && !is_random(letters()) {
            continue;
        }
        let end = run.back().map_or(first.at, |last| last.at) + 1;
        let token: String = letters().map(|letter| char::from(letter.octet)).collect();
        visit(LinkHash::of(&token), first.at..end);
    }
}

/// Whether letters stand as those of a code do: together, or apart in the middle; and are no number.
fn is_code<'a>(letters: impl Iterator<Item = &'a Letter> + Clone) -> bool {
    let apart = |(at, letter): (usize, &Letter)| letter.begins && at != 0 && at != CODE_LETTERS / 2;
    letters.clone().any(|letter| letter.octet.is_ascii_alphabetic()) && !letters.enumerate().any(apart)
}

/// Whether letters may be those of 160 random bits: numbers, hexadecimal sums and rows of one letter are not.
fn is_random<'a>(letters: impl Iterator<Item = &'a Letter>) -> bool {
    let mut seen = 0_u64;
    for letter in letters {
        let place = match letter.octet {
            digit @ b'0'..=b'9' => digit - b'0',
            other => other.wrapping_sub(b'a').min(25) + 10,
        };
        seen |= 1 << place;
    }
    seen.count_ones() >= LEAST_LETTERS && seen >> 16 != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::seal::link::{Entropy, LinkPurpose};

    fn finds(text: &str, token: &str) -> bool {
        let mut found = false;
        each(text.as_bytes(), &mut |hash, _| found |= hash == LinkHash::of(token));
        found
    }

    fn count(text: &str) -> usize {
        let mut count = 0;
        each(text.as_bytes(), &mut |_, _| count += 1);
        count
    }

    #[test]
    fn a_token_is_found_however_it_is_broken() {
        let mut entropy = Entropy::new([7; 32]);
        let token = entropy.token(LinkPurpose::Reset).unwrap();
        let (head, tail) = token.split_at(11);
        for text in [
            token.clone(),
            format!("https://help.example.test/reset/{token}"),
            format!("see {token}. Thanks"),
            format!("{token}Open the page"),
            format!("%2Freset%2F{token}&data=05"),
            format!("> {head}\r\n> > {tail} is it"),
            format!("{head}\u{ad}{tail}"),
            format!("{head}-{tail}"),
            token.to_uppercase(),
            token.chars().map(|c| format!("{c}\0")).collect(),
        ] {
            assert!(finds(&text, &token), "{text}");
        }
        assert!(!finds(&format!("{head}{}{tail}", "-".repeat(MAX_GAP + 1)), &token));
    }

    #[test]
    fn a_code_is_found_as_people_type_it() {
        let code = Entropy::new([9; 32]).token(LinkPurpose::Code).unwrap();
        let (first, second) = code.split_once('-').unwrap();
        for text in [
            format!("The code {code} does not work"),
            format!("({first} {second})"),
            format!("{first}{second}"),
            format!("{first}–{second}").to_uppercase(),
            format!("> {first}-\n> {second}"),
        ] {
            assert!(finds(&text, &code), "{text}");
        }
        assert!(!finds(&format!("x{first}{second}"), &code));
    }

    #[test]
    fn ordinary_texts_have_hardly_any_candidate() {
        let numbers: String = (0..10_000).map(|n| format!("{:010};", n * 7_919)).collect();
        let sums = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 ".repeat(100);
        let words = "The printer on floor 3 does not print; call +358 40 123 4567, then 09:30. ".repeat(100);
        assert_eq!([count(&numbers), count(&sums), count(&words), count(&"=".repeat(10_000))], [0; 4]);
    }
}
