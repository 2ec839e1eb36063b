//! Names that stand in a text: runs of words with capitals, and which of them is the name behind an address.

use super::cases::Case;
use super::told::is_joined;
use super::vocabulary::key;
use crate::desk::form::read::check::name::PARTICLES;

/// Words in a row that may be a name, with where they stand in the text.
#[derive(Debug, Clone)]
pub(super) struct Run<'t> {
    pub(super) words: Vec<&'t str>,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Words of a run at most.
const MAX_WORDS: usize = 7;

/// Every run of words with capitals, particles between. `any`: of any words, for texts in small letters.
pub(super) fn runs(text: &str, any: bool) -> Vec<Run<'_>> {
    let mut found: Vec<Run<'_>> = Vec::new();
    let mut current: Option<Run<'_>> = None;
    for (start, word) in words(text) {
        let end = start + word.len();
        let capital = word.starts_with(char::is_uppercase) && !word.chars().any(is_joined);
        let inside = PARTICLES.contains(&word.to_lowercase().as_str());
        let gap = current.as_ref().map(|run| text.get(run.end..start).unwrap_or_default());
        let joined =
            gap.is_some_and(|gap| matches!(gap.trim(), "" | "|") && !gap.contains('\n') || gap == "\t" || gap == ". ");
        let initial = gap == Some(". ")
            && !current.as_ref().and_then(|run| run.words.last()).is_some_and(|last| is_abbreviation(last));
        let fits = capital || any || inside && current.is_some();
        match current.as_mut() {
            Some(run) if joined && !initial && fits && run.words.len() < MAX_WORDS => {
                run.words.push(word);
                run.end = end;
            }
            _ => {
                found.extend(current.take().and_then(finished));
                current = (capital || any).then(|| Run { words: vec![word], start, end });
            }
        }
    }
    found.extend(current.take().and_then(finished));
    found
}

