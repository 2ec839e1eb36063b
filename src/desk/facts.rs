//! What a decision needs to know, loaded for a batch of mails and kept up to date as they are decided one by one.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::directory::Known;
use super::follow_up::due::{FollowUp, FollowUpChange};
use super::follow_up::kind::Kind;
use super::form::state::FormState;
use super::id::{NextIds, PersonId, TicketId};
use super::inbound::sent::SentMail;
use super::outcome::Outcome;
use super::seal::link::Entropy;
use super::ticket::message::LastWords;
use super::ticket::person::Person;
use super::ticket::{Status, Ticket};
use crate::mail::likeness::Likeness;

/// How many automatic mails went out in each configured window.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// By recipient, one count a window of `limits.per_recipient`.
    pub to: HashMap<String, Vec<u32>>,
    /// By ticket and recipient, one count a window of `limits.per_ticket`.
    pub about: HashMap<(TicketId, String), Vec<u32>>,
    /// How many windows there are in each of the two; who is missing above got nothing yet.
    pub windows: (usize, usize),
    /// One count a window of `limits.total`.
    pub total: Vec<u32>,
}

/// The tickets that the senders of a batch opened lately.
#[derive(Debug, Clone, Default)]
pub struct Opened {
    /// By the requester's address, held tickets apart from others; who is missing opened none.
    pub by: HashMap<(String, bool), Lately>,
    /// How many windows `limits.per_sender` has.
    pub windows: usize,
}

/// One sender's.
#[derive(Debug, Clone)]
pub struct Lately {
    /// One count a window of `limits.per_sender`.
    pub counts: Vec<u32>,
    /// The last of them.
    pub last: TicketId,
}

/// How many there were, and how many there may be.
#[derive(Debug, Clone, Copy, Default)]
pub struct FirstContacts {
    /// Within the last hour, those held back included: while a wave lasts, nothing more goes out.
    pub lately: u32,
    /// Those of them that were held back.
    pub held: u32,
    /// How many go out within an hour.
    pub most: u32,
}

/// Everything the decisions of one batch may look at.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Those who are on the mails and tickets at hand.
    pub people: HashMap<PersonId, Person>,
    /// The same, by normalised address.
    pub by_email: HashMap<String, PersonId>,
    /// Queues of every engineer.
    pub engineers: HashMap<PersonId, Vec<String>>,
    /// Those that the mails may belong to, merges included.
    pub tickets: HashMap<TicketId, Ticket>,
    /// What is due on the tickets.
    pub follow_ups: HashMap<TicketId, Vec<FollowUp>>,
    /// The forms of the tickets.
    pub forms: HashMap<TicketId, FormState>,
    /// When links and codes went to an address lately, and whether its owner asked for them.
    pub links: HashMap<String, Vec<(Timestamp, bool)>>,
    /// What tokens are made of.
    pub entropy: Entropy,
    /// Message-IDs of stored messages and of mails we sent, and their tickets.
    pub threads: HashMap<String, TicketId>,
    /// The first ledger row of a Message-ID and content, and its ticket.
    pub seen: HashMap<(String, [u8; 32]), (i64, Option<TicketId>)>,
    /// Engineers' mails that were acted on, by Message-ID and hash of the body, and their ledger rows.
    pub obeyed: HashMap<(String, [u8; 32]), i64>,
    /// Which of somebody's tokens on a ticket is theirs alone; who is missing has the first one.
    pub generations: HashMap<(TicketId, PersonId), i64>,
    /// Mails we sent, by outbox id and by Message-ID.
    pub outbox: HashMap<i64, SentMail>,
    /// The same, by Message-ID.
    pub outbox_by_message_id: HashMap<String, i64>,
    /// What answers quote.
    pub last_words: HashMap<TicketId, LastWords>,
    /// For the caps.
    pub sent: Sent,
    /// For the cap on new tickets.
    pub opened: Opened,
    /// For the breaker on letters to people whom we do not know.
    pub first_contacts: FirstContacts,
    /// Addresses of active people in the directory, of those who wrote.
    pub directory: HashSet<String>,
    /// Mails that are on tickets, by the Message-ID that their authors know: their ledger rows and tickets, the first first.
    pub copies: HashMap<String, Vec<(i64, TicketId)>>,
    /// What mails are told by that may be one, changed on its way; by ledger row.
    pub likeness: HashMap<i64, Likeness>,
    /// Message-IDs that were answered before they came, and the tickets of the answers.
    pub awaited: HashMap<String, TicketId>,
    /// Questions to the directory of accounts whose answers are still waited for.
    pub asked: HashSet<i64>,
    /// What the directory knows of whoever did something on a page.
    pub known: Option<Known>,
    /// Ids as they stand after this.
    pub next: NextIds,
}

impl Facts {
    /// The person of an address.
    pub fn person_by_email(&self, email: &str) -> Option<&Person> {
        self.by_email.get(email).and_then(|id| self.people.get(id))
    }

    /// Whether somebody is an engineer, of any queue.
    pub fn is_engineer(&self, person: PersonId) -> bool {
        self.engineers.contains_key(&person)
    }

    /// Which of somebody's tokens on a ticket is theirs alone: each that others saw was followed by a new one.
    pub fn generation(&self, ticket: TicketId, person: PersonId) -> i64 {
        self.generations.get(&(ticket, person)).copied().unwrap_or(0)
    }

