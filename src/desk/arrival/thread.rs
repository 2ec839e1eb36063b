//! Which ticket a mail belongs to. The first rule that holds wins, and is recorded.
//!
//! 1. A reply token, in a recipient's address or in one of our Message-IDs (right-most first), used by the person it
//!    was given to.
//! 2. In-Reply-To or References naming a message of a ticket, if the sender is a participant.
//! 3. `[CASE-n]` in the subject, if the sender is a participant; `CASE-n` without brackets, if they are a customer on it.
//!
//! 4. A mail of a participant that was answered on a ticket before it came.
//!
//! A mail that names a ticket and satisfies none of them only *claims* it.

use super::tokens::{bare_case_numbers, case_numbers, references, tokens};
use crate::desk::facts::Facts;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::inbound::arrival::Arrival;
use crate::desk::inbound::held::HeldReason;
use crate::desk::inbound::verdict::Step;
use crate::desk::rules::Rules;
use crate::desk::ticket::Ticket;

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
        /// Why it does not belong there.
        reason: HeldReason,
    },
    /// The mail names no ticket of ours.
    Nothing,
}

/// Finds the ticket of a mail. `sender` is the person of its From address, when known.
pub fn find(rules: &Rules, facts: &Facts, arrival: &Arrival, sender: Option<PersonId>, steps: &mut Vec<Step>) -> Found {
    let mut claim = None;
    for rule in [by_token, by_reference, by_case_id, by_bare_case_id, by_answer] {
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
            steps.push(Step::new(
                "thread.token",
                "match",
                format!("{} by the token of its sender", rules.case_id(ticket.id)),
            ));
            return Found::Ticket { ticket: ticket.id, rule: "token", by_token: true };
        }
        if claim == Found::Nothing {
            let detail = format!("{}: the token was given to somebody else", rules.case_id(ticket.id));
            steps.push(Step::new("thread.token", "miss", detail));
            claim = Found::Claim { ticket: ticket.id, reason: HeldReason::TokenOfAnother };
        }
    }
    if claim == Found::Nothing {
        steps.push(Step::new("thread.token", "miss", "no token of ours in recipients or Message-IDs".to_owned()));
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

/// The answer overtook the mail. Whoever takes no part there opens a ticket of their own: anybody can answer a mail that they
/// know of.
fn by_answer(
    rules: &Rules,
    facts: &Facts,
    arrival: &Arrival,
    sender: Option<PersonId>,
    steps: &mut Vec<Step>,
) -> Found {
    let answered = facts.awaited.get(&arrival.message_id).and_then(|id| facts.ticket(*id));
    let Some(ticket) = answered.filter(|ticket| sender.is_some_and(|person| ticket.is_customer(person))) else {
        return Found::Nothing;
    };
    let detail = format!("{}: the answer to this mail came before it", rules.case_id(ticket.id));
    steps.push(Step::new("thread.answer", "match", detail));
    Found::Ticket { ticket: ticket.id, rule: "an answer that came before it", by_token: false }
}

/// `Status of CASE-49?`: without brackets it may be anybody's number, and so it leads to a customer's own cases alone.
fn by_bare_case_id(
    rules: &Rules,
    facts: &Facts,
    arrival: &Arrival,
    sender: Option<PersonId>,
    steps: &mut Vec<Step>,
) -> Found {
    let mut named = bare_case_numbers(rules, arrival).filter_map(|number| facts.ticket(TicketId(number)));
    let own = sender.and_then(|person| named.find(|ticket| ticket.is_customer(person)));
    let Some(ticket) = own else { return Found::Nothing };
    let detail = format!("{} without brackets, and the sender is a participant", rules.case_id(ticket.id));
    steps.push(Step::new("thread.subject", "match", detail));
    Found::Ticket { ticket: ticket.id, rule: "subject", by_token: false }
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
        steps.push(Step::new(name, "miss", "names no ticket of ours".to_owned()));
        return Found::Nothing;
    };
    let case = rules.case_id(ticket.id);
    if sender.is_some_and(|person| ticket.is_customer(person) || facts.is_engineer(person)) {
        steps.push(Step::new(name, "match", format!("{case}, and the sender is a participant")));
        return Found::Ticket { ticket: ticket.id, rule, by_token: false };
    }
    steps.push(Step::new(name, "miss", format!("{case}, but the sender is no participant")));
    Found::Claim { ticket: ticket.id, reason: HeldReason::Stranger }
}
