//! One person, several addresses: who writes on a case from another address of a participant's is that participant.

use super::deciding::Deciding;
use super::tokens::{case_numbers, references, tokens};
use crate::desk::facts::Facts;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::ticket::Ticket;
use crate::mail::Address;
use crate::mail::address::{Sameness, sameness};

/// Whether the mail is of a participant under another name, who then is its author; and how sure that is. An address that differs
/// by a tag alone may be somebody else's: it needs a token of the participant's that nobody else saw, and even then it is a
/// proof of nothing. Never an engineer's: their rights hang on the very address.
pub(super) fn recognise(case: &mut Deciding<'_>) -> Sameness {
    let facts = case.change.facts;
    let Some(from) = case.arrival.from().filter(|_| !case.arrival.author.is_named) else { return Sameness::No };
    if facts.person_by_email(&from.email).is_some_and(|known| facts.is_engineer(known.id)) {
        return Sameness::No;
    }
    let Some((person, how)) = by_token(case, from).or_else(|| by_name(case, from)) else { return Sameness::No };
    let Some(known) = facts.people.get(&person) else { return Sameness::No };
    let detail = format!("{} is another address of {}", from.email, known.email);
    let name = if from.name.is_empty() { known.name.clone() } else { from.name.clone() };
    case.voice.author = Address::new(name, &known.email);
    case.voice.alias_of = Some(person);
    case.change.note("sender", "same", detail);
    how
}

fn by_token(case: &Deciding<'_>, from: &Address) -> Option<(PersonId, Sameness)> {
    let facts = case.change.facts;
    tokens(case.change.rules, case.arrival).into_iter().find_map(|token| {
        let ticket = facts.ticket(token.ticket)?;
        let how = how(facts, ticket, token.person, from)?;
        let alone = token.generation == facts.generation(token.ticket, token.person);
        (how == Sameness::Same || alone).then_some((token.person, how))
    })
}

/// By a Message-ID or a case number.
fn by_name(case: &Deciding<'_>, from: &Address) -> Option<(PersonId, Sameness)> {
    let facts = case.change.facts;
    let referred = references(case.arrival).filter_map(|id| facts.threads.get(id)).copied();
    let numbered = case_numbers(case.change.rules, case.arrival).map(TicketId);
    referred.chain(numbered).filter_map(|id| facts.ticket(id)).find_map(|ticket| {
        let people = std::iter::once(ticket.requester).chain(ticket.others.iter().map(|(person, _)| *person));
        people
            .filter_map(|person| Some((person, how(facts, ticket, person, from)?)))
            .find(|(_, how)| *how == Sameness::Same)
    })
}

/// How the address is another one of a customer's on the ticket; `None` where it is not, or takes part itself.
fn how(facts: &Facts, ticket: &Ticket, person: PersonId, from: &Address) -> Option<Sameness> {
    let itself = facts.person_by_email(&from.email).is_some_and(|known| ticket.is_customer(known.id));
    if itself || !ticket.is_customer(person) || facts.is_engineer(person) {
        return None;
    }
    let known = facts.people.get(&person)?;
    Some(sameness(&known.email, &from.email)).filter(|how| *how != Sameness::No)
}
