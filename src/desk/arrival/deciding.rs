//! A mail's decision in the making.

use super::identity;
use super::thread::{self, Found};
use crate::desk::change::Change;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::inbound::arrival::Arrival;
use crate::desk::inbound::verdict::{Proof, Settlement, Verdict};
use crate::desk::search::entry::Entry;
use crate::desk::ticket::message::{Direction, NewMessage};
use crate::desk::ticket::person::Person;
use crate::mail::{Address, likeness, origin, spam};

/// Whose words the mail brings.
pub(in crate::desk) struct Voice {
    pub author: Address,
    pub words: String,
    pub language: Option<&'static str>,
    /// The engineer who forwarded them.
    pub forwarded_by: Option<Address>,
    /// The subject of the mail that was forwarded.
    pub subject: Option<String>,
    /// What our mails hang below: an id that the author knows. Empty when there is none.
    pub message_id: String,
    /// The person on a case, one of whose other addresses the mail comes from.
    pub alias_of: Option<PersonId>,
}

impl Voice {
    fn of(arrival: &Arrival) -> Self {
        let mail = &arrival.mail;
        Self {
            subject: None,
            message_id: id_known_to_author(arrival),
            alias_of: None,
            author: arrival.from().cloned().unwrap_or_default(),
            words: mail.reply_text.clone(),
            language: mail.language,
            forwarded_by: None,
        }
    }
}

/// The Message-ID under which the author sent a mail: one that somebody's rule sent on has another (RFC 5322 §3.6.6).
fn id_known_to_author(arrival: &Arrival) -> String {
    let resent = arrival.mail.headers.first("Resent-From").is_some();
    let original = resent.then(|| likeness::original_id(&arrival.mail)).flatten();
    original.unwrap_or_else(|| arrival.message_id.clone())
}

/// A mail, what it is taken for, and the change that it makes.
pub(in crate::desk) struct Deciding<'a> {
    pub arrival: &'a Arrival,
    pub voice: Voice,
    pub settlement: Settlement,
    pub change: Change<'a>,
}

impl<'a> Deciding<'a> {
    pub fn new(change: Change<'a>, arrival: &'a Arrival) -> Self {
        let settlement = Settlement {
            ledger: arrival.ledger,
            message_id: arrival.message_id.clone(),
            content_hash: arrival.content_hash,
            origin: arrival.mail.origin,
            verdict: Verdict::Dropped,
            reason: String::new(),
            proof: Proof::None,
            ticket: None,
        };
        Self { arrival, voice: Voice::of(arrival), settlement, change }
    }

    /// The change, with the last word on the mail.
    pub fn finish(mut self) -> Change<'a> {
        if self.settlement.reason.is_empty() {
            self.change.impossible(format!("mail {} was decided without a verdict", self.arrival.ledger));
        }
        self.change.out.settlement = Some(self.settlement);
        self.change
    }

    pub fn settle(&mut self, verdict: Verdict, reason: String) {
        self.settlement.verdict = verdict;
        self.change.note("verdict", verdict.as_str(), reason.clone());
        self.settlement.reason = reason;
    }

    /// The ticket that this mail ends on.
    pub fn lands_on(&mut self, ticket: Option<TicketId>) {
        self.settlement.ticket = ticket;
    }

    /// What proves the sender.
    pub fn proof(&self) -> Proof {
        self.settlement.proof
    }

    /// Whether the sender has a token that was given to them, and that nobody else saw.
    pub fn holds_token(&self) -> bool {
        let sender = self.sender().map(|person| person.id);
        sender.is_some_and(|person| identity::holds_token(self.change.rules, self.change.facts, self.arrival, person))
    }

    /// The mark of a filter that took the mail for spam. What an engineer is shown to have sent is none: a mail passed on bears
    /// the marks of the one in it.
    pub fn spam_mark(&self) -> Option<String> {
        let engineer = self.sender().is_some_and(|person| self.change.facts.is_engineer(person.id));
        spam::mark(&self.arrival.mail.headers).filter(|_| !engineer || self.proof() == Proof::None)
    }

    /// The mail is a post on a list that does not lead here alone: RFC 3834 §2 forbids automatic answers to it.
    pub fn is_on_a_foreign_list(&self) -> bool {
        let lists = origin::list_addresses(&self.arrival.mail.headers);
        !lists.is_empty() && !lists.iter().any(|list| self.change.rules.is_ours(list))
    }

    pub fn find(&mut self, sender: Option<PersonId>) -> Found {
        thread::find(self.change.rules, self.change.facts, self.arrival, sender, &mut self.change.steps)
    }

    /// The ticket that a mail without standing names, for the link.
    pub fn claimed(&self, sender: Option<PersonId>) -> Option<TicketId> {
        match thread::find(self.change.rules, self.change.facts, self.arrival, sender, &mut Vec::new()) {
            Found::Ticket { ticket, .. } | Found::Claim { ticket, .. } => Some(ticket),
            Found::Nothing => None,
        }
    }

    /// The author, when the address is known already.
    pub fn sender(&self) -> Option<Person> {
        if let Some(alias_of) = self.voice.alias_of {
            return self.change.person_by_id(alias_of);
        }
        let from = self.arrival.from()?;
        self.change.facts.person_by_email(&from.email).cloned()
    }

    /// Makes this mail a message of a ticket.
    pub fn file(&mut self, ticket: TicketId, author: Option<PersonId>, direction: Direction, public: bool) {
        // The customer never saw the id of a forward, so nothing we send them may name it.
        let message_id = self.voice.message_id.clone();
        let ledger = self.arrival.ledger;
        let subject = self.change.ticket(ticket).map(|ticket| ticket.subject).unwrap_or_default();
        let opens = self.change.out.tickets.iter().any(|new| new.id() == ticket);
        self.change.message(NewMessage {
            id: 0,
            ticket,
            direction,
            public,
            author,
            message_id,
            ledger: Some(ledger),
            outbox: None,
        });
        let message = self.change.out.next.message;
        let found = Entry::of(&self.change.rules.keys, message, &subject, &self.arrival.mail, opens);
        self.change.out.found.push(found);
    }
}
