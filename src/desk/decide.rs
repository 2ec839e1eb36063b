//! The whole desk in one function: what becomes of an event.

use jiff::Timestamp;

use super::action::{close, deliverability};
use super::change::Change;
use super::event::Event;
use super::facts::Facts;
use super::flow::closed;
use super::follow_up::due::FollowUpChange;
use super::outcome::Outcome;
use super::rules::Rules;
use super::{arrival, due, flow, page};

/// What becomes of an event.
pub fn decide(rules: &Rules, facts: &Facts, event: Event<'_>, now: Timestamp) -> Outcome {
    let mut change = Change::new(rules, facts, now);
    match event {
        Event::Arrived(mail) => change = arrival::arrived(change, mail),
        Event::Failed(failure) => deliverability::failed(&mut change, failure),
        Event::Answered(answered) => flow::answered(&mut change, answered),
        Event::Page(event) => page::acted(&mut change, event),
        Event::Due(row) => due::carry_out(&mut change, row),
        Event::SetAside(row) => due::set_aside(&mut change, row),
        Event::Close { ticket, by } => close::close(&mut change, ticket, by, "solved"),
    }
    consequences(&mut change);
    if event.past().is_some() {
        nothing_follows(&mut change);
    }
    Outcome { steps: change.steps, impossible: change.impossible, ..change.out }
}

/// What follows from what was done, whoever did it: once, at the end.
fn consequences(change: &mut Change<'_>) {
    for ticket in std::mem::take(&mut change.closed) {
        closed::closed(change, ticket);
    }
}

/// What is over is answered by nobody: no letter, no question, nothing that is due some day.
fn nothing_follows(change: &mut Change<'_>) {
    let out = &change.out;
    let due = out.follow_ups.iter().any(|it| matches!(it, FollowUpChange::Set { .. }));
    let follows =
        due || !(out.posts.is_empty() && out.tasks.is_empty() && out.links.is_empty() && out.forms.is_empty());
    if follows {
        change.impossible("something follows from a mail of the past".to_owned());
    }
}
