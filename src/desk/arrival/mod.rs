//! A mail came: what becomes of it. The first step that settles it wins.

mod answer;
pub mod author;
pub mod bounce;
mod colleagues;
mod copy;
mod correspondence;
mod deciding;
mod flood;
mod form;
mod forwarded;
mod held;
pub mod identity;
mod new_ticket;
mod note;
mod orders;
mod other_name;
mod past;
pub mod quoted;
mod reply;
mod request;
mod returned;
mod seen;
mod sender;
mod tell;
mod thanks;
pub mod thread;
pub mod tokens;
mod wish;

use self::deciding::Deciding;
use self::thread::Found;
use super::change::Change;
use super::command::grammar;
use super::form::choose::Chosen;
use super::id::PersonId;
use super::inbound::arrival::Arrival;
use super::inbound::held::HeldReason;
use super::inbound::verdict::{Obeyed, Proof, Verdict, origin_word};
use super::seal::token;
use super::ticket::message::Direction;
use crate::config::Spam;
use crate::desk::ticket::history::EventKind;
use crate::mail::address::Sameness;
use crate::mail::{Origin, Signal};

/// Decides one mail.
pub(super) fn arrived<'a>(change: Change<'a>, arrival: &'a Arrival) -> Change<'a> {
    let mut case = Deciding::new(change, arrival);
    decide(&mut case);
    case.finish()
}

fn decide(case: &mut Deciding<'_>) {
    let arrival = case.arrival;
    let from = arrival.from().map_or("nobody", |from| from.email.as_str());
    case.change.note("sender", from, arrival.author.reason.clone());
    case.change.note("origin", origin_word(arrival.mail.origin), arrival.mail.origin_reason.clone());
    if copy::settles(case) {
        return;
    }
    returned::withdraw(case);
    seen::replace(case);
    let same = other_name::recognise(case);
    match arrival.mail.origin {
        Origin::Own if is_our_own(case) => case.settle(Verdict::Dropped, "our own mail come back".to_owned()),
        Origin::Bounce if arrival.past.is_none() => bounce::report(case),
        Origin::Bounce => case.settle(Verdict::Dropped, "a delivery report of the past, not a request".to_owned()),
        Origin::Feedback => case.settle(Verdict::Dropped, "a feedback report, not a request".to_owned()),
        // Of another gateway of our kind, or of a responder.
        Origin::Own => automatic_reply(case),
        Origin::AutoReply if !is_heard(case) => automatic_reply(case),
        Origin::AutoReply | Origin::Bulk | Origin::Person => match arrival.past {
            Some(past) => past::keep(case, past),
            None => request(case, same),
        },
    }
    if arrival.past.is_none() {
        returned::renew(case);
    }
}

/// A vacation notice and its kin: filed where it belongs, never answered, reopens nothing.
fn automatic_reply(case: &mut Deciding<'_>) {
    let sender = case.sender().map(|person| person.id);
    match case.find(sender) {
        Found::Ticket { ticket, .. } | Found::Claim { ticket, reason: HeldReason::TokenOfAnother } => {
            case.file(ticket, sender, Direction::Inbound, false);
            let why = case.arrival.mail.origin_reason.clone();
            case.change.event(ticket, EventKind::AutoReply, sender, why);
            case.lands_on(Some(ticket));
            case.settle(Verdict::AutoReply, "an automatic reply, filed and not answered".to_owned());
        }
        Found::Claim { .. } | Found::Nothing => {
            case.settle(Verdict::Dropped, "an automatic reply that belongs to no ticket".to_owned());
        }
    }
}

