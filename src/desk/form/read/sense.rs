//! What sentences mean without a label: days, choices, products, companies, reasons.

use jiff::civil::Date;

use super::company;
use super::days;
use super::meaning;
use super::script::Script;
use super::signature::above_signature;
use super::value::Place;
use super::vocabulary::{Target, Vocabulary, key};
use super::weigh::Candidate;
use crate::config::form::FieldKind;

/// Everything that the writer's own words mean for fields of the kinds that are told by what they contain.
pub(super) fn read(script: &Script, vocabulary: &Vocabulary<'_>, asked: &[String], today: Date) -> Vec<Candidate> {
    let body = above_signature(script).join("\n");
    let text = format!("{}\n{body}", script.subject);
    // `Details below my signature`, `see what my customer writes`: where the words above say nothing.
    let below = everything(script);
    let fields = (0..).map_while(|at| Some((Target::Field(at), vocabulary.field(at)?)));
    let mut found = Vec::new();
    for (target, field) in fields {
        let only = asked.len() == 1 && asked.contains(&field.name);
        let mut add = |text: String| found.push(Candidate::new(target, text, Place::Prose));
        match &field.kind {
            FieldKind::Date { future } => {
                let said = day(&text, *future, today);
                let said = if said.is_empty() && asked.is_empty() { day(&below, *future, today) } else { said };
                said.into_iter().for_each(&mut add);
            }
            FieldKind::Choice(_) => {
                let said = meaning::choose(field, &script.subject, &body, only, script.begins);
                let said = said
                    .or_else(|| meaning::choose(field, "", &below, false, script.begins).filter(|_| asked.is_empty()));
                said.into_iter().for_each(&mut add);
            }
            FieldKind::Product(names) => product(&text, names).into_iter().for_each(&mut add),
            FieldKind::Company => company::read(script, vocabulary, &text).into_iter().for_each(&mut add),
            FieldKind::Text if field.name == "reason" => {
                meaning::reason(&body).map(ToOwned::to_owned).into_iter().for_each(&mut add)
            }
            _ => {}
        }
    }
    found
}

/// All that stands in the mail, our own words excepted: the signature, and what others wrote where it begins something.
fn everything(script: &Script) -> String {
    let quoted = script.lines.iter().filter(|line| !line.quoted || script.begins).map(|line| line.text.as_str());
    quoted
        .chain(script.signature.iter().map(String::as_str))
        .chain(script.rows.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The day that is meant: the only one that can be, or those that a word for an end stands beside.
fn day(text: &str, future: bool, today: Date) -> Vec<String> {
    let fits = |day: &days::Day| match day.text.parse::<Date>() {
        Ok(date) => (date >= today) == future || date == today,
        Err(_) => true,
    };
    let mut all: Vec<days::Day> = days::all(text).into_iter().filter(fits).collect();
    if all.len() > 1 && all.iter().any(|day| day.is_an_end(text)) {
        all.retain(|day| day.is_an_end(text));
    }
    all.into_iter().map(|day| day.text).collect()
}

/// The products that are named, in full or with `&` for `and`, or by the capitals of a name that has an `&`: `D&R`.
fn product(text: &str, names: &[String]) -> Vec<String> {
    let plain = key(&text.replace('&', " and "));
    let tight: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut found = Vec::new();
    for name in names {
        let initials: String = name
            .split_whitespace()
            .map(|word| if word == "and" { '&' } else { word.chars().next().unwrap_or(' ') })
            .collect();
        if plain.contains(&key(name)) || initials.contains('&') && tight.contains(&initials) {
            found.push(name.clone());
        }
    }
    if found.is_empty() {
        // One word that only one product has: `Endpoint`.
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
        let telling = |name: &&String| {
            let mut own = name.split_whitespace().filter(|word| word.len() > 5);
            own.any(|word| {
                let of_many = names.iter().filter(|other| other.contains(word)).count() > 1;
                !of_many && words.iter().any(|said| said.eq_ignore_ascii_case(word))
            })
        };
        found.extend(names.iter().filter(telling).take(2).cloned());
    }
    found
}
