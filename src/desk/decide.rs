//! What becomes of one mail: the steps, in order.

use jiff::Timestamp;

use super::arrival::Arrival;
use super::facts::{Facts, Person, Role, Status, Ticket};
use super::identity::{self, Proof};
use super::outcome::{Direction, NewEvent, NewMessage, Outcome, Verdict};
use super::post::{self, Draft};
use super::rules::Rules;
use super::thread::{self, Found, step};
use super::{PersonId, TicketId, answer, bounce, caps, request};
use crate::mail::auth_results;
use crate::mail::{Address, Origin};

/// Decides one mail. The first step that settles it wins.
pub fn arrival(rules: &Rules, facts: &Facts, arrival: &Arrival, now: Timestamp) -> Outcome {
    let mut case = Deciding::new(rules, facts, arrival, now);
    case.note("sender", sender_words(arrival), arrival.mail.from_reason.clone());
    let origin = origin_word(arrival.mail.origin);
    case.note("origin", origin, arrival.mail.origin_reason.clone());
    if case.duplicate() {
        return case.out;
    }
    match arrival.mail.origin {
        Origin::Own => case.settle(Verdict::Dropped, "our own mail come back".to_owned()),
        Origin::Bounce => bounce::report(&mut case),
        Origin::AutoReply if !generated(arrival) => case.automatic_reply(),
        Origin::Feedback => case.settle(Verdict::Dropped, "a feedback report, not a request".to_owned()),
        Origin::AutoReply | Origin::Bulk | Origin::Person => case.request(),
    }
    case.out
}

/// A mail that a machine sent of its own accord (a monitor's alert) rather than in answer (RFC 3834 §5): it may ask for
/// help, it is only never answered automatically.
fn generated(arrival: &Arrival) -> bool {
    arrival.mail.headers.first("Auto-Submitted").is_some_and(|value| {
        value.trim_start().get(..14).is_some_and(|word| word.eq_ignore_ascii_case("auto-generated"))
    })
}

/// The stored word of an origin.
pub fn origin_word(origin: Origin) -> &'static str {
    match origin {
        Origin::Person => "person",
        Origin::AutoReply => "auto-reply",
        Origin::Bounce => "bounce",
        Origin::Bulk => "bulk",
        Origin::Own => "own",
        Origin::Feedback => "feedback",
    }
}

fn sender_words(arrival: &Arrival) -> &str {
    arrival.mail.from.as_ref().map_or("nobody", |from| from.email.as_str())
}

/// A decision in the making.
pub(super) struct Deciding<'a> {
    pub rules: &'a Rules,
    pub facts: &'a Facts,
    pub arrival: &'a Arrival,
    pub now: Timestamp,
    pub out: Outcome,
}

impl<'a> Deciding<'a> {
    fn new(rules: &'a Rules, facts: &'a Facts, arrival: &'a Arrival, now: Timestamp) -> Self {
        let out = Outcome {
            ledger: arrival.ledger,
            message_id: arrival.message_id.clone(),
            content_hash: arrival.content_hash,
            verdict: Verdict::Dropped,
            reason: String::new(),
            proof: "",
            ticket: None,
            steps: Vec::new(),
            people: Vec::new(),
            tickets: Vec::new(),
            changed: Vec::new(),
            participants: Vec::new(),
            messages: Vec::new(),
            events: Vec::new(),
            posts: Vec::new(),
            bounced: None,
            next: facts.next,
        };
        Self { rules, facts, arrival, now, out }
    }

    pub fn note(&mut self, name: &'static str, result: &str, detail: String) {
        self.out.steps.push(step(name, result, detail));
    }

    pub fn settle(&mut self, verdict: Verdict, reason: String) {
        self.out.verdict = verdict;
        self.note("verdict", verdict.as_str(), reason.clone());
        self.out.reason = reason;
    }

    /// The same mail came before, through another mailbox or in an earlier run.
    fn duplicate(&mut self) -> bool {
        let key = (self.arrival.message_id.clone(), self.arrival.content_hash);
        let Some((first, ticket)) = self.facts.seen.get(&key).filter(|(first, _)| *first != self.arrival.ledger) else {
            return false;
        };
        self.out.ticket = *ticket;
        self.settle(Verdict::Duplicate, format!("the same mail as number {first}: same Message-ID, same content"));
        true
    }

    /// A vacation notice and its kin: filed where it belongs, never answered, reopens nothing.
    fn automatic_reply(&mut self) {
        let sender = self.sender().map(|person| person.id);
        match self.find(sender) {
            Found::Ticket { ticket, .. } | Found::Claim { ticket, reason: "token_of_another" } => {
                self.file(ticket, sender, Direction::Inbound, false);
                self.event(ticket, "auto_reply", sender, self.arrival.mail.origin_reason.clone());
                self.out.ticket = Some(ticket);
                self.settle(Verdict::AutoReply, "an automatic reply, filed and not answered".to_owned());
            }
            Found::Claim { .. } | Found::Nothing => {
                self.settle(Verdict::Dropped, "an automatic reply that belongs to no ticket".to_owned());
            }
        }
    }

