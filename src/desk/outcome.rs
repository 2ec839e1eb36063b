//! What was decided: rows to write and letters to send. Values only; `store::commit` writes them in one transaction.

use super::follow_up::due::FollowUpChange;
use super::form::state::FormState;
use super::form::task::NewTask;
use super::id::{NextIds, PersonId, TicketId};
use super::inbound::sent::Bounced;
use super::inbound::verdict::{Obeyed, Settlement, Step};
use super::notice::post::Post;
use super::seal::link::{Entropy, LinkHash, NewLink, Withdrawn};
use super::search::entry::Entry;
use super::ticket::history::NewEvent;
use super::ticket::message::NewMessage;
use super::ticket::person::Person;
use super::ticket::{NewTicket, Role, Ticket};

/// All that one event causes.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Of the mail that was decided, if it was one.
    pub settlement: Option<Settlement>,
    /// How it was decided, in order.
    pub steps: Vec<Step>,
    /// New people, and known ones with what changed.
    pub people: Vec<Person>,
    /// Tickets to open.
    pub tickets: Vec<NewTicket>,
    /// Known tickets as they are now.
    pub changed: Vec<Ticket>,
    /// Who joins which ticket, and as what; or leaves it. In order.
    pub participants: Vec<(TicketId, PersonId, Option<Role>)>,
    /// Messages to add.
    pub messages: Vec<NewMessage>,
    /// What can be found of them.
    pub found: Vec<Entry>,
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
    /// Message-IDs that are answered on a ticket and did not come yet.
    pub awaited: Vec<(String, TicketId)>,
    /// What cannot be, and was found: then nothing of the rest happens.
    pub impossible: Option<String>,
    /// Ids as they stand after this.
    pub next: NextIds,
}

/// An automatic letter to somebody whom we do not know, or about what such a person asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstContact {
    /// The ticket that it is about.
    pub ticket: TicketId,
    /// The breaker kept it back.
    pub held: bool,
}
