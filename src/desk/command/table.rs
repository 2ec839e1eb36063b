//! The commands: what the parser knows, what a refusal offers, and what docs/COMMANDS.md says. A command is a row here, a member
//! of its family in [`super::order`], and an arm in the family's file.

use super::order::{FormOrder, Order};
use crate::mail::language::Language;

/// One command, as engineers know it.
#[derive(Debug)]
pub struct Row {
    /// Without the `#`, in lower case.
    pub name: &'static str,
    /// Other names of the same.
    pub synonyms: &'static [&'static str],
    /// What stands behind it.
    pub arguments: Arguments,
    /// Who may give it.
    pub role: Role,
    /// What it does, in English, for the documentation.
    pub does: &'static str,
    /// As somebody types it.
    pub example: &'static str,
}

/// What a command needs to know.
#[derive(Debug)]
pub enum Arguments {
    /// Nothing: with words behind it, it is no command.
    None(fn() -> Order),
    /// Words, as they are named in each language.
    Words {
        /// For those who read English.
        english: &'static str,
        /// For those who read German.
        german: &'static str,
        /// For those who read Finnish.
        finnish: &'static str,
        /// The command of the words.
        order: fn(String) -> Order,
    },
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
        arguments: Arguments::None(|| Order::Form(FormOrder::Approve)),
        role: Role::Engineer,
        does: "The form of the case may be carried out. Resetting a second factor needs two engineers.",
        example: "#approve",
    },
    Row {
        name: "reject",
        synonyms: &[],
        arguments: Arguments::None(|| Order::Form(FormOrder::Reject)),
        role: Role::Engineer,
        does: "It may not: the request ends, and what had begun is stopped. The customer hears only what you write below.",
        example: "#reject",
    },
    Row {
        name: "set",
        synonyms: &[],
        arguments: Arguments::Words {
            english: "field value",
            german: "Feld Wert",
            finnish: "kenttä arvo",
            order: |words| Order::Form(FormOrder::Set { words }),
        },
        role: Role::Engineer,
        does: "This is the right value of the field, which may be called by its name or its label. The form is checked again.",
        example: "#set account_id AC-100234",
    },
];

impl Row {
    /// `#set field value`.
    pub fn usage(&self, language: Language) -> String {
        match &self.arguments {
            Arguments::None(_) => format!("#{}", self.name),
            Arguments::Words { english, german, finnish, .. } => {
                let words = match language {
                    Language::De => german,
                    Language::Fi => finnish,
                    _ => english,
                };
                format!("#{} {words}", self.name)
            }
        }
    }

    fn is_called(&self, word: &str) -> bool {
        self.name == word || self.synonyms.contains(&word)
    }
}

/// The order of a line without its `#`; `None` when it is no command.
pub fn order(typed: &str) -> Option<Order> {
    let (word, words) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let (word, words) = (word.to_lowercase(), words.trim());
    let row = ROWS.iter().find(|row| row.is_called(&word))?;
    match &row.arguments {
        Arguments::None(order) => words.is_empty().then(order),
        Arguments::Words { order, .. } => (!words.is_empty()).then(|| order(words.to_owned())),
    }
}

/// All of them in one line: `#approve, #reject and #set field value`.
pub fn offered(language: Language) -> String {
    let and = match language {
        Language::De => "und",
        Language::Fi => "ja",
        _ => "and",
    };
    let usages: Vec<String> = ROWS.iter().map(|row| row.usage(language)).collect();
    match usages.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} {and} {last}", others.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}
