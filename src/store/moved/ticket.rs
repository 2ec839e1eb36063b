//! A ticket that another desk had.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::desk::follow_up::kind::Kind;
use crate::desk::form::state::{FormData, Stage};
use crate::desk::notice::kind::Notice;
use crate::desk::seal::link::LinkPurpose;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::message::Direction;
use crate::desk::ticket::{Priority, Role, Status};
use crate::mail::Address;
use crate::mail::language::Language;
use crate::store::ledger::Incoming;

/// A ticket of another desk, with all that belongs to it.
#[derive(Debug)]
pub struct Moved {
    /// What names it among all tickets of all desks: it is taken once.
    pub origin: String,
    /// The number that it had; it keeps it where it is free.
    pub number: i64,
    /// As people read it.
    pub subject: String,
    /// Where it stands.
    pub status: Status,
    /// How soon somebody should see to it.
    pub priority: Priority,
    /// What engineers call it by.
    pub tags: BTreeSet<String>,
    /// The mailbox it came through.
    pub mailbox: String,
    /// The alias that was written to.
    pub written_to: String,
    /// Whose engineers look after it.
    pub queue: String,
    /// The language to write in.
    pub language: Language,
    /// Who asked.
    pub requester: Address,
    /// Who has it.
    pub assignee: Option<Address>,
    /// Others on it, in the order in which they came.
    pub others: Vec<(Address, Role)>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When something last happened.
    pub updated_at: Timestamp,
    /// Since when it is closed.
    pub closed_at: Option<Timestamp>,
    /// Requests that were filed on it as part of a flood.
    pub flooded: i64,
    /// What was said, in order.
    pub messages: Vec<MovedMessage>,
    /// What was done, in order.
    pub events: Vec<MovedEvent>,
    /// Mails of the desk about it. None of them is sent.
    pub letters: Vec<MovedLetter>,
    /// Links and codes that are known in words, and open nothing.
    pub links: Vec<MovedLink>,
    /// Its form.
    pub form: Option<MovedForm>,
    /// What is due on it.
    pub follow_ups: Vec<MovedFollowUp>,
}

/// What was said.
#[derive(Debug)]
pub struct MovedMessage {
    /// The number that it had; it keeps it where it is free.
    pub number: i64,
    /// Which way it went.
    pub direction: Direction,
    /// Customers may see it.
    pub public: bool,
    /// Who wrote it.
    pub author: Option<Address>,
    /// Without angle brackets; empty when there is none.
    pub message_id: String,
    /// When.
    pub at: Timestamp,
    /// Its mail.
    pub mail: MovedMail,
}

/// The mail of a message.
#[derive(Debug)]
pub enum MovedMail {
    /// Somebody's.
    Came(Box<Incoming>),
    /// A letter of the desk: the one with the message's Message-ID, and its octets where they were kept.
    Letter(Option<Vec<u8>>),
    /// There is none.
    None,
}

/// What was done.
#[derive(Debug)]
pub struct MovedEvent {
    /// When.
    pub at: Timestamp,
    /// What kind of thing it was.
    pub kind: EventKind,
    /// Who did it.
    pub by: Option<Address>,
    /// In words.
    pub detail: String,
}

/// A mail of the desk.
#[derive(Debug)]
pub struct MovedLetter {
    /// Its kind.
    pub notice: Notice,
    /// A machine decided to send it.
    pub automatic: bool,
    /// Whom it went to.
    pub recipient: String,
    /// As sent.
    pub subject: String,
    /// Without angle brackets.
    pub message_id: String,
    /// `sent`, `failed` or `cancelled`.
    pub state: &'static str,
    /// When it was written.
    pub created_at: Timestamp,
    /// When a server took it.
    pub sent_at: Option<Timestamp>,
}

/// A link or code.
#[derive(Debug)]
pub struct MovedLink {
    /// SHA-256 of its token.
    pub hash: Vec<u8>,
    /// What it was for.
    pub purpose: LinkPurpose,
    /// Whose account it was for.
    pub email: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it was good.
    pub expires_at: Timestamp,
}

/// A form.
#[derive(Debug)]
pub struct MovedForm {
    /// The configured form by its name.
    pub name: String,
    /// Where it stands.
    pub stage: Stage,
    /// The address it is about.
    pub about: String,
    /// Addresses of who approved it.
    pub approved_by: Vec<String>,
    /// The rest.
    pub data: FormData,
}

/// Something that is due.
#[derive(Debug)]
pub struct MovedFollowUp {
    /// What.
    pub kind: Kind,
    /// When.
    pub due_at: Timestamp,
    /// It failed too often.
    pub set_aside: bool,
    /// What the kind remembers.
    pub detail: String,
}
