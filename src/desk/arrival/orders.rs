//! The commands on top of an engineer's mail, and the transcript of what came of them. Commands, words and files of a mail are
//! one: when any of them cannot be done or passed on, none is.

use super::deciding::Deciding;
use super::note::Audience;
use crate::desk::action::{close, send};
use crate::desk::change::Change;
use crate::desk::command::errand::{Errand, HandOver};
use crate::desk::command::grammar::{self, Line};
use crate::desk::command::order::{NoteOrder, Order};
use crate::desk::command::run::{self, Ran};
use crate::desk::command::transcript;
use crate::desk::flow::file;
use crate::desk::gate::ours::Ours;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::notice::flow::ResultVars;
use crate::desk::notice::kind::Notice;
use crate::desk::notice::vars::{Quote, Vars};
use crate::desk::post::Draft;
use crate::desk::ticket::Ticket;
use crate::desk::ticket::person::{Person, letter_language};
use crate::mail::language::{self, Language};
use crate::mail::{Address, Mail, top};

/// What came of the commands of a mail, and what they leave to be done with it.
pub(super) struct Orders<'a> {
    lines: Vec<Line>,
    ran: Ran,
    /// Nothing of the mail goes to the customer.
    withheld: bool,
    /// For whom the mail turned out to be.
    audience: Audience,
    /// What is wrong with a file for the form of the case.
    file: Option<ResultVars>,
    /// The words below, when they were to go out and do not.
    back: String,
    /// As it was before them.
    before: Change<'a>,
}

impl<'a> Orders<'a> {
    /// There were some.
    pub(super) fn commanded(&self) -> bool {
        !self.lines.is_empty()
    }

    /// What they want of the mail.
    pub(super) fn errand(&self) -> &Errand {
        &self.ran.errand
    }

    /// Whether they are all there is to the mail.
    pub(super) fn is_all(&self) -> bool {
        self.withheld
    }

    /// The mail is a note: nothing of it goes to the customer.
    pub(super) fn keep_back(&mut self, audience: Audience) {
        self.withheld = true;
        self.audience = audience;
    }

    /// Whether the mail was kept as a note.
    pub(super) fn is_note(&self) -> bool {
        self.audience != Audience::Customer
    }

    /// Whether what is told of them may repeat words of a note.
    fn are_internal(&self) -> bool {
        let note = |line: &Line| matches!(line.order, Ok(Order::Note(NoteOrder::Note { .. })));
        self.is_note() || self.lines.iter().any(note)
    }

    /// What stands below them turned out to be nothing.
    pub(super) fn are_all(&mut self) {
        self.withheld = true;
    }

    /// None was given after all: what stands below them goes to nobody.
    pub(super) fn take_back(&mut self, case: &mut Deciding<'a>) {
        case.change = self.before.clone();
        self.ran.take_back();
    }
}

/// Carries out the commands on top of an engineer's mail and checks the file it brings for a form. When anything went wrong,
/// nothing is passed on.
pub(super) fn obey<'a>(case: &mut Deciding<'a>, id: TicketId, engineer: &Person) -> Orders<'a> {
    let mail = &case.arrival.mail;
    let before = case.change.clone();
    let mut parsed = grammar::parse(&mail.reply_text);
    if !top::begins_with(mail, parsed.lines.iter().map(|line| line.typed.as_str())) {
        parsed = parsed.misplaced();
    }
    let language = language(case, engineer);
    let form = case.change.form(id);
    let checked = form.as_ref().and_then(|form| file::check(&case.change, form, &mail.attachments, language));
    let file = checked.and_then(Result::err);
    let lines = parsed.lines;
    let ran = run::run(&mut case.change, id, &lines, engineer.id);
    let words = below(mail, &ran.errand, parsed.rest);
    let commanded = !lines.is_empty();
    let nothing = commanded && words.is_empty() && mail.attachments.iter().all(|file| file.inline);
    let help = lines.iter().any(|line| line.order == Ok(Order::Help));
    let refused = ran.failed || file.is_some() || help && !nothing;
    let back = if refused { words_back(case, id, &words) } else { String::new() };
    if commanded {
        case.voice.words = words;
    }
    let audience = Audience::Customer;
    let mut orders = Orders { lines, ran, withheld: refused || nothing, audience, file, back, before };
    if refused && commanded {
        orders.take_back(case);
    }
    orders
}

