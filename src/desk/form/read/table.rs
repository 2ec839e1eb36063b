//! Tables: a label beside its value, or a row of labels above rows of values.

use super::labelled::bare;
use super::script::Script;
use super::value::Place;
use super::vocabulary::{Target, Vocabulary};
use super::weigh::Candidate;

/// Everything that stands in a cell beside or below its label.
pub(super) fn read(script: &Script, vocabulary: &Vocabulary<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut head: Vec<Option<Target>> = Vec::new();
    // `Name; Surname; Mail`: what spreadsheets paste.
    let listed = |line: &&str| line.contains(" | ") || line.contains('\t') || line.matches(';').count() >= 2;
    let own: Vec<&str> = script.own().filter(listed).collect();
    let rows = if script.rows.is_empty() { own } else { script.rows.iter().map(String::as_str).collect() };
    for row in rows {
        let row = row.trim().trim_start_matches("| ").trim_end_matches(" |");
        // The rule below the head of a table: `|---|---|`.
        if row.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ')) {
            continue;
        }
        let marks: &[&str] = if row.contains(" | ") || row.contains('\t') { &[" | ", "\t"] } else { &[";"] };
        let cells =
            marks.iter().fold(vec![row], |cells, mark| cells.into_iter().flat_map(|cell| cell.split(mark)).collect());
        let cells: Vec<&str> = cells.into_iter().map(cell).collect();
        let labels: Vec<Option<Target>> = cells.iter().map(|cell| vocabulary.label(cell)).collect();
        let count = labels.iter().flatten().count();
        if count >= 2 && count * 2 > cells.len() {
            head = labels;
            continue;
        }
        if let ([Some(target), ..], [_, value]) = (labels.as_slice(), cells.as_slice()) {
            head.clear();
            found.extend((!value.is_empty()).then(|| Candidate::new(*target, *value, Place::Table)));
            continue;
        }
        if cells.len() < 2 || cells.len() > head.len() {
            head.clear();
        }
        let filled = head.iter().zip(&cells).filter(|(_, value)| !value.is_empty());
        found.extend(filled.filter_map(|(target, value)| Some(Candidate::new((*target)?, *value, Place::Table))));
    }
    found
}

fn cell(text: &str) -> &str {
    bare(text.trim()).trim_end_matches(':').trim()
}
