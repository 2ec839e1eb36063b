//! Subjects: the case IDs in them and the words around them.

use super::{encoded_word, headers, limits};

/// The decoded subject on one line.
pub fn decode(value: &str) -> String {
    headers::clean(&encoded_word::decode(value), limits::MAX_SUBJECT_CHARS)
}

/// Every case number `[PREFIX-n]` in a subject, in order, each once. Brackets are required: a bare
/// `CASE-7` may be anybody's.
pub fn case_numbers(subject: &str, prefix: &str) -> Vec<i64> {
    let mut found = Vec::new();
    for piece in subject.split('[').skip(1) {
        let number = piece
            .split_once(']')
            .and_then(|(tag, _)| tag.trim().split_once('-'))
            .filter(|(word, _)| word.eq_ignore_ascii_case(prefix))
            .and_then(|(_, number)| number.parse::<i64>().ok());
        if let Some(number) = number.filter(|n| *n > 0 && !found.contains(n)) {
            found.push(number);
        }
    }
    found
}

/// Every case number `PREFIX-n` that stands in a subject as a word of its own without brackets, in order, each once. It may be
/// anybody's: it counts only for who takes part in that case.
pub fn bare_case_numbers(subject: &str, prefix: &str) -> Vec<i64> {
    let mut found = Vec::new();
    // Clients and people write any kind of dash.
    let plain = |letter: char| if matches!(letter, '\u{2010}'..='\u{2013}') { '-' } else { letter };
    let subject: String = subject.chars().map(plain).collect();
    for word in subject.split(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '-' | '[' | ']' | '_'))) {
        let parts = word.split_once('-').filter(|(word, _)| word.eq_ignore_ascii_case(prefix));
        let number = parts.and_then(|(_, number)| number.parse::<i64>().ok());
        if let Some(number) = number.filter(|number| *number > 0 && !found.contains(number)) {
            found.push(number);
        }
    }
    found
}

/// A subject without reply and forward prefixes and without our own tags: what a ticket is called. Bounded; `(no subject)`
/// is never invented here.
pub fn base(subject: &str, prefix: &str) -> String {
    let mut rest = subject.trim();
    loop {
        let before = rest;
        rest = strip_tag(rest, prefix).trim_start();
        if let Some((word, after)) = rest.split_once(':') {
            let word = word.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')'));
            if PREFIXES.iter().any(|known| known.eq_ignore_ascii_case(word.trim())) {
                rest = after.trim_start();
            }
        }
        if rest == before {
            return rest.trim().to_owned();
        }
    }
}

/// Whether a subject is that of a mail which this one answers, by its prefix.
pub fn is_reply(subject: &str) -> bool {
    let Some((word, _)) = subject.trim().split_once([':', '：']) else { return false };
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')')).trim();
    REPLIES.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// The prefixes among [`PREFIXES`] that stand before answers, and no others.
const REPLIES: &[&str] =
    &["re", "aw", "sv", "vs", "ré", "res", "r", "rif", "antw", "odp", "回复", "答复", "Отв", "ynt"];

/// Reply and forward prefixes of the mail clients in use: English, German, Scandinavian, Finnish, French, Spanish,
/// Italian, Portuguese, Dutch, Polish, Czech, Chinese, Russian.
const PREFIXES: &[&str] = &[
    "re",
    "fw",
    "fwd",
    "aw",
    "wg",
    "sv",
    "vs",
    "vb",
    "vl",
    "ré",
    "tr",
    "rv",
    "res",
    "enc",
    "r",
    "i",
    "rif",
    "antw",
    "doorst",
    "odp",
    "pd",
    "回复",
    "答复",
    "转发",
    "Отв",
    "Пересл",
    "ynt",
    "ilt",
];

/// Without one of our tags at the start.
fn strip_tag<'a>(subject: &'a str, prefix: &str) -> &'a str {
    let Some((tag, rest)) = subject.strip_prefix('[').and_then(|inner| inner.split_once(']')) else { return subject };
    let ours = tag
        .trim()
        .split_once('-')
        .is_some_and(|(word, number)| word.eq_ignore_ascii_case(prefix) && number.parse::<i64>().is_ok());
    let gateway = GATEWAY_TAGS.iter().any(|known| known.eq_ignore_ascii_case(tag.trim()));
    if ours || gateway { rest } else { subject }
}

/// What gateways set before the subject of mail from outside: it says nothing to those we write to.
const GATEWAY_TAGS: &[&str] = &[
    "external",
    "ext",
    "extern",
    "externe",
    "externo",
    "external email",
    "external sender",
    "external mail",
    "outside",
    "ulkoinen",
    "extern e-mail",
];
