//! The languages that the desk writes.

use serde::{Deserialize, Serialize};

/// A language that mails to customers and pages exist in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// Finnish.
    Fi,
    /// Swedish.
    Sv,
    /// Danish.
    Da,
    /// Dutch.
    Nl,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Italian.
    It,
    /// Portuguese.
    Pt,
    /// Polish.
    Pl,
    /// Japanese.
    Ja,
}

impl Language {
    /// All of them, in the order in which they are listed to people.
    pub const ALL: [Language; 12] = [
        Language::En,
        Language::De,
        Language::Fi,
        Language::Sv,
        Language::Da,
        Language::Nl,
        Language::Fr,
        Language::Es,
        Language::It,
        Language::Pt,
        Language::Pl,
        Language::Ja,
    ];

    /// Those that mails to engineers exist in as well.
    pub const OF_ENGINEERS: [Language; 3] = [Language::En, Language::De, Language::Fi];

    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::De => "de",
            Language::Fi => "fi",
            Language::Sv => "sv",
            Language::Da => "da",
            Language::Nl => "nl",
            Language::Fr => "fr",
            Language::Es => "es",
            Language::It => "it",
            Language::Pt => "pt",
            Language::Pl => "pl",
            Language::Ja => "ja",
        }
    }

    /// What those who speak it call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Language::En => "English",
            Language::De => "Deutsch",
            Language::Fi => "Suomi",
            Language::Sv => "Svenska",
            Language::Da => "Dansk",
            Language::Nl => "Nederlands",
            Language::Fr => "Français",
            Language::Es => "Español",
            Language::It => "Italiano",
            Language::Pt => "Português",
            Language::Pl => "Polski",
            Language::Ja => "日本語",
        }
    }

    /// The language of an ISO 639-1 code, when the desk writes it.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}
