//! What becomes of one mail: the steps, in order.

use std::ops::{Deref, DerefMut};

use jiff::Timestamp;

use super::arrival::Arrival;
use super::change::Change;
use super::directory::Known;
use super::facts::{Facts, Failure, Person};
use super::follow_up::{self, Due};
use super::form::task::Answered;
use super::form::{self, entry};
use super::identity::{self, Proof};
use super::notice::Notice;
use super::outcome::{Direction, NewMessage, Obeyed, Outcome, Settlement, Verdict};
use super::portal::PortalEvent;
use super::rules::Rules;
use super::thread::{self, Found};
use super::{PersonId, TicketId, answer, bounce, close, command, request, returned, seen, token};
use crate::config::Spam;
use crate::mail::language::{self, Language};
use crate::mail::{Address, Forwarded, Origin, forward, message_id, origin, spam};

/// Decides one mail. The first step that settles it wins.
pub fn arrival(rules: &Rules, facts: &Facts, arrival: &Arrival, now: Timestamp) -> Outcome {
    let mut case = Deciding::new(rules, facts, arrival, now);
    case.note("sender", sender_words(arrival), arrival.author.reason.clone());
    let word = origin_word(arrival.mail.origin);
    case.note("origin", word, arrival.mail.origin_reason.clone());
    if case.duplicate() {
        return case.finish();
    }
    returned::withdraw(&mut case);
    seen::replace(&mut case);
    match arrival.mail.origin {
        Origin::Own if case.is_our_own() => case.settle(Verdict::Dropped, "our own mail come back".to_owned()),
        Origin::Bounce => bounce::report(&mut case),
        Origin::Feedback => case.settle(Verdict::Dropped, "a feedback report, not a request".to_owned()),
        // Of another gateway of our kind, or of a responder.
        Origin::Own => case.automatic_reply(),
        Origin::AutoReply if !case.is_heard() => case.automatic_reply(),
        Origin::AutoReply | Origin::Bulk | Origin::Person => case.request(),
    }
    returned::renew(&mut case);
    case.finish()
}

/// A mail of ours failed for good: the ticket's history and its engineers hear of it.
pub fn failure(rules: &Rules, facts: &Facts, failure: &Failure, now: Timestamp) -> Outcome {
    let mut change = Change::new(rules, facts, now);
    change.out.failure_told = Some(failure.outbox);
    if let Some(kind) = failure.cause.blame() {
        bounce::blame(&mut change, &failure.recipient, kind);
    }
    if let Some(ticket) = failure.ticket.and_then(|id| change.ticket(id)).map(|ticket| ticket.id) {
        let words = format!("mail to {} failed: {}", failure.recipient, failure.error);
        change.event(ticket, "failed", None, words.clone());
        if failure.notice != Notice::DeliveryFailed.as_str() {
            bounce::tell(&mut change, ticket, &failure.recipient, failure.cause.as_str(), &words);
        }
    }
    change.out
}

/// The directory of accounts answered.
pub fn answered(rules: &Rules, facts: &Facts, answered: &Answered, now: Timestamp) -> Outcome {
    form::event::answered(rules, facts, answered, now)
}

/// Somebody did something on a page; `known` is what the directory knows of them.
pub fn portal(rules: &Rules, facts: &Facts, event: &PortalEvent, known: Option<&Known>, now: Timestamp) -> Outcome {
    form::event::portal(rules, facts, event, known, now)
}

/// Something that is due on a ticket.
pub fn due(rules: &Rules, facts: &Facts, due: &Due, now: Timestamp) -> Outcome {
    follow_up::due(rules, facts, due, now)
}

/// Something that was due could not be carried out, too often.
pub fn set_aside(rules: &Rules, facts: &Facts, due: &Due, now: Timestamp) -> Outcome {
    follow_up::set_aside(rules, facts, due, now)
}

