//! Who wrote a mail, and whom it brings along.

use super::author::NOBODY;
use super::deciding::Deciding;
use super::{correspondence, identity};
use crate::desk::action::join;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::inbound::verdict::Proof;
use crate::desk::ticket::person::Person;
use crate::mail::language::{Language, unwritten};
use crate::mail::{Address, Origin};

/// Who wrote, with the language of this mail remembered and the address known to work again.
pub(super) fn sender(case: &mut Deciding<'_>) -> Person {
    let author = Some(case.voice.author.clone()).filter(|author| !author.email.is_empty());
    let author = author.unwrap_or_else(|| Address::new("", NOBODY));
    let mut person = case.change.person(&author);
    let before = person.clone();
    let written = case.voice.language;
    person.language = written.and_then(Language::from_code).or(person.language);
    case.change.unwritten = written.and_then(unwritten).map(|said| (person.id, said));
    let own = case.voice.forwarded_by.is_none();
    person.known |= own && (case.proof() != Proof::None || identity::is_vouched_for(case.change.rules, case.arrival));
    let named = case.arrival.author.is_named;
    case.change.unproven = Some(person.id).filter(|_| own && named && case.proof() == Proof::None);
    if case.arrival.mail.origin == Origin::Person && own && !named {
        (person.suppressed, person.bounce_score) = (false, 0);
    }
    if person.name.is_empty() {
        person.name = author.name;
    }
    if person != before {
        case.change.update(&person);
    }
    person
}

/// Whose address a mail bears that somebody else may have sent: it changes nothing about them.
pub(super) fn unbelieved(case: &mut Deciding<'_>) -> Person {
    let author = Some(case.voice.author.clone()).filter(|author| !author.email.is_empty());
    case.change.person(&author.unwrap_or_else(|| Address::new("", NOBODY)))
}

/// Who is in To or Cc of a request joins it, unless our server knows the sender's domain and it did not send the mail.
pub(super) fn introduce(case: &mut Deciding<'_>, ticket: TicketId, by: PersonId) {
    if case.proof() != Proof::None || identity::is_plausible(case.change.rules, case.arrival) {
        correspondence::join(case, ticket, by);
        return copy_in(case, ticket, by);
    }
    case.change.note("copied", "none", "our server does not confirm the sender's domain".to_owned());
}

/// Colleagues whom a participant put in To or Cc become participants.
pub(super) fn copy_in(case: &mut Deciding<'_>, ticket: TicketId, by: PersonId) {
    let mail = &case.arrival.mail;
    // A list's post names the list and everybody else; they did not ask to be on the case. Whom an engineer copies on
    // something forwarded, the customer does not know.
    if mail.origin != Origin::Person || case.voice.forwarded_by.is_some() {
        return;
    }
    for address in case.arrival.named() {
        join::join(&mut case.change, ticket, address, by);
    }
}
