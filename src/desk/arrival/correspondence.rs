//! Where the author of a mail wants answers, and who sent it in their name.

use super::author;
use super::deciding::Deciding;
use crate::desk::action::join;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::ticket::person::Person;
use crate::mail::{Address, Origin};

/// Addresses of one Reply-To that take part; more of them are a list of people.
const MAX_ADDRESSES: usize = 3;

/// Where else than at their own address the person who wrote wants answers (RFC 5322 §3.6.2). Not what a machine, a post on
/// somebody's list or an engineer asks for, and never an engineer's address.
pub fn addresses(case: &Deciding<'_>) -> Vec<Address> {
    let mail = &case.arrival.mail;
    let engineer =
        |email: &str| case.change.facts.person_by_email(email).is_some_and(|it| case.change.facts.is_engineer(it.id));
    let Some(author) = case.arrival.from().filter(|_| mail.origin == Origin::Person && !case.is_on_a_foreign_list())
    else {
        return Vec::new();
    };
    if case.voice.forwarded_by.is_some() || engineer(&author.email) {
        return Vec::new();
    }
    let all = author::answers_to(case.change.rules, mail, author).filter(|address| !engineer(&address.email));
    all.take(MAX_ADDRESSES).cloned().collect()
}

/// Whoever answers from there takes part.
pub fn join(case: &mut Deciding<'_>, ticket: TicketId, author: PersonId) {
    for address in addresses(case) {
        case.change.note("answers", "match", format!("Reply-To: {}", address.email));
        join::join(&mut case.change, ticket, &address, author);
    }
}

/// Who reads the acknowledgement in the author's place.
pub fn answered(case: &Deciding<'_>, ticket: TicketId) -> Option<Person> {
    let first = addresses(case).into_iter().next()?;
    let known = case.change.out.people.iter().find(|person| person.email == first.email).cloned();
    let person = known.or_else(|| case.change.facts.person_by_email(&first.email).cloned())?;
    case.change.ticket(ticket).filter(|ticket| ticket.is_customer(person.id)).map(|_| person)
}

/// The From that stands in for the author; empty when From is the author.
pub fn sent_by(case: &Deciding<'_>) -> String {
    let from = case.arrival.mail.from.as_ref().filter(|_| case.arrival.author.is_named);
    from.map(|from| from.email.clone()).unwrap_or_default()
}
