//! Several people in one mail: what is said of each.

use super::check::email;
use super::persons::Other;
use super::value::Place;
use super::vocabulary::{Target, Vocabulary, halves};
use super::weigh::Candidate;
use crate::config::form::FieldKind;

/// People in one mail at most; whoever has more of them talks to a person.
const MOST: usize = 6;

/// The candidates of each person, the first one's first; one list where the mail is about one person.
pub(super) fn apart(candidates: Vec<Candidate>, people: &[Other], vocabulary: &Vocabulary<'_>) -> Vec<Vec<Candidate>> {
    if halves(vocabulary.form).is_none() {
        return vec![candidates];
    }
    let is_personal = |target: Target| vocabulary.kind(target).is_some_and(FieldKind::is_personal);
    let groups = match labelled(&candidates, vocabulary) {
        Some(groups) => groups,
        None if people.len() > 1 => people.iter().map(|person| of_person(person, vocabulary)).collect(),
        None => return vec![candidates],
    };
    if groups.len() > MOST {
        return vec![candidates];
    }
    let (_, common): (Vec<Candidate>, Vec<Candidate>) = candidates.into_iter().partition(|one| is_personal(one.target));
    let count = groups.len();
    let with_common = |(at, mut group): (usize, Vec<Candidate>)| {
        group.extend(common.iter().filter(|one| is_of(one, at, count, &common)).cloned());
        group
    };
    groups.into_iter().enumerate().map(with_common).collect()
}

/// Whether a value that names nobody is one of the person at a place: where there are as many as people, each has its own.
fn is_of(candidate: &Candidate, at: usize, count: usize, common: &[Candidate]) -> bool {
    let same: Vec<&str> = common
        .iter()
        .filter(|one| one.target == candidate.target && one.place == candidate.place)
        .map(|one| one.text.as_str())
        .collect();
    let distinct = same.iter().enumerate().all(|(at, text)| !same.iter().take(at).any(|before| before == text));
    same.len() != count || !distinct || same.iter().position(|text| *text == candidate.text) == Some(at)
}

fn of_person(person: &Other, vocabulary: &Vocabulary<'_>) -> Vec<Candidate> {
    let emails = vocabulary.targets(|kind| *kind == FieldKind::Email);
    let names = vocabulary.names();
    let named = names
        .iter()
        .filter(|_| !person.name.is_empty())
        .map(|target| Candidate::new(*target, person.name.clone(), Place::Prose));
    emails.iter().map(|target| Candidate::new(*target, person.email.clone(), Place::Prose)).chain(named).collect()
}

/// Blocks of labelled lines or rows of a table: as many names as addresses, in order.
fn labelled(candidates: &[Candidate], vocabulary: &Vocabulary<'_>) -> Option<Vec<Vec<Candidate>>> {
    let said = |target: Target, place: Place| -> Vec<&Candidate> {
        candidates.iter().filter(|one| one.target == target && one.place == place && !one.quoted).collect()
    };
    let email = vocabulary.targets(|kind| *kind == FieldKind::Email).first().copied()?;
    let place = [Place::Label, Place::Table].into_iter().find(|place| said(email, *place).len() > 1)?;
    let addresses: Vec<String> = said(email, place).into_iter().filter_map(|one| email::read(&one.text).ok()).collect();
    let distinct =
        addresses.iter().enumerate().all(|(at, address)| !addresses.iter().take(at).any(|one| one == address));
    let count = addresses.len();
    if !distinct || count < 2 {
        return None;
    }
    let mut groups: Vec<Vec<Candidate>> = vec![Vec::new(); count];
    let targets = vocabulary.targets(FieldKind::is_personal).into_iter().chain([Target::WholeName]);
    for target in targets {
        let all = said(target, place);
        if all.len() == count {
            groups.iter_mut().zip(all).for_each(|(group, one)| group.push(one.clone()));
        } else if !all.is_empty() {
            return None;
        }
    }
    Some(groups)
}
