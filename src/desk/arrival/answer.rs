//! An engineer's answer: its visible part goes to the customer, in the desk's name.

use super::deciding::Deciding;
use super::note::{self, Audience};
use super::orders::{self, Orders};
use super::{colleagues, tell};
use crate::desk::action::{assign, join, send, wait};
use crate::desk::command::errand::Errand;
use crate::desk::flow::{file, letter};
use crate::desk::gate;
use crate::desk::gate::ours::Ours;
use crate::desk::gate::outcome::{Answer, Passed, Reason, Stopped};
use crate::desk::id::TicketId;
use crate::desk::inbound::verdict::Verdict;
use crate::desk::notice::kind::Notice;
use crate::desk::notice::vars::{Quote, Vars};
use crate::desk::post::{self, Draft};
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::message::{Direction, NewMessage};
use crate::desk::ticket::person::{Person, letter_language};
use crate::desk::ticket::{Role, Status, Ticket};
use crate::mail::language::{self, Language};
use crate::mail::{Address, Attachment, Origin, sender};

/// Relays the visible part to requester and copied people; the first answer takes the ticket.
pub(super) fn by_engineer(case: &mut Deciding<'_>, id: TicketId) {
    let Some(engineer) = case.sender() else { return };
    let mail = &case.arrival.mail;
    case.lands_on(Some(id));
    if mail.origin != Origin::Person {
        case.file(id, Some(engineer.id), Direction::Note, false);
        return case.settle(Verdict::AutoReply, "an engineer's automatic mail, filed and not passed on".to_owned());
    }
    let mut orders = orders::obey(case, id, &engineer);
    let audience = note::audience(case, orders.errand());
    let mut answers = true;
    if !orders.is_all() {
        if audience != Audience::Customer {
            orders.keep_back(audience);
            note::keep(case, id, &engineer);
        } else if let Err(stopped) = pass_on(case, id, &engineer, &orders) {
            if stopped.reason == Reason::Empty && orders.commanded() {
                orders.are_all();
                tell_of_files(case, id, &engineer, &stopped.withheld, &[]);
            } else {
                orders.take_back(case);
                answers = stopped.reason.is_told();
                hold(case, id, &engineer, stopped);
            }
        }
    }
    if orders.is_all() && !orders.is_note() {
        case.file(id, Some(engineer.id), Direction::Note, false);
        case.settle(Verdict::Threaded, "an engineer's commands: nothing to pass on".to_owned());
    }
    if answers {
        orders::answer(case, id, &engineer, orders);
    }
}

/// What the gate lets through goes to the customer.
///
/// # Errors
/// What it stops; nothing is done then.
fn pass_on(case: &mut Deciding<'_>, id: TicketId, engineer: &Person, orders: &Orders<'_>) -> Result<(), Stopped> {
    let Some(ticket) = case.change.the_ticket(id) else { return Ok(()) };
    let mail = &case.arrival.mail;
    // What the customer gets of a mail with commands is not the whole of it.
    let whole = !orders.commanded();
    let answer = Answer { mail, words: &case.voice.words, commanded: orders.commanded() };
    let passed = gate::pass(case.change.rules, case.change.facts, &ticket, answer)?;
    let direction = if whole { Direction::Outbound } else { Direction::Note };
    case.file(id, Some(engineer.id), direction, whole);
    if !orders.errand().keeps_assignee {
        assign::take_or_follow(&mut case.change, id, engineer);
    }
    if !orders.errand().keeps_status {
        case.change.status(id, Status::Waiting, Some(engineer.id));
        wait::begin(&mut case.change, id);
    }
    case.settle(Verdict::Threaded, format!("an engineer's answer to {}", case.change.rules.case_id(id)));
    copy_in(case, id, engineer);
    relay(case, id, engineer, &passed, whole);
    tell_of_files(case, id, engineer, &passed.withheld, &passed.left_out);
    tell_of_nobody(case, id, engineer, orders.errand());
    tell_followers(case, id);
    Ok(())
}

