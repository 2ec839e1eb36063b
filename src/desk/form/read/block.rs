//! The lines to fill in, as they stand in a question.

use crate::config::form::{Field, FieldKind};
use crate::mail::language::Language;

/// One line `Label:` for each of the fields; choices and products with what there is to choose from.
pub fn block<'f>(fields: impl IntoIterator<Item = &'f Field>, language: Language) -> String {
    fields.into_iter().map(|field| line(field, language) + "\n").collect()
}

fn line(field: &Field, language: Language) -> String {
    let options: Vec<&str> = match &field.kind {
        FieldKind::Choice(choices) => choices.iter().map(|choice| choice.label(language)).collect(),
        FieldKind::Product(names) => names.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    match options.is_empty() {
        true => format!("{}:", field.label(language)),
        false => format!("{} ({}):", field.label(language), options.join(" / ")),
    }
}
