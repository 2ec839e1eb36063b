//! Who hears of what was said on a ticket.

use super::send::send;
use crate::config::Mailbox;
use crate::desk::change::Change;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::notice::kind::Notice;
use crate::desk::notice::vars::Vars;
use crate::desk::post::{self, Draft};
use crate::desk::ticket::person::{Person, letter_language};
use crate::desk::ticket::{Status, Ticket};
use crate::mail::{Address, Attachment};

/// What somebody said, as letters pass it on.
#[derive(Debug, Clone, Default)]
pub(in crate::desk) struct Said<'a> {
    /// Who said it.
    pub author: Address,
    /// Their row, when they have one.
    pub by: Option<PersonId>,
    /// Somebody else may have said it in their name, as a person would.
    pub doubted: bool,
    /// The visible words.
    pub words: String,
    /// The files that came along.
    pub files: &'a [Attachment],
    /// The From of the mail, when another header names the author.
    pub sent_by: String,
    /// Where else the author wants answers, as addresses.
    pub answers_to: String,
}

/// One letter about what was said.
#[derive(Debug, Clone, Copy)]
pub(in crate::desk) struct Telling<'a> {
    /// The kind of mail.
    pub notice: Notice,
    /// The code that its template chooses words by.
    pub reason: &'a str,
    /// The case that it claims or follows.
    pub linked: Option<TicketId>,
}

/// Tells those who look after the ticket; never the author. Where that leaves nobody to hear of a held mail or of a flood, the
/// others of the queue are told; where there are none and the author is doubted, the author is: another may have written.
pub(in crate::desk) fn engineers(change: &mut Change<'_>, id: TicketId, said: &Said<'_>, telling: Telling<'_>) {
    let Some(ticket) = change.the_ticket(id) else { return };
    // A held mail concerns who has the ticket it claims.
    let concerned = telling.linked.and_then(|id| change.ticket(id)).and_then(|ticket| ticket.assignee);
    let looked_after = Ticket { assignee: ticket.assignee.or(concerned), ..ticket.clone() };
    let of_queue = |change: &Change<'_>| change.looked_after_by(&Ticket { assignee: None, ..looked_after.clone() });
    let others = |mut readers: Vec<Person>| {
        readers.retain(|reader| Some(reader.id) != said.by);
        readers
    };
    let mut readers = others(change.looked_after_by(&looked_after));
    let must = ticket.status == Status::Held || telling.reason == "flood";
    if readers.is_empty() && must {
        readers = others(of_queue(change));
    }
    if readers.is_empty() && must && said.doubted {
        readers = of_queue(change);
    }
    for reader in &readers {
        notify(change, &ticket, reader, said, telling);
    }
    if readers.is_empty() {
        change.note("letter", "none", format!("no engineer of queue {} to tell", ticket.queue));
    }
}

/// One automatic letter about what was said.
pub(in crate::desk) fn notify(
    change: &mut Change<'_>,
    ticket: &Ticket,
    recipient: &Person,
    said: &Said<'_>,
    telling: Telling<'_>,
) {
    let Telling { notice, reason, linked } = telling;
    let passes_on = matches!(notice, Notice::NewTicket | Notice::CustomerReply | Notice::Held | Notice::Note);
    let limit = if passes_on { change.rules.config.limits.attach_size } else { 0 };
    let (files, listed) = post::files(if passes_on { said.files } else { &[] }, limit);
    let address_of = |id: Option<PersonId>| {
        let person = id.and_then(|id| change.person_by_id(id));
        person.map(|person| Address { name: person.name, email: person.email }).unwrap_or_default()
    };
    let vars = Vars {
        requester: address_of(Some(ticket.requester)),
        assignee: address_of(ticket.assignee),
        words: if passes_on { said.words.clone() } else { String::new() },
        author: said.author.clone(),
        sent_by: said.sent_by.clone(),
        answers_to: said.answers_to.clone(),
        files: listed,
        linked_case_id: linked.map(|id| change.rules.case_id(id)).unwrap_or_default(),
        reason: reason.to_owned(),
        limit: post::human_size(change.rules.config.limits.mail_size),
        ..Vars::default()
    };
    let now = change.ticket(ticket.id);
    let own_words = now.is_some_and(|ticket| ticket.is_customer(recipient.id));
    let default_language = change.rules.config.desk.default_language;
    let language =
        letter_language(notice.languages(), recipient, own_words.then_some(ticket.language), default_language);
    let from_name = passes_on.then(|| via(&said.author, change.rules.mailbox(&ticket.mailbox))).flatten();
    let draft = Draft { from_name, files, ..Draft::to(recipient, notice, ticket, language, vars, change.now) };
    send(change, draft);
}

/// `Anna Schmidt (support)`: the engineer's list of mails shows who wrote.
fn via(author: &Address, mailbox: Option<&Mailbox>) -> Option<String> {
    let name = if author.name.is_empty() { &author.email } else { &author.name };
    (!name.is_empty()).then(|| format!("{name} ({})", mailbox.map_or("desk", |mailbox| mailbox.name.as_str())))
}
