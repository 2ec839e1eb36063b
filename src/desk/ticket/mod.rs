//! A ticket: one request and all that was said and done about it.

pub mod case_id;
pub mod history;
pub mod message;
pub mod person;

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::id::{PersonId, TicketId};
use crate::mail::language::Language;

words! {
    /// Where a ticket stands.
    pub enum Status {
        /// Nobody answered yet.
        New = "new",
        /// The customer waits for us.
        Open = "open",
        /// We wait for the customer.
        Waiting = "waiting",
        /// Done.
        Closed = "closed",
        /// Opened by a mail that claims what it could not prove; an engineer decides.
        Held = "held",
        /// Continued in another ticket.
        Merged = "merged",
    }
}

words! {
    /// Why somebody is on a ticket besides requester and assignee.
    pub enum Role {
        /// A customer's colleague, put in Cc.
        Copied = "copied",
        /// An engineer who gets what the assignee gets.
        Follower = "follower",
    }
}

words! {
    /// How soon somebody should see to a ticket.
    pub enum Priority {
        /// After others.
        Low = "low",
        /// In its turn.
        Normal = "normal",
        /// Before others: somebody asked to be heard sooner.
        High = "high",
        /// Before all others: an engineer said so.
        Urgent = "urgent",
    }
}

/// A ticket as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The row.
    pub id: TicketId,
    /// Without tags and reply prefixes.
    pub subject: String,
    /// Where it stands.
    pub status: Status,
    /// The configured mailbox by its name.
    pub mailbox: String,
    /// Whose engineers look after it.
    pub queue: String,
    /// The alias of the mailbox that the customer wrote to; empty for its own address.
    pub written_to: String,
    /// The language to write in.
    pub language: Language,
    /// Who asked; never changes by itself.
    pub requester: PersonId,
    /// The engineer who has it.
    pub assignee: Option<PersonId>,
    /// Where it goes on.
    pub merged_into: Option<TicketId>,
    /// Since when it is closed.
    pub closed_at: Option<Timestamp>,
    /// When something last happened to it, before what is being decided.
    pub updated_at: Timestamp,
    /// Copied people and followers, in the order in which they came.
    pub others: Vec<(PersonId, Role)>,
    /// Message-IDs of the customer's first and last public mail: the thread that the customer's client knows.
    pub first_message_id: String,
    /// The customer's last; see `first_message_id`.
    pub last_message_id: String,
    /// Requests of its requester filed here because they opened too many tickets; see `desk::arrival::flood`.
    pub flooded: u32,
    /// How soon somebody should see to it.
    pub priority: Priority,
    /// Words that engineers gave it.
    pub tags: BTreeSet<String>,
}

impl Ticket {
    /// Requester, or copied: somebody whose words belong on the ticket without further proof.
    pub fn is_customer(&self, person: PersonId) -> bool {
        self.requester == person || self.others.contains(&(person, Role::Copied))
    }
}

/// A ticket to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// The ticket that this one claims or follows.
    pub linked_to: Option<TicketId>,
}

impl NewTicket {
    /// The public name's number.
    pub fn id(&self) -> TicketId {
        self.ticket.id
    }
}
