//! Function words of the languages that the desk writes: a support mail of one sentence has a few of them, and they
//! tell more than the frequency of its letters.

use std::{collections::HashMap, sync::LazyLock};

use super::limits;
use super::written::Language;

/// Words that no other language of the neighbourhood writes so: what English, Dutch, German and the Scandinavian
/// languages share (`is`, `in`, `for`, `was`, `die`…) is left out where it would mislead.
#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "about", "after", "and", "any", "anyone", "are", "because", "been", "but", "can", "cannot", "could", "does", "from",
    "has", "have", "hello", "help", "how", "it", "its", "my", "need", "new", "not", "our", "please", "regards", "since",
    "still", "thank", "thanks", "that", "the", "their", "there", "these", "they", "this", "to", "us", "when", "which",
    "who", "why", "with", "would", "you", "your",
];
#[rustfmt::skip]
const GERMAN: &[&str] = &[
    "aber", "auch", "auf", "aus", "bei", "beim", "bitte", "bräuchten", "dank", "danke", "das", "dass", "dem", "der",
    "ein", "eine", "einem", "einen", "einer", "es", "für", "gibt", "grüße", "grüßen", "guten", "habe", "haben", "ich",
    "ihr", "ihre", "ihren", "ist", "kann", "kein", "keine", "können", "leider", "mehr", "mein", "meine", "mich", "mir",
    "mit", "nach", "nicht", "noch", "nur", "oder", "schon", "seit", "sich", "sie", "sind", "und", "uns", "unser",
    "unsere", "unserer", "viele", "vielen", "vom", "von", "wenn", "werden", "wie", "wir", "wird", "wurde", "zu", "zum",
    "zur",
];
#[rustfmt::skip]
const FINNISH: &[&str] = &[
    "ei", "eikä", "eivät", "emme", "ette", "että", "hei", "hän", "ja", "joka", "jos", "jotta", "kanssa", "kiitos",
    "koska", "kuin", "kuitenkin", "kun", "lisäksi", "meidän", "mikä", "miksi", "minulla", "minun", "miten", "mitä",
    "mukaan", "mutta", "myös", "niin", "nyt", "ole", "olen", "olemme", "oli", "olla", "onko", "ovat", "pitäisi", "saa",
    "saan", "saako", "siitä", "sitä", "tai", "teidän", "terveisin", "terveiset", "tämä", "tässä", "vai", "vielä",
    "voi", "voiko", "voimme", "voisiko", "voisitko", "voisitteko", "ystävällisin",
];
/// Finnish says with endings what others say with words.
#[rustfmt::skip]
const FINNISH_ENDINGS: &[&str] = &[
    "ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä", "lle", "ksi", "mme", "nne", "iden", "jen", "een", "ään",
    "aan", "sti", "tta", "ttä", "ien", "kset", "isen",
];

/// Function words of every language that is counted, those of the desk first.
#[rustfmt::skip]
const LISTS: [(&str, &[&str]); 10] = [
    ("en", ENGLISH),
    ("de", GERMAN),
    ("fi", FINNISH),
    ("fr", &["avec", "bonjour", "ce", "cette", "dans", "depuis", "des", "du", "est", "et", "je", "la", "le", "les", "merci", "mon", "ne", "notre", "nous", "pas", "plus", "pour", "que", "sur", "une", "vous"]),
    ("es", &["con", "de", "del", "después", "el", "en", "es", "este", "gracias", "hola", "la", "las", "los", "me", "mi", "no", "nos", "nuestro", "para", "pero", "por", "que", "se", "sin", "una", "y"]),
    ("it", &["buongiorno", "che", "con", "da", "del", "della", "di", "dopo", "è", "grazie", "ho", "il", "la", "mi", "mio", "nel", "non", "nostro", "per", "più", "questo", "si", "sono", "un", "una"]),
    ("pt", &["com", "da", "de", "depois", "do", "em", "está", "eu", "meu", "minha", "não", "nosso", "o", "obrigado", "olá", "os", "para", "por", "que", "se", "uma", "você"]),
    ("nl", &["aan", "bedankt", "dat", "de", "dit", "een", "en", "geen", "het", "ik", "is", "kan", "kunt", "meer", "met", "mijn", "na", "niet", "onze", "op", "sinds", "te", "van", "voor", "wij", "zijn"]),
    ("sv", &["att", "av", "det", "den", "efter", "en", "ett", "för", "från", "har", "hej", "i", "inte", "jag", "kan", "med", "min", "och", "på", "som", "tack", "till", "vi", "vår", "är"]),
    ("da", &["af", "at", "den", "det", "efter", "en", "et", "fra", "har", "hej", "i", "ikke", "jeg", "kan", "med", "min", "og", "på", "som", "tak", "til", "vi", "vores", "være"]),
];

