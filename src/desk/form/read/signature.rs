//! Where a letter ends and its signature begins.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::script::Script;
use super::vocabulary::key;

/// What letters end with.
const CLOSINGS: &[&str] = &[
    "regards",
    "bestregards",
    "kindregards",
    "warmregards",
    "sincerely",
    "yours",
    "thanks",
    "thankyou",
    "thx",
    "cheers",
    "br",
    "kr",
    "rgds",
    "best",
    "mfg",
    "gruß",
    "grüße",
    "grüßen",
    "gruss",
    "grusse",
    "vg",
    "lg",
    "danke",
    "terveisin",
    "terv",
    "ystävällisin",
    "kiitos",
    "kiittäen",
    "hälsningar",
    "hälsning",
    "mvh",
    "vänligen",
    "tack",
    "cordialement",
    "merci",
    "salutations",
    "bienàvous",
    "saludo",
    "saludos",
    "gracias",
    "saluti",
    "grazie",
    "groet",
    "groeten",
    "bedankt",
    "cumprimentos",
    "obrigado",
    "obrigada",
    "pozdrawiam",
    "pozdrowieniami",
    "hilsen",
    "tak",
    "takk",
    "t",
];
/// The same as they are compared.
static CLOSED: LazyLock<BTreeSet<String>> = LazyLock::new(|| CLOSINGS.iter().map(|closing| key(closing)).collect());
/// Words of a closing, and marks between them, at most.
const MAX_WORDS: usize = 12;

/// Whether a line ends a letter: it is short and begins or ends with a word of that kind.
pub(super) fn is_closing(line: &str) -> bool {
    // What is longer than a closing is not looked at word by word.
    if line.split_whitespace().nth(MAX_WORDS).is_some() {
        return false;
    }
    let words: Vec<String> = line.split_whitespace().map(key).filter(|word| !word.is_empty()).collect();
    let closes = |word: &String| CLOSED.contains(word);
    let anywhere = line.trim_end().ends_with([',', '!', '.']) && words.iter().any(closes);
    let short = (1..=6).contains(&words.len()) && !line.contains(['@', '?', ':']);
    short && (anywhere || words.first().is_some_and(closes) || words.last().is_some_and(closes))
}

/// The lines that the writer wrote above the closing.
pub(super) fn above_signature(script: &Script) -> Vec<&str> {
    let own: Vec<&str> = script.own().collect();
    let end = closing(&own).unwrap_or(own.len());
    own.into_iter().take(end).collect()
}

/// The last closing, where only a signature follows.
pub(super) fn closing(own: &[&str]) -> Option<usize> {
    let at = own.iter().rposition(|line| is_closing(line))?;
    (at > 0 && own.len() - at <= 16).then_some(at)
}
