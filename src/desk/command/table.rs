//! The commands: what the parser knows, what a refusal offers, what `#help` and docs/COMMANDS.md say. A command is a row here, a
//! member of its family in [`super::order`], and an arm in the family's file.

use super::arguments::{self, nothing};
use super::order::{FormOrder, Mistake, Order};
use crate::mail::language::Language;

/// One command, as engineers know it.
#[derive(Debug)]
pub struct Row {
    /// Without the `#`, in lower case.
    pub name: &'static str,
    /// Other names of the same.
    pub synonyms: &'static [&'static str],
    /// What stands behind it, in English, German and Finnish; empty when nothing does.
    pub arguments: [&'static str; 3],
    /// The order of what stands behind it; `None` when that makes none.
    pub read: fn(&str) -> Option<Order>,
    /// Who may give it.
    pub role: Role,
    /// What it does, in English, German and Finnish.
    pub does: [&'static str; 3],
    /// As somebody types it.
    pub example: &'static str,
}

/// Who may give a command. Whoever it is, something better than a reply address proves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Every engineer of the desk.
    Engineer,
}

impl Role {
    /// As the documentation says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Engineer => "engineers",
        }
    }
}

/// All commands, in the order in which they are offered.
pub const ROWS: &[Row] = &[
    Row {
        name: "approve",
        synonyms: &[],
        arguments: ["", "", ""],
        read: |words| nothing(words, Order::Form(FormOrder::Approve)),
        role: Role::Engineer,
        does: [
            "The form of the case may be carried out. Resetting a second factor needs two engineers.",
            "Das Formular des Falls darf ausgeführt werden. Einen zweiten Faktor geben zwei Personen frei.",
            "Tapauksen lomakkeen saa toteuttaa. Toisen tunnistustavan nollaukseen tarvitaan kaksi hyväksyjää.",
        ],
        example: "#approve",
    },
    Row {
        name: "reject",
        synonyms: &[],
        arguments: ["", "", ""],
        read: |words| nothing(words, Order::Form(FormOrder::Reject)),
        role: Role::Engineer,
        does: [
            "It may not: the request ends, and what had begun is stopped. The customer hears only what you write below.",
            "Es darf nicht ausgeführt werden: Die Anfrage endet, und was begonnen hatte, wird gestoppt. Die Kundin oder der Kunde liest nur, was Sie darunter schreiben.",
            "Sitä ei saa toteuttaa: pyyntö päättyy, ja jo alkanut pysäytetään. Asiakas saa tietää vain sen, mitä kirjoitat alle.",
        ],
        example: "#reject",
    },
    Row {
        name: "set",
        synonyms: &[],
        arguments: ["field value", "Feld Wert", "kenttä arvo"],
        read: |words| arguments::words(words, |words| Order::Form(FormOrder::Set { words })),
        role: Role::Engineer,
        does: [
            "This is the right value of the field, which may be called by its name or its label. The form is checked again.",
            "Das ist der richtige Wert des Feldes, das beim Namen oder bei seiner Beschriftung genannt wird. Das Formular wird neu geprüft.",
            "Tämä on kentän oikea arvo. Kentän voi nimetä nimellä tai otsikolla. Lomake tarkistetaan uudelleen.",
        ],
        example: "#set account_id AC-100234",
    },
    Row {
        name: "help",
        synonyms: &["commands"],
        arguments: ["", "", ""],
        read: |words| nothing(words, Order::Help),
        role: Role::Engineer,
        does: [
            "This list. Nothing of the email goes to the customer.",
            "Diese Liste. Nichts von der E-Mail geht an die Kundin oder den Kunden.",
            "Tämä luettelo. Mitään viestistä ei lähetetä asiakkaalle.",
        ],
        example: "#help",
    },
];

/// One of three texts.
pub(super) fn of(texts: [&'static str; 3], language: Language) -> &'static str {
    let [english, german, finnish] = texts;
    match language {
        Language::De => german,
        Language::Fi => finnish,
        _ => english,
    }
}

impl Row {
    /// `#set field value`.
    pub fn usage(&self, language: Language) -> String {
        format!("#{} {}", self.name, of(self.arguments, language)).trim_end().to_owned()
    }

    fn is_called(&self, word: &str) -> bool {
        self.name == word || self.synonyms.contains(&word)
    }

    /// The order of what stands behind the name, as people type it: with a full stop at the end, or not.
    fn order(&self, words: &str) -> Result<Order, Mistake> {
        let order = (self.read)(words).or_else(|| (self.read)(words.trim_end_matches(FULL_STOPS)));
        order.ok_or(Mistake::Arguments(self.name))
    }
}

/// What ends a line, or the name of a command, and says nothing.
const FULL_STOPS: &[char] = &['.', ',', ';', ':', '!', '…', ' '];

/// The row of a name.
pub(super) fn row(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.is_called(name))
}

/// The order of a line without its `#`.
///
/// # Errors
/// What is wrong with it.
pub fn order(typed: &str) -> Result<Order, Mistake> {
    let typed = typed.trim();
    let (word, words) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let word = word.trim_end_matches(FULL_STOPS).to_lowercase();
    match row(&word) {
        Some(row) => row.order(words.trim()),
        None => Err(Mistake::Unknown { meant: meant(&word) }),
    }
}

/// Letters from which on two of them may be wrong.
const LONG: usize = 5;
/// Letters of the shortest beginning of a name that stands for it.
const SHORTEST_BEGINNING: usize = 3;

/// The name of the command that somebody probably meant.
fn meant(word: &str) -> Option<&'static str> {
    let named =
        ROWS.iter().flat_map(|row| std::iter::once(&row.name).chain(row.synonyms).map(|name| (*name, row.name)));
    let beginning = word.chars().count() >= SHORTEST_BEGINNING;
    let distance = |name: &str| match name.strip_prefix(word).filter(|_| beginning) {
        Some(_) => 0,
        None => strsim::damerau_levenshtein(word, name),
    };
    let most = if word.chars().count() >= LONG { 2 } else { 1 };
    let near = named.map(|(name, of)| (distance(name), of)).filter(|(distance, _)| *distance <= most);
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}
