//! A ticket: one request and all that was said and done about it.

pub mod case_id;
pub mod history;
pub mod message;
pub mod person;

use jiff::Timestamp;

use super::id::{PersonId, TicketId};
use crate::mail::language::Language;

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nobody answered yet.
    New,
    /// The customer waits for us.
    Open,
    /// We wait for the customer.
    Waiting,
    /// Done.
    Closed,
    /// Opened by a mail that claims what it could not prove; an engineer decides.
    Held,
    /// Continued in another ticket.
    Merged,
}

impl Status {
    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Closed => "closed",
            Self::Held => "held",
            Self::Merged => "merged",
        }
    }

    /// The status of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::New, Self::Open, Self::Waiting, Self::Closed, Self::Held, Self::Merged]
            .into_iter()
            .find(|status| status.as_str() == word)
    }
}

/// Why somebody is on a ticket besides requester and assignee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A customer's colleague, put in Cc.
    Copied,
    /// An engineer who gets what the assignee gets.
    Follower,
}

impl Role {
    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Copied => "copied",
            Self::Follower => "follower",
        }
    }
}

/// How soon somebody should see to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// In its turn.
    Normal,
    /// Before others: somebody asked to be heard sooner.
    High,
}

impl Priority {
    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::High => "high",
        }
    }

    /// The priority of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Normal, Self::High].into_iter().find(|priority| priority.as_str() == word)
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
