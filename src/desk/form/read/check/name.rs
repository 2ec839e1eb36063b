//! Names of people.

use super::squeezed;
use crate::config::form::FieldKind;
use crate::desk::form::read::reason::Reason;

/// Words that belong to the last name that follows.
pub(in crate::desk::form::read) const PARTICLES: &[&str] = &[
    "van", "von", "vom", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "do", "du", "des", "la", "le",
    "les", "zu", "zum", "zur", "ter", "ten", "te", "af", "av", "al", "el", "bin", "ibn", "ben", "st.",
];
const TITLES: &[&str] = &[
    "dr",
    "dr.",
    "prof",
    "prof.",
    "mr",
    "mr.",
    "mrs",
    "mrs.",
    "ms",
    "ms.",
    "miss",
    "herr",
    "herrn",
    "frau",
    "dipl.-ing.",
    "ing.",
    "mag.",
    "mme",
    "m.",
    "sr.",
    "sra.",
    "dott.",
    "dott.ssa",
    "ir.",
    "drs.",
    "sir",
    "ph.d.",
    "phd",
    "msc",
    "mba",
    "ceng",
    "md",
    "cissp",
    "lic.",
    "iur.",
    "mgr",
    "inż.",
    "bc.",
    "mgr.",
    "b.sc.",
    "m.sc.",
];

/// A name without titles, shouting turned down.
pub(in crate::desk::form::read) fn read(typed: &str, kind: &FieldKind) -> Result<String, Reason> {
    let name = squeezed(typed);
    // `Le Gouallec (en deux mots)`
    let name = match name.split_once(" (") {
        Some((name, remark)) if remark.trim_end().ends_with(')') && !name.is_empty() => name.to_owned(),
        _ => name,
    };
    let name = name.trim_matches(|c: char| {
        matches!(c, '"' | '“' | '”' | '„' | ',' | ';' | ':' | '*' | '(' | ')' | '<' | '>' | ' ')
    });
    let name = without_titles(name);
    if !name.chars().any(char::is_alphabetic) {
        return Err(Reason::NoLetters);
    }
    let fine = |c: char| c.is_alphabetic() || matches!(c, ' ' | '\'' | '’' | '-' | '.' | ',' | '·' | '`') || is_mark(c);
    if !name.chars().all(fine) {
        return Err(Reason::NoName);
    }
    let most = if *kind == FieldKind::Name { 8 } else { 4 };
    if name.split_whitespace().count() > most {
        return Err(Reason::ManyWords);
    }
    let name = if *kind == FieldKind::Name { straight(&name) } else { name };
    let turned = name.split_whitespace().map(|word| spoken(word, &name)).collect::<Vec<_>>().join(" ");
    Ok(turned)
}

/// `Hinterseer, Josef` as `Josef Hinterseer`. `Anna Schmidt, CEO` stays as it is.
fn straight(name: &str) -> String {
    match name.split_once(',') {
        Some((last, first)) if is_one_family_name(last) && is_given(first) => {
            format!("{} {}", without_titles(first), without_titles(last))
        }
        _ => name.to_owned(),
    }
}

/// One word, and particles before it.
pub(in crate::desk::form::read) fn is_one_family_name(text: &str) -> bool {
    let name = without_titles(text);
    name.split_whitespace().filter(|word| !PARTICLES.contains(&word.to_lowercase().as_str())).count() == 1
}

/// One to three words that are no abbreviation of a job.
fn is_given(text: &str) -> bool {
    let name = without_titles(text);
    let abbreviated = |word: &str| {
        let letters = word.chars().count();
        letters <= 4 && !word.contains('.') && !word.chars().any(char::is_lowercase)
    };
    (1..=3).contains(&name.split_whitespace().count()) && !name.contains(',') && !abbreviated(&name)
}

/// Combining marks (U+0300 to U+036F).
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Without titles and degrees at the ends.
pub(in crate::desk::form::read) fn without_titles(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let title = |word: &&&str| TITLES.contains(&word.trim_end_matches(',').to_lowercase().as_str());
    let front = words.iter().take_while(title).count();
    let back = words.iter().skip(front).rev().take_while(title).count();
    words
        .iter()
        .take(words.len() - back)
        .skip(front)
        .copied()
        .collect::<Vec<_>>()
        .join(" ")
        .trim_end_matches(',')
        .to_owned()
}

/// A word of a name that was typed in capitals or in small letters throughout.
fn spoken(word: &str, name: &str) -> String {
    let small = !name.chars().any(char::is_uppercase) && !PARTICLES.contains(&word);
    let loud = word.chars().filter(|c| c.is_alphabetic()).count() > 2 && !word.chars().any(char::is_lowercase);
    if !small && !loud {
        return word.to_owned();
    }
    let lower = word.to_lowercase();
    if PARTICLES.contains(&lower.as_str()) && name.contains(' ') {
        return lower;
    }
    let mut start = true;
    let mut turned = String::with_capacity(word.len());
    for letter in word.chars() {
        match start {
            true => turned.extend(letter.to_uppercase()),
            false => turned.extend(letter.to_lowercase()),
        }
        start = !letter.is_alphabetic();
    }
    turned
}
