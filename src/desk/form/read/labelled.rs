//! `Label: value`, in any order, several on a line, or the value on the line below.

use super::persons;
use super::script::{Line, Script};
use super::signature::is_closing;
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
        // What we understood and what we asked stand in our mails behind bullets; the lines to fill in do not.
        if line.quoted && line.text.starts_with(is_bullet) {
            continue;
        }
        for piece in pieces(&line.text, vocabulary) {
            let (text, quoted) = match piece.value.is_empty() && piece.last {
                true => (value_below(line, below, piece.target, vocabulary), false),
                false => (continued(&piece, line, below, vocabulary), line.quoted),
            };
            if !text.is_empty() {
                let target = vocabulary.of_its_shape(piece.target, &text);
                let is_email = vocabulary.kind(target) == Some(&FieldKind::Email);
                let text = match &script.from {
                    Some(from) if is_email && !text.contains('@') && persons::is_this_address(&text) => {
                        from.email.clone()
                    }
                    _ => text,
                };
                found.push(Candidate { quoted, ..Candidate::new(target, text, Place::Label) });
            }
        }
    }
    found
}

/// The value of a text goes on up to an empty line or the next label.
fn continued(piece: &Piece<'_>, line: &Line, below: &[Line], vocabulary: &Vocabulary<'_>) -> String {
    let is_text = vocabulary.kind(piece.target) == Some(&FieldKind::Text);
    let more = below.iter().take(if is_text && piece.last { 20 } else { 0 });
    let more = more.take_while(|next| {
        let free = label_at(&next.text, vocabulary).is_none() && !is_some_label(&next.text) && !is_closing(&next.text);
        next.quoted == line.quoted && !next.text.is_empty() && !next.text.starts_with(is_bullet) && free
    });
    more.fold(piece.value.to_owned(), |text, next| text + " " + &next.text)
}

/// `Phone: …`: a label of something that the form does not ask for.
fn is_some_label(text: &str) -> bool {
    text.split_once(':').is_some_and(|(label, _)| label.split_whitespace().count() <= 3)
}

/// The labels that stand in quoted lines with nothing behind them, in order: what was asked.
pub(super) fn asked(script: &Script, vocabulary: &Vocabulary<'_>) -> Vec<Target> {
    let mut targets = Vec::new();
    for line in script.lines.iter().filter(|line| line.quoted && !line.text.starts_with(is_bullet)) {
        for piece in pieces(&line.text, vocabulary).iter().filter(|piece| piece.value.is_empty()) {
            if !targets.contains(&piece.target) {
                targets.push(piece.target);
            }
        }
    }
    targets
}

/// Whether a line holds a label.
pub(super) fn has_label(text: &str, vocabulary: &Vocabulary<'_>) -> bool {
    !pieces(text, vocabulary).is_empty()
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
        Piece { target: *target, value: unmarked(value), last: to == line.len() }
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

/// The lines below a label whose own line is empty behind it. Below a quoted one only an answer counts.
fn value_below(label: &Line, below: &[Line], target: Target, vocabulary: &Vocabulary<'_>) -> String {
    let many = matches!(vocabulary.kind(target), Some(FieldKind::List { .. }));
    let blanks = below.iter().take(2).take_while(|line| line.text.is_empty() && line.quoted == label.quoted).count();
    let strip = if many { bare } else { unmarked };
    let lines = below.iter().skip(blanks).take_while(|line| !line.quoted).map(|line| strip(&line.text));
    let lines = lines.take_while(|text| {
        !text.is_empty() && label_at(text, vocabulary).is_none() && !is_some_label(text) && !is_closing(text)
    });
    lines.take(if many { 50 } else { 1 }).collect::<Vec<_>>().join("\n")
}

fn is_bullet(c: char) -> bool {
    matches!(c, '*' | '•' | '·' | '-' | '–' | '○' | '▪' | '●' | '◦')
}

/// Without bullets, numbers and marks of emphasis at its ends.
pub(super) fn bare(text: &str) -> &str {
    let text = unmarked(text);
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    match number.strip_prefix(['.', ')']) {
        Some(rest) if (1..=2).contains(&(text.len() - number.len())) && rest.starts_with(' ') => unmarked(rest),
        _ => text,
    }
}

/// Without bullets and marks of emphasis at its ends.
fn unmarked(text: &str) -> &str {
    let marks = |c: char| c.is_whitespace() || is_bullet(c) || matches!(c, '_' | '>' | '#');
    text.trim_start_matches(marks).trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'))
}
