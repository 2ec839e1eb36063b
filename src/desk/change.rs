//! A change in the making: the one place that makes rows and letters.

use jiff::Timestamp;

use super::facts::{Facts, Person, Role, Status, Ticket};
use super::notice::{Notice, Vars};
use super::outcome::{Direction, NewEvent, NewMessage, Outcome, Step};
use super::post::{self, Draft};
use super::rules::Rules;
use super::thread::step;
use super::{PersonId, TicketId, caps, first_contact, waiting};
use crate::mail::Address;
use crate::mail::language::Language;

/// People on one ticket; more Cc than this is a mailing list.
const MAX_PARTICIPANTS: usize = 100;

/// What is known, and what was decided so far.
pub(super) struct Change<'a> {
    pub rules: &'a Rules,
    pub facts: &'a Facts,
    pub now: Timestamp,
    pub out: Outcome,
    pub steps: Vec<Step>,
    /// Whom another header than From names as the author, without proof: a first contact here, however well known.
    pub unproven: Option<PersonId>,
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
        }
    }

    pub fn note(&mut self, name: &'static str, result: &str, detail: String) {
        self.steps.push(step(name, result, detail));
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
    pub fn change(&mut self, ticket: Ticket) {
        if let Some(new) = self.out.tickets.iter_mut().find(|new| new.ticket.id == ticket.id) {
            new.ticket = ticket;
        } else if let Some(known) = self.out.changed.iter_mut().find(|known| known.id == ticket.id) {
            *known = ticket;
        } else {
            self.out.changed.push(ticket);
        }
    }

    pub fn status(&mut self, id: TicketId, status: Status, by: Option<PersonId>) {
        let Some(mut ticket) = self.ticket(id).filter(|ticket| ticket.status != status) else { return };
        let detail = format!("{} → {}", ticket.status.as_str(), status.as_str());
        ticket.status = status;
        ticket.closed_at = (status == Status::Closed).then_some(self.now);
        let id = ticket.id;
        self.change(ticket);
        self.event(id, "status", by, detail);
        if status != Status::Waiting {
            waiting::stop(self, id);
        }
    }

    /// Adds a message, numbering it.
    pub fn message(&mut self, message: NewMessage) {
        self.out.next.message += 1;
        self.out.messages.push(NewMessage { id: self.out.next.message, ..message });
    }

    pub fn event(&mut self, ticket: TicketId, kind: &'static str, by: Option<PersonId>, detail: String) {
        self.out.next.event += 1;
        self.out.events.push(NewEvent { id: self.out.next.event, ticket, kind, by, detail });
    }

    /// Puts a person on a ticket, unless they are there already or it is one of our addresses.
    pub fn join(&mut self, id: TicketId, address: &Address, by: PersonId) {
        let Some(mut ticket) = self.ticket(id) else { return };
        let full = ticket.others.len() >= MAX_PARTICIPANTS;
        if full || address.email.is_empty() || self.rules.is_ours(&address.email) {
            return;
        }
        let person = self.person(address);
        let there = ticket.requester == person.id
            || ticket.assignee == Some(person.id)
            || ticket.others.iter().any(|(other, _)| *other == person.id);
        if there {
            return;
        }
        let role = if self.facts.is_engineer(person.id) { Role::Follower } else { Role::Copied };
        ticket.others.push((person.id, role));
        self.change(ticket);
        self.out.participants.push((id, person.id, role));
        self.event(id, "joined", Some(by), format!("{} ({})", person.email, role.as_str()));
    }

    /// Sends a letter, unless a cap, the breaker, a suppressed address or one of our own mailboxes forbids it; what was not
    /// sent is written to the ticket's history.
    pub fn send(&mut self, draft: Draft<'_>) {
        let (ticket, notice, recipient) = (draft.ticket.id, draft.notice, draft.recipient.clone());
        if let Some(why) = self.forbidden(&draft) {
            let detail = format!("{} to {}: {why}", notice.as_str(), recipient.email);
            self.note("letter", "suppressed", detail.clone());
            return self.event(ticket, "suppressed", None, detail);
        }
        let engineer = post::is_to_engineer(self.facts, &draft);
        let impersonal = first_contact::is_impersonal(self, &draft);
        // Letters to engineers of this one may have gone out meanwhile.
        let outbox = self.out.next.outbox + 1;
        let generation = self.generation(ticket, recipient.id);
        let Some(post) = post::address(self.rules, self.facts, (outbox, generation), draft, impersonal) else { return };
        self.out.next.outbox = outbox;
        if notice.is_by_engineer() && !recipient.known {
            let person = self.person_by_id(recipient.id).unwrap_or(recipient.clone());
            self.update(&Person { known: true, ..person });
        }
        if notice.is_to_customer() && notice.is_automatic() {
            self.message(NewMessage {
                id: 0,
                ticket,
                direction: if engineer { Direction::Note } else { Direction::Outbound },
                public: !engineer && !notice.is_secret(),
                author: None,
                message_id: post.letter.message_id.clone(),
                ledger: None,
                outbox: Some(outbox),
            });
        }
        self.note("letter", "sent", format!("{} to {}", notice.as_str(), recipient.email));
        self.out.posts.push(post);
    }

    /// Which of somebody's tokens on a ticket is theirs alone, as it is in this outcome.
    pub fn generation(&self, ticket: TicketId, person: PersonId) -> i64 {
        let replaced = self.out.generations.iter().rev().find(|(whose, _)| *whose == (ticket, person));
        replaced.map_or_else(|| self.facts.generation(ticket, person), |(_, generation)| *generation)
    }

    /// An automatic letter to the requester alone.
    pub fn tell_requester(&mut self, ticket: &Ticket, notice: Notice, vars: Vars) {
        let Some(recipient) = self.person_by_id(ticket.requester) else { return };
        let assignee = ticket.assignee.and_then(|id| self.person_by_id(id));
        let name = assignee.map(|person| Address { name: person.name, email: person.email });
        let vars = Vars {
            requester: Address { name: recipient.name.clone(), email: recipient.email.clone() },
            assignee: name.unwrap_or_default(),
            ..vars
        };
        self.send(Draft::to(&recipient, notice, ticket, self.requester_language(ticket), vars, self.now));
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

    fn forbidden(&mut self, draft: &Draft<'_>) -> Option<String> {
        let recipient = draft.recipient;
        if self.rules.is_ours(&recipient.email) {
            return Some("the address is our own".to_owned());
        }
        if recipient.email.ends_with(".invalid") {
            return Some("there is no address".to_owned());
        }
        if !draft.notice.is_automatic() || post::is_to_engineer(self.facts, draft) {
            return None;
        }
        if recipient.suppressed {
            return Some("mail to this address came back; a mail from it lifts this".to_owned());
        }
        if draft.notice.is_security() {
            return None;
        }
        let broken = caps::broken(self.facts, &self.rules.config.limits, &recipient.email, draft.ticket.id);
        if broken.is_some() || !first_contact::is_first_contact(self, draft) {
            return broken;
        }
        let held = self.holds_back(draft.ticket.id);
        held.then(|| {
            "so many people wrote for the first time, without proof, that no more letters go to such".to_owned()
        })
    }
}
