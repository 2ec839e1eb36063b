//! The whole desk in one function: what becomes of an event.

use jiff::Timestamp;

use super::action::close::close as close_ticket;
use super::action::deliverability;
use super::arrival::deciding::Deciding;
use super::change::Change;
use super::directory::Known;
use super::facts::Facts;
use super::flow::{self, closed};
use super::follow_up::due::Due;
use super::form::task::Answered;
use super::id::{PersonId, TicketId};
use super::inbound::arrival::Arrival;
use super::inbound::page::PortalEvent;
use super::inbound::sent::Failure;
use super::outcome::Outcome;
use super::rules::Rules;
use super::{due as clock, page};

/// Decides one mail.
pub fn arrival(rules: &Rules, facts: &Facts, arrival: &Arrival, now: Timestamp) -> Outcome {
    let mut case = Deciding::new(rules, facts, arrival, now);
    super::arrival::decide(&mut case);
    consequences(&mut case.change);
    case.finish()
}

/// A mail of ours failed for good: the ticket's history and its engineers hear of it.
pub fn failure(rules: &Rules, facts: &Facts, failure: &Failure, now: Timestamp) -> Outcome {
    let mut change = Change::new(rules, facts, now);
    deliverability::failed(&mut change, failure);
    finish(change)
}

/// The directory of accounts answered.
pub fn answered(rules: &Rules, facts: &Facts, answered: &Answered, now: Timestamp) -> Outcome {
    let mut change = Change::new(rules, facts, now);
    flow::answered(&mut change, answered);
    finish(change)
}

/// Somebody did something on a page; `known` is what the directory knows of them.
pub fn portal(rules: &Rules, facts: &Facts, event: &PortalEvent, known: Option<&Known>, now: Timestamp) -> Outcome {
    let mut change = Change::new(rules, facts, now);
    page::acted(&mut change, event, known);
    finish(change)
}

/// Something that is due on a ticket.
pub fn due(rules: &Rules, facts: &Facts, due: &Due, now: Timestamp) -> Outcome {
    let mut change = Change::new(rules, facts, now);
    clock::carry_out(&mut change, due);
    finish(change)
}

/// Something that was due could not be carried out, too often.
pub fn set_aside(rules: &Rules, facts: &Facts, due: &Due, now: Timestamp) -> Outcome {
    let mut change = Change::new(rules, facts, now);
    clock::set_aside(&mut change, due);
    finish(change)
}

/// Somebody closes a ticket.
pub fn close(rules: &Rules, facts: &Facts, ticket: TicketId, by: Option<PersonId>, now: Timestamp) -> Outcome {
    let mut change = Change::new(rules, facts, now);
    close_ticket(&mut change, ticket, by, "solved");
    finish(change)
}

fn finish(mut change: Change<'_>) -> Outcome {
    consequences(&mut change);
    change.out
}

/// What follows from what was done, whoever did it: once, at the end.
fn consequences(change: &mut Change<'_>) {
    for ticket in std::mem::take(&mut change.closed) {
        closed::closed(change, ticket);
    }
}
