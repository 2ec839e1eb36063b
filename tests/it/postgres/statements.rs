//! Every statement of the store counts its values one way: PostgreSQL has no `?`, and a mix would bind wrong values.

use crate::tidy::files::{rust_files, source};
use crate::tidy::tokens::string_literals;

fn store_files() -> impl Iterator<Item = (String, String)> {
    let files = rust_files(&source().join("store")).into_iter();
    files.map(|file| (file.display().to_string(), std::fs::read_to_string(&file).unwrap()))
}

#[test]
fn a_statement_has_question_marks_or_numbers() {
    let mut looked = 0;
    for (file, text) in
        store_files().flat_map(|(file, code)| string_literals(&code).into_iter().map(move |text| (file.clone(), text)))
    {
        let sql =
            ["SELECT", "INSERT", "UPDATE", "DELETE", "VALUES", "WHERE", "IN ("].iter().any(|word| text.contains(word));
        if !sql {
            continue;
        }
        looked += 1;
        let numbers = text.as_bytes().windows(2).any(|pair| pair[0] == b'$' && pair[1].is_ascii_digit());
        let marks = text.split('\'').step_by(2).any(|outside| outside.contains('?'));
        assert!(!(numbers && marks), "{file}: {text}");
    }
    assert!(looked > 150, "{looked}");
}

/// Who writes a list of `?` numbers it for the database.
#[test]
fn lists_of_values_are_numbered() {
    for (file, code) in store_files() {
        let lists = ["value_list(", "value_rows("].iter().map(|call| code.matches(call).count()).sum::<usize>();
        let defined = code.matches("fn value_list(").count() + code.matches("fn value_rows(").count();
        assert!(code.matches(".numbered(").count() >= lists - defined, "{file} has a list that PostgreSQL cannot read");
    }
}
