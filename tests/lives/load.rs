//! What a decision may look at, of the tables in memory: as `store::facts` loads it, but for what is only left out there to
//! spare work.

use std::collections::{BTreeMap, BTreeSet};

use caseway::desk::arrival::{author, quoted};
use caseway::desk::caps;
use caseway::desk::event::Event;
use caseway::desk::facts::{Facts, FirstContacts, Lately, Opened, Sent};
use caseway::desk::id::TicketId;
use caseway::desk::inbound::arrival::Arrival;
use caseway::desk::inbound::sent::SentMail;
use caseway::desk::rules::Rules;
use caseway::desk::seal::link::Entropy;
use caseway::desk::ticket::Status;
use caseway::desk::ticket::message::{Direction, LastWords};
use caseway::mail::{forward, likeness};
use jiff::{SignedDuration, Timestamp};

use crate::model::{Model, Sending};

impl Model {
    /// Everything that deciding these events may look at.
    pub fn load(&self, rules: &Rules, events: &[Event<'_>], entropy: Entropy, now: Timestamp) -> Facts {
        let mut facts = Facts { entropy, next: self.next, engineers: self.engineers.clone(), ..Facts::default() };
        self.people(&mut facts);
        facts.tickets = self.tickets.keys().filter_map(|id| Some((*id, self.ticket(*id)?))).collect();
        for ((ticket, _), row) in &self.follow_ups {
            facts.follow_ups.entry(*ticket).or_default().push(row.follow_up.clone());
        }
        facts.forms = self.forms.iter().map(|(id, state)| (*id, state.clone())).collect();
        facts.generations = self.generations.iter().map(|(whose, generation)| (*whose, *generation)).collect();
        facts.asked = self.tasks.keys().copied().collect();
        self.threads(&mut facts);
        self.outbox(&mut facts);
        self.caps(rules, &mut facts, now);
        let mails: Vec<&Arrival> = events.iter().filter_map(|event| mail(*event)).collect();
        self.seen(&mails, &mut facts);
        self.directory(rules, events, &mut facts);
        self.last_words(rules, events, &mut facts);
        facts
    }

    fn people(&self, facts: &mut Facts) {
        for person in self.people.values() {
            let mut person = person.clone();
            person.known |= self.accounts.is_active(&person.email);
            facts.by_email.insert(person.email.clone(), person.id);
            facts.people.insert(person.id, person);
        }
    }

    fn threads(&self, facts: &mut Facts) {
        for message in self.messages.iter().filter(|message| !message.message_id.is_empty()) {
            let ticket = facts.threads.entry(message.message_id.clone()).or_insert(message.ticket);
            *ticket = message.ticket.max(*ticket);
        }
        for row in &self.outbox {
            facts.threads.insert(row.post.letter.message_id.clone(), row.post.ticket);
        }
        for (message_id, ticket) in &self.awaited {
            let known = facts.awaited.entry(message_id.clone()).or_insert(*ticket);
            *known = (*ticket).max(*known);
        }
        for obeyed in &self.obeyed {
            facts.obeyed.entry((obeyed.message_id.clone(), obeyed.body_hash)).or_insert(obeyed.ledger);
        }
    }

    fn outbox(&self, facts: &mut Facts) {
        for row in &self.outbox {
            let sent = SentMail {
                outbox: row.post.outbox,
                ticket: Some(row.post.ticket),
                recipient: row.post.recipient.email.clone(),
                subject: String::new(),
                failed: row.sending == Sending::Failed,
                notice: row.post.letter.notice.as_str().to_owned(),
            };
            facts.outbox_by_message_id.insert(row.post.letter.message_id.clone(), sent.outbox);
            facts.outbox.insert(sent.outbox, sent);
        }
    }

    fn seen(&self, mails: &[&Arrival], facts: &mut Facts) {
        for row in &self.ledger {
            let Some(settled) = &row.settled else { continue };
            let key = (settled.message_id.clone(), settled.content_hash);
            facts.seen.entry(key).or_insert((settled.ledger, settled.ticket));
        }
        let is_new =
            |arrival: &&&Arrival| !facts.seen.contains_key(&(arrival.message_id.clone(), arrival.content_hash));
        let fresh: Vec<&Arrival> = mails.iter().filter(is_new).copied().collect();
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for id in fresh.iter().flat_map(|arrival| likeness::ids(&arrival.mail)) {
            *times.entry(id).or_default() += 1;
        }
        for message in &self.messages {
            let (Some(count), Some(ledger)) = (times.get_mut(&message.message_id), message.ledger) else { continue };
            let known = facts.copies.entry(message.message_id.clone()).or_default();
            if known.len() < 3 {
                known.push((ledger, message.ticket));
                *count += 1;
                let first = self.arrival(ledger);
                facts.likeness.insert(ledger, likeness::Likeness::of(&first.mail));
            }
        }
        for arrival in fresh {
            if likeness::ids(&arrival.mail).any(|id| times.get(&id).is_some_and(|count| *count > 1)) {
                facts.likeness.insert(arrival.ledger, likeness::Likeness::of(&arrival.mail));
            }
        }
    }

    fn arrival(&self, ledger: i64) -> &Arrival {
        &self.ledger.iter().find(|row| row.arrival.ledger == ledger).expect("a message names its mail").arrival
    }

    fn caps(&self, rules: &Rules, facts: &mut Facts, now: Timestamp) {
        let limits = &rules.config.limits;
        let within = |at: Timestamp, window: SignedDuration| at > now - window && at <= now;
        let mut sent = Sent {
            windows: (limits.per_recipient.len(), limits.per_ticket.len()),
            total: vec![0; limits.total.len()],
            ..Sent::default()
        };
        let windows =
            |limits: &[(SignedDuration, u32)], at: Timestamp| limits.iter().map(|(w, _)| within(at, *w)).collect();
        let add = |counts: &mut Vec<u32>, hits: Vec<bool>| {
            counts.resize(hits.len(), 0);
            counts.iter_mut().zip(hits).for_each(|(count, hit)| *count += u32::from(hit));
        };
        for row in self.outbox.iter().filter(|row| row.post.capped) {
            let email = &row.post.recipient.email;
            add(sent.to.entry(email.clone()).or_default(), windows(&limits.per_recipient, row.created_at));
            let about = (row.post.ticket, email.clone());
            add(sent.about.entry(about).or_default(), windows(&limits.per_ticket, row.created_at));
            add(&mut sent.total, windows(&limits.total, row.created_at));
        }
        facts.sent = sent;
        facts.opened = Opened { windows: limits.per_sender.len(), ..Opened::default() };
        let oldest = limits.per_sender.iter().map(|(window, _)| *window).max().unwrap_or_default();
        for (ticket, at) in self.tickets.values().filter(|(_, at)| within(*at, oldest)) {
            let email = self.people[&ticket.requester].email.clone();
            let none = || Lately { counts: Vec::new(), last: ticket.id };
            let lately = facts.opened.by.entry((email, ticket.status == Status::Held)).or_insert_with(none);
            add(&mut lately.counts, windows(&limits.per_sender, *at));
            lately.last = ticket.id;
        }
        for row in self.links.iter().filter(|row| row.link.purpose.is_limited()) {
            let made = (row.link.created_at, row.link.by_owner);
            facts.links.entry(row.link.email.clone()).or_default().push(made);
        }
        self.first_contacts(rules, facts, now);
    }

    fn first_contacts(&self, rules: &Rules, facts: &mut Facts, now: Timestamp) {
        let window = SignedDuration::from_hours(caps::FIRST_CONTACTS_HOURS);
        let (oldest, newest) = (now - SignedDuration::from_hours(8 * 24), now - SignedDuration::from_hours(24));
        let mut hours: BTreeMap<i64, u32> = BTreeMap::new();
        for (_, at) in self.first_contacts.iter().filter(|(contact, at)| !contact.held && *at > oldest && *at <= newest)
        {
            *hours.entry(at.as_second() / window.as_secs()).or_default() += 1;
        }
        let busiest = hours.values().max().copied().unwrap_or_default();
        let most = caps::first_contacts(rules.config.limits.first_contacts, busiest);
        let lately = self.first_contacts.iter().rev().filter(|(_, at)| *at > now - window).take(most as usize);
        let lately: Vec<_> = lately.collect();
        let held = lately.iter().filter(|(contact, _)| contact.held).count();
        facts.first_contacts = FirstContacts { lately: lately.len() as u32, held: held as u32, most };
    }

    fn directory(&self, rules: &Rules, events: &[Event<'_>], facts: &mut Facts) {
        let mut asked = BTreeSet::new();
        for event in events {
            match *event {
                Event::Arrived(arrival) => {
                    asked.extend(arrival.from().map(|from| from.email.clone()));
                    if quoted::engineer(rules, facts, arrival).is_some() {
                        let mail = &arrival.mail;
                        let original = forward::original(&mail.text, &mail.subject, &mail.attachments);
                        asked.extend(original.map(|original| original.from.email));
                    }
                }
                Event::Failed(failure) => asked.extend([failure.recipient.clone()]),
                Event::Answered(answered) => asked.extend([answered.asked.task.email().to_owned()]),
                Event::Page(event) => {
                    let (_, email) = event.about();
                    asked.insert(email.to_owned());
                    facts.known = self.accounts.known(email);
                }
                Event::Due(_) | Event::SetAside(_) | Event::Close { .. } => {}
            }
        }
        facts.directory = asked.into_iter().filter(|email| self.accounts.is_active(email)).collect();
    }

    fn last_words(&self, rules: &Rules, events: &[Event<'_>], facts: &mut Facts) {
        let mut wanted = BTreeSet::new();
        for event in events {
            match *event {
                Event::Arrived(arrival) => wanted.extend(quoted::ticket(rules, facts, arrival)),
                Event::Failed(_) | Event::SetAside(_) => {}
                Event::Answered(_) | Event::Page(_) | Event::Due(_) | Event::Close { .. } => {
                    wanted.extend(self.forms.keys().copied());
                }
            }
        }
        for ticket in wanted {
            if let Some(words) = self.words(rules, ticket) {
                facts.last_words.insert(ticket, words);
            }
        }
    }

    /// The customer's last public words.
    fn words(&self, rules: &Rules, ticket: TicketId) -> Option<LastWords> {
        let message = self.messages.iter().rev().find(|message| {
            message.ticket == ticket
                && message.direction == Direction::Inbound
                && message.public
                && message.ledger.is_some()
        })?;
        let arrival = self.arrival(message.ledger?);
        let person = message.author.and_then(|id| self.people.get(&id));
        let name = person.map(|person| if person.name.is_empty() { &person.email } else { &person.name });
        let wrote = author::of(rules, &arrival.mail).address.map(|address| address.email);
        let mail = &arrival.mail;
        let text = if wrote.as_ref() == person.map(|person| &person.email) {
            mail.reply_text.clone()
        } else {
            let original = forward::original(&mail.text, &mail.subject, &mail.attachments);
            original.map(|original| original.body).unwrap_or_default()
        };
        // When it was committed is not kept here; what quotes it is compared by its words.
        Some(LastWords { author: name.cloned().unwrap_or_default(), by: message.author, at: arrival.received_at, text })
    }
}

fn mail(event: Event<'_>) -> Option<&Arrival> {
    match event {
        Event::Arrived(arrival) => Some(arrival),
        _ => None,
    }
}