/// Keeps on the case, for engineers alone, what the gate stopped; whoever wrote it hears why.
fn hold(case: &mut Deciding<'_>, id: TicketId, engineer: &Person, stopped: Stopped) {
    let Stopped { reason, words, .. } = stopped;
    let Some(ticket) = case.change.the_ticket(id) else { return };
    case.file(ticket.id, Some(engineer.id), Direction::Note, false);
    case.change.event(ticket.id, EventKind::NotPassedOn, Some(engineer.id), reason.words().to_owned());
    case.settle(Verdict::Held, format!("an engineer's mail, kept for engineers: {}", reason.words()));
    if reason.is_told() {
        tell_not_passed_on(
            case,
            &ticket,
            engineer,
            Vars { reason: reason.as_str().to_owned(), words, ..Vars::default() },
        );
    }
}

/// Files that were kept back; what mail programs add of their own is only noted.
fn tell_of_files(
    case: &mut Deciding<'_>,
    id: TicketId,
    engineer: &Person,
    withheld: &[Attachment],
    left_out: &[String],
) {
    let Some(ticket) = case.change.the_ticket(id) else { return };
    let names = withheld.iter().map(|file| file.filename.as_str()).chain(left_out.iter().map(String::as_str));
    let names: Vec<&str> = names.collect();
    if !names.is_empty() {
        case.change.event(ticket.id, EventKind::FilesLeftOut, Some(engineer.id), names.join(", "));
    }
    if !withheld.is_empty() {
        let files = gate::listed(withheld);
        tell_not_passed_on(case, &ticket, engineer, Vars { reason: "file".to_owned(), files, ..Vars::default() });
    }
}

/// An answer that nobody reads: the case waits for nothing.
fn tell_of_nobody(case: &mut Deciding<'_>, id: TicketId, engineer: &Person, errand: &Errand) {
    let Some(ticket) = case.change.the_ticket(id) else { return };
    let reads = |person: &Person| {
        !case.change.rules.is_ours(&person.email)
            && !person.email.ends_with(".invalid")
            && !sender::is_no_reply(&person.email)
    };
    let copied = ticket.others.iter().filter(|(_, role)| *role == Role::Copied).map(|(person, _)| *person);
    let mut people =
        std::iter::once(ticket.requester).chain(copied).filter_map(|person| case.change.person_by_id(person));
    if people.any(|person| reads(&person)) {
        return;
    }
    if !errand.keeps_status {
        case.change.status(id, Status::Open, Some(engineer.id));
    }
    case.change.event(
        id,
        EventKind::AnswerUnread,
        Some(engineer.id),
        "no address on the case is one that somebody reads".to_owned(),
    );
    tell_not_passed_on(case, &ticket, engineer, Vars { reason: "nobody".to_owned(), ..Vars::default() });
}

fn tell_not_passed_on(case: &mut Deciding<'_>, ticket: &Ticket, engineer: &Person, vars: Vars) {
    let language = letter_language(
        Notice::NotPassedOn.languages(),
        engineer,
        None,
        case.change.rules.config.desk.default_language,
    );
    let draft = Draft::to(engineer, Notice::NotPassedOn, ticket, language, vars, case.change.now);
    send::send(&mut case.change, draft);
}

/// People whom the engineer addresses directly have this mail already, and belong to the conversation from now on; but not
/// whom the engineer copies for themselves.
fn copy_in(case: &mut Deciding<'_>, id: TicketId, engineer: &Person) {
    if !case.proof().is_of_sender() {
        return case.change.note("copied", "none", "a reply address is no proof for bringing people in".to_owned());
    }
    for address in case.arrival.named() {
        let Some(ticket) = case.change.the_ticket(id) else { return };
        if colleagues::is_beside(case.change.facts, &ticket, engineer, address) {
            case.change.note(
                "copied",
                "beside",
                format!("{} is on the engineer's side: not put on the case", address.email),
            );
        } else {
            join::join(&mut case.change, id, address, engineer.id);
        }
    }
}

