//! One life of a desk: it decides as `act` does, over tables in memory, and dies between any two steps.

use std::rc::Rc;

use caseway::desk::decide::decide;
use caseway::desk::directory::AccountState;
use caseway::desk::event::Event;
use caseway::desk::id::TicketId;
use caseway::desk::inbound::arrival::Arrival;
use caseway::desk::inbound::page::PortalEvent;
use caseway::desk::outcome::Outcome;
use caseway::desk::rules::Rules;
use caseway::desk::seal::link::Entropy;
use caseway::mail::Address;
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::check::{Decision, Sound, hold};
use crate::mails;
use crate::model::{Model, Row};
use crate::rules::{ENGINEERS, account};

/// What happened, for doing it again elsewhere.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Time passes.
    Pass(SignedDuration),
    /// A mail came to a mailbox.
    Receive(String, Vec<u8>),
    /// What came is decided, in one batch.
    Process,
    /// What is due is carried out.
    Due,
    /// The directory answers everything.
    Answers,
    /// A link was used on a page, or none was needed.
    Page(PortalEvent),
    /// A Business Account became active.
    Active(String),
    /// A mail of ours failed, and the engineers are told.
    Failed(i64, &'static str, String),
    /// An administrator closes a ticket.
    Close(TicketId),
}

/// What kind of life.
#[derive(Debug, Clone, Copy)]
pub struct Taste {
    /// Steps.
    pub length: u32,
    /// Only what can be done again elsewhere: no links that come back, no trouble of the directory.
    pub plain: bool,
}

/// A life as it is lived.
pub struct Life<'r> {
    pub rules: &'r Rules,
    pub random: StdRng,
    pub now: Timestamp,
    pub model: Model,
    pub taste: Taste,
    /// Which of the outbox's letters are in their readers' mailboxes.
    pub delivered: Vec<usize>,
    /// Case numbers that were used up on pages.
    pub spent: usize,
    /// Decisions made.
    pub decided: u64,
    pub deeds: Vec<Deed>,
    /// The history in words, where somebody wants to read it.
    pub trail: Option<Vec<String>>,
}

impl<'r> Life<'r> {
    pub fn new(rules: &'r Rules, seed: u64, taste: Taste, told: bool) -> Self {
        let mut model = Model::default();
        for (email, name, queue) in ENGINEERS {
            let id = model.person(&Address::new(name, email), false);
            model.engineers.insert(id, vec![queue.to_owned()]);
        }
        model.accounts.accounts.insert("AC-1001".to_owned(), account());
        let start: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        Self {
            rules,
            random: StdRng::seed_from_u64(seed),
            now: start,
            model,
            taste,
            delivered: Vec::new(),
            spent: 0,
            decided: 0,
            deeds: Vec::new(),
            trail: told.then(Vec::new),
        }
    }

    /// Lives it to its end.
    pub fn live(&mut self) -> Sound {
        for _ in 0..self.taste.length {
            self.step()?;
        }
        self.come_to_rest()
    }

    pub fn tell(&mut self, words: impl FnOnce(&Self) -> String) {
        if self.trail.is_some() {
            let line = format!("{} {}", self.now, words(self));
            self.trail.iter_mut().for_each(|trail| trail.push(line.clone()));
        }
    }

    /// One in so many times.
    pub fn chance(&mut self, one_in: u32) -> bool {
        self.random.random_range(0..one_in) == 0
    }

