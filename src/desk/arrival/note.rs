//! An engineer's mail that only colleagues read.

use super::deciding::Deciding;
use super::tell;
use super::tokens::references;
use crate::desk::action::{join, note};
use crate::desk::command::errand::Errand;
use crate::desk::id::TicketId;
use crate::desk::inbound::verdict::Verdict;
use crate::desk::seal::token;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::message::Direction;
use crate::desk::ticket::person::Person;
use crate::mail::Address;

/// Who is to read an engineer's mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// The customer.
    Customer,
    /// Colleagues alone.
    Colleagues,
    /// It may be meant for either: it is kept for colleagues.
    Unclear,
}

/// Who is to read it: what a command says, else the address that it came to, else what it answers. What is published
/// goes out without what it quotes.
pub(super) fn audience(case: &mut Deciding<'_>, errand: &Errand) -> Audience {
    let recipients = case.arrival.mail.recipients();
    let keys = &case.change.rules.keys;
    let words: Vec<&str> = case.change.rules.address_words(&recipients).collect();
    let to_note = words.iter().any(|word| token::of_note(word).is_some() || keys.open_note(word).is_some());
    let to_customer = words.iter().any(|word| keys.open_reply(word).is_some());
    let answers_note = references(case.arrival).any(token::is_note_id);
    // A mail that lost what says that it answers a note may quote it all the same.
    if errand.published {
        case.voice.words = without_quotes(&case.voice.words);
    }
    match (errand.note, errand.published) {
        (true, _) => Audience::Colleagues,
        (false, true) => Audience::Customer,
        (false, false) if to_note && !to_customer => Audience::Colleagues,
        (false, false) if to_note || answers_note => Audience::Unclear,
        (false, false) => Audience::Customer,
    }
}

/// The lines that somebody wrote themselves.
fn without_quotes(words: &str) -> String {
    let own = |line: &&str| !line.trim_start().starts_with(['>', '|', '｜', '＞']);
    words.lines().filter(own).collect::<Vec<_>>().join("\n")
}

/// Keeps the mail as a note, and tells colleagues. Who writes one hears what comes of it.
pub(super) fn keep(case: &mut Deciding<'_>, id: TicketId, engineer: &Person) {
    // Of a mail that is passed on to colleagues all of it is wanted.
    if case.voice.words.trim().is_empty() {
        case.voice.words = case.arrival.mail.text.trim().to_owned();
    }
    case.file(id, Some(engineer.id), Direction::Note, false);
    case.change.event(id, EventKind::Note, Some(engineer.id), String::new());
    case.settle(Verdict::Threaded, format!("a note on {}: only engineers see it", case.change.rules.case_id(id)));
    let said = tell::said(case);
    note::tell(&mut case.change, id, &said);
    let Some(ticket) = case.change.the_ticket(id) else { return };
    if !case.change.looked_after_by(&ticket).iter().any(|reader| reader.id == engineer.id) {
        join::join(&mut case.change, id, &Address::new(engineer.name.clone(), &engineer.email), engineer.id);
    }
}
