//! What was decided: rows to write and letters to send. Values only; `store::commit` writes them in one transaction.

use serde::Serialize;

use super::facts::{NextIds, Person, Role, SentMail, Ticket};
use super::identity::Proof;
use super::notice::Letter;
use super::{PersonId, TicketId};
use crate::mail::{Address, Origin};

/// What became of an inbound mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Opened,
    Threaded,
    Held,
    Dropped,
    Duplicate,
    Bounce,
    AutoReply,
}

impl Verdict {
    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Threaded => "threaded",
            Self::Held => "held",
            Self::Dropped => "dropped",
            Self::Duplicate => "duplicate",
            Self::Bounce => "bounce",
            Self::AutoReply => "auto-reply",
        }
    }
}

/// One step of the decision, kept for `mail explain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What was asked: `sender`, `origin`, `thread.token`, `proof`, …
    pub step: &'static str,
    /// `match`, `miss`, or the answer.
    pub result: String,
    pub detail: String,
}

/// A message to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    pub id: i64,
    pub ticket: TicketId,
    pub direction: Direction,
    pub public: bool,
    pub author: Option<PersonId>,
    pub message_id: String,
    pub ledger: Option<i64>,
    pub outbox: Option<i64>,
}

/// Which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Inbound,
    Outbound,
    Note,
}

impl Direction {
    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Note => "note",
        }
    }
}

/// An entry of a ticket's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    pub id: i64,
    pub ticket: TicketId,
    pub kind: &'static str,
    pub by: Option<PersonId>,
    pub detail: String,
}

/// A ticket to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTicket {
    pub ticket: Ticket,
    pub linked_to: Option<TicketId>,
}

/// A letter and the outbox row it becomes.
#[derive(Debug, Clone)]
pub struct Post {
    pub outbox: i64,
    pub transport: String,
    pub ticket: TicketId,
    pub person: PersonId,
    pub recipient: Address,
    /// Envelope sender; empty is the null return path.
    pub return_path: String,
    /// Counts in the caps: automatic, and not to an engineer.
    pub capped: bool,
    pub letter: Letter,
}

/// A delivery report's effect on a mail we sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounced {
    pub sent: SentMail,
    pub error: String,
}

/// The last word on a ledger row.
#[derive(Debug, Clone)]
pub struct Settlement {
    pub ledger: i64,
    pub message_id: String,
    pub content_hash: [u8; 32],
    pub origin: Origin,
    pub verdict: Verdict,
    pub reason: String,
    pub proof: Proof,
    pub ticket: Option<TicketId>,
    pub steps: Vec<Step>,
}

/// All that one event causes.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Of the mail that was decided, if it was one.
    pub settlement: Option<Settlement>,
    /// New people, and known ones with what changed.
    pub people: Vec<Person>,
    pub tickets: Vec<NewTicket>,
    /// Known tickets as they are now.
    pub changed: Vec<Ticket>,
    pub participants: Vec<(TicketId, PersonId, Role)>,
    pub messages: Vec<NewMessage>,
    pub events: Vec<NewEvent>,
    pub posts: Vec<Post>,
    pub bounced: Option<Bounced>,
    /// An outbox row whose failure the engineers are told by this.
    pub failure_told: Option<i64>,
    pub next: NextIds,
}
