//! The store's contract in memory: the tables that decisions read and write, as `store::commit` leaves them.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use caseway::desk::follow_up::due::{FollowUp, FollowUpChange};
use caseway::desk::follow_up::kind::Kind;
use caseway::desk::form::state::FormState;
use caseway::desk::form::task::NewTask;
use caseway::desk::id::{NextIds, PersonId, TicketId};
use caseway::desk::inbound::arrival::Arrival;
use caseway::desk::inbound::sent::FailureCause;
use caseway::desk::inbound::verdict::{Obeyed, Settlement};
use caseway::desk::notice::post::Post;
use caseway::desk::outcome::{FirstContact, Outcome};
use caseway::desk::seal::link::NewLink;
use caseway::desk::ticket::history::NewEvent;
use caseway::desk::ticket::message::{Direction, NewMessage};
use caseway::desk::ticket::person::Person;
use caseway::desk::ticket::{Role, Ticket};
use caseway::mail::Address;
use jiff::Timestamp;

use crate::accounts::Accounts;

/// A mail that came in.
#[derive(Debug, Clone)]
pub struct Row {
    pub arrival: Rc<Arrival>,
    pub settled: Option<Settlement>,
}

/// Where a mail of ours stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    Waiting,
    Sent,
    Failed,
}

/// A mail of ours.
#[derive(Debug, Clone)]
pub struct Outgoing {
    pub post: Rc<Post>,
    pub created_at: Timestamp,
    pub sending: Sending,
    /// Why it failed.
    pub cause: FailureCause,
    pub error: String,
    /// The engineers were told that it failed.
    pub told: bool,
}

/// Something that is due.
#[derive(Debug, Clone)]
pub struct DueRow {
    pub follow_up: FollowUp,
    pub attempts: u32,
    pub aside: bool,
}

/// A link or code that was sent.
#[derive(Debug, Clone)]
pub struct LinkRow {
    pub link: NewLink,
    pub used: bool,
}

/// Every table.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub people: BTreeMap<PersonId, Person>,
    pub engineers: HashMap<PersonId, Vec<String>>,
    pub tickets: BTreeMap<TicketId, (Ticket, Timestamp)>,
    pub participants: Vec<(Timestamp, TicketId, PersonId, Role)>,
    pub follow_ups: BTreeMap<(TicketId, Kind), DueRow>,
    pub forms: BTreeMap<TicketId, FormState>,
    pub links: Vec<LinkRow>,
    pub ledger: Vec<Row>,
    pub messages: Vec<NewMessage>,
    pub events: Vec<NewEvent>,
    pub outbox: Vec<Outgoing>,
    pub awaited: Vec<(String, TicketId)>,
    pub obeyed: Vec<Obeyed>,
    pub generations: BTreeMap<(TicketId, PersonId), i64>,
    pub first_contacts: Vec<(FirstContact, Timestamp)>,
    pub tasks: BTreeMap<i64, NewTask>,
    pub next: NextIds,
    pub accounts: Accounts,
}

impl Model {
    /// Adds somebody before anything happens.
    pub fn person(&mut self, address: &Address, known: bool) -> PersonId {
        self.next.person += 1;
        let id = PersonId(self.next.person);
        let person = Person {
            id,
            email: address.email.clone(),
            name: address.name.clone(),
            language: None,
            bounce_score: 0,
            bounced_at: None,
            suppressed: false,
            known,
        };
        self.people.insert(id, person);
        id
    }

    pub fn person_by_email(&self, email: &str) -> Option<&Person> {
        self.people.values().find(|person| person.email == email)
    }

    /// A ticket with what stands in other tables.
    pub fn ticket(&self, id: TicketId) -> Option<Ticket> {
        let mut ticket = self.tickets.get(&id)?.0.clone();
        let mut others: Vec<_> = self.participants.iter().filter(|row| row.1 == id).collect();
        others.sort_by_key(|row| row.2);
        ticket.others = others.into_iter().map(|row| (row.2, row.3)).collect();
        let on_it = ticket.clone();
        let known = |message: &&NewMessage| {
            message.ticket == id
                && message.direction == Direction::Inbound
                && message.public
                && !message.message_id.is_empty()
                && message.author.is_some_and(|author| on_it.is_customer(author))
        };
        let end = |message: Option<&NewMessage>| message.map(|message| message.message_id.clone()).unwrap_or_default();
        ticket.first_message_id = end(self.messages.iter().find(known));
        ticket.last_message_id = end(self.messages.iter().rev().find(known));
        Some(ticket)
    }

