//! The last gate before anything that an engineer wrote goes to a customer.
//!
//! What an engineer does not mean for the customer must not reach the customer, whatever their mail program made of it:
//! [`pass`] is asked in one place, just before an answer is relayed, and only what it hands out is relayed. What it stops is
//! kept on the case for engineers, and whoever wrote it is told why, with the words ready to be sent again.

mod files;
pub mod ours;
pub mod outcome;

use self::ours::Ours;
use self::outcome::{Answer, Passed, Reason, Stopped};
use super::command::grammar;
use super::facts::Facts;
use super::post;
use super::rules::Rules;
use super::ticket::Ticket;
use crate::mail::{Attachment, Origin, Signal, passed_on};

/// What of an engineer's answer to a ticket goes to its customers.
///
/// # Errors
/// What goes to nobody, and why.
pub fn pass(rules: &Rules, facts: &Facts, ticket: &Ticket, answer: Answer<'_>) -> Result<Passed, Stopped> {
    let Answer { mail, words, commanded } = answer;
    let ours = Ours::of(rules, facts, ticket);
    let words = ours.taken_out(words);
    let stop = |reason: Reason| Err(Stopped { reason, words: words.clone(), withheld: Vec::new() });
    if mail.origin != Origin::Person {
        return stop(Reason::Automatic);
    }
    if let Some(signal) = mail.signal {
        return stop(of_signal(signal));
    }
    if passed_on::says_so(&mail.headers, &mail.subject) {
        return stop(Reason::Forward);
    }
    let sorted = files::sort(&ours, &mail.attachments);
    if words.trim().is_empty() && sorted.passed.iter().all(|file| file.inline && commanded) {
        return Err(Stopped { reason: Reason::Empty, words, withheld: sorted.withheld });
    }
    if let Some(reason) = ours.found_in(&words) {
        return stop(reason);
    }
    if passed_on::holds_mail(&words) {
        return stop(Reason::Forward);
    }
    if grammar::stands_in(&words) {
        return stop(Reason::Command);
    }
    // Who commands below a warning of a gateway wrote above it, or for nobody but the desk.
    if commanded && mail.has_banner && !words.trim().is_empty() {
        return stop(Reason::Banner);
    }
    Ok(Passed { words, files: sorted.passed, withheld: sorted.withheld, left_out: sorted.left_out })
}

fn of_signal(signal: Signal) -> Reason {
    match signal {
        Signal::Reaction | Signal::Sign => Reason::Reaction,
        Signal::Calendar => Reason::Calendar,
        Signal::Receipt => Reason::Receipt,
        Signal::Recall => Reason::Recall,
        Signal::Encrypted => Reason::Encrypted,
    }
}

/// Files in the words of a letter.
pub fn listed(files: &[Attachment]) -> Vec<crate::desk::notice::vars::FileVars> {
    post::files(files, 0).1
}