/// Somebody closes a ticket.
pub fn close(rules: &Rules, facts: &Facts, ticket: TicketId, by: Option<PersonId>, now: Timestamp) -> Outcome {
    let mut change = Change::new(rules, facts, now);
    close::close(&mut change, ticket, by, "solved");
    change.out
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
    arrival.from().map_or("nobody", |from| from.email.as_str())
}

/// Whose words the mail brings.
pub(super) struct Voice {
    pub author: Address,
    pub words: String,
    pub language: Option<Language>,
    /// The engineer who forwarded them.
    pub forwarded_by: Option<Address>,
    /// The subject of the mail that was forwarded.
    pub subject: Option<String>,
    /// What our mails hang below: an id that the author knows. Empty when there is none.
    pub message_id: String,
}

impl Voice {
    fn of(arrival: &Arrival) -> Self {
        let mail = &arrival.mail;
        Self {
            subject: None,
            message_id: arrival.message_id.clone(),
            author: arrival.from().cloned().unwrap_or_default(),
            words: mail.reply_text.clone(),
            language: mail.language.and_then(Language::from_code),
            forwarded_by: None,
        }
    }
}

/// A mail's decision in the making.
pub(super) struct Deciding<'a> {
    pub arrival: &'a Arrival,
    pub voice: Voice,
    settlement: Settlement,
    change: Change<'a>,
}

impl<'a> Deref for Deciding<'a> {
    type Target = Change<'a>;

    fn deref(&self) -> &Change<'a> {
        &self.change
    }
}

impl<'a> DerefMut for Deciding<'a> {
    fn deref_mut(&mut self) -> &mut Change<'a> {
        &mut self.change
    }
}

impl<'a> Deciding<'a> {
    fn new(rules: &'a Rules, facts: &'a Facts, arrival: &'a Arrival, now: Timestamp) -> Self {
        let settlement = Settlement {
            ledger: arrival.ledger,
            message_id: arrival.message_id.clone(),
            content_hash: arrival.content_hash,
            origin: arrival.mail.origin,
            verdict: Verdict::Dropped,
            reason: String::new(),
            proof: Proof::None,
            ticket: None,
            steps: Vec::new(),
        };
        Self { arrival, voice: Voice::of(arrival), settlement, change: Change::new(rules, facts, now) }
    }

    fn finish(mut self) -> Outcome {
        self.settlement.steps = std::mem::take(&mut self.change.steps);
        self.change.out.settlement = Some(self.settlement);
        self.change.out
    }

    pub fn settle(&mut self, verdict: Verdict, reason: String) {
        self.settlement.verdict = verdict;
        self.note("verdict", verdict.as_str(), reason.clone());
        self.settlement.reason = reason;
    }

    /// The ticket that this mail ends on.
    pub fn lands_on(&mut self, ticket: Option<TicketId>) {
        self.settlement.ticket = ticket;
    }

    /// The same mail came before, through another mailbox or in an earlier run.
    fn duplicate(&mut self) -> bool {
        let key = (self.arrival.message_id.clone(), self.arrival.content_hash);
        let Some((first, ticket)) = self.facts.seen.get(&key).filter(|(first, _)| *first != self.arrival.ledger) else {
            return false;
        };
        let (first, ticket) = (*first, *ticket);
        self.lands_on(ticket);
        self.settle(Verdict::Duplicate, format!("the same mail as number {first}: same Message-ID, same content"));
        true
    }