    /// Mails that nobody decided on yet.
    pub fn waiting(&self) -> Vec<Rc<Arrival>> {
        self.ledger.iter().filter(|row| row.settled.is_none()).map(|row| row.arrival.clone()).collect()
    }

    /// Writes what was decided, in one step.
    pub fn commit(&mut self, outcomes: &[Outcome], next: NextIds, now: Timestamp) {
        for outcome in outcomes {
            self.rows(outcome, now);
            self.links(outcome);
            self.settle(outcome);
            self.letters(outcome, now);
        }
        self.next = next;
    }

    fn rows(&mut self, outcome: &Outcome, now: Timestamp) {
        for person in &outcome.people {
            self.people.insert(person.id, person.clone());
        }
        for new in &outcome.tickets {
            self.tickets.insert(new.ticket.id, (new.ticket.clone(), now));
        }
        for ticket in &outcome.changed {
            if let Some((known, _)) = self.tickets.get_mut(&ticket.id) {
                *known = ticket.clone();
            }
        }
        for (ticket, person, role) in &outcome.participants {
            let there = self.participants.iter_mut().find(|row| (row.1, row.2) == (*ticket, *person));
            match (role, there) {
                (Some(role), Some(row)) => row.3 = *role,
                (Some(role), None) => self.participants.push((now, *ticket, *person, *role)),
                (None, _) => self.participants.retain(|row| (row.1, row.2) != (*ticket, *person)),
            }
        }
        self.messages.extend(outcome.messages.iter().cloned());
        self.events.extend(outcome.events.iter().cloned());
        self.first_contacts.extend(outcome.first_contacts.iter().map(|contact| (*contact, now)));
        self.forms.extend(outcome.forms.iter().map(|state| (state.ticket, state.clone())));
        self.tasks.extend(outcome.tasks.iter().map(|task| (task.id, task.clone())));
        if let Some((task, _)) = &outcome.task_done {
            self.tasks.remove(task);
        }
        self.awaited.extend(outcome.awaited.iter().cloned());
        self.obeyed.extend(outcome.obeyed.iter().cloned());
        self.generations.extend(outcome.generations.iter().copied());
        for change in &outcome.follow_ups {
            self.follow_up(change);
        }
    }

    fn follow_up(&mut self, change: &FollowUpChange) {
        match change {
            FollowUpChange::Set { ticket, follow_up } => {
                let row = DueRow { follow_up: follow_up.clone(), attempts: 0, aside: false };
                self.follow_ups.insert((*ticket, follow_up.kind), row);
            }
            FollowUpChange::Cancel { ticket, kind } => {
                self.follow_ups.remove(&(*ticket, *kind));
            }
            FollowUpChange::SetAside { ticket, kind } => {
                if let Some(row) = self.follow_ups.get_mut(&(*ticket, *kind)) {
                    row.aside = true;
                }
            }
        }
    }

    fn links(&mut self, outcome: &Outcome) {
        for withdrawn in &outcome.withdrawn {
            for row in &mut self.links {
                let link = &row.link;
                row.used |= link.email == withdrawn.email
                    && link.purpose == withdrawn.purpose
                    && withdrawn.ticket.is_none_or(|ticket| ticket == link.ticket);
            }
        }
        for row in &mut self.links {
            row.used |= outcome.returned.contains(&row.link.hash);
        }
        self.links.extend(outcome.links.iter().map(|link| LinkRow { link: link.clone(), used: false }));
    }

    fn settle(&mut self, outcome: &Outcome) {
        if let Some(settled) = &outcome.settlement
            && let Some(row) = self.ledger.iter_mut().find(|row| row.arrival.ledger == settled.ledger)
        {
            row.settled = Some(settled.clone());
        }
        let bounced = outcome.bounced.iter().map(|bounced| bounced.sent.outbox);
        for row in &mut self.outbox {
            row.told |= outcome.failure_told == Some(row.post.outbox);
        }
        for id in bounced {
            if let Some(row) = self.outbox.iter_mut().find(|row| row.post.outbox == id) {
                (row.sending, row.told) = (Sending::Failed, true);
            }
        }
    }

    fn letters(&mut self, outcome: &Outcome, now: Timestamp) {
        let posts = outcome.posts.iter().map(|post| Outgoing {
            post: Rc::new(post.clone()),
            created_at: now,
            sending: Sending::Waiting,
            cause: FailureCause::Refused,
            error: String::new(),
            told: false,
        });
        self.outbox.extend(posts);
    }
}
