//! `Label: value`, in any order, several on a line, or the value on the line below.

use super::script::{Line, Script};
use super::value::Place;
use super::vocabulary::{Target, Vocabulary};
use super::weigh::Candidate;
use crate::config::form::FieldKind;

/// Everything that stands behind a label.
pub(super) fn read(script: &Script, vocabulary: &Vocabulary<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut rest = script.lines.as_slice();
    while let Some((line, below)) = rest.split_first() {
        rest = below;
        for piece in pieces(&line.text, vocabulary) {
            let (text, taken) = match piece.value.is_empty() && piece.last {
                true => value_below(below, piece.target, vocabulary),
                false => (piece.value.to_owned(), 0),
            };
            if !text.is_empty() {
                found.push(Candidate {
                    target: piece.target,
                    text,
                    place: Place::Label,
                    quoted: line.quoted && taken == 0,
                });
            }
        }
    }
    found
}

/// A label with what stands behind it on its line.
struct Piece<'l> {
    target: Target,
    value: &'l str,
    /// Nothing follows on the line.
    last: bool,
}

/// The labels of a line, each with the words up to the next one.
fn pieces<'l>(line: &'l str, vocabulary: &Vocabulary<'_>) -> Vec<Piece<'l>> {
    let mut starts = vec![0];
    starts.extend(line.match_indices([',', ';', '|', '\t']).map(|(at, mark)| at + mark.len()));
    let mut labels: Vec<(usize, usize, Target)> = Vec::new();
    for start in starts {
        let Some(rest) = line.get(start..) else { continue };
        if let Some((length, target)) = label_at(rest, vocabulary) {
            labels.push((start, start + length, target));
        }
    }
    let ends = labels.iter().skip(1).map(|(start, ..)| *start).chain([line.len()]);
    let values = labels.iter().zip(ends).map(|((_, from, target), to)| {
        let value = line.get(*from..to).unwrap_or_default().trim().trim_end_matches([',', ';', '|']);
        Piece { target: *target, value: bare(value), last: to == line.len() }
    });
    values.collect()
}

/// The label that a text starts with: the length up to behind its colon, and what it names.
fn label_at(text: &str, vocabulary: &Vocabulary<'_>) -> Option<(usize, Target)> {
    const MARKS: [&str; 6] = [":", "=", " - ", " – ", " — ", "\t"];
    let mut ends: Vec<(usize, usize)> = MARKS.iter().filter_map(|mark| Some((text.find(mark)?, mark.len()))).collect();
    ends.sort_unstable();
    ends.iter().find_map(|(at, length)| {
        let target = vocabulary.label(bare(text.get(..*at)?))?;
        Some((at + length, target))
    })
}

/// The lines below a label whose own line is empty behind it.
fn value_below(below: &[Line], target: Target, vocabulary: &Vocabulary<'_>) -> (String, usize) {
    let many = match target {
        Target::Field(at) => vocabulary.field(at).is_some_and(|field| matches!(field.kind, FieldKind::List { .. })),
        Target::WholeName => false,
    };
    let blanks = below.iter().take(2).take_while(|line| line.text.is_empty()).count();
    let lines: Vec<&str> = below
        .iter()
        .skip(blanks)
        .map(|line| bare(&line.text))
        .take_while(|text| !text.is_empty() && label_at(text, vocabulary).is_none())
        .take(if many { 50 } else { 1 })
        .collect();
    (lines.join("\n"), lines.len())
}

/// Without bullets, numbers and marks of emphasis at its ends.
fn bare(text: &str) -> &str {
    let marks = |c: char| {
        c.is_whitespace() || matches!(c, '*' | '_' | '•' | '·' | '–' | '-' | '>' | '○' | '▪' | '●' | '◦' | '#')
    };
    let text = text.trim_start_matches(marks);
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let text = match number.strip_prefix(['.', ')']) {
        Some(rest) if number.len() < text.len() && text.len() - number.len() <= 2 && rest.starts_with(' ') => {
            rest.trim_start_matches(marks)
        }
        _ => text,
    };
    text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'))
}
