//! What there is to a command.

use super::order::Order;
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

impl Row {
    /// `#set field value`.
    pub fn usage(&self, language: Language) -> String {
        format!("#{} {}", self.name, of(self.arguments, language)).trim_end().to_owned()
    }
}

/// One of three texts, in English, German and Finnish.
pub(super) fn of<T>(texts: [T; 3], language: Language) -> T {
    let [english, german, finnish] = texts;
    match language {
        Language::De => german,
        Language::Fi => finnish,
        _ => english,
    }
}