/// Without particles at its end.
fn finished(mut run: Run<'_>) -> Option<Run<'_>> {
    while run.words.last().is_some_and(|last| last.starts_with(char::is_lowercase) && PARTICLES.contains(last)) {
        let last = run.words.pop()?;
        run.end = run.end.saturating_sub(last.len() + 1);
    }
    without_capitals(&mut run);
    (!run.words.is_empty()).then_some(run)
}

/// `Dr. `, `M. `: no sentence ends there.
fn is_abbreviation(word: &str) -> bool {
    word.chars().count() == 1
        || ["dr", "mr", "mrs", "ms", "prof", "st", "ing", "mag", "dott", "sr", "sra", "lic", "mgr", "dipl"]
            .contains(&key(word).as_str())
}

/// The words of a text: letters with hyphens and apostrophes inside.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let inner = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '\u{300}'..='\u{36f}' | 'ª' | 'º');
    let mut at = 0;
    text.split(move |c| !inner(c)).filter_map(move |word| {
        let start = at;
        at += word.len() + text.get(at + word.len()..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let bare = word.trim_matches(['-', '\'', '’']);
        let lead = word.len() - word.trim_start_matches(['-', '\'', '’']).len();
        (!bare.is_empty()).then_some((start + lead, bare))
    })
}

/// How a name and the part of an address before its `@` fit together.
pub(super) struct Local {
    /// In small letters without marks.
    whole: String,
    /// Its parts.
    parts: Vec<String>,
}

impl Local {
    pub(super) fn of(email: &str) -> Self {
        let local = email.split('@').next().unwrap_or_default();
        let parts = local.split(['.', '_', '-', '+']).map(key).filter(|part| !part.is_empty()).collect();
        Self { whole: key(local), parts }
    }

    /// Whether a word stands in it, spelled with or without digraphs (`ü` as `u` or `ue`).
    pub(super) fn holds(&self, word: &str) -> bool {
        spellings(word)
            .iter()
            .any(|word| word.chars().count() >= 3 && self.whole.contains(word.as_str()) || self.parts.contains(word))
    }

    /// Whether it is this one word.
    pub(super) fn is(&self, word: &str) -> bool {
        spellings(word).contains(&self.whole)
    }

    /// A word that stands in it in another case: `Grzybowskiego` for `grzybowski`. The word as it is then.
    fn inflected(&self, word: &str) -> Option<String> {
        let typed: Vec<char> = word.chars().collect();
        let keys: Vec<String> = typed.iter().map(|c| key(&c.to_string())).collect();
        let best = self.parts.iter().chain([&self.whole]).flat_map(|part| suffixes(part)).map(|part| {
            let mut rest = part;
            let taken = keys.iter().take_while(|key| match rest.strip_prefix(key.as_str()) {
                Some(behind) => {
                    rest = behind;
                    true
                }
                None => false,
            });
            (taken.count(), rest)
        });
        let (taken, rest) = best.max_by_key(|(taken, rest)| (*taken, usize::MAX - rest.len()))?;
        let fits = taken >= 4
            && typed.len() - taken <= 4
            && taken * 5 >= typed.len() * 3
            && rest.len() <= 2
            && typed.len() > taken
            && ENDINGS.contains(&keys.iter().skip(taken).map(String::as_str).collect::<String>().as_str());
        fits.then(|| typed.iter().take(taken).collect::<String>() + rest)
    }

    /// Whether it begins with a word's first letter and goes on with another part.
    pub(super) fn begins_like(&self, word: &str) -> bool {
        let first = key(word).chars().next();
        self.parts.iter().any(|part| part.chars().count() == 1 && part.chars().next() == first)
            || self.whole.chars().next() == first
    }

    /// Its parts as words that stand beside each other in a text, in whatever letters: `jordy goossens`.
    pub(super) fn spelled(&self, text: &str) -> Option<String> {
        if self.parts.len() != 2 || self.parts.iter().any(|part| part.chars().count() < 3) {
            return None;
        }
        let fits = |word: &str, part: &String| spellings(word).contains(part);
        let all: Vec<(usize, &str)> = words(text).collect();
        all.iter().zip(all.iter().skip(1)).find_map(|((at, one), (next, other))| {
            let near = text.get(at + one.len()..*next).is_some_and(|gap| gap.trim().is_empty() && !gap.contains('\n'));
            let straight = self.parts.first().is_some_and(|part| fits(one, part))
                && self.parts.last().is_some_and(|part| fits(other, part));
            (near && straight).then(|| format!("{one} {other}"))
        })
    }

    /// Whether it is the first letters of these words.
    pub(super) fn is_initials(&self, words: &[&str]) -> bool {
        let first: String = words.iter().filter_map(|word| key(word).chars().next()).collect();
        words.len() > 1 && first == self.whole
    }

    /// The name in a run that fits, with how well.
    pub(super) fn name_in(&self, run: &Run<'_>) -> Option<(u32, String)> {
        let fixed: Vec<(bool, Option<String>)> =
            run.words.iter().map(|word| (self.holds(word), self.inflected(word))).collect();
        let particle = |at: usize| {
            run.words.get(at).is_some_and(|word| at > 0 && PARTICLES.contains(&word.to_lowercase().as_str()))
        };
        let full =
            |at: usize| !particle(at) && fixed.get(at).is_some_and(|(holds, inflected)| *holds || inflected.is_some());
        let count = run.words.len();
        let Some(first_full) = (0..count).find(|at| full(*at)) else {
            let bare: Vec<&str> = run.words.iter().copied().filter(|word| !is_title(word)).collect();
            return (self.is_initials(&bare) && bare.len() <= 3).then(|| (2, bare.join(" ")));
        };
        let last_full = (0..count).rev().find(|at| full(*at)).unwrap_or(first_full);
        let fulls = (first_full..=last_full).filter(|at| full(*at)).count();
        // `R. Achterberg` says less than `Rob Achterberg`.
        let short = run.words.iter().any(|word| word.chars().count() == 1);
        let mut score = 3 * u32::try_from(fulls).unwrap_or(1) - u32::from(short);
        let ahead = |at: usize| run.words.get(at).is_some_and(|word| !is_title(word) || particle(at));
        // `de la` belongs to what follows.
        let family = (0..=first_full).rev().find(|at| *at == 0 || !particle(*at - 1)).unwrap_or(first_full);
        let mut start = first_full;
        let initial = |at: usize| {
            let known = self.whole == run.words.get(first_full).map(|word| key(word)).unwrap_or_default();
            run.words.get(at).is_some_and(|word| self.begins_like(word)) && !known
        };
        // What stands before the last name is the first one, where its initial fits or nothing else can be.
        if last_full == first_full {
            let two = (family.saturating_sub(2)..family).filter(|at| ahead(*at));
            let lonely = first_full + 1 == count;
            match two.rev().find(|at| initial(*at)) {
                Some(at) => {
                    score += 1;
                    start = at;
                }
                None if lonely => {
                    start = family;
                    while start > 0 && family - start < 2 && ahead(start - 1) {
                        start -= 1;
                    }
                }
                None => {}
            }
        }
        // `Genival Barros da Padaria Boa Vista`: what follows a whole name and a particle is where somebody works.
        let small = |at: usize| run.words.get(at).is_some_and(|word| word.starts_with(char::is_lowercase));
        let end = (last_full + 1..count)
            .take_while(|at| ahead(*at) && !(small(*at) && *at >= start + 2))
            .last()
            .map_or(last_full + 1, |at| at + 1)
            .min(start + 5);
        let base = |at: usize| fixed.get(at).and_then(|(holds, inflected)| inflected.clone().filter(|_| !holds));
        // A last name in another case has its first name in that case before it.
        let case = base(last_full).and_then(|base| Some(Case::of(run.words.get(last_full)?, &base)));
        let name: Vec<String> = (start..end)
            .filter_map(|at| {
                let word = run.words.get(at)?;
                let holds = fixed.get(at).is_some_and(|(holds, _)| *holds);
                match (base(at), &case) {
                    (Some(base), _) => Some(base),
                    (None, Some(case)) if at < last_full && !holds && !particle(at) => case.first_name(word),
                    _ => Some((*word).to_owned()),
                }
            })
            .collect();
        Some((score, name.join(" ")))
    }
}

/// Without degrees and the letters of an ID at its end: `Kresten Nørgaard AC`.
fn without_capitals(run: &mut Run<'_>) {
    let capitals = |word: &&str| word.chars().count() <= 3 && word.chars().all(char::is_uppercase);
    let loud = run.words.iter().all(|word| !word.chars().any(char::is_lowercase));
    while !loud && run.words.len() > 2 && run.words.last().is_some_and(&capitals) {
        run.words.pop();
        run.end = run.words.last().map_or(run.end, |last| last.len()).max(run.start);
    }
}

/// What cases put behind a name, without marks: Polish, Czech, Finnish, Russian and Ukrainian.
#[rustfmt::skip]
const ENDINGS: &[&str] = &[
    "a", "owi", "ovi", "em", "iem", "e", "ie", "ego", "iego", "emu", "iemu", "im", "ym", "eho", "ou", "y", "i", "u", "cie", "ej", "iej", "ki", "kiej", "ka", "ke", "skiego", "skiej", "ta", "la", "owej", "owa", "ove", "ovou", "n", "lle", "lta", "ssa", "sta", "lla", "en", "in", "an", "un", "on", "oy", "oi", "om", "selle", "sen", "seen", "а", "у", "ой", "ого", "ому", "ым", "им", "ои", "ку", "ки",
];

/// A text and what is left of it without its first letters.
fn suffixes(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().take(12).filter_map(|(at, _)| text.get(at..))
}

/// A word as addresses spell it.
fn spellings(word: &str) -> [String; 3] {
    let lower = word.to_lowercase();
    let german: String = lower.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
    let nordic: String = lower.replace('å', "aa").replace('ø', "oe").replace('æ', "ae");
    [key(word), key(&german), key(&nordic)]
}

/// Words before a name that are none of it.
pub(super) fn is_title(word: &str) -> bool {
    BEFORE.contains(&key(word).as_str())
}

#[rustfmt::skip]
const BEFORE: &[&str] = &[
    "dr", "prof", "mr", "mrs", "ms", "miss", "herr", "herrn", "frau", "kollege", "kollegen", "kollegin", "mitarbeiter", "mitarbeiterin", "chef", "chefin", "bitte", "praktikant", "praktikantin", "azubi", "auszubildende",
    "auszubildender", "pan", "pani", "pana", "panu", "panem", "pania", "monsieur", "madame", "mme", "m", "mlle", "senor", "senora", "don", "dona", "doctor", "doctora", "dottor", "dottoressa", "dott", "signor", "signora", "ing", "mag", "lic", "mgr",
    "notaris", "meneer", "mevrouw", "dhr", "mevr", "unser", "unsere", "unseren", "mein", "meine", "meinen", "der", "die", "neue", "neuer", "neuen", "name", "nutzer", "benutzer", "user", "users", "usuario", "usuaria", "utilisateur", "uzytkownik",
    "hi", "hallo", "hello", "hej", "hei", "dear", "please", "our", "my", "the", "new", "colleague", "for", "create", "add", "se", "it", "its", "he", "she", "they", "theyre", "is", "this", "prosim", "prosze", "senhor", "senhora", "sr", "sra", "seu",
    "herra", "rouva", "meidan", "meijan", "tyokaverini", "kollegamme", "var", "min", "vores", "pfarrer", "direktor", "director", "directeur", "notre", "mon", "ma", "il", "la", "el", "le", "lo", "nasz", "nasza", "nowy", "nowa", "kolega", "kolezanka", "mein", "kunde", "customer",
    "und", "and", "och", "og", "ja", "et", "y", "e", "a", "i", "sowie", "gospod", "councillor", "cllr", "geom", "avv", "pharm", "terkuin", "terveisin", "bonjour", "vorname", "nachname", "etunimi", "imie", "jmeno", "contact", "nom", "nome", "nombre", "navn", "namn", "naam", "nimi", "prenom",
];
