//! What must hold of every decision, whatever happened before it.

use caseway::desk::event::Event;
use caseway::desk::facts::Facts;
use caseway::desk::follow_up::due::FollowUpChange;
use caseway::desk::id::{PersonId, TicketId};
use caseway::desk::inbound::arrival::Arrival;
use caseway::desk::inbound::verdict::{Proof, Settlement, Verdict};
use caseway::desk::notice::kind::Notice;
use caseway::desk::notice::post::Post;
use caseway::desk::outcome::Outcome;
use caseway::desk::rules::Rules;
use caseway::desk::seal::link::{LinkHash, LinkPurpose};
use caseway::desk::ticket::history::EventKind;
use caseway::desk::ticket::person::Person;
use caseway::desk::ticket::{Role, Ticket};
use caseway::mail::Origin;
use jiff::Timestamp;

use crate::life::mark;
use crate::model::Model;

/// What does not hold, in words.
pub type Sound = Result<(), String>;

/// `Err` with the words, unless it holds.
macro_rules! hold {
    ($holds:expr, $($words:tt)*) => {
        if !$holds {
            return Err(format!($($words)*));
        }
    };
}
pub(crate) use hold;

/// One decision: what was known, what happened, what was decided.
pub struct Decision<'a> {
    pub rules: &'a Rules,
    /// The tables before the batch.
    pub model: &'a Model,
    /// What was known when it was decided.
    pub facts: &'a Facts,
    pub event: Event<'a>,
    pub outcome: &'a Outcome,
    pub now: Timestamp,
    /// What only this mail's author wrote; empty for other events.
    pub mark: &'a str,
}

