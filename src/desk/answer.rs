//! An engineer's answer: its visible part goes to the customer, in the desk's name.

use super::decide::Deciding;
use super::facts::{Person, Role, Status};
use super::form::{commands, file, letter};
use super::notice::{Notice, Quote, ResultVars, Vars};
use super::outcome::{Direction, NewMessage, Verdict};
use super::post::{self, Draft};
use super::request::{letter_language, notify, tell_engineers};
use super::{TicketId, command, waiting};
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
    let orders = obey(case, id, &engineer);
    if matches!(orders, Orders::Only) {
        case.file(id, Some(engineer.id), Direction::Note, false);
        return case.settle(Verdict::Threaded, "an engineer's commands: nothing to pass on".to_owned());
    }
    if case.voice.words.trim().is_empty() && mail.attachments.is_empty() {
        case.file(id, Some(engineer.id), Direction::Note, false);
        case.settle(Verdict::Threaded, "an engineer's mail without words or files: nothing to pass on".to_owned());
        return notify(case, &ticket, &engineer, Notice::DeliveryFailed, "empty", None);
    }
    // What the customer gets of a mail with commands is not the whole of it.
    let whole = matches!(orders, Orders::None);
    let direction = if whole { Direction::Outbound } else { Direction::Note };
    case.file(id, Some(engineer.id), direction, whole);
    if case.ticket(id).is_some_and(|ticket| ticket.assignee.is_none()) {
        take(case, id, &engineer);
    }
    case.status(id, Status::Waiting, Some(engineer.id));
    waiting::begin(case, id);
    case.settle(Verdict::Threaded, format!("an engineer's answer to {}", case.rules.case_id(id)));
    copy_in(case, id, &engineer);
    relay(case, id, &engineer, whole);
    tell_followers(case, id);
}

/// What a mail's commands leave to be done.
enum Orders {
    /// There were none.
    None,
    /// They are carried out; words or files go to the customer as well.
    AndWords,
    /// Nothing goes to the customer.
    Only,
}

/// Carries out the commands on top of an engineer's mail and checks the file it brings for a form; the engineer hears
/// what came of it. When anything went wrong, nothing is passed on.
fn obey(case: &mut Deciding<'_>, id: TicketId, engineer: &Person) -> Orders {
    let mail = &case.arrival.mail;
    let parsed = command::parse(&mail.reply_text);
    let language = letter_language(engineer, None, case.rules.config.desk.default_language);
    let form = case.form(id);
    let checked = form.as_ref().and_then(|form| file::check(case, form, &mail.attachments, language));
    let ours = form.is_some() || parsed.lines.iter().any(|line| line.command.is_some());
    let lines = if ours { parsed.lines } else { Vec::new() };
    let mut results = commands::run(case, id, &lines, engineer.id, language);
    let refused = results.iter().any(|result| !result.ok) || matches!(checked, Some(Err(_)));
    results.extend(checked.and_then(Result::err));
    if !results.is_empty() {
        tell_results(case, id, engineer, language, results);
    }
    if lines.is_empty() {
        return if refused { Orders::Only } else { Orders::None };
    }
    case.voice.words = parsed.rest.trim().to_owned();
    let nothing = case.voice.words.is_empty() && mail.attachments.iter().all(|file| file.inline);
    if refused || nothing { Orders::Only } else { Orders::AndWords }
}

/// The transcript of a mail's commands, to who gave them.
fn tell_results(
    case: &mut Deciding<'_>,
    id: TicketId,
    engineer: &Person,
    language: Language,
    results: Vec<ResultVars>,
) {
    let Some(ticket) = case.ticket(id) else { return };
    let vars = Vars { results, ..Vars::default() };
    let draft = Draft::to(engineer, Notice::CommandResult, &ticket, language, vars, case.now);
    case.send(draft);
}

fn take(case: &mut Deciding<'_>, id: TicketId, engineer: &Person) {
    let Some(mut ticket) = case.ticket(id) else { return };
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

fn relay(case: &mut Deciding<'_>, id: TicketId, engineer: &Person, whole: bool) {
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
    let form = case.form(id);
    let brings_file =
        form.as_ref().is_some_and(|form| file::check(case, form, &mail.attachments, ticket.language).is_some());
    let notice = if brings_file { Notice::RegistrationFile } else { Notice::Answer };
    let first = case.out.next.outbox;
    for person in people.iter().filter(|person| !has_it(person) && person.id != engineer.id) {
        let language = letter_language(person, Some(ticket.language), case.rules.config.desk.default_language);
        let vars = Vars {
            requester: to.first().cloned().unwrap_or_default(),
            author: Address { name: author.clone(), email: String::new() },
            words: case.voice.words.clone(),
            form: form.as_ref().map(|form| letter::vars(case, form, language)).unwrap_or_default(),
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
            now: case.now,
        };
        case.send(draft);
    }
    let posted = case
        .out
        .posts
        .last()
        .filter(|post| post.outbox > first)
        .map(|post| (post.outbox, post.letter.message_id.clone()));
    if let Some((outbox, message_id)) = posted.filter(|_| !whole) {
        said(case, id, engineer, outbox, message_id);
    }
    if let Some(form) = form.filter(|_| brings_file) {
        file::sent(case, form);
    }
}

/// What the customer got of a mail with commands, as a message of its own.
fn said(case: &mut Deciding<'_>, ticket: TicketId, engineer: &Person, outbox: i64, message_id: String) {
    case.message(NewMessage {
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
