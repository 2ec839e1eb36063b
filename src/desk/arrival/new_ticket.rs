//! A mail opens a ticket.

use super::deciding::Deciding;
use crate::desk::action::open::{self, NewCase};
use crate::desk::id::TicketId;
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
    let id = case.change.next_ticket();
    let ticket =
        open::open(&mut case.change, id, NewCase { mailbox, requester, subject, status, message_id, linked_to });
    case.lands_on(Some(id));
    Some(ticket)
}
