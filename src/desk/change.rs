//! A change in the making: the one place that makes rows and letters.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::directory::Task;
use super::facts::Facts;
use super::follow_up::due::{FollowUp, FollowUpChange};
use super::follow_up::kind::Kind;
use super::form::state::FormState;
use super::form::task::{NewTask, Purpose};
use super::id::{PersonId, TicketId};
use super::inbound::verdict::Step;
use super::outcome::Outcome;
use super::rules::Rules;
use super::seal::link::{LinkPurpose, Withdrawn};
use super::ticket::history::{EventKind, NewEvent};
use super::ticket::message::NewMessage;
use super::ticket::person::Person;
use super::ticket::{Role, Status, Ticket};
use crate::mail::Address;
use crate::mail::language::Language;

/// What is known, and what was decided so far.
#[derive(Clone)]
pub(super) struct Change<'a> {
    pub rules: &'a Rules,
    pub facts: &'a Facts,
    pub now: Timestamp,
    pub out: Outcome,
    pub steps: Vec<Step>,
    /// Whom another header than From names as the author, without proof: a first contact here, however well known.
    pub unproven: Option<PersonId>,
    /// Who wrote in a language that no mail of ours exists in, and what we say to that in theirs.
    pub unwritten: Option<(PersonId, &'static str)>,
    /// What cannot be, and was found.
    pub impossible: Option<String>,
    /// Tickets that were closed by this: what follows from that runs once, at the end.
    pub closed: Vec<TicketId>,
}

impl<'a> Change<'a> {
    pub fn new(rules: &'a Rules, facts: &'a Facts, now: Timestamp) -> Self {
        Self {
            rules,
            facts,
            now,
            out: Outcome { next: facts.next, entropy: facts.entropy, ..Outcome::default() },
            steps: Vec::new(),
            unproven: None,
            unwritten: None,
            impossible: None,
            closed: Vec::new(),
        }
    }

    pub fn note(&mut self, name: &'static str, result: &str, detail: String) {
        self.steps.push(Step::new(name, result, detail));
    }

    /// The person of an address; a new row when there is none yet.
    pub fn person(&mut self, address: &Address) -> Person {
        let known = self.out.people.iter().find(|person| person.email == address.email).cloned();
        if let Some(person) = known.or_else(|| self.facts.person_by_email(&address.email).cloned()) {
            return person;
        }
        self.out.next.person += 1;
        let person = Person {
            id: PersonId(self.out.next.person),
            email: address.email.clone(),
            name: address.name.clone(),
            language: None,
            bounce_score: 0,
            bounced_at: None,
            suppressed: false,
            known: self.facts.directory.contains(&address.email),
        };
        self.out.people.push(person.clone());
        person
    }

    /// Whether an address is known to be its owner's.
    pub fn is_known(&self, person: &Person) -> bool {
        let as_it_is = self.out.people.iter().find(|it| it.id == person.id).unwrap_or(person);
        as_it_is.known && self.unproven != Some(person.id) || self.facts.is_engineer(person.id)
    }

    /// A known or new person as it is in this outcome.
    pub fn person_by_id(&self, id: PersonId) -> Option<Person> {
        self.out.people.iter().find(|person| person.id == id).or_else(|| self.facts.people.get(&id)).cloned()
    }

    /// Records that a person's row changed.
    pub fn update(&mut self, person: &Person) {
        match self.out.people.iter_mut().find(|known| known.id == person.id) {
            Some(known) => *known = person.clone(),
            None => self.out.people.push(person.clone()),
        }
    }

    /// A ticket as it is in this outcome.
    pub fn ticket(&self, id: TicketId) -> Option<Ticket> {
        let new = self.out.tickets.iter().map(|new| &new.ticket).find(|ticket| ticket.id == id);
        new.or_else(|| self.out.changed.iter().find(|ticket| ticket.id == id))
            .or_else(|| self.facts.ticket(id))
            .cloned()
    }

    /// Records that a ticket's row changed.
    pub fn put(&mut self, ticket: Ticket) {
        if let Some(new) = self.out.tickets.iter_mut().find(|new| new.ticket.id == ticket.id) {
            new.ticket = ticket;
        } else if let Some(known) = self.out.changed.iter_mut().find(|known| known.id == ticket.id) {
            *known = ticket;
        } else {
            self.out.changed.push(ticket);
        }
    }

    /// Notes what cannot be. Nothing of the decision happens then: whoever wanted it hears of it, and sets aside what caused it.
    pub fn impossible(&mut self, what: String) {
        self.impossible.get_or_insert(what);
    }

    /// A ticket that must be there.
    pub fn the_ticket(&mut self, id: TicketId) -> Option<Ticket> {
        let ticket = self.ticket(id);
        if ticket.is_none() {
            self.impossible(format!("ticket {} is not there, or its merging leads nowhere", id.0));
        }
        ticket
    }

    /// A person who must be there.
    pub fn the_person(&mut self, id: PersonId) -> Option<Person> {
        let person = self.person_by_id(id);
        if person.is_none() {
            self.impossible(format!("person {} is on a ticket and not there", id.0));
        }
        person
    }

    /// Where a ticket stands from now on; nothing where it stands there already.
    pub fn status(&mut self, id: TicketId, status: Status, by: Option<PersonId>) {
        let Some(mut ticket) = self.ticket(id).filter(|ticket| ticket.status != status) else { return };
        let detail = format!("{} → {}", ticket.status.as_str(), status.as_str());
        ticket.status = status;
        ticket.closed_at = (status == Status::Closed).then_some(self.now);
        let id = ticket.id;
        self.put(ticket);
        self.event(id, EventKind::Status, by, detail);
        if status != Status::Waiting {
            self.stop_waiting(id);
        }
    }