    pub fn pick<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.random.random_range(0..all.len())]
    }

    /// A mail came and waits.
    pub fn receive(&mut self, mailbox: &str, raw: &[u8]) {
        let arrival = mails::arrival(self.rules, &self.model, mailbox, raw, self.now);
        self.model.ledger.push(Row { arrival: Rc::new(arrival), settled: None });
        self.deeds.push(Deed::Receive(mailbox.to_owned(), raw.to_vec()));
    }

    /// All mails that wait are decided in one batch.
    pub fn process(&mut self) -> Sound {
        let mails = self.model.waiting();
        if mails.is_empty() {
            return Ok(());
        }
        self.deeds.push(Deed::Process);
        let events: Vec<Event<'_>> = mails.iter().map(|mail| Event::Arrived(mail)).collect();
        self.act(&events)
    }

    /// Facts, decisions, one commit; and now and then a crash before it.
    pub fn act(&mut self, events: &[Event<'_>]) -> Sound {
        let entropy = Entropy::new(self.random.random());
        if self.chance(8) {
            // What was lost is decided again, and to the same.
            let (lost, again) = (self.decide(events, entropy)?, self.decide(events, entropy)?);
            let (lost, again) = (format!("{lost:?}"), format!("{again:?}"));
            hold!(lost == again, "decided twice, it is not the same: {}", differs(&lost, &again));
            self.tell(|_| "the gateway dies before its commit".to_owned());
        }
        let outcomes = self.decide(events, entropy)?;
        if events.len() > 1 {
            self.one_by_one(events, entropy, &outcomes)?;
        }
        for (event, outcome) in events.iter().zip(&outcomes) {
            self.tell(|life| life.in_words(*event, outcome));
        }
        self.spent +=
            events.iter().zip(&outcomes).map(|(event, outcome)| spent(*event, outcome, &self.model)).sum::<usize>();
        let next = outcomes.last().map_or(self.model.next, |outcome| outcome.next);
        self.model.commit(&outcomes, next, self.now);
        self.decided += events.len() as u64;
        self.model.is_sound(self.now)?;
        self.once(events)
    }

    fn decide(&self, events: &[Event<'_>], entropy: Entropy) -> Result<Vec<Outcome>, String> {
        let mut facts = self.model.load(self.rules, events, entropy, self.now);
        let mut outcomes = Vec::with_capacity(events.len());
        for event in events {
            let outcome = decide(self.rules, &facts, *event, self.now);
            let mark = match event {
                Event::Arrived(arrival) => mark(arrival.ledger),
                _ => String::new(),
            };
            let (rules, model, now) = (self.rules, &self.model, self.now);
            Decision { rules, model, facts: &facts, event: *event, outcome: &outcome, now, mark: &mark }
                .check()
                .map_err(|why| format!("{why}\n  {}", self.in_words(*event, &outcome)))?;
            facts.apply(&outcome);
            outcomes.push(outcome);
        }
        Ok(outcomes)
    }

    /// What a batch decides is what each mail in a batch of its own would.
    fn one_by_one(&self, events: &[Event<'_>], entropy: Entropy, batch: &[Outcome]) -> Sound {
        let mut model = self.model.clone();
        let mut entropy = entropy;
        for (event, in_batch) in events.iter().zip(batch) {
            let facts = model.load(self.rules, &[*event], entropy, self.now);
            let alone = decide(self.rules, &facts, *event, self.now);
            let (one, other) = (essence(in_batch), essence(&alone));
            hold!(one == other, "in a batch it is {one}; alone it would be {other}");
            entropy = alone.entropy;
            let next = alone.next;
            model.commit(&[alone], next, self.now);
        }
        Ok(())
    }

    /// What was committed is never carried out again, whoever died before telling anybody.
    fn once(&mut self, events: &[Event<'_>]) -> Sound {
        for event in events.iter().filter(|event| matches!(event, Event::Due(_) | Event::Answered(_))) {
            let facts = self.model.load(self.rules, &[*event], Entropy::default(), self.now);
            let again = decide(self.rules, &facts, *event, self.now);
            let nothing = again.posts.is_empty() && again.events.is_empty() && again.changed.is_empty();
            hold!(nothing, "carried out a second time: {}", essence(&again));
        }
        Ok(())
    }

    /// What is due now is carried out, in the order of the clock.
    pub fn carry_out(&mut self) -> Sound {
        let now = self.now;
        self.deeds.push(Deed::Due);
        let mut rows: Vec<_> =
            self.model.follow_ups.iter_mut().filter(|(_, row)| !row.aside && row.follow_up.due_at <= now).collect();
        rows.sort_by_key(|(key, row)| (row.follow_up.due_at, key.0));
        let due: Vec<_> = rows
            .into_iter()
            .map(|((ticket, kind), row)| {
                row.attempts += 1;
                caseway::desk::follow_up::due::Due { ticket: *ticket, kind: *kind, attempts: row.attempts }
            })
            .collect();
        if due.is_empty() {
            return Ok(());
        }
        let events: Vec<Event<'_>> = due.iter().map(Event::Due).collect();
        self.act(&events)
    }

    /// Nothing more comes: everything that waits is worked off, and ends.
    fn come_to_rest(&mut self) -> Sound {
        self.process()?;
        for _ in 0..80 {
            self.answer_everything()?;
            let next = self.model.follow_ups.values().filter(|row| !row.aside).map(|row| row.follow_up.due_at).min();
            let Some(next) = next else { return self.model.has_ended(self.spent) };
            self.pass(next.duration_since(self.now).max(SignedDuration::ZERO));
            self.carry_out()?;
        }
        Err("it never comes to rest".to_owned())
    }

    pub fn pass(&mut self, time: SignedDuration) {
        self.now += time;
        self.deeds.push(Deed::Pass(time));
    }

    /// Somebody set the first password.
    pub fn activate(&mut self, email: &str) {
        if let Some(business) = self.model.accounts.business.get_mut(email) {
            business.state = AccountState::Active;
            self.deeds.push(Deed::Active(email.to_owned()));
        }
    }

    fn in_words(&self, event: Event<'_>, outcome: &Outcome) -> String {
        let what = match event {
            Event::Arrived(mail) => mail_in_words(mail),
            Event::Failed(failure) => format!("mail {} to {} failed", failure.outbox, failure.recipient),
            Event::Answered(answered) => {
                format!("the directory answers {:?}: {:?}", answered.asked.task, answered.answer)
            }
            Event::Page(event) => format!("{event:?}"),
            Event::Due(due) | Event::SetAside(due) => format!("{} on {} is due", due.kind.as_str(), due.ticket.0),
            Event::Close { ticket, .. } => format!("{} is closed", ticket.0),
        };
        format!("{what}\n    {}", essence(outcome))
    }
}

fn mail_in_words(mail: &Arrival) -> String {
    let to: Vec<&str> = mail.mail.to.iter().chain(&mail.mail.cc).map(|to| to.email.as_str()).collect();
    let from = mail.from().map_or("nobody", |from| from.email.as_str());
    let words: String = mail.mail.reply_text.chars().take(60).collect();
    format!("mail {} {from} → {}: {} | {}", mail.ledger, to.join(", "), mail.mail.subject, words.replace('\n', " / "))
}

/// What only the author of a mail wrote.
pub fn mark(ledger: i64) -> String {
    format!("zq{ledger}x")
}

/// Case numbers that an answer to a page used up without a ticket.
fn spent(event: Event<'_>, outcome: &Outcome, before: &Model) -> usize {
    let waited = |id| before.tasks.contains_key(&id);
    match event {
        Event::Answered(answered) if answered.asked.ticket.is_none() && waited(answered.asked.id) => {
            usize::from(outcome.tickets.is_empty())
        }
        _ => 0,
    }
}

/// What matters of an outcome, in words.
pub fn essence(outcome: &Outcome) -> String {
    let mut words = Vec::new();
    if let Some(settled) = &outcome.settlement {
        words.push(format!("{} ({})", settled.verdict.as_str(), settled.reason));
    }
    words.extend(outcome.tickets.iter().map(|new| format!("+{} {}", new.ticket.id.0, new.ticket.status.as_str())));
    words.extend(outcome.changed.iter().map(|ticket| format!("{} {}", ticket.id.0, ticket.status.as_str())));
    words
        .extend(outcome.posts.iter().map(|post| format!("{} → {}", post.letter.notice.as_str(), post.recipient.email)));
    words.extend(outcome.forms.iter().map(|state| format!("{} {}", state.form, state.stage.as_str())));
    words.extend(outcome.events.iter().map(|event| format!("[{}: {}]", event.kind.as_str(), event.detail)));
    words.join(", ")
}

/// Where two texts begin to differ.
fn differs(one: &str, other: &str) -> String {
    let at = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let part = |text: &str| {
        let start = text.floor_char_boundary(at.saturating_sub(200));
        text[start..text.ceil_char_boundary((at + 100).min(text.len()))].to_owned()
    };
    format!("…{}… and …{}…", part(one), part(other))
}