    /// A vacation notice and its kin: filed where it belongs, never answered, reopens nothing.
    fn automatic_reply(&mut self) {
        let sender = self.sender().map(|person| person.id);
        match self.find(sender) {
            Found::Ticket { ticket, .. } | Found::Claim { ticket, reason: "token_of_another" } => {
                self.file(ticket, sender, Direction::Inbound, false);
                let why = self.arrival.mail.origin_reason.clone();
                self.event(ticket, "auto_reply", sender, why);
                self.lands_on(Some(ticket));
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
        if identity::is_disowned(self.rules, self.arrival) {
            self.note("proof", "refuted", "DMARC fail in our server's Authentication-Results".to_owned());
            return request::held(self, self.claimed(known), "dmarc_fail");
        }
        let proof = identity::proof(self.rules, self.facts, self.arrival, known, &mut self.change.steps);
        self.settlement.proof = proof;
        if proof != Proof::None && known.is_some_and(|person| self.facts.is_engineer(person)) {
            self.obey_once();
        }
        let found = self.find(known);
        let engineer = known.is_some_and(|person| self.facts.is_engineer(person) && !self.is_requester(person, &found));
        match (engineer, proof, found) {
            (true, Proof::None, Found::Ticket { ticket, .. } | Found::Claim { ticket, .. })
            // A signature covers no recipients: a signed mail can be sent again to somebody else's reply address.
            | (true, Proof::Dkim, Found::Claim { ticket, .. }) => {
                request::held(self, Some(ticket), "no_proof");
            }
            (true, Proof::Token, Found::Ticket { ticket, .. } | Found::Claim { ticket, .. }) if self.gives_commands() => {
                request::held(self, Some(ticket), "commands");
            }
            (true, _, Found::Ticket { ticket, .. } | Found::Claim { ticket, .. }) => answer::by_engineer(self, ticket),
            (_, _, Found::Ticket { ticket, rule, .. }) => request::reply(self, ticket, rule, proof != Proof::None),
            (_, _, Found::Claim { ticket, reason }) => request::held(self, Some(ticket), reason),
            (_, _, Found::Nothing) => {
                if engineer && proof.is_of_sender() {
                    self.hear_forwarded();
                }
                self.new_request();
            }
        }
    }

    /// A request that names no ticket: a form, once more a form that waits for its person, or any other request. What a
    /// filter took for spam is none of them; who takes part in a case is heard there all the same.
    fn new_request(&mut self) {
        if let Some(mark) = self.spam_mark() {
            self.note("spam", "match", mark);
            return match self.rules.config.trust.spam {
                Spam::Silent => request::open(self, None),
                Spam::Hold => request::held(self, None, "spam"),
                Spam::Drop => self.settle(Verdict::Dropped, "the filter took it for spam".to_owned()),
            };
        }
        let Some(form) = entry::leads_to(self) else { return request::open(self, None) };
        match entry::asked_before(self, form) {
            Some(ticket) => request::reply(self, ticket, entry::ASKED_ANEW, self.proof() != Proof::None),
            None => entry::open(self, form),
        }
    }

    /// Whether an engineer's mail begins with commands.
    fn gives_commands(&self) -> bool {
        command::parse(&self.arrival.mail.reply_text).lines.iter().any(|line| line.command.is_some())
    }

    /// The engineer's mail is acted on, whatever it asks for, and its copies with other headers will not be.
    fn obey_once(&mut self) {
        let arrival = self.arrival;
        let (message_id, body_hash, ledger) = (arrival.message_id.clone(), arrival.body_hash, arrival.ledger);
        self.out.obeyed = Some(Obeyed { message_id, body_hash, ledger });
    }

    /// Whether the sender has a token that was given to them, and that nobody else saw.
    pub fn holds_token(&self) -> bool {
        let sender = self.sender().map(|person| person.id);
        sender.is_some_and(|person| identity::holds_token(self.rules, self.facts, self.arrival, person))
    }

    /// What proves the sender.
    pub fn proof(&self) -> Proof {
        self.settlement.proof
    }

    /// A mail that a verified engineer forwards speaks for whom it came from; anyone else's forward stays theirs.
    fn hear_forwarded(&mut self) {
        let Some(original) = self.forwarded() else { return };
        let known = self.facts.person_by_email(&original.from.email);
        if self.rules.is_ours(&original.from.email) || known.is_some_and(|person| self.facts.is_engineer(person.id)) {
            return;
        }
        self.speak_for(original);
    }

    /// The mail that this one passes on.
    fn forwarded(&self) -> Option<Forwarded> {
        let mail = &self.arrival.mail;
        forward::original(&mail.text, &mail.subject, &mail.attachments)
    }

    /// The id of a forwarded mail: what the forward states, or names as its parent as Gmail, Outlook, Apple Mail and
    /// Thunderbird do. Empty when it does neither.
    fn id_of(&self, original: &Forwarded) -> String {
        let mail = &self.arrival.mail;
        let stated = mail.headers.first("X-Forwarded-Message-Id").and_then(|value| message_id::list(value).pop());
        let named = || mail.in_reply_to.first().or(mail.references.last()).cloned();
        original.message_id.clone().or(stated).or_else(named).unwrap_or_default()
    }

    /// The words are those of who wrote the mail first.
    fn speak_for(&mut self, original: Forwarded) {
        let message_id = self.id_of(&original);
        self.note("forward", "match", format!("first written by {}", original.from.email));
        let mail = &self.arrival.mail;
        self.voice = Voice {
            subject: original.subject,
            message_id,
            author: original.from,
            language: language::detect(&original.body).and_then(Language::from_code),
            words: original.body,
            forwarded_by: mail.from.clone(),
        };
    }

    fn names_a_ticket(&self) -> bool {
        self.claimed(self.sender().map(|person| person.id)).is_some()
    }

    /// Whether engineers hear of an automatic mail: not of a responder's, and of one that calls itself an
    /// answer only on its case.
    fn is_heard(&self) -> bool {
        let conduct = self.arrival.mail.conduct;
        conduct.tell && (conduct.reopen || self.names_a_ticket())
    }

    /// The mark of a filter that took the mail for spam. What an engineer is shown to have sent is none: a mail passed on bears
    /// the marks of the one in it.
    pub fn spam_mark(&self) -> Option<String> {
        let engineer = self.sender().is_some_and(|person| self.facts.is_engineer(person.id));
        spam::mark(&self.arrival.mail.headers).filter(|_| !engineer || self.proof() == Proof::None)
    }

    /// A mail with our kind's mark is ours if it comes from one of our addresses, or bears an id that we gave.
    fn is_our_own(&self) -> bool {
        let mail = &self.arrival.mail;
        let from = mail.from.as_ref().is_none_or(|from| self.rules.is_ours(&from.email));
        let id = mail.message_id.as_deref().and_then(token::token_in_message_id);
        from || id.is_some_and(|token| self.rules.keys.open_reply(token).is_some())
    }

    /// The mail is a post on a list that does not lead here alone: RFC 3834 §2 forbids automatic answers to it.
    pub fn is_on_a_foreign_list(&self) -> bool {
        let lists = origin::list_addresses(&self.arrival.mail.headers);
        !lists.is_empty() && !lists.iter().any(|list| self.rules.is_ours(list))
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
        thread::find(self.rules, self.facts, self.arrival, sender, &mut self.change.steps)
    }

    /// The ticket that a mail without standing names, for the link.
    fn claimed(&self, sender: Option<PersonId>) -> Option<TicketId> {
        match thread::find(self.rules, self.facts, self.arrival, sender, &mut Vec::new()) {
            Found::Ticket { ticket, .. } | Found::Claim { ticket, .. } => Some(ticket),
            Found::Nothing => None,
        }
    }

    /// The author, when the address is known already.
    pub fn sender(&self) -> Option<Person> {
        let from = self.arrival.from()?;
        self.facts.person_by_email(&from.email).cloned()
    }

    /// Makes this mail a message of a ticket.
    pub fn file(&mut self, ticket: TicketId, author: Option<PersonId>, direction: Direction, public: bool) {
        // The customer never saw the id of a forward, so nothing we send them may name it.
        let message_id = self.voice.message_id.clone();
        let ledger = self.arrival.ledger;
        self.message(NewMessage {
            id: 0,
            ticket,
            direction,
            public,
            author,
            message_id,
            ledger: Some(ledger),
            outbox: None,
        });
    }
}