    /// Uses a case number up.
    pub fn next_ticket(&mut self) -> TicketId {
        self.out.next.ticket += 1;
        TicketId(self.out.next.ticket)
    }

    /// Adds a message, numbering it.
    pub fn message(&mut self, message: NewMessage) {
        self.out.next.message += 1;
        self.out.messages.push(NewMessage { id: self.out.next.message, ..message });
    }

    pub fn event(&mut self, ticket: TicketId, kind: EventKind, by: Option<PersonId>, detail: String) {
        self.out.next.event += 1;
        self.out.events.push(NewEvent { id: self.out.next.event, ticket, kind, by, detail });
    }

    /// Which of somebody's tokens on a ticket is theirs alone, as it is in this outcome.
    pub fn generation(&self, ticket: TicketId, person: PersonId) -> i64 {
        let replaced = self.out.generations.iter().rev().find(|(whose, _)| *whose == (ticket, person));
        replaced.map_or_else(|| self.facts.generation(ticket, person), |(_, generation)| *generation)
    }

    /// The engineers who look after a ticket: its assignee, or all of its queue when nobody has it or who had it left
    /// the desk; and its followers.
    pub fn looked_after_by(&self, ticket: &Ticket) -> Vec<Person> {
        let assignee = ticket.assignee.filter(|id| self.facts.is_engineer(*id));
        let mut ids = assignee.map_or_else(|| self.facts.engineers_of(&ticket.queue), |assignee| vec![assignee]);
        for (person, role) in &ticket.others {
            if *role == Role::Follower && self.facts.is_engineer(*person) && !ids.contains(person) {
                ids.push(*person);
            }
        }
        ids.into_iter().filter_map(|id| self.person_by_id(id)).collect()
    }

    /// The language to write to a ticket's requester in.
    pub fn requester_language(&self, ticket: &Ticket) -> Language {
        let own = self.person_by_id(ticket.requester).and_then(|person| person.language);
        own.unwrap_or(ticket.language)
    }

    /// Sets a follow-up, instead of an earlier one of its kind.
    pub fn follow_up(&mut self, ticket: TicketId, kind: Kind, due_at: Timestamp, detail: String) {
        let follow_up = FollowUp { kind, due_at, detail };
        self.out.follow_ups.push(FollowUpChange::Set { ticket, follow_up });
    }

    /// A follow-up is wanted no more.
    pub fn cancel(&mut self, ticket: TicketId, kind: Kind) {
        let before = self.facts.follow_up(ticket, kind).is_some();
        let set = |change: &FollowUpChange| match change {
            FollowUpChange::Set { ticket: id, follow_up } => *id == ticket && follow_up.kind == kind,
            FollowUpChange::Cancel { .. } | FollowUpChange::SetAside { .. } => false,
        };
        if before || self.out.follow_ups.iter().any(set) {
            self.out.follow_ups.push(FollowUpChange::Cancel { ticket, kind });
        }
    }

    /// Nobody waits for the customer any more.
    pub fn stop_waiting(&mut self, ticket: TicketId) {
        for kind in Kind::ALL.into_iter().filter(|kind| kind.ends_with_waiting()) {
            self.cancel(ticket, kind);
        }
    }

    /// Nothing is due on a closed ticket but what outlives it.
    pub fn cancel_all(&mut self, ticket: TicketId) {
        for kind in Kind::ALL.into_iter().filter(|kind| !kind.outlives_closing()) {
            self.cancel(ticket, kind);
        }
    }

    /// A question to the directory of accounts, numbered.
    pub fn ask_directory(&mut self, ticket: Option<TicketId>, purpose: Purpose, task: Task) {
        self.out.next.directory_task += 1;
        self.out.tasks.push(NewTask { id: self.out.next.directory_task, ticket, purpose, task });
    }

    /// The links of these purposes that went out on a form's ticket are worth nothing any more.
    pub fn withdraw_links(&mut self, state: &FormState, purposes: &[LinkPurpose]) {
        let form = self.rules.config.forms.get(&state.form);
        let email = form.map(|form| state.email(form)).unwrap_or_default();
        let ticket = Some(state.ticket);
        let all = purposes.iter().map(|purpose| Withdrawn { email: email.clone(), purpose: *purpose, ticket });
        self.out.withdrawn.extend(all);
    }

    /// The same for whatever went to an address.
    pub fn withdraw_all_links(&mut self, email: &str, purposes: &[LinkPurpose]) {
        let all = purposes.iter().map(|purpose| Withdrawn { email: email.to_owned(), purpose: *purpose, ticket: None });
        self.out.withdrawn.extend(all);
    }

    /// The day it is, in UTC: what dates of forms are compared with.
    pub fn today(&self) -> Date {
        self.now.to_zoned(TimeZone::UTC).date()
    }

    /// Records a form as it is now.
    pub fn keep(&mut self, mut state: FormState) {
        let form = self.rules.config.forms.get(&state.form);
        state.about = form.map(|form| state.email(form)).unwrap_or_default();
        self.out.forms.retain(|known| known.ticket != state.ticket);
        self.out.forms.push(state);
    }

    /// A ticket's form as it is in this outcome.
    pub fn form(&self, ticket: TicketId) -> Option<FormState> {
        let kept = self.out.forms.iter().find(|state| state.ticket == ticket);
        kept.or_else(|| self.facts.forms.get(&ticket)).cloned()
    }
}