    /// The engineers of a queue, in the order in which they were added.
    pub fn engineers_of(&self, queue: &str) -> Vec<PersonId> {
        let mut ids: Vec<PersonId> =
            self.engineers.iter().filter(|(_, queues)| queues.iter().any(|q| q == queue)).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids
    }

    /// All engineers, in the order in which they were added.
    pub fn engineers(&self) -> Vec<PersonId> {
        let mut ids: Vec<PersonId> = self.engineers.keys().copied().collect();
        ids.sort_unstable();
        ids
    }

    /// The ticket that a number leads to, through merges.
    pub fn ticket(&self, id: TicketId) -> Option<&Ticket> {
        let mut ticket = self.tickets.get(&id)?;
        for _ in 0..MAX_MERGES {
            match ticket.merged_into {
                Some(next) => ticket = self.tickets.get(&next)?,
                None => return Some(ticket),
            }
        }
        None
    }

    /// What is due on a ticket, of one kind.
    pub fn follow_up(&self, ticket: TicketId, kind: Kind) -> Option<&FollowUp> {
        self.follow_ups.get(&ticket)?.iter().find(|follow_up| follow_up.kind == kind)
    }

    /// Makes an outcome part of what is known, as its rows will be once committed.
    pub fn apply(&mut self, outcome: &Outcome) {
        for person in &outcome.people {
            self.by_email.insert(person.email.clone(), person.id);
            self.people.insert(person.id, person.clone());
        }
        for new in &outcome.tickets {
            self.tickets.insert(new.ticket.id, new.ticket.clone());
            self.count_opened(&new.ticket);
        }
        for ticket in &outcome.changed {
            self.tickets.insert(ticket.id, ticket.clone());
        }
        for message in outcome.messages.iter().filter(|message| !message.message_id.is_empty()) {
            self.threads.insert(message.message_id.clone(), message.ticket);
        }
        for post in &outcome.posts {
            self.threads.insert(post.letter.message_id.clone(), post.ticket);
            if post.capped {
                self.count(&post.recipient.email, post.ticket);
            }
        }
        for change in &outcome.follow_ups {
            self.apply_follow_up(change);
        }
        for state in &outcome.forms {
            self.forms.insert(state.ticket, state.clone());
        }
        for link in outcome.links.iter().filter(|link| link.purpose.is_limited()) {
            self.links.entry(link.email.clone()).or_default().push((link.created_at, link.by_owner));
        }
        for contact in &outcome.first_contacts {
            self.first_contacts.lately += 1;
            self.first_contacts.held += u32::from(contact.held);
        }
        self.generations.extend(outcome.generations.iter().copied());
        if let Some(obeyed) = &outcome.obeyed {
            self.obeyed.entry((obeyed.message_id.clone(), obeyed.body_hash)).or_insert(obeyed.ledger);
        }
        self.entropy = outcome.entropy;
        if let Some(bounced) = &outcome.bounced
            && let Some(sent) = self.outbox.get_mut(&bounced.sent.outbox)
        {
            sent.failed = true;
        }
        self.awaited.extend(outcome.awaited.iter().cloned());
        for message in outcome.messages.iter().filter(|message| !message.message_id.is_empty()) {
            let Some(ledger) = message.ledger else { continue };
            self.copies.entry(message.message_id.clone()).or_default().push((ledger, message.ticket));
        }
        if let Some(settled) = &outcome.settlement {
            let key = (settled.message_id.clone(), settled.content_hash);
            let first = self.seen.entry(key).or_insert((settled.ledger, settled.ticket));
            if first.0 == settled.ledger {
                first.1 = settled.ticket;
            }
        }
        if let Some((task, _)) = &outcome.task_done {
            self.asked.remove(task);
        }
        self.next = outcome.next;
    }

    fn count_opened(&mut self, ticket: &Ticket) {
        let Some(requester) = self.people.get(&ticket.requester) else { return };
        let key = (requester.email.clone(), ticket.status == Status::Held);
        let none = || Lately { counts: vec![0; self.opened.windows], last: ticket.id };
        let lately = self.opened.by.entry(key).or_insert_with(none);
        lately.counts.iter_mut().for_each(|count| *count += 1);
        lately.last = ticket.id;
    }

    fn apply_follow_up(&mut self, change: &FollowUpChange) {
        let (ticket, kind, set) = match change {
            FollowUpChange::Set { ticket, follow_up } => (*ticket, follow_up.kind, Some(follow_up)),
            FollowUpChange::Cancel { ticket, kind } | FollowUpChange::SetAside { ticket, kind } => {
                (*ticket, *kind, None)
            }
        };
        let follow_ups = self.follow_ups.entry(ticket).or_default();
        follow_ups.retain(|known| known.kind != kind);
        follow_ups.extend(set.cloned());
    }

    fn count(&mut self, email: &str, ticket: TicketId) {
        let Sent { to, about, total, windows } = &mut self.sent;
        let to = to.entry(email.to_owned()).or_insert_with(|| vec![0; windows.0]);
        let about = about.entry((ticket, email.to_owned())).or_insert_with(|| vec![0; windows.1]);
        to.iter_mut().chain(about).chain(total).for_each(|count| *count += 1);
    }
}

/// Longest chain of merges that is followed.
pub const MAX_MERGES: usize = 16;