/// Every function word with the languages that have it, one bit for each of [`LISTS`].
static WORDS: LazyLock<HashMap<&str, u16>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for (place, (_, list)) in LISTS.iter().enumerate() {
        list.iter().for_each(|word| *words.entry(*word).or_default() |= 1 << place);
    }
    words
});

/// How many words speak for which language.
#[derive(Debug, Clone, Copy)]
pub struct Prior {
    words: usize,
    /// Two letters in three are ASCII.
    plain: bool,
    hits: [usize; LISTS.len()],
}

/// The words of a text up to the limit, without addresses, links, and what holds digits.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut room = limits::LANGUAGE_SAMPLE;
    text.split_whitespace()
        .filter(|word| {
            word.len() < 200
                && !word.contains(['@', '/', '_', '<', '='])
                && !word.contains(|c: char| c.is_ascii_digit())
        })
        .take_while(move |word| {
            room = room.saturating_sub(word.chars().count() + 1);
            room > 0
        })
        .map(|word| word.trim_matches(|c: char| !c.is_alphabetic()))
        .filter(|word| !word.is_empty())
}

/// Counts the words of a sample.
pub fn count(sample: &str) -> Prior {
    let beyond = sample.chars().filter(|c| !c.is_ascii()).count();
    let plain = beyond * 3 <= sample.chars().count();
    let mut prior = Prior { words: 0, plain, hits: [0; LISTS.len()] };
    for word in sample.to_lowercase().split_whitespace() {
        prior.words += 1;
        let known = WORDS.get(word).copied().unwrap_or_default();
        for (place, (hits, (code, _))) in prior.hits.iter_mut().zip(LISTS).enumerate() {
            *hits += usize::from(known >> place & 1 == 1 || code == "fi" && is_finnish(word));
        }
    }
    prior
}

/// A long word with a case ending, and with the vowels or doubled letters that other languages do not pair with it.
fn is_finnish(word: &str) -> bool {
    let long = word.chars().count() >= 6 && FINNISH_ENDINGS.iter().any(|ending| word.ends_with(ending));
    long && !word.contains(['q', 'w', 'x', 'z', 'ß', 'ü', 'å', 'c', 'b', 'f'])
}

impl Prior {
    /// The language with the most hits, their number, and that of the next.
    fn best(self) -> (&'static str, usize, usize) {
        let mut ranked: Vec<(usize, &str)> = self.hits.into_iter().zip(LISTS.iter().map(|(code, _)| *code)).collect();
        ranked.sort_by_key(|(hits, _)| std::cmp::Reverse(*hits));
        let next = ranked.get(1).map_or(0, |(hits, _)| *hits);
        ranked.first().map_or(("", 0, 0), |(hits, code)| (*code, *hits, next))
    }

    /// A language that the desk writes: at least two words, a fifth of all, and three times as many as for the next.
    ///
    /// Lists, logs and keywords have fewer function words; of English ones a fifteenth will do where most letters are
    /// plain, because what else is written so has the short words of a neighbour (`di`, `na`, `se`) in every sentence.
    pub fn sure(self) -> Option<&'static str> {
        let (code, hits, next) = self.best();
        let ours = Language::from_code(code).is_some();
        let share = if code == "en" && self.plain { 15 } else { 5 };
        (ours && hits >= 2 && hits * share >= self.words && hits >= next * 3).then_some(code)
    }

    /// The language has more words than any other.
    pub fn supports(self, code: &str) -> bool {
        let (best, hits, next) = self.best();
        best == code && hits > next
    }
}