    /// A mail that wants something: a customer's, an engineer's, or one that must be held.
    fn request(&mut self) {
        let known = self.sender().map(|person| person.id);
        if identity::dmarc(self.rules, self.arrival) == Some(auth_results::Verdict::Fail) {
            self.note("proof", "refuted", "DMARC fail in our server's Authentication-Results".to_owned());
            return request::held(self, self.claimed(known), "dmarc_fail");
        }
        let proof = identity::proof(self.rules, self.facts, self.arrival, known, &mut self.out.steps);
        self.out.proof = proof.as_str();
        let found = self.find(known);
        let engineer = known.is_some_and(|person| self.facts.is_engineer(person) && !self.is_requester(person, &found));
        match (engineer, proof, found) {
            (true, Proof::None, Found::Ticket { ticket, .. } | Found::Claim { ticket, .. }) => {
                request::held(self, Some(ticket), "no_proof");
            }
            (true, _, Found::Ticket { ticket, .. } | Found::Claim { ticket, .. }) => answer::by_engineer(self, ticket),
            (_, _, Found::Ticket { ticket, rule, .. }) => request::reply(self, ticket, rule),
            (_, _, Found::Claim { ticket, reason }) => request::held(self, Some(ticket), reason),
            (_, _, Found::Nothing) => request::open(self, None),
        }
    }

    fn is_requester(&self, person: PersonId, found: &Found) -> bool {
        match found {
            Found::Ticket { ticket, .. } | Found::Claim { ticket, .. } => {
                self.facts.ticket(*ticket).is_some_and(|ticket| ticket.requester == person)
            }
            Found::Nothing => false,
        }
    }

    fn find(&mut self, sender: Option<PersonId>) -> Found {
        thread::find(self.rules, self.facts, self.arrival, sender, &mut self.out.steps)
    }

    /// The ticket that a mail without standing names, for the link.
    fn claimed(&self, sender: Option<PersonId>) -> Option<TicketId> {
        match thread::find(self.rules, self.facts, self.arrival, sender, &mut Vec::new()) {
            Found::Ticket { ticket, .. } | Found::Claim { ticket, .. } => Some(ticket),
            Found::Nothing => None,
        }
    }

    /// The person of the From address, when it is known already.
    pub fn sender(&self) -> Option<Person> {
        let from = self.arrival.mail.from.as_ref()?;
        self.facts.person_by_email(&from.email).cloned()
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
        };
        self.out.people.push(person.clone());
        person
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
        self.change(ticket);
        self.event(id, "status", by, detail);
    }

    /// Makes this mail a message of a ticket.
    pub fn file(&mut self, ticket: TicketId, author: Option<PersonId>, direction: Direction, public: bool) {
        self.out.next.message += 1;
        self.out.messages.push(NewMessage {
            id: self.out.next.message,
            ticket,
            direction,
            public,
            author,
            message_id: self.arrival.message_id.clone(),
            ledger: Some(self.arrival.ledger),
            outbox: None,
        });
    }

    pub fn event(&mut self, ticket: TicketId, kind: &'static str, by: Option<PersonId>, detail: String) {
        self.out.next.event += 1;
        self.out.events.push(NewEvent { id: self.out.next.event, ticket, kind, by, detail });
    }

    /// Puts a person on a ticket, unless they are there already or it is one of our addresses.
    pub fn join(&mut self, id: TicketId, address: &Address, by: PersonId) {
        if address.email.is_empty() || self.rules.is_ours(&address.email) {
            return;
        }
        let person = self.person(address);
        let Some(mut ticket) = self.ticket(id) else { return };
        let there = ticket.requester == person.id
            || ticket.assignee == Some(person.id)
            || ticket.others.iter().any(|(other, _)| *other == person.id);
        if there || ticket.others.len() >= MAX_PARTICIPANTS {
            return;
        }
        let role = if self.facts.is_engineer(person.id) { Role::Follower } else { Role::Copied };
        ticket.others.push((person.id, role));
        self.change(ticket);
        self.out.participants.push((id, person.id, role));
        self.event(id, "joined", Some(by), format!("{} ({})", person.email, role.as_str()));
    }

    /// Sends a letter, unless a cap, a suppressed address or one of our own mailboxes forbids it; what was not sent is
    /// written to the ticket's history.
    pub fn send(&mut self, draft: Draft<'_>) {
        let (ticket, notice, recipient) = (draft.ticket.id, draft.notice, draft.recipient.clone());
        if let Some(why) = self.forbidden(&draft) {
            let detail = format!("{} to {}: {why}", notice.as_str(), recipient.email);
            self.note("letter", "suppressed", detail.clone());
            return self.event(ticket, "suppressed", None, detail);
        }
        let outbox = self.out.next.outbox + 1;
        let Some(post) = post::address(self.rules, self.facts, outbox, draft) else { return };
        self.out.next.outbox = outbox;
        if notice.is_to_customer() && notice.is_automatic() {
            self.out.next.message += 1;
            self.out.messages.push(NewMessage {
                id: self.out.next.message,
                ticket,
                direction: Direction::Outbound,
                public: true,
                author: None,
                message_id: post.letter.message_id.clone(),
                ledger: None,
                outbox: Some(outbox),
            });
        }
        self.note("letter", "sent", format!("{} to {}", notice.as_str(), recipient.email));
        self.out.posts.push(post);
    }

    fn forbidden(&self, draft: &Draft<'_>) -> Option<String> {
        let recipient = draft.recipient;
        if self.rules.is_ours(&recipient.email) {
            return Some("the address is our own".to_owned());
        }
        if recipient.email.ends_with(".invalid") {
            return Some("there is no address".to_owned());
        }
        let engineer = self.facts.is_engineer(recipient.id) && recipient.id != draft.ticket.requester;
        if !draft.notice.is_automatic() || engineer {
            return None;
        }
        if recipient.suppressed {
            return Some("mail to this address came back; a mail from it lifts this".to_owned());
        }
        caps::broken(self.facts, &self.rules.config.limits, &recipient.email, draft.ticket.id)
    }
}

/// People on one ticket; more Cc than this is a mailing list.
const MAX_PARTICIPANTS: usize = 100;
