//! An engineer's answer: its visible part goes to the customer, in the desk's name.

use super::decide::Deciding;
use super::facts::{Person, Role, Status, Ticket};
use super::notice::{Notice, Quote, Vars};
use super::outcome::{Direction, Verdict};
use super::post::{self, Draft};
use super::request::{letter_language, notify, tell_engineers};
use super::{TicketId, waiting};
use crate::mail::language::Language;
use crate::mail::{Address, Origin};

/// Relays the visible part to requester and copied people; the first answer takes the ticket.
pub(super) fn by_engineer(case: &mut Deciding<'_>, id: TicketId) {
    let (Some(engineer), Some(ticket)) = (case.sender(), case.ticket(id)) else { return };
    let mail = &case.arrival.mail;
    case.lands_on(Some(id));
    if mail.origin != Origin::Person {
        case.file(id, Some(engineer.id), Direction::Note, false);
        return case.settle(Verdict::AutoReply, "an engineer's automatic mail, filed and not passed on".to_owned());
    }
    if mail.reply_text.trim().is_empty() && mail.attachments.is_empty() {
        case.file(id, Some(engineer.id), Direction::Note, false);
        case.settle(Verdict::Threaded, "an engineer's mail without words or files: nothing to pass on".to_owned());
        return notify(case, &ticket, &engineer, Notice::DeliveryFailed, "empty", None);
    }
    case.file(id, Some(engineer.id), Direction::Outbound, true);
    if ticket.assignee.is_none() {
        take(case, ticket, &engineer);
    }
    case.status(id, Status::Waiting, Some(engineer.id));
    waiting::begin(case, id);
    case.settle(Verdict::Threaded, format!("an engineer's answer to {}", case.rules.case_id(id)));
    copy_in(case, id, &engineer);
    relay(case, id, &engineer);
    tell_followers(case, id);
}

fn take(case: &mut Deciding<'_>, mut ticket: Ticket, engineer: &Person) {
    let id = ticket.id;
    ticket.assignee = Some(engineer.id);
    case.change(ticket);
    case.event(id, "assigned", Some(engineer.id), format!("{} answered first", engineer.email));
}

/// People whom the engineer addresses directly have this mail already, and belong to the conversation from now on.
fn copy_in(case: &mut Deciding<'_>, id: TicketId, engineer: &Person) {
    let mail = &case.arrival.mail;
    for address in mail.to.iter().chain(&mail.cc) {
        case.join(id, address, engineer.id);
    }
}

fn relay(case: &mut Deciding<'_>, id: TicketId, engineer: &Person) {
    let Some(ticket) = case.ticket(id) else { return };
    let mail = &case.arrival.mail;
    let has_it = |person: &Person| mail.to.iter().chain(&mail.cc).any(|address| address.email == person.email);
    let copied = ticket.others.iter().filter(|(_, role)| *role == Role::Copied).map(|(person, _)| *person);
    let people: Vec<Person> =
        std::iter::once(ticket.requester).chain(copied).filter_map(|person| case.person_by_id(person)).collect();
    let shown = |person: &Person| Address { name: person.name.clone(), email: person.email.clone() };
    let to: Vec<Address> = people.iter().take(1).map(shown).collect();
    let cc: Vec<Address> = people.iter().skip(1).map(shown).collect();
    let (files, listed) = post::files(&mail.attachments, case.rules.config.limits.attach_size);
    let author = engineer_name(case, engineer);
    for person in people.iter().filter(|person| !has_it(person) && person.id != engineer.id) {
        let language = letter_language(person, Some(ticket.language), case.rules.config.desk.default_language);
        let vars = Vars {
            requester: to.first().cloned().unwrap_or_default(),
            author: Address { name: author.clone(), email: String::new() },
            words: mail.reply_text.clone(),
            quote: quote(case, id, language),
            files: listed.clone(),
            ..Vars::default()
        };
        let draft = Draft {
            notice: Notice::Answer,
            ticket: &ticket,
            recipient: person,
            language,
            from_name: Some(author.clone()),
            to: to.clone(),
            cc: cc.clone(),
            vars,
            files: files.clone(),
            now: case.now,
        };
        case.send(draft);
    }
}

/// The engineer's display name as registered; never the address.
fn engineer_name(case: &Deciding<'_>, engineer: &Person) -> String {
    if engineer.name.is_empty() { case.rules.config.desk.name.clone() } else { engineer.name.clone() }
}

fn quote(case: &Deciding<'_>, id: TicketId, language: Language) -> Quote {
    let Some(words) = case.facts.last_words.get(&id) else { return Quote::default() };
    Quote { author: words.author.clone(), date: post::date_time(words.at, language), text: words.text.clone() }
}

/// Followers, and the assignee when a colleague answered.
fn tell_followers(case: &mut Deciding<'_>, id: TicketId) {
    let Some(ticket) = case.ticket(id) else { return };
    if ticket.assignee.is_some() {
        tell_engineers(case, id, Notice::CustomerReply, "colleague", None);
    }
}
