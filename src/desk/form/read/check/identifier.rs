//! IDs of accounts, customers, installations, detections.

use super::{squeezed, wanted};
use crate::config::form::{Field, FieldKind};
use crate::desk::form::read::dashes::dashes;
use crate::desk::form::read::reason::Reason;
use crate::desk::form::read::shape::Shape;

/// An ID: by the field's pattern where it has one, with plain dashes, without stray blanks and marks, in capitals.
pub(in crate::desk::form::read) fn read(typed: &str, field: &Field) -> Result<String, Reason> {
    let plain = dashes(&squeezed(typed));
    let plain = plain.trim_matches(|c: char| {
        matches!(
            c,
            '"' | '\''
                | '“'
                | '”'
                | '„'
                | '«'
                | '»'
                | '('
                | ')'
                | '['
                | ']'
                | '<'
                | '>'
                | '.'
                | ','
                | ';'
                | ':'
                | '#'
                | '*'
                | '`'
                | ' '
        )
    });
    let together: String = plain.split_whitespace().collect();
    let Some(pattern) = &field.pattern else { return unpatterned(plain, &together, field) };
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let spaced = plain.split_once(' ').map(|(head, rest)| format!("{head}-{}", bare(rest))).unwrap_or_default();
    let joined = dashed(&bare(plain)).to_uppercase();
    let upper = [plain.to_uppercase(), bare(plain).to_uppercase(), spaced.to_uppercase(), joined];
    let others = [plain.to_owned(), bare(plain), bare(plain).to_lowercase()];
    let near = || Shape::of(field).and_then(|shape| shape.complete(plain).or_else(|| shape.only(plain)));
    upper.into_iter().chain(others).find(|form| pattern.is_match(form)).or_else(near).ok_or_else(|| wanted(field))
}

/// `AC104211` as `AC-104211`: a dash where letters end and digits begin.
fn dashed(id: &str) -> String {
    let end = id.find(|c: char| !c.is_alphabetic()).unwrap_or(id.len());
    match id.split_at_checked(end) {
        Some((letters, digits)) if !letters.is_empty() && digits.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("{letters}-{digits}")
        }
        _ => id.to_owned(),
    }
}

/// Without a pattern, what has a digit and no spaces worth keeping is an ID.
fn unpatterned(plain: &str, together: &str, field: &Field) -> Result<String, Reason> {
    if matches!(field.kind, FieldKind::List { .. }) {
        return Ok(plain.to_owned());
    }
    let fine = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.' | '+' | ':');
    if !together.chars().any(|c| c.is_ascii_digit()) {
        return Err(Reason::NoDigit);
    }
    if together.chars().count() > 80 || !together.chars().all(fine) || plain.split_whitespace().count() > 4 {
        return Err(wanted(field));
    }
    Ok(if field.kind == FieldKind::AccountId { together.to_uppercase() } else { together.to_owned() })
}
