//! Names of people.

use super::squeezed;
use crate::config::form::FieldKind;

/// A name without titles, shouting turned down.
pub(in crate::desk::form::read) fn read(typed: &str, kind: &FieldKind) -> Result<String, String> {
    let name = squeezed(typed);
    let name = name.trim_matches(|c: char| {
        matches!(c, '"' | '“' | '”' | '„' | ',' | ';' | ':' | '*' | '(' | ')' | '<' | '>' | ' ')
    });
    if !name.chars().any(char::is_alphabetic) {
        return Err("has no letters".to_owned());
    }
    if name
        .chars()
        .any(|c| c.is_ascii_digit() || matches!(c, '@' | '/' | '\\' | '=' | '<' | '>' | '{' | '}' | '|' | '?' | '!'))
    {
        return Err("holds what no name does".to_owned());
    }
    let most = if *kind == FieldKind::Name { 8 } else { 5 };
    if name.split_whitespace().count() > most {
        return Err("has more words than a name".to_owned());
    }
    Ok(name.to_owned())
}
