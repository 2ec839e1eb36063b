//! A ticket is opened.

use std::collections::BTreeSet;

use crate::config::Mailbox;
use crate::desk::change::Change;
use crate::desk::id::TicketId;
use crate::desk::ticket::person::Person;
use crate::desk::ticket::{NewTicket, Priority, Status, Ticket};

/// What a new ticket is to be.
pub(in crate::desk) struct NewCase<'a> {
    /// Through which it came, or would have come.
    pub mailbox: &'a Mailbox,
    /// Who looks after it.
    pub queue: String,
    /// Who asks.
    pub requester: &'a Person,
    /// Without tags and reply prefixes.
    pub subject: String,
    /// Where it stands.
    pub status: Status,
    /// The id of the mail that the customer's client threads ours by; empty when there is none.
    pub message_id: String,
    /// The ticket that this one claims or follows.
    pub linked_to: Option<TicketId>,
    /// The alias of the mailbox that was written to; empty for its own address.
    pub written_to: String,
}

/// Opens a ticket of this number.
pub(in crate::desk) fn open(change: &mut Change<'_>, id: TicketId, new: NewCase<'_>) -> Ticket {
    let NewCase { mailbox, queue, requester, subject, status, message_id, linked_to, written_to } = new;
    let language = requester.language.or(mailbox.language).unwrap_or(change.rules.config.desk.default_language);
    let ticket = Ticket {
        id,
        subject,
        status,
        mailbox: mailbox.name.clone(),
        queue,
        written_to,
        language,
        requester: requester.id,
        assignee: None,
        merged_into: None,
        closed_at: (status == Status::Closed).then_some(change.now),
        updated_at: change.now,
        others: Vec::new(),
        first_message_id: message_id.clone(),
        last_message_id: message_id,
        flooded: 0,
        priority: Priority::Normal,
        tags: BTreeSet::new(),
    };
    change.out.tickets.push(NewTicket { ticket: ticket.clone(), linked_to });
    ticket
}