fn relay(case: &mut Deciding<'_>, id: TicketId, engineer: &Person, passed: &Passed, whole: bool) {
    let Some(ticket) = case.change.the_ticket(id) else { return };
    let mail = &case.arrival.mail;
    let has_it = |person: &Person| mail.to.iter().chain(&mail.cc).any(|address| address.email == person.email);
    let copied = ticket.others.iter().filter(|(_, role)| *role == Role::Copied).map(|(person, _)| *person);
    let people: Vec<Person> =
        std::iter::once(ticket.requester).chain(copied).filter_map(|person| case.change.person_by_id(person)).collect();
    let shown = |person: &Person| Address { name: person.name.clone(), email: person.email.clone() };
    let to: Vec<Address> = people.iter().take(1).map(shown).collect();
    let cc: Vec<Address> = people.iter().skip(1).map(shown).collect();
    let (files, listed) = post::files(&passed.files, case.change.rules.config.limits.attach_size);
    let author = engineer_name(case, engineer);
    let form = case.change.form(id);
    let brings_file =
        form.as_ref().is_some_and(|form| file::check(&case.change, form, &passed.files, ticket.language).is_some());
    let notice = if brings_file { Notice::RegistrationFile } else { Notice::Answer };
    let first = case.change.out.next.outbox;
    for person in people.iter().filter(|person| !has_it(person) && person.id != engineer.id) {
        let language = letter_language(
            notice.languages(),
            person,
            Some(ticket.language),
            case.change.rules.config.desk.default_language,
        );
        let vars = Vars {
            requester: to.first().cloned().unwrap_or_default(),
            author: Address { name: author.clone(), email: String::new() },
            words: passed.words.clone(),
            form: form.as_ref().map(|form| letter::vars(&case.change, form, language)).unwrap_or_default(),
            quote: quote(case, id, language),
            files: listed.clone(),
            ..Vars::default()
        };
        let draft = Draft {
            notice,
            ticket: &ticket,
            recipient: person,
            language,
            from_name: Some(author.clone()),
            to: to.clone(),
            cc: cc.clone(),
            vars,
            files: files.clone(),
            now: case.change.now,
            internal: false,
        };
        send::send(&mut case.change, draft);
    }
    let posted = case
        .change
        .out
        .posts
        .last()
        .filter(|post| post.outbox > first)
        .map(|post| (post.outbox, post.letter.message_id.clone()));
    if let Some((outbox, message_id)) = posted.filter(|_| !whole) {
        said(case, id, engineer, outbox, message_id);
    }
    if let Some(form) = form.filter(|_| brings_file) {
        file::sent(&mut case.change, form);
    }
}

/// What the customer got of a mail with commands, as a message of its own.
fn said(case: &mut Deciding<'_>, ticket: TicketId, engineer: &Person, outbox: i64, message_id: String) {
    case.change.message(NewMessage {
        id: 0,
        ticket,
        direction: Direction::Outbound,
        public: true,
        author: Some(engineer.id),
        message_id,
        ledger: None,
        outbox: Some(outbox),
    });
}

/// The engineer's display name as registered; never the address.
fn engineer_name(case: &Deciding<'_>, engineer: &Person) -> String {
    if engineer.name.is_empty() { case.change.rules.config.desk.name.clone() } else { engineer.name.clone() }
}

fn quote(case: &Deciding<'_>, id: TicketId, language: Language) -> Quote {
    let known = case.change.facts.last_words.get(&id).zip(case.change.ticket(id));
    let Some((words, ticket)) = known else { return Quote::default() };
    // Whose words they are may be on the case no more.
    if !words.by.is_some_and(|by| ticket.is_customer(by)) {
        return Quote::default();
    }
    // A customer's words may quote a mail with an address that was given to them alone.
    let ours = Ours::of(case.change.rules, case.change.facts, &ticket);
    let text = ours.taken_out(&words.text);
    if ours.found_in(&text).is_some() {
        return Quote::default();
    }
    Quote {
        author: words.author.clone(),
        date: language::date_time(words.at, language, &case.change.rules.config.desk.time_zone),
        text,
    }
}

/// Followers, and the assignee when a colleague answered.
fn tell_followers(case: &mut Deciding<'_>, id: TicketId) {
    let Some(ticket) = case.change.the_ticket(id) else { return };
    if ticket.assignee.is_some() {
        tell::engineers(case, id, Notice::CustomerReply, "colleague", None);
    }
}
