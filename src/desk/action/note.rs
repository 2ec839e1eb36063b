//! A note is told to those whom it concerns.

use super::colleague;
use super::tell::{self, Said, Telling};
use crate::desk::change::Change;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::notice::kind::Notice;
use crate::desk::ticket::person::Person;

/// Names looked for in one note.
const MAX_MENTIONS: usize = 20;

/// Tells those who look after the ticket and those whom the note names with an `@`; never its author.
pub(in crate::desk) fn tell(change: &mut Change<'_>, id: TicketId, said: &Said<'_>) {
    let Some(ticket) = change.the_ticket(id) else { return };
    let mentioned = mentioned(change, &said.words);
    let mut readers: Vec<(Person, &str)> = mentioned.into_iter().map(|person| (person, "mentioned")).collect();
    for person in change.looked_after_by(&ticket) {
        if !readers.iter().any(|(known, _)| known.id == person.id) {
            readers.push((person, ""));
        }
    }
    for (reader, reason) in readers.iter().filter(|(reader, _)| Some(reader.id) != said.by) {
        tell::notify(change, &ticket, reader, said, Telling { notice: Notice::Note, reason, linked: None });
    }
}

/// The engineers whom words name: `@liisa`, `@Liisa.Korhonen`, `@liisa@example.test`. A name that several have is nobody's.
fn mentioned(change: &Change<'_>, words: &str) -> Vec<Person> {
    let mut found: Vec<(PersonId, Person)> = Vec::new();
    let outside = |c: char| c.is_whitespace() || matches!(c, '(' | '[' | ',' | ';' | ':' | '"');
    let names = words.split(outside).filter_map(|word| word.strip_prefix('@'));
    for name in names.take(MAX_MENTIONS) {
        let name = name.trim_end_matches(|c: char| !c.is_alphanumeric());
        let one = |typed: &str| <[Person; 1]>::try_from(colleague::called(change, typed)).ok();
        let person = one(name).or_else(|| one(&name.replace(['.', '_'], " ")));
        if let Some([person]) = person.filter(|[person]| !found.iter().any(|(id, _)| *id == person.id)) {
            found.push((person.id, person));
        }
    }
    found.into_iter().map(|(_, person)| person).collect()
}
