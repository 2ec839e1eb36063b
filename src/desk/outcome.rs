//! What was decided: rows to write and letters to send. Values only; `store::commit` writes them in one transaction.

use serde::Serialize;

use super::facts::{NextIds, Person, Role, SentMail, Ticket};
use super::first_contact::FirstContact;
use super::follow_up::FollowUpChange;
use super::form::state::FormState;
use super::form::task::NewTask;
use super::identity::Proof;
use super::link::{Entropy, LinkHash, NewLink, Withdrawn};
use super::notice::Letter;
use super::{PersonId, TicketId};
use crate::mail::{Address, Origin};

/// What became of an inbound mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It opened a ticket.
    Opened,
    /// It joined a ticket.
    Threaded,
    /// It waits for an engineer's decision on a ticket of its own; an engineer's own mail that went to no customer waits on
    /// its case.
    Held,
    /// Nothing came of it; its bytes are kept.
    Dropped,
    /// The same mail was there before.
    Duplicate,
    /// A delivery report.
    Bounce,
    /// An automatic reply, filed.
    AutoReply,
    /// It was in the mailbox before the gateway: kept, and nothing came of it.
    History,
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
            Self::History => "history",
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
    /// In words.
    pub detail: String,
}

/// A message to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// The row.
    pub id: i64,
    /// The ticket.
    pub ticket: TicketId,
    /// Which way it went.
    pub direction: Direction,
    /// Customers may see it; otherwise it is a note.
    pub public: bool,
    /// Who wrote it.
    pub author: Option<PersonId>,
    /// Without angle brackets; empty when there is none.
    pub message_id: String,
    /// The ledger row it is.
    pub ledger: Option<i64>,
    /// The outbox row's id.
    pub outbox: Option<i64>,
}

/// Which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From a customer to us.
    Inbound,
    /// From us to a customer.
    Outbound,
    /// Among engineers.
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
    /// The row.
    pub id: i64,
    /// The ticket.
    pub ticket: TicketId,
    /// A word that programs may rely on.
    pub kind: &'static str,
    /// Who caused it; nobody when the clock or a machine did.
    pub by: Option<PersonId>,
    /// In words.
    pub detail: String,
}

/// A ticket to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// The ticket that this one claims or follows.
    pub linked_to: Option<TicketId>,
}

/// A letter and the outbox row it becomes.
#[derive(Debug, Clone)]
pub struct Post {
    /// The outbox row's id.
    pub outbox: i64,
    /// The way out, by its configured name.
    pub transport: String,
    /// The ticket.
    pub ticket: TicketId,
    /// The person.
    pub person: PersonId,
    /// The address it goes to.
    pub recipient: Address,
    /// Envelope sender; empty is the null return path.
    pub return_path: String,
    /// Counts in the caps: automatic, and not to an engineer.
    pub capped: bool,
    /// The mailbox in whose folder a copy is kept; `None` when none is.
    pub copy_to: Option<String>,
    /// What it says.
    pub letter: Letter,
}

/// A delivery report's effect on a mail we sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounced {
    /// The mail.
    pub sent: SentMail,
    /// What went wrong: the server's words.
    pub error: String,
}

/// An engineer's mail that is acted on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obeyed {
    /// Without angle brackets; empty when there is none.
    pub message_id: String,
    /// Of the body alone.
    pub body_hash: [u8; 32],
    /// The ledger row it is.
    pub ledger: i64,
}

/// The last word on a ledger row.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// The ledger row it is.
    pub ledger: i64,
    /// Without angle brackets; empty when there is none.
    pub message_id: String,
    /// Equal for the same mail through another mailbox.
    pub content_hash: [u8; 32],
    /// What sent it.
    pub origin: Origin,
    /// What became of it.
    pub verdict: Verdict,
    /// Why, in words.
    pub reason: String,
    /// What proved its sender.
    pub proof: Proof,
    /// The ticket.
    pub ticket: Option<TicketId>,
    /// How it was decided, in order.
    pub steps: Vec<Step>,
}

/// All that one event causes.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Of the mail that was decided, if it was one.
    pub settlement: Option<Settlement>,
    /// New people, and known ones with what changed.
    pub people: Vec<Person>,
    /// Tickets to open.
    pub tickets: Vec<NewTicket>,
    /// Known tickets as they are now.
    pub changed: Vec<Ticket>,
    /// Who joins which ticket.
    pub participants: Vec<(TicketId, PersonId, Role)>,
    /// Messages to add.
    pub messages: Vec<NewMessage>,
    /// Entries of histories to add.
    pub events: Vec<NewEvent>,
    /// Letters to send.
    pub posts: Vec<Post>,
    /// Forms as they are now.
    pub forms: Vec<FormState>,
    /// Questions to the directory of accounts.
    pub tasks: Vec<NewTask>,
    /// A question that is answered by this, with the error when it could not be asked.
    pub task_done: Option<(i64, Option<String>)>,
    /// Links to keep.
    pub links: Vec<NewLink>,
    /// Links that are worth nothing any more.
    pub withdrawn: Vec<Withdrawn>,
    /// Links that came back in a mail.
    pub returned: Vec<LinkHash>,
    /// What further tokens are made of.
    pub entropy: Entropy,
    /// What is due, or is not any more; in order.
    pub follow_ups: Vec<FollowUpChange>,
    /// Letters to people whom we do not know, sent and held back.
    pub first_contacts: Vec<FirstContact>,
    /// A mail of ours that came back.
    pub bounced: Option<Bounced>,
    /// An outbox row whose failure the engineers are told by this.
    pub failure_told: Option<i64>,
    /// The mail, when it is an engineer's that is acted on.
    pub obeyed: Option<Obeyed>,
    /// Whose token on which ticket is replaced by one of a new generation, because others saw it.
    pub generations: Vec<((TicketId, PersonId), i64)>,
    /// Ids as they stand after this.
    pub next: NextIds,
}