impl Decision<'_> {
    /// Everything that must hold of one decision.
    pub fn check(&self) -> Sound {
        hold!(self.outcome.impossible.is_none(), "this cannot be: {:?}", self.outcome.impossible);
        self.numbers()?;
        for post in &self.outcome.posts {
            self.letter(post).map_err(|why| format!("{why}: {} to {}", name(post), post.recipient.email))?;
        }
        match self.event {
            Event::Arrived(arrival) => self.mail(arrival),
            Event::Due(due) => self.carried_out(due.ticket, due.kind),
            _ => Ok(()),
        }
    }

    /// Ids are given out one after the other, and all of them are used.
    fn numbers(&self) -> Sound {
        let (before, after, out) = (self.facts.next, self.outcome.next, self.outcome);
        let follow = |what: &str, from: i64, to: i64, ids: Vec<i64>| {
            let all: Vec<i64> = (from + 1..=to).collect();
            hold!(all == ids, "{what}: {ids:?} are written, {from} to {to} were given out");
            Ok(())
        };
        follow("messages", before.message, after.message, out.messages.iter().map(|it| it.id).collect())?;
        follow("events", before.event, after.event, out.events.iter().map(|it| it.id).collect())?;
        follow("letters", before.outbox, after.outbox, out.posts.iter().map(|it| it.outbox).collect())?;
        follow("questions", before.directory_task, after.directory_task, out.tasks.iter().map(|it| it.id).collect())?;
        let new: Vec<i64> = out.people.iter().map(|it| it.id.0).filter(|id| *id > before.person).collect();
        follow("people", before.person, after.person, new)?;
        let tickets: Vec<i64> = out.tickets.iter().map(|it| it.ticket.id.0).collect();
        // Who asks on a page must not learn by the numbers whether somebody is known.
        let spends = matches!(self.event, Event::Answered(answered) if answered.asked.ticket.is_none());
        if !(spends && tickets.is_empty()) {
            follow("tickets", before.ticket, after.ticket, tickets)?;
        }
        for ticket in out.messages.iter().map(|it| it.ticket).chain(out.events.iter().map(|it| it.ticket)) {
            hold!(self.ticket(ticket).is_some(), "something is written on ticket {}, which is not there", ticket.0);
        }
        Ok(())
    }

    /// What is due is carried out once: the row is gone, or due later.
    fn carried_out(&self, ticket: TicketId, kind: caseway::desk::follow_up::kind::Kind) -> Sound {
        let was_due = self.facts.follow_up(ticket, kind).is_some_and(|row| row.due_at <= self.now);
        let last = self.outcome.follow_ups.iter().rev().find(|change| key(change) == (ticket, kind));
        match last {
            None => hold!(!was_due, "{} on {} stays due", kind.as_str(), ticket.0),
            Some(FollowUpChange::Set { follow_up, .. }) => {
                hold!(follow_up.due_at > self.now, "{} on {} is due at once again", kind.as_str(), ticket.0);
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// One verdict, and what may follow from it.
    fn mail(&self, arrival: &Arrival) -> Sound {
        let Some(settled) = &self.outcome.settlement else { return Err("a mail has no verdict".to_owned()) };
        hold!(settled.ledger == arrival.ledger, "the verdict is another mail's");
        hold!(!settled.reason.is_empty(), "a verdict without a reason");
        let verdicts = self.outcome.steps.iter().filter(|step| step.step == "verdict").count();
        hold!(verdicts == 1, "{verdicts} verdicts");
        let on_ticket = matches!(settled.verdict, Verdict::Opened | Verdict::Threaded | Verdict::Held);
        hold!(!on_ticket || settled.ticket.is_some(), "{} without a ticket", settled.verdict.as_str());
        if let Some(id) = settled.ticket {
            hold!(self.ticket(id).is_some(), "it ends on ticket {}, which is not there", id.0);
        }
        let filed: Vec<_> = self.outcome.messages.iter().filter(|it| it.ledger == Some(arrival.ledger)).collect();
        hold!(filed.len() <= 1, "one mail is filed {} times", filed.len());
        hold!(filed.iter().all(|it| Some(it.ticket) == settled.ticket), "it is filed elsewhere than it ends");
        if settled.verdict == Verdict::Duplicate {
            let customers = self.outcome.posts.iter().filter(|post| !self.facts.is_engineer(post.person)).count();
            // A copy in another queue's mailbox may begin the form of that mailbox.
            let nothing = self.outcome.tickets.is_empty() && (customers == 0 || !self.outcome.forms.is_empty());
            hold!(nothing, "a copy of a mail opens or answers something");
        }
        self.authority(arrival, settled)
    }

    /// What somebody may do depends on who they are shown to be.
    fn authority(&self, arrival: &Arrival, settled: &Settlement) -> Sound {
        let from = arrival.mail.from.as_ref().and_then(|from| self.facts.person_by_email(&from.email));
        let engineer = from.filter(|person| self.facts.is_engineer(person.id));
        let ordered = self
            .outcome
            .events
            .iter()
            .filter(|it| matches!(it.kind, EventKind::Approved | EventKind::Rejected | EventKind::FormSet));
        for event in ordered {
            let own = engineer.is_some_and(|person| event.by == Some(person.id));
            hold!(
                own && settled.proof.is_of_sender(),
                "{} by somebody who did not prove to be an engineer",
                event.kind.as_str()
            );
        }
        let passed_on = self.outcome.posts.iter().any(|post| post.letter.notice.is_by_engineer());
        hold!(
            !passed_on || engineer.is_some() && settled.proof != Proof::None,
            "words of nobody go out as an engineer's"
        );
        if settled.verdict == Verdict::Held {
            for ticket in &self.outcome.changed {
                let same = self.facts.tickets.get(&ticket.id).is_some_and(|known| known.status == ticket.status);
                hold!(same || Some(ticket.id) == settled.ticket, "a held mail changes ticket {}", ticket.id.0);
            }
        }
        let machine =
            matches!(arrival.mail.origin, Origin::AutoReply | Origin::Bounce | Origin::Feedback | Origin::Own);
        if machine && let Some(from) = &arrival.mail.from {
            let answered = self.outcome.posts.iter().any(|post| post.recipient.email == from.email);
            hold!(!answered, "a machine's mail is answered");
        }
        Ok(())
    }

    /// One letter: to whom, and what it may say.
    fn letter(&self, post: &Post) -> Sound {
        let notice = post.letter.notice;
        let person = self.person(post.person).ok_or("its reader is nobody")?;
        hold!(person.email == post.recipient.email, "it is addressed to somebody else than {}", person.email);
        hold!(!self.rules.is_ours(&person.email), "we write to ourselves");
        let engineer = self.facts.is_engineer(person.id);
        let ticket = self.ticket(post.ticket).ok_or("its ticket is not there")?;
        hold!(engineer || self.takes_part(&ticket, &person), "its reader takes no part in ticket {}", ticket.id.0);
        let before = self.facts.people.get(&person.id);
        let suppressed = person.suppressed && before.is_some_and(|person| person.suppressed);
        hold!(!(post.capped && suppressed), "the address is suppressed");
        let text = format!("{:?}", post.letter);
        self.tokens(post, &text)?;
        self.secrets(post, &text)?;
        // Of engineers who ask for help themselves it is known that they do.
        if !engineer && !self.facts.is_engineer(ticket.requester) {
            let private = self.facts.engineers.keys().filter_map(|id| self.facts.people.get(id));
            for email in private.map(|person| person.email.as_str()) {
                let typed = post.letter.vars.form.understood.iter().any(|entry| entry.value == email);
                hold!(typed || !text.contains(email), "it names an engineer's address: {}", around(&text, email));
            }
        }
        self.words(post, &person, &text)?;
        if !engineer {
            self.notes(&text)?;
        }
        if post.capped && !notice.is_security() {
            self.cap(post)?;
        }
        Ok(())
    }

    fn takes_part(&self, ticket: &Ticket, person: &Person) -> bool {
        let others = ticket.others.iter().any(|(id, role)| *id == person.id && *role == Role::Copied);
        let joined = self.outcome.participants.iter().any(|(id, who, _)| (*id, *who) == (ticket.id, person.id));
        let form = self.outcome.forms.iter().rev().find(|state| state.ticket == ticket.id);
        let concerned = form.or_else(|| self.facts.forms.get(&ticket.id)).is_some_and(|state| {
            state.about == person.email || state.data.known.administrators.contains(&person.email)
        });
        ticket.requester == person.id || others || joined || concerned
    }

    /// Whatever names somebody on a ticket by a token of ours names the reader.
    fn tokens(&self, post: &Post, text: &str) -> Sound {
        for word in words(text).filter(|word| word.len() >= 20) {
            if let Some(token) = self.rules.keys.open_reply(word).or_else(|| self.rules.keys.open_note(word)) {
                hold!(
                    token.person == post.person,
                    "it has the token of person {} on {}",
                    token.person.0,
                    token.ticket.0
                );
            }
            if let Some(outbox) = self.rules.keys.open_bounce(word) {
                hold!(outbox == post.outbox, "it has the mark of letter {outbox}");
            }
        }
        Ok(())
    }

    /// A letter has its own link at most, and that goes to whose account it is.
    fn secrets(&self, post: &Post, text: &str) -> Sound {
        let link = &post.letter.vars.link;
        let token = if link.code.is_empty() { link.url.rsplit('/').next().unwrap_or_default() } else { &link.code };
        let own = LinkHash::of(token);
        if token.is_empty() {
            hold!(!post.letter.notice.is_secret(), "it lacks its link");
        } else {
            let made = self.outcome.links.iter().find(|link| link.hash == own).ok_or("its link is kept nowhere")?;
            let to_owner = made.email == post.recipient.email || made.purpose == LinkPurpose::Stop;
            hold!(to_owner, "a link of {} goes to somebody else", made.email);
            hold!(post.letter.notice.is_secret(), "a link is in a letter that others may see");
        }
        let known = |hash: LinkHash| {
            let before = self.model.links.iter().any(|row| row.link.hash == hash);
            before || self.outcome.links.iter().any(|link| link.hash == hash)
        };
        for word in words(text).filter(|word| word.len() == 32) {
            let hash = LinkHash::of(word);
            hold!(hash == own || !known(hash), "it has the link of another letter");
        }
        Ok(())
    }

    /// Who wrote does not get it back, and who is not known is told nothing of it.
    fn words(&self, post: &Post, person: &Person, text: &str) -> Sound {
        let Event::Arrived(arrival) = self.event else { return Ok(()) };
        let Some(settled) = self.outcome.settlement.as_ref().filter(|_| text.contains(self.mark)) else {
            return Ok(());
        };
        let engineer = self.facts.is_engineer(person.id);
        let author = arrival.mail.from.as_ref().is_some_and(|from| from.email == person.email);
        let passes_on = matches!(post.letter.notice, Notice::NewTicket | Notice::CustomerReply | Notice::Answer);
        hold!(!(passes_on && author && settled.proof != Proof::None), "who wrote gets their own words");
        let known = engineer || person.known || post.letter.notice.is_by_engineer();
        hold!(known, "somebody who is not known is told what the sender chose");
        hold!(engineer || author || settled.verdict != Verdict::Held, "words of a held mail go to a customer");
        Ok(())
    }

    /// No word of a note stands in what a customer gets, this one's or any that came before.
    fn notes(&self, text: &str) -> Sound {
        let is_note = |settled: &Settlement| settled.reason.starts_with("a note on");
        let before = self.model.ledger.iter().filter_map(|row| row.settled.as_ref());
        for note in before.chain(&self.outcome.settlement).filter(|settled| is_note(settled)) {
            hold!(!text.contains(&mark(note.ledger)), "words of note {} go to a customer", note.ledger);
        }
        Ok(())
    }

    /// What went out before, by the rows of the outbox.
    fn cap(&self, post: &Post) -> Sound {
        let limits = &self.rules.config.limits;
        let capped = || self.model.outbox.iter().filter(|row| row.post.capped);
        let since = |row: &&crate::model::Outgoing, within| row.created_at > self.now - within;
        for (within, most) in &limits.per_recipient {
            let to = capped().filter(|row| row.post.person == post.person && since(row, *within)).count();
            hold!(to < *most as usize, "{to} letters went to this address within {within:#}");
        }
        for (within, most) in &limits.per_ticket {
            let same = |row: &&crate::model::Outgoing| (row.post.ticket, row.post.person) == (post.ticket, post.person);
            let about = capped().filter(|row| same(row) && since(row, *within)).count();
            hold!(about < *most as usize, "{about} letters about this ticket within {within:#}");
        }
        Ok(())
    }

    /// A ticket as it is after this.
    fn ticket(&self, id: TicketId) -> Option<Ticket> {
        let new = self.outcome.tickets.iter().map(|new| &new.ticket).find(|ticket| ticket.id == id);
        let changed = self.outcome.changed.iter().find(|ticket| ticket.id == id);
        new.or(changed).or_else(|| self.facts.tickets.get(&id)).cloned()
    }

    /// A person as they are after this.
    fn person(&self, id: PersonId) -> Option<Person> {
        self.outcome.people.iter().find(|person| person.id == id).or_else(|| self.facts.people.get(&id)).cloned()
    }
}

fn name(post: &Post) -> &'static str {
    post.letter.notice.as_str()
}

fn key(change: &FollowUpChange) -> (TicketId, caseway::desk::follow_up::kind::Kind) {
    match change {
        FollowUpChange::Set { ticket, follow_up } => (*ticket, follow_up.kind),
        FollowUpChange::Cancel { ticket, kind } | FollowUpChange::SetAside { ticket, kind } => (*ticket, *kind),
    }
}

/// Runs of letters and digits.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
}

fn around<'t>(text: &'t str, what: &str) -> &'t str {
    let at = text.find(what).unwrap_or_default();
    let start = text.floor_char_boundary(at.saturating_sub(120));
    &text[start..text.ceil_char_boundary((at + 60).min(text.len()))]
}
