//! Whole names taken apart, where a form asks for first and last name.

use super::check::email;
use super::east;
use super::named::Local;
use super::value::Place;
use super::vocabulary::{Target, halves, key};
use super::weigh::Candidate;
use crate::config::form::{FieldKind, Form};
use crate::desk::form::read::check::name::{PARTICLES, is_one_family_name, without_titles};
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
    let of_mail = |target: Target| matches!(target, Target::Field(at) if form.fields.get(at).is_some_and(|field| field.kind == FieldKind::Email));
    let named = candidates.iter().filter(|one| of_mail(one.target)).flat_map(|one| email::all(&one.text));
    let emails: Vec<String> = named.chain(from.map(|from| from.email.clone())).collect();
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
                let asked_whole = matches!(candidate.place, Place::Label | Place::Table);
                for (one, other) in readings(&candidate.text, &emails, asked_whole) {
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

/// How a whole name may be taken apart; more than one way is a doubt, none says nothing. `emails`: addresses that may be the
/// person's.
fn readings(name: &str, emails: &[String], sure: bool) -> Vec<(String, String)> {
    let pair = |one: &[&str], other: &[&str]| (one.join(" "), other.join(" "));
    if let Some((last, first)) = name.split_once(',') {
        return around_comma(&without_titles(last), &without_titles(first), emails);
    }
    let name = without_titles(name);
    if east::is_eastern(&name) {
        return east::split(&name).map(|(family, given)| (given, family)).into_iter().collect();
    }
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
    let particle = words.iter().skip(1).position(|word| PARTICLES.contains(&word.to_lowercase().as_str()));
    let by_address = emails.iter().find_map(|email| last_name_at(&words, email, sure));
    if let Some(particle) = particle.map(|at| at + 1).filter(|at| by_address.is_none_or(|last| last > *at)) {
        return cut(particle).into_iter().collect();
    }
    let first = words.first().map(|word| key(word)).unwrap_or_default();
    if count == 2 {
        let straight = emails.iter().any(|email| is_straight(&words, email));
        let doubtful = FAMILY_FIRST.contains(&first.as_str()) && !straight
            || emails.iter().any(|email| is_turned_around(&words, email));
        let ways = [cut(1), swapped(1).filter(|_| doubtful)];
        return ways.into_iter().flatten().collect();
    }
    if count == 3
        && let Some(at) = words.iter().position(|word| is_patronymic(word))
    {
        let (first, last) = if at == 1 { (0, 2) } else { (1, 0) };
        let pair = words.get(first).zip(words.get(last)).filter(|_| at > 0);
        return pair.map(|(first, last)| ((*first).to_owned(), (*last).to_owned())).into_iter().collect();
    }
    match by_address {
        Some(last) => cut(last).into_iter().collect(),
        // Two first names or two last names: likely, and told in the answer, where it was not the whole name that was asked for.
        None if !sure && count == 3 => cut(if is_second_first_name(&words) { 2 } else { 1 }).into_iter().collect(),
        None => (1..count).filter_map(cut).collect(),
    }
}

/// `Schmidt, Anna`: the family name stands first. `García López, María` may be that, and `Anna Schmidt, Helsinki` is not: the
/// address tells, else it is a doubt.
fn around_comma(last: &str, first: &str, emails: &[String]) -> Vec<(String, String)> {
    let turned = (first.to_owned(), last.to_owned());
    if first.is_empty() || last.is_empty() {
        return Vec::new();
    }
    if is_one_family_name(last) {
        return vec![turned];
    }
    let words: Vec<&str> = last.split_whitespace().collect();
    let of_given = |email: &String| {
        let (local, given) = (Local::of(email), first.split_whitespace().next().unwrap_or_default());
        words.iter().any(|word| local.holds(word)) && (local.holds(given) || local.begins_like(given))
    };
    let of_both = |email: &String| words.iter().all(|word| Local::of(email).holds(word));
    let plain = emails.iter().any(|email| of_both(email) || last_name_at(&words, email, false).is_some());
    match (emails.iter().any(of_given), plain) {
        (true, false) => vec![turned],
        (false, true) => readings(last, emails, false),
        _ => readings(last, emails, true).into_iter().chain([turned]).collect(),
    }
}

/// `Аркадьевна`: after the father, and no part of either name.
fn is_patronymic(word: &str) -> bool {
    ["вна", "вич", "ична", "івна", "ович", "евич", "йович"].iter().any(|end| word.to_lowercase().ends_with(end))
        && word.chars().count() > 6
}

/// Where the last name begins, as the address tells: `i.visconti@` for Isabella Visconti Sala, `gerincon@` for Gloria
/// Esperanza Rincón. All words before must be in it, in full or by their first letters.
/// Where nobody asked for the whole name the first letter of one is enough: `gpena@` for Guadalupe Montserrat Peña Ruiz.
fn last_name_at(words: &[&str], email: &str, sure: bool) -> Option<usize> {
    let local = email.split('@').next().unwrap_or_default();
    let parts: Vec<String> = local.split(['.', '_', '-']).map(key).filter(|part| !part.is_empty()).collect();
    let whole = key(local);
    let keys: Vec<String> = words.iter().map(|word| key(word)).collect();
    (1..words.len()).find(|at| {
        let (before, behind) = keys.split_at_checked(*at).unwrap_or_default();
        let initials: String = before.iter().filter_map(|word| word.chars().next()).collect();
        let one: String = behind.first().cloned().unwrap_or_default();
        let rest: String = behind.concat();
        let firsts: String = before.concat();
        let last = |text: &str| text == rest || text == one;
        let initial: String = keys.iter().take(1).filter_map(|word| word.chars().next()).collect();
        whole.strip_prefix(initials.as_str()).is_some_and(last)
            || !sure && whole.strip_prefix(initial.as_str()).is_some_and(last)
            || whole.strip_prefix(firsts.as_str()).is_some_and(last)
            || parts.len() == before.len() + 1
                && parts.last().is_some_and(|part| last(part))
                && before.iter().zip(&parts).all(|(word, part)| word == part)
    })
}

/// `jane.doe@…` of Jane Doe.
fn is_straight(words: &[&str], email: &str) -> bool {
    let local = email.split('@').next().unwrap_or_default();
    let parts: Vec<String> = local.split(['.', '_', '-']).map(key).collect();
    parts == words.iter().map(|word| key(word)).collect::<Vec<_>>()
}

/// Second first names that are common where people have two.
fn is_second_first_name(words: &[&str]) -> bool {
    #[rustfmt::skip]
    const SECOND: &[&str] = &[
        "jose", "maria", "luis", "carlos", "antonio", "manuel", "angel", "carmen", "pilar", "isabel", "luisa", "alberto", "eduardo", "fernanda", "cristina", "esperanza", "andres", "alejandro", "ignacio", "javier", "miguel", "rosa", "elena",
        "paulo", "pedro", "joao", "henrique", "beatriz", "helena", "teresa", "paula", "lucia", "jean", "pierre", "marie", "anne", "claude", "francois", "erik", "anders", "marie", "louise", "ann", "anna", "lise", "grete", "birgit", "james", "john", "william", "lee", "mae", "jane", "rose", "elizabeth", "alexander", "andrzej", "jan", "lurdes", "fatima", "conceicao", "aparecida", "olav", "einar", "magnus", "inger", "ole", "arne", "henrik", "peter",
        "alexandre", "michel", "luc", "paul", "marc", "philippe", "yves", "noel", "baptiste",
    ];
    words
        .get(1)
        .is_some_and(|word| SECOND.contains(&key(word).as_str()) || word.ends_with('.') || word.chars().count() == 1)
}

/// `Doe Jane`, from `jane.doe@…`.
fn is_turned_around(words: &[&str], email: &str) -> bool {
    let local = email.split('@').next().unwrap_or_default();
    let parts: Vec<String> = local.split(['.', '_', '-']).map(key).collect();
    let keys: Vec<String> = words.iter().rev().map(|word| key(word)).collect();
    parts == keys
}
