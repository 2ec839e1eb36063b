//! A mail opens a ticket.

use super::deciding::Deciding;
use super::tokens::references;
use crate::config::Mailbox;
use crate::desk::action::open::{self, NewCase};
use crate::desk::id::TicketId;
use crate::desk::seal::token;
use crate::desk::ticket::person::Person;
use crate::desk::ticket::{Status, Ticket};
use crate::mail::subject;

/// A new ticket of the requester's, in the mailbox that the mail came through.
pub(super) fn new_ticket(
    case: &mut Deciding<'_>,
    requester: &Person,
    status: Status,
    linked_to: Option<TicketId>,
) -> Option<Ticket> {
    let mailbox = case.change.rules.mailbox(&case.arrival.mailbox)?;
    let said = case.voice.subject.as_deref().unwrap_or(&case.arrival.mail.subject);
    let subject = subject::base(said, &case.change.rules.config.desk.case_prefix);
    let message_id = case.voice.message_id.clone();
    let written_to = written_to(case, mailbox).map(str::to_owned).unwrap_or_default();
    let id = case.change.next_ticket();
    if status != Status::Held {
        let answers = unknown_parents(case);
        case.change.out.awaited.extend(answers.into_iter().map(|parent| (parent, id)));
    }
    let queue = mailbox.queue_of(&case.arrival.folder).to_owned();
    let new = NewCase { mailbox, queue, requester, subject, status, message_id, linked_to, written_to };
    let ticket = open::open(&mut case.change, id, new);
    case.lands_on(Some(id));
    Some(ticket)
}

/// Mails waited for on account of one answer to them.
const MAX_AWAITED: usize = 5;

/// What the mail answers that did not come yet: providers deliver a reply before its parent at times, above all where the two took
/// different ways.
fn unknown_parents(case: &Deciding<'_>) -> Vec<String> {
    let mut parents: Vec<String> = Vec::new();
    for id in references(case.arrival).filter(|id| !case.change.facts.threads.contains_key(*id)) {
        if parents.len() < MAX_AWAITED && !parents.iter().any(|known| known == id) {
            parents.push(id.to_owned());
        }
    }
    parents
}

/// The alias that the mail was written to, if not to the mailbox's own address: the first of the two in To, Cc and what the
/// server says of its delivery.
fn written_to<'m>(case: &Deciding<'_>, mailbox: &'m Mailbox) -> Option<&'m str> {
    let reaches = |address: &str, own: &str| address == own || token::token_in_address(address, own).is_some();
    case.arrival
        .mail
        .recipients()
        .iter()
        .find_map(|recipient| {
            let mut own = std::iter::once(&mailbox.address).chain(&mailbox.aliases);
            own.find(|own| reaches(recipient, own)).map(String::as_str)
        })
        .filter(|address| *address != mailbox.address)
}