/// The words below commands; a note begins with those behind its command, and is all of a mail that is passed on.
fn below(mail: &Mail, errand: &Errand, rest: &str) -> String {
    let rest = if errand.note && rest.trim().is_empty() { grammar::parse(&mail.text).rest } else { rest };
    format!("{}\n\n{}", errand.note_words, rest.trim()).trim().to_owned()
}

/// Words below commands that failed: they go nowhere else.
fn words_back(case: &Deciding<'_>, id: TicketId, rest: &str) -> String {
    let ticket = case.change.ticket(id);
    ticket.map(|ticket| Ours::of(case.change.rules, case.change.facts, &ticket).taken_out(rest)).unwrap_or_default()
}

fn language(case: &Deciding<'_>, engineer: &Person) -> Language {
    let default = case.change.rules.config.desk.default_language;
    letter_language(Notice::CommandResult.languages(), engineer, None, default)
}

/// Who gave the commands hears what came of them and how the case stands; colleagues, what is theirs now; the customer, that it
/// is closed, where no words said it.
pub(super) fn answer(case: &mut Deciding<'_>, id: TicketId, engineer: &Person, orders: Orders<'_>) {
    let language = language(case, engineer);
    let mut results = run::results(&mut case.change, id, &orders.lines, &orders.ran, engineer.id, language);
    let unclear = orders.audience == Audience::Unclear;
    let internal = orders.are_internal();
    results.extend(orders.file);
    let Some(ticket) = case.change.ticket(id).filter(|_| !results.is_empty() || unclear) else { return };
    if let Some(before) = orders.ran.errand.closed_from.filter(|_| orders.withheld) {
        close::tell(&mut case.change, &ticket, before, Some(engineer.id), "solved");
    }
    for given in &orders.ran.errand.handed_over {
        hand_over(case, &ticket, given, engineer);
    }
    let help = orders.lines.iter().any(|line| line.order == Ok(Order::Help));
    let reason = match (orders.ran.failed, unclear) {
        (true, _) => "failed",
        (false, true) => "note",
        (false, false) => "",
    };
    let words = if unclear { words_back(case, id, &case.voice.words) } else { orders.back };
    let vars = Vars {
        reason: reason.to_owned(),
        requester: address(case, Some(ticket.requester)),
        assignee: address(case, ticket.assignee),
        standing: transcript::standing(&case.change, &ticket),
        commands: if help { transcript::help(language) } else { Vec::new() },
        results,
        words,
        ..Vars::default()
    };
    let letter = Draft::to(engineer, Notice::CommandResult, &ticket, language, vars, case.change.now);
    let draft = Draft { internal, ..letter };
    send::send(&mut case.change, draft);
}

fn address(case: &Deciding<'_>, id: Option<PersonId>) -> Address {
    let person = id.and_then(|id| case.change.person_by_id(id));
    person.map(|person| Address { name: person.name, email: person.email }).unwrap_or_default()
}

/// Tells a colleague that the case is theirs to look after, with the customer's last words.
fn hand_over(case: &mut Deciding<'_>, ticket: &Ticket, given: &HandOver, by: &Person) {
    let Some(reader) = case.change.the_person(given.to) else { return };
    let default = case.change.rules.config.desk.default_language;
    let written = letter_language(Notice::HandedOver.languages(), &reader, None, default);
    let vars = Vars {
        author: Address { name: by.name.clone(), email: by.email.clone() },
        requester: address(case, Some(ticket.requester)),
        assignee: address(case, ticket.assignee),
        quote: last_words(case, ticket, written),
        reason: given.reason.to_owned(),
        ..Vars::default()
    };
    let draft = Draft::to(&reader, Notice::HandedOver, ticket, written, vars, case.change.now);
    send::send(&mut case.change, draft);
}

/// What the customer wrote last, without what was given to its author alone.
fn last_words(case: &Deciding<'_>, ticket: &Ticket, written: Language) -> Quote {
    let change = &case.change;
    let Some(words) = change.facts.last_words.get(&ticket.id) else { return Quote::default() };
    Quote {
        author: words.author.clone(),
        date: language::date_time(words.at, written, &change.rules.config.desk.time_zone),
        text: Ours::of(change.rules, change.facts, ticket).taken_out(&words.text),
    }
}
