//! The table of commands is what the parser knows and what the documentation says.

use caseway::desk::command::grammar::parse;
use caseway::desk::command::table::ROWS;
use caseway::mail::language::Language;

#[test]
fn every_command_is_documented() {
    let docs = include_str!("../../docs/COMMANDS.md");
    let documented: Vec<&str> = docs.lines().filter(|line| line.starts_with("| `#")).collect();
    let rows = ROWS.iter().map(|row| {
        let (usage, role) = (row.usage(Language::En), row.role.as_str());
        format!("| `{usage}` | {role} | {} | `{}` |", row.does, row.example)
    });
    assert_eq!(documented, rows.collect::<Vec<_>>());
}

#[test]
fn every_example_is_a_command_by_each_of_its_names() {
    for row in ROWS {
        for name in [row.name].iter().chain(row.synonyms) {
            let typed = row.example.replace(row.name, name);
            let order = |words: &str| parse(words).lines.remove(0).order;
            assert!(order(&typed).is_some(), "{typed}");
            assert_eq!(order(&typed), order(row.example), "{typed}");
        }
    }
}
