//! Whole names taken apart, where a form asks for first and last name.

use super::people::halves;
use super::value::Place;
use super::vocabulary::{Target, key};
use super::weigh::Candidate;
use crate::config::form::Form;
use crate::desk::form::read::check::name::{PARTICLES, without_titles};
use crate::mail::Address;

/// Family names that stand first where they are at home: which half such a name is must be asked.
const FAMILY_FIRST: &[&str] = &[
    "wang",
    "li",
    "zhang",
    "liu",
    "chen",
    "yang",
    "huang",
    "zhao",
    "wu",
    "zhou",
    "xu",
    "sun",
    "ma",
    "zhu",
    "hu",
    "guo",
    "lin",
    "kim",
    "park",
    "lee",
    "choi",
    "jung",
    "kang",
    "cho",
    "nguyen",
    "tran",
    "le",
    "pham",
    "hoang",
    "tanaka",
    "suzuki",
    "sato",
    "watanabe",
    "ito",
    "yamamoto",
    "nakamura",
    "kobayashi",
    "kato",
    "yoshida",
    "yamada",
    "sasaki",
    "nagy",
    "kovacs",
    "toth",
    "szabo",
    "horvath",
    "varga",
];

/// Every whole name as its two halves; each with the other beside it.
pub(super) fn split_all(candidates: Vec<Candidate>, form: &Form, from: Option<&Address>) -> Vec<Candidate> {
    let Some((first, last)) = halves(form) else { return candidates };
    let said = |target: Target| {
        let labels =
            candidates.iter().filter(|one| one.target == target && matches!(one.place, Place::Label | Place::Table));
        labels.map(|one| key(&one.text)).collect::<Vec<_>>()
    };
    let (firsts, lasts) = (said(first), said(last));
    let mut all = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let labelled = matches!(candidate.place, Place::Label | Place::Table);
        // `Nombre: Juan Pérez` where no label names the rest.
        let whole = candidate.target == Target::WholeName
            || candidate.target == first
                && labelled
                && lasts.is_empty()
                && candidate.text.split_whitespace().count() > 1;
        if !whole {
            all.push(candidate);
            continue;
        }
        let one_word = candidate.text.split_whitespace().count() == 1;
        // `Name: Weber, Vorname: Sabine`: the half that the other label leaves.
        let rest = match (candidate.target, firsts.is_empty(), lasts.is_empty()) {
            (Target::WholeName, false, true)
                if labelled
                    && (one_word || !key(&candidate.text).contains(firsts.first().map_or("", String::as_str))) =>
            {
                Some(last)
            }
            (Target::WholeName, true, false) if labelled && one_word => Some(first),
            _ => None,
        };
        match rest {
            Some(target) => all.push(Candidate { target, ..candidate }),
            None => {
                for (one, other) in readings(&candidate.text, from) {
                    all.push(Candidate {
                        target: first,
                        text: one.clone(),
                        beside: Some(other.clone()),
                        ..candidate.clone()
                    });
                    all.push(Candidate { target: last, text: other, beside: Some(one), ..candidate.clone() });
                }
            }
        }
    }
    all
}

/// How a whole name may be taken apart; more than one way is a doubt, none says nothing.
fn readings(name: &str, from: Option<&Address>) -> Vec<(String, String)> {
    let pair = |one: &[&str], other: &[&str]| (one.join(" "), other.join(" "));
    if let Some((last, first)) = name.split_once(',') {
        let (first, last) = (without_titles(first), without_titles(last));
        return if first.is_empty() || last.is_empty() { Vec::new() } else { vec![(first, last)] };
    }
    let name = without_titles(name);
    let words: Vec<&str> = name.split_whitespace().collect();
    let shouted = |word: &&str| {
        word.chars().count() > 1 && word.chars().all(|c| !c.is_lowercase()) && word.chars().any(char::is_alphabetic)
    };
    let count = words.len();
    let cut = |at: usize| words.split_at_checked(at).map(|(one, other)| pair(one, other));
    let swapped = |at: usize| words.split_at_checked(at).map(|(one, other)| pair(other, one));
    if count < 2 {
        return Vec::new();
    }
    // `DUPONT Marie`, `Marie DUPONT`
    let loud = words.iter().take_while(|word| shouted(word)).count();
    if loud > 0 && loud < count && !words.iter().skip(loud).any(&shouted) {
        return swapped(loud).into_iter().collect();
    }
    let quiet = words.iter().take_while(|word| !shouted(word)).count();
    if quiet > 0 && quiet < count && words.iter().skip(quiet).all(shouted) {
        return cut(quiet).into_iter().collect();
    }
    if let Some(particle) = words.iter().skip(1).position(|word| PARTICLES.contains(&word.to_lowercase().as_str())) {
        return cut(particle + 1).into_iter().collect();
    }
    let first = words.first().map(|word| key(word)).unwrap_or_default();
    if count == 2 {
        let doubtful = FAMILY_FIRST.contains(&first.as_str()) || is_turned_around(&words, from);
        let ways = [cut(1), swapped(1).filter(|_| doubtful)];
        return ways.into_iter().flatten().collect();
    }
    let local = from.map(|from| key(from.email.split('@').next().unwrap_or_default())).unwrap_or_default();
    let (ends, starts) = (words.last().map(|word| key(word)).unwrap_or_default(), first);
    if ends.chars().count() > 2
        && local.ends_with(&ends)
        && local.starts_with(&starts)
        && local == format!("{starts}{ends}")
    {
        return cut(count - 1).into_iter().collect();
    }
    (1..count).filter_map(cut).collect()
}

/// `Doe Jane`, from `jane.doe@…`.
fn is_turned_around(words: &[&str], from: Option<&Address>) -> bool {
    let local = from.map(|from| from.email.split('@').next().unwrap_or_default().to_owned()).unwrap_or_default();
    let parts: Vec<String> = local.split(['.', '_', '-']).map(key).collect();
    let keys: Vec<String> = words.iter().rev().map(|word| key(word)).collect();
    parts == keys
}
