//! The lines that name what follows: "-----Original Message-----", "Begin forwarded message:" and our own separator.

use std::sync::LazyLock;

use regex::Regex;

use super::lines::{Line, is_rule_char, trim};
use super::words;

/// Starts and ends the separator line that our own layout carries; the words between are for people.
/// A line that (without `>` and space) starts with the first and ends with the second, and all below it, is quoted.
pub const SEPARATOR: (&str, &str) = ("##-", "-##");

/// What such a line announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail) enum Divider {
    /// The mail that is answered.
    Original,
    /// A mail that is passed on.
    Forward,
}

static FORWARDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| words::of(include_str!("words/forwards.txt")).map(|word| word.text).collect());
static PHRASE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let originals = words::alternatives(words::of(include_str!("words/originals.txt")).map(|word| word.text));
    let forwards = words::alternatives(FORWARDS.iter().copied());
    Regex::new(&format!("(?i)^(?:{forwards}|{originals})")).ok()
});

/// Bytes of the longest such line, dashes included.
const MAX_BYTES: usize = 240;
/// Bytes of the longest with the headers of the old mail behind the dashes.
const MAX_LONG_BYTES: usize = 1_500;
/// Bytes of the shortest phrase: "thư gốc".
const MIN_BYTES: usize = 8;

/// What stands behind the dashes of such a line: Yahoo sets the headers of the old mail there.
pub(in crate::mail) fn behind(body: &str) -> &str {
    let is_edge = |c: char| is_rule_char(c) || c.is_whitespace();
    let inner = body.trim_start_matches(is_edge);
    let inner = PHRASE.as_ref().and_then(|phrase| phrase.find(inner)).and_then(|found| inner.get(found.end()..));
    inner.unwrap_or_default().trim_start_matches(is_edge)
}

/// The line that ends what was passed on, between dashes: mutt, nmh, Gnus, KMail and their translations.
pub(in crate::mail) fn ends_forward(body: &str) -> bool {
    let inner = body.trim_matches(|c: char| is_rule_char(c) || c.is_whitespace()).to_lowercase();
    let ruled = body.chars().take_while(|&c| is_rule_char(c)).count() >= 2;
    ruled && body.len() <= MAX_BYTES && ENDS.iter().any(|(_, ends)| ends.iter().any(|end| inner.starts_with(end)))
}

const ENDS: &[(&str, &[&str])] = &[
    (
        "en",
        &["end forwarded message", "end of forwarded message", "end forwarded mail", "end of the forwarded message"],
    ),
    ("de", &["ende der weitergeleiteten", "ende weitergeleitete", "ende der nachricht"]),
    ("fr", &["fin du message", "fin de message"]),
    ("es", &["fin del mensaje", "fin de mensaje"]),
    ("it", &["fine del messaggio", "fine messaggio"]),
    ("nl", &["einde doorgestuurd", "einde van doorgestuurd", "einde van het doorgestuurde"]),
    ("pt", &["fim da mensagem", "fim de mensagem"]),
    ("pl", &["koniec przekazanej", "koniec przekazywanej", "koniec wiadomości"]),
    ("fi", &["välitetty viesti päättyy", "välitetyn viestin loppu", "edelleenlähetetyn viestin loppu"]),
    ("sv, da, no", &["slut på vidarebefordrat", "slut på videresendt", "slutt på videresendt", "slut på meddelande"]),
    ("ru", &["конец пересылаемого", "конец пересланного", "конец переадресованного", "конец перенаправленного"]),
];

/// What this line announces, if it does.
pub(in crate::mail) fn of(body: &str) -> Option<Divider> {
    if body.len() > MAX_LONG_BYTES || body.len() > MAX_BYTES && !body.starts_with(is_rule_char) {
        return None;
    }
    let inner = body.trim_start_matches(|c: char| is_rule_char(c) || c.is_whitespace() || c == '>');
    let ruled = body.chars().take_while(|&c| is_rule_char(c)).count() >= 2;
    let colon = body.ends_with([':', '：']);
    if inner.len() < MIN_BYTES || !(ruled || colon) {
        return None;
    }
    let found = PHRASE.as_ref()?.find(inner)?;
    let rest = trim(inner.get(found.end()..)?);
    let bare = rest.trim_matches(|c: char| is_rule_char(c) || c.is_whitespace() || matches!(c, ':' | '：'));
    // Behind a rule more may follow: "by Ada on 3 May -----", "----- From: Ada".
    if !(bare.is_empty() || (ruled && (rest.ends_with(is_rule_char) || rest.starts_with(is_rule_char)))) {
        return None;
    }
    if FORWARDS.contains(&found.as_str().to_lowercase().as_str()) {
        return Some(Divider::Forward);
    }
    ruled.then_some(Divider::Original)
}

/// Letters and digits without anything between them start by saying that what follows is passed on.
pub(super) fn letters_say_forward(letters: &str) -> bool {
    static PHRASES: LazyLock<Vec<String>> = LazyLock::new(|| {
        FORWARDS.iter().map(|phrase| phrase.chars().filter(|c| c.is_alphanumeric()).collect()).collect()
    });
    let start = letters.chars().take(60).collect::<String>().to_lowercase();
    PHRASES.iter().any(|phrase| start.starts_with(phrase.as_str()))
}

/// Our own separator, or that of another desk, starts in line `index`. A client that wraps lines may have broken ours:
/// its end is then in one of the two lines below.
pub(super) fn is_separator(lines: &[Line<'_>], index: usize) -> bool {
    let (start, end) = SEPARATOR;
    let Some(line) = lines.get(index).filter(|line| line.body.starts_with(|c| c == '#' || is_rule_char(c))) else {
        return false;
    };
    if line.body.starts_with(start) {
        return line.body.len() > start.len() + end.len()
            && lines.iter().skip(index).take(3).any(|line| line.body.ends_with(end));
    }
    static ELSEWHERE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let phrases = words::alternatives(words::of(include_str!("words/above_this_line.txt")).map(|word| word.text));
        Regex::new(&format!("(?i){phrases}")).ok()
    });
    let is_drawn = |c: char| c == '#' || is_rule_char(c);
    let drawn = line.body.ends_with(is_drawn) && line.body.chars().take_while(|&c| is_drawn(c)).count() >= 2;
    drawn && line.body.len() <= MAX_BYTES && ELSEWHERE.as_ref().is_some_and(|phrase| phrase.is_match(line.body))
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
