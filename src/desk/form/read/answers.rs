//! Answers without labels, in the order of the questions: `1. Jane`, or `AC-104211` alone above the quote.

use jiff::civil::Date;

use super::check;
use super::labelled::{asked, bare, has_label};
use super::script::Script;
use super::signature::above_signature;
use super::value::Place;
use super::vocabulary::{Target, Vocabulary};
use super::weigh::Candidate;
use crate::config::form::FieldKind;

pub(super) fn read(script: &Script, vocabulary: &Vocabulary<'_>, today: Date) -> Vec<Candidate> {
    let questions = asked(script, vocabulary);
    let own: Vec<&str> = above_signature(script);
    let own: Vec<&str> = own.into_iter().filter(|line| !line.is_empty()).collect();
    if own.iter().any(|line| has_label(line, vocabulary)) {
        return Vec::new();
    }
    let listed: Vec<&str> = own.iter().copied().filter(|line| is_item(line)).collect();
    let all: Vec<Target> = (0..vocabulary.form.fields.len()).map(Target::Field).collect();
    let order = [questions.clone(), all].into_iter().find(|order| order.len() == listed.len() && order.len() > 1);
    if let Some(order) = order {
        let pairs = order.into_iter().zip(listed);
        return pairs.map(|(target, line)| Candidate::new(target, bare(line), Place::List)).collect();
    }
    if questions.is_empty() || questions.len() != own.len() {
        return Vec::new();
    }
    let pairs: Vec<(Target, &str)> = questions.into_iter().zip(own).collect();
    match pairs.iter().all(|(target, line)| fits(*target, line, vocabulary, today)) {
        true => {
            let answer = |(target, line): &(Target, &str)| {
                Candidate::new(*target, bare(head(*target, line, vocabulary)), Place::Above)
            };
            pairs.iter().map(answer).collect()
        }
        false => Vec::new(),
    }
}

/// An item of a numbered or bulleted list.
fn is_item(line: &str) -> bool {
    bare(line) != line.trim_end_matches(['*', '_', ' ']) && !bare(line).is_empty()
}

/// `Pitkälä, with two dots`: what is remarked behind one name is none of it.
fn head<'l>(target: Target, line: &'l str, vocabulary: &Vocabulary<'_>) -> &'l str {
    match vocabulary.kind(target) {
        Some(FieldKind::FirstName | FieldKind::LastName) => {
            line.split([',', '(', ':', ';']).next().unwrap_or(line).trim()
        }
        _ => line,
    }
}

/// Whether a lone line answers a question: free words answer nothing without their label.
fn fits(target: Target, line: &str, vocabulary: &Vocabulary<'_>, today: Date) -> bool {
    let Target::Field(at) = target else { return false };
    let Some(field) = vocabulary.field(at) else { return false };
    let line = head(target, line, vocabulary);
    let free = match field.kind {
        FieldKind::Text | FieldKind::Company => true,
        FieldKind::Name | FieldKind::FirstName | FieldKind::LastName => {
            line.split_whitespace().count() > 3
                || !line.starts_with(char::is_uppercase)
                || line.ends_with(['.', '!', '?', ','])
        }
        FieldKind::AccountId | FieldKind::Identifier => field.pattern.is_none(),
        _ => false,
    };
    !free && check::read(field, bare(line), today, None).is_ok()
}
