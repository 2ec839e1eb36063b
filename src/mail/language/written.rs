//! The languages that the desk writes.

use serde::{Deserialize, Serialize};

/// A language that every notice exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// Finnish.
    Fi,
}

impl Language {
    /// All of them, in the order in which they are listed to people.
    pub const ALL: [Language; 3] = [Language::En, Language::De, Language::Fi];

    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::De => "de",
            Language::Fi => "fi",
        }
    }

    /// The language of an ISO 639-1 code, when the desk writes it.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}
