//! Which engineer is meant.

use crate::desk::change::Change;
use crate::desk::ticket::person::Person;

/// All engineers, in the order in which they were added.
pub(in crate::desk) fn all(change: &Change<'_>) -> Vec<Person> {
    change.facts.engineers().into_iter().filter_map(|id| change.person_by_id(id)).collect()
}

/// The engineers of a name: an address or a whole name, else a part of one.
pub(in crate::desk) fn called(change: &Change<'_>, typed: &str) -> Vec<Person> {
    let wanted = typed.trim().to_lowercase();
    let whole = |person: &&Person| person.email == wanted || person.name.to_lowercase() == wanted;
    let local = |person: &Person| person.email.split('@').next().unwrap_or_default().to_lowercase();
    let part = |person: &&Person| {
        let name = person.name.to_lowercase();
        local(person) == wanted || name.split_whitespace().any(|word| word == wanted)
    };
    let all = all(change);
    let found: Vec<Person> = all.iter().filter(whole).cloned().collect();
    if found.is_empty() { all.iter().filter(part).cloned().collect() } else { found }
}
