//! The lines that name what follows: "-----Original Message-----", "Begin forwarded message:" and our own separator.

use std::sync::LazyLock;

use super::SEPARATOR;
use super::lines::{Line, is_rule_char, trim};
use super::words;

/// What such a line announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail) enum Divider {
    /// The mail that is answered.
    Original,
    /// A mail that is passed on.
    Forward,
}

static ORIGINALS: LazyLock<Vec<&str>> =
    LazyLock::new(|| words::of(include_str!("words/originals.txt")).map(|word| word.text).collect());
static FORWARDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| words::of(include_str!("words/forwards.txt")).map(|word| word.text).collect());

/// Bytes of the longest such line, dashes included.
const MAX_BYTES: usize = 240;

/// What this line announces, if it does.
pub(in crate::mail) fn of(body: &str) -> Option<Divider> {
    if body.len() > MAX_BYTES {
        return None;
    }
    let inner = body.trim_start_matches(|c: char| is_rule_char(c) || c.is_whitespace() || c == '>');
    let ruled = body.chars().take_while(|&c| is_rule_char(c)).count() >= 2;
    let colon = body.ends_with([':', '：']);
    if inner.is_empty() || !(ruled || colon) {
        return None;
    }
    let words = inner.to_lowercase();
    if starts_with_one(&FORWARDS, &words, ruled) {
        return Some(Divider::Forward);
    }
    (ruled && starts_with_one(&ORIGINALS, &words, ruled)).then_some(Divider::Original)
}

/// `words` is one of the phrases, with nothing but a rule, a colon or (behind a rule) "by Ada on 3 May" after it.
fn starts_with_one(phrases: &[&str], words: &str, ruled: bool) -> bool {
    phrases.iter().filter_map(|phrase| words.strip_prefix(phrase)).any(|rest| {
        let rest = trim(rest);
        let bare = rest.trim_matches(|c: char| is_rule_char(c) || c.is_whitespace() || matches!(c, ':' | '：'));
        bare.is_empty() || (ruled && rest.ends_with(is_rule_char)) || (ruled && rest.starts_with(is_rule_char))
    })
}

/// Letters and digits without anything between them start by saying that what follows is passed on.
pub(super) fn letters_say_forward(letters: &str) -> bool {
    static PHRASES: LazyLock<Vec<String>> = LazyLock::new(|| {
        FORWARDS.iter().map(|phrase| phrase.chars().filter(|c| c.is_alphanumeric()).collect()).collect()
    });
    let start = letters.chars().take(60).collect::<String>().to_lowercase();
    PHRASES.iter().any(|phrase| start.starts_with(phrase.as_str()))
}

/// Our own separator starts in line `index`. A client that wraps lines may have broken it: its end is then in one of
/// the two lines below.
pub(super) fn is_separator(lines: &[Line<'_>], index: usize) -> bool {
    let (start, end) = SEPARATOR;
    let Some(line) = lines.get(index) else { return false };
    line.body.starts_with(start)
        && line.body.len() > start.len() + end.len()
        && lines.iter().skip(index).take(3).any(|line| line.body.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_originals_from_forwards() {
        for (line, want) in [
            ("-----Original Message-----", Some(Divider::Original)),
            ("----- Ursprüngliche Nachricht -----", Some(Divider::Original)),
            ("________ Alkuperäinen viesti ________", Some(Divider::Original)),
            ("------------------ 原始邮件 ------------------", Some(Divider::Original)),
            ("-------- Message d’origine --------", Some(Divider::Original)),
            ("---------- Forwarded message ---------", Some(Divider::Forward)),
            ("Begin forwarded message:", Some(Divider::Forward)),
            ("Début du message réexpédié :", Some(Divider::Forward)),
            ("----- Forwarded by Ada Byron/ACME on 03.05.2024 10:15 -----", Some(Divider::Forward)),
            ("-------- Пересылаемое сообщение --------", Some(Divider::Forward)),
            ("----- Enter your original message below -----", None),
            ("Original message", None),
            ("The forwarded message:", None),
            ("--", None),
            ("-----", None),
        ] {
            assert_eq!(of(line), want, "{line}");
        }
    }
}
