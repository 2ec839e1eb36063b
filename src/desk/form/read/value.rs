//! Values, where they were found, and what is wrong with them.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

use super::reason::Reason;
use crate::mail::language::Language;

/// The value of a field, as its type stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// One text.
    One(String),
    /// The items of a list, in order.
    Many(Vec<String>),
}

impl Display for Value {
    /// On one line; items of a list with commas between.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(text) => out.write_str(text),
            Self::Many(items) => out.write_str(&items.join(", ")),
        }
    }
}

/// Where a value was found, the best place first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// An engineer set it.
    Engineer,
    /// The person typed it on a page.
    Page,
    /// Behind its label.
    Label,
    /// In a cell of a table.
    Table,
    /// In a list of answers in the order of the questions.
    List,
    /// Alone, above the question that it answers.
    Above,
    /// In a sentence.
    Prose,
    /// In the signature.
    Signature,
    /// In the address that answers go to.
    ReplyTo,
    /// In the sender's address.
    From,
}

impl Place {
    const ALL: [(&'static str, Self); 10] = [
        ("engineer", Self::Engineer),
        ("page", Self::Page),
        ("label", Self::Label),
        ("table", Self::Table),
        ("list", Self::List),
        ("above", Self::Above),
        ("prose", Self::Prose),
        ("signature", Self::Signature),
        ("reply_to", Self::ReplyTo),
        ("from", Self::From),
    ];

    /// As stored and in templates.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, place)| *place == self).map_or("", |(word, _)| word)
    }

    /// Whether it was said as the value of this field: such a value replaces what was known before.
    pub fn is_express(self) -> bool {
        self <= Self::Prose
    }
}

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The field's name.
    pub field: String,
    /// As its type stores it.
    pub value: Value,
    /// Where it was found.
    pub place: Place,
    /// As written, where an ID was completed; empty where nothing was.
    pub typed: String,
}

/// A field whose value must be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The field's name.
    pub field: String,
    /// Why.
    pub trouble: Trouble,
}

/// Why a value is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Several values in equally good places.
    Conflict {
        /// They, as people read them.
        values: Vec<String>,
    },
    /// What was written cannot be the value.
    Invalid {
        /// As written.
        typed: String,
        /// Why.
        why: Reason,
    },
}

impl Trouble {
    /// What was typed cannot be right.
    pub(super) fn invalid(typed: &str, why: Reason) -> Self {
        let short: String = typed.trim().chars().take(MAX_SHOWN).collect();
        Self::Invalid { typed: short, why }
    }

    /// In one line, for engineers.
    pub fn words(&self, language: Language) -> String {
        match (language, self) {
            (Language::De, Self::Conflict { values }) => format!("mehrere Werte: {}", values.join(", ")),
            (Language::Fi, Self::Conflict { values }) => format!("useampi arvo: {}", values.join(", ")),
            (Language::De, Self::Invalid { typed, why }) => format!("„{typed}“ {}", why.words(language)),
            (Language::Fi, Self::Invalid { typed, why }) => format!("”{typed}” {}", why.words(language)),
            (_, Self::Conflict { values }) => format!("there are several values: {}", values.join(", ")),
            (_, Self::Invalid { typed, why }) => format!("“{typed}” {}", why.words(language)),
        }
    }
}

/// Characters of a wrong value that are shown again.
const MAX_SHOWN: usize = 200;

impl Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.words(Language::En))
    }
}

impl std::error::Error for Trouble {}

/// What was read of a mail. Only a list with too few items stands in both lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The values, in the order of the form.
    pub found: Vec<Found>,
    /// What has to be asked, in the order of the form.
    pub doubts: Vec<Doubt>,
    /// The same of the other people whom it is about as well.
    pub others: Vec<Reading>,
}