/// A mail that wants something: a customer's, an engineer's, or one that must be held.
fn request(case: &mut Deciding<'_>, same: Sameness) {
    let known = case.sender().map(|person| person.id);
    if identity::is_disowned(case.change.rules, case.arrival) {
        case.change.note("proof", "refuted", "DMARC fail in our server's Authentication-Results".to_owned());
        return held::held(case, case.claimed(known), HeldReason::DmarcFail);
    }
    let proof = match same {
        // A proof of this address says nothing of the one on the case.
        Sameness::Tagged => Proof::None,
        Sameness::No | Sameness::Same => {
            identity::proof(case.change.rules, case.change.facts, case.arrival, known, &mut case.change.steps)
        }
    };
    case.settlement.proof = proof;
    if proof != Proof::None && known.is_some_and(|person| case.change.facts.is_engineer(person)) {
        obey_once(case);
    }
    let found = case.find(known);
    let engineer =
        known.is_some_and(|person| case.change.facts.is_engineer(person) && !is_requester(case, person, &found));
    match (engineer, proof, found) {
        (true, Proof::None, Found::Ticket { ticket, .. } | Found::Claim { ticket, .. })
        // A signature covers no recipients: a signed mail can be sent again to somebody else's reply address.
        | (true, Proof::Dkim, Found::Claim { ticket, .. }) => {
            held::held(case, Some(ticket), HeldReason::NoProof);
        }
        (true, Proof::Token, Found::Ticket { ticket, .. } | Found::Claim { ticket, .. }) if gives_commands(case) => {
            held::held(case, Some(ticket), HeldReason::Commands);
        }
        (true, _, Found::Ticket { ticket, .. } | Found::Claim { ticket, .. }) => answer::by_engineer(case, ticket),
        (_, _, Found::Ticket { ticket, rule, .. }) => reply::reply(case, ticket, rule, proof != Proof::None),
        (_, _, Found::Claim { .. } | Found::Nothing) if case.arrival.mail.signal == Some(Signal::Reaction) => {
            case.settle(Verdict::Dropped, "a reaction of somebody who takes no part in a case".to_owned());
        }
        (_, _, Found::Claim { ticket, reason }) => held::held(case, Some(ticket), reason),
        (_, _, Found::Nothing) => {
            if engineer && proof.is_of_sender() {
                forwarded::hear(case);
            }
            new_request(case);
        }
    }
}

/// A request that names no ticket: a form, once more a form that waits for its person, or any other request. What a
/// filter took for spam is none of them; who takes part in a case is heard there all the same.
fn new_request(case: &mut Deciding<'_>) {
    if let Some(mark) = case.spam_mark() {
        case.change.note("spam", "match", mark);
        return match case.change.rules.config.trust.spam {
            Spam::Silent => request::open(case, None),
            Spam::Hold => held::held(case, None, HeldReason::Spam),
            Spam::Drop => case.settle(Verdict::Dropped, "the filter took it for spam".to_owned()),
        };
    }
    let chosen = form::leads_to(case);
    let Some(form) = chosen.as_ref().and_then(|chosen| chosen.form) else {
        let deletes = chosen.as_ref().is_some_and(Chosen::asks_deletion);
        let own = chosen.and_then(|chosen| chosen.own).filter(|_| !deletes);
        return match own.and_then(|own| form::asked_before(case, own)) {
            // Whoever writes to its mailbox once more asks after it, whatever the words.
            Some(ticket) => reply::reply(case, ticket, form::ASKED_ANEW, case.proof() != Proof::None),
            None => request::open_about(case, None, if deletes { "delete_account" } else { "" }),
        };
    };
    match form::asked_before(case, form) {
        Some(ticket) => reply::reply(case, ticket, form::ASKED_ANEW, case.proof() != Proof::None),
        None => form::open(case, form),
    }
}

fn is_requester(case: &Deciding<'_>, person: PersonId, found: &Found) -> bool {
    match found {
        Found::Ticket { ticket, .. } | Found::Claim { ticket, .. } => {
            case.change.facts.ticket(*ticket).is_some_and(|ticket| ticket.requester == person)
        }
        Found::Nothing => false,
    }
}

/// Whether an engineer's mail begins with commands.
fn gives_commands(case: &Deciding<'_>) -> bool {
    grammar::parse(&case.arrival.mail.reply_text).lines.iter().any(|line| line.order.is_ok())
}

/// The engineer's mail is acted on, whatever it asks for, and its copies with other headers will not be.
fn obey_once(case: &mut Deciding<'_>) {
    let arrival = case.arrival;
    let (message_id, body_hash, ledger) = (arrival.message_id.clone(), arrival.body_hash, arrival.ledger);
    case.change.out.obeyed = Some(Obeyed { message_id, body_hash, ledger });
}

/// Whether engineers hear of an automatic mail: not of a responder's, and of one that calls itself an
/// answer only on its case.
fn is_heard(case: &Deciding<'_>) -> bool {
    let conduct = case.arrival.mail.conduct;
    conduct.tell && (conduct.reopen || names_a_ticket(case))
}

fn names_a_ticket(case: &Deciding<'_>) -> bool {
    case.claimed(case.sender().map(|person| person.id)).is_some()
}

/// A mail with our kind's mark is ours if it comes from one of our addresses, or bears an id that we gave.
fn is_our_own(case: &Deciding<'_>) -> bool {
    let mail = &case.arrival.mail;
    let from = mail.from.as_ref().is_none_or(|from| case.change.rules.is_ours(&from.email));
    let id = mail.message_id.as_deref().and_then(token::token_in_message_id);
    from || id.is_some_and(|token| case.change.rules.keys.open_reply(token).is_some())
}
