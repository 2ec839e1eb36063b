//! Somebody with an address.

use jiff::Timestamp;

use crate::desk::id::PersonId;
use crate::mail::language::Language;

/// Somebody with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The row.
    pub id: PersonId,
    /// Normalised; unique.
    pub email: String,
    /// The display name, as first seen or registered; may be empty.
    pub name: String,
    /// The language to write in.
    pub language: Option<Language>,
    /// Deliverability; see [`crate::desk::arrival::bounce`].
    pub bounce_score: i64,
    /// When a mail last came back.
    pub bounced_at: Option<Timestamp>,
    /// No automatic mail goes to this address until a mail from it, or a person, lifts it.
    pub suppressed: bool,
    /// The address is known to be its owner's: a mail from it was proven, an engineer wrote to it, or the directory has it.
    pub known: bool,
}

/// A person's own language, else the ticket's, else the desk's: the first of them that is among the `written`, those in
/// which there are such letters.
pub fn letter_language(written: &[Language], person: &Person, ticket: Option<Language>, default: Language) -> Language {
    let wanted = [person.language, ticket, Some(default)];
    wanted.into_iter().flatten().find(|language| written.contains(language)).unwrap_or(Language::En)
}
