//! Which ticket a mail belongs to. The first rule that holds wins, and is recorded.
//!
//! 1. A reply token, in a recipient's address or in one of our Message-IDs (right-most first), used by the person it
//!    was given to.
//! 2. In-Reply-To or References naming a message of a ticket, if the sender is a participant.
//! 3. `[CASE-n]` in the subject, if the sender is a participant.
//!
//! A mail that names a ticket and satisfies none of them only *claims* it.

use super::arrival::Arrival;
use super::facts::{Facts, Ticket};
use super::outcome::Step;
use super::rules::Rules;
use super::token::{self, ReplyToken};
use super::{PersonId, TicketId};
use crate::mail::subject;

/// References looked up of one mail, right-most first: the parent is last (RFC 5322 §3.6.4).
pub const MAX_REFERENCES: usize = 20;

/// Case numbers looked up of one subject, in order. A subject can name hundreds of cases, and anybody can write one.
const MAX_CASE_NUMBERS: usize = 5;
/// Genuine tokens looked at of one mail: a long reply names its few of the case over and over.
const MAX_TOKENS: usize = 20;

/// What the rules found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The mail belongs to this ticket. `by_token` is the strongest proof there is of a customer.
    Ticket {
        /// The ticket, merges followed.
        ticket: TicketId,
        /// Which rule held: `token`, `references`, `subject`.
        rule: &'static str,
        /// By a token of the sender's own.
        by_token: bool,
    },
    /// The mail names this ticket, and nothing shows that its sender may speak there.
    Claim {
        /// The ticket it names, merges followed.
        ticket: TicketId,
        /// `stranger` or `token_of_another`.
        reason: &'static str,
    },
    /// The mail names no ticket of ours.
    Nothing,
}

/// The genuine reply tokens of a mail: of its recipients first, then of the Message-IDs it answers, right-most first.
pub fn tokens(rules: &Rules, arrival: &Arrival) -> Vec<ReplyToken> {
    let recipients = arrival.mail.recipients();
    let mut found: Vec<ReplyToken> =
        rules.address_tokens(&recipients).filter_map(|token| rules.keys.open_reply(token)).collect();
    let ids = references(arrival).filter_map(token::token_in_message_id);
    found.extend(ids.filter_map(|token| rules.keys.open_reply(token)));
    found.dedup();
    found.truncate(MAX_TOKENS);
    found
}

/// The Message-IDs a mail answers, nearest first.
pub fn references(arrival: &Arrival) -> impl Iterator<Item = &str> {
    let mail = &arrival.mail;
    mail.in_reply_to.iter().chain(mail.references.iter().rev()).map(String::as_str).take(MAX_REFERENCES)
}

/// The case numbers that a mail's subject names.
pub fn case_numbers(rules: &Rules, arrival: &Arrival) -> impl Iterator<Item = i64> + use<> {
    subject::case_numbers(&arrival.mail.subject, &rules.config.desk.case_prefix).into_iter().take(MAX_CASE_NUMBERS)
}

/// Finds the ticket of a mail. `sender` is the person of its From address, when known.
pub fn find(rules: &Rules, facts: &Facts, arrival: &Arrival, sender: Option<PersonId>, steps: &mut Vec<Step>) -> Found {
    let mut claim = None;
    for rule in [by_token, by_reference, by_case_id] {
        match rule(rules, facts, arrival, sender, steps) {
            Found::Nothing => {}
            found @ Found::Ticket { .. } => return found,
            found @ Found::Claim { .. } => claim = claim.or(Some(found)),
        }
    }
    claim.unwrap_or(Found::Nothing)
}

fn by_token(rules: &Rules, facts: &Facts, arrival: &Arrival, sender: Option<PersonId>, steps: &mut Vec<Step>) -> Found {
    let mut claim = Found::Nothing;
    for token in tokens(rules, arrival) {
        let Some(ticket) = facts.ticket(token.ticket) else { continue };
        // Who left the desk has tokens still; they open nothing any more.
        let may_speak = ticket.is_customer(token.person) || facts.is_engineer(token.person);
        if sender == Some(token.person) && may_speak {
            steps.push(step(
                "thread.token",
                "match",
                format!("{} by the token of its sender", rules.case_id(ticket.id)),
            ));
            return Found::Ticket { ticket: ticket.id, rule: "token", by_token: true };
        }
        if claim == Found::Nothing {
            let detail = format!("{}: the token was given to somebody else", rules.case_id(ticket.id));
            steps.push(step("thread.token", "miss", detail));
            claim = Found::Claim { ticket: ticket.id, reason: "token_of_another" };
        }
    }
    if claim == Found::Nothing {
        steps.push(step("thread.token", "miss", "no token of ours in recipients or Message-IDs".to_owned()));
    }
    claim
}

fn by_reference(
    rules: &Rules,
    facts: &Facts,
    arrival: &Arrival,
    sender: Option<PersonId>,
    steps: &mut Vec<Step>,
) -> Found {
    let named = references(arrival).filter_map(|id| facts.threads.get(id)).filter_map(|id| facts.ticket(*id)).next();
    judged("thread.references", "references", named, rules, facts, sender, steps)
}

fn by_case_id(
    rules: &Rules,
    facts: &Facts,
    arrival: &Arrival,
    sender: Option<PersonId>,
    steps: &mut Vec<Step>,
) -> Found {
    let named = case_numbers(rules, arrival).find_map(|number| facts.ticket(TicketId(number)));
    judged("thread.subject", "subject", named, rules, facts, sender, steps)
}

fn judged(
    name: &'static str,
    rule: &'static str,
    named: Option<&Ticket>,
    rules: &Rules,
    facts: &Facts,
    sender: Option<PersonId>,
    steps: &mut Vec<Step>,
) -> Found {
    let Some(ticket) = named else {
        steps.push(step(name, "miss", "names no ticket of ours".to_owned()));
        return Found::Nothing;
    };
    let case = rules.case_id(ticket.id);
    if sender.is_some_and(|person| ticket.is_customer(person) || facts.is_engineer(person)) {
        steps.push(step(name, "match", format!("{case}, and the sender is a participant")));
        return Found::Ticket { ticket: ticket.id, rule, by_token: false };
    }
    steps.push(step(name, "miss", format!("{case}, but the sender is no participant")));
    Found::Claim { ticket: ticket.id, reason: "stranger" }
}

pub(super) fn step(step: &'static str, result: &str, detail: String) -> Step {
    Step { step, result: result.to_owned(), detail }
}
