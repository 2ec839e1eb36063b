//! Customers' mails: a new ticket, a reply, a mail that is held.

use super::decide::Deciding;
use super::facts::{Person, Status, Ticket};
use super::form::entry;
use super::identity::{self, Proof};
use super::notice::{Notice, Vars};
use super::outcome::{Direction, NewTicket, Verdict};
use super::post::{self, Draft};
use super::{PersonId, TicketId, close, correspondence, first_contact, flood, thanks};
use crate::config::Mailbox;
use crate::mail::language::Language;
use crate::mail::{Address, Origin, subject};

/// The requester of a mail that names no sender (RFC 2606 reserves `.invalid`).
pub const NOBODY: &str = "unknown-sender@nobody.invalid";

/// Opens a ticket: acknowledged to a person, told to the engineers. `follows` is the closed ticket it continues.
pub(super) fn open(case: &mut Deciding<'_>, follows: Option<TicketId>) {
    let Some(requester) = sender(case) else { return };
    if flood::joins(case, &requester, false) {
        return;
    }
    let Some(ticket) = new_ticket(case, &requester, Status::New, follows) else { return };
    case.file(ticket.id, Some(requester.id), Direction::Inbound, true);
    let words = opened_words(case, follows);
    case.event(ticket.id, "opened", Some(requester.id), words);
    introduce(case, ticket.id, requester.id);
    if let (Some(engineer), Some(sender)) = (case.voice.forwarded_by.clone(), case.sender()) {
        case.join(ticket.id, &engineer, sender.id);
        case.event(ticket.id, "forwarded", Some(sender.id), format!("{} forwarded it", engineer.email));
    }
    let reason = match follows {
        None if case.voice.forwarded_by.is_some() => "an engineer forwards a customer's mail".to_owned(),
        Some(closed) => format!("a reply to {}, closed too long ago to reopen", case.rules.case_id(closed)),
        None => "names no ticket of ours: a new request".to_owned(),
    };
    case.settle(Verdict::Opened, reason);
    match unacknowledged(case) {
        Some(why) => case.note("letter", "suppressed", format!("no acknowledgement: {why}")),
        None => receipt(case, &ticket, &requester, follows),
    }
    if case.is_held_back(ticket.id) {
        return case.note("letter", "none", "the breaker is open: the engineers were told once".to_owned());
    }
    tell_engineers(case, ticket.id, Notice::NewTicket, "", follows);
}

/// A participant's reply: appended, reopened within the grace time, told to the assignee.
pub(super) fn reply(case: &mut Deciding<'_>, id: TicketId, rule: &'static str, proved: bool) {
    let Some(ticket) = case.ticket(id) else { return };
    let aside = entry::is_aside(case, &ticket);
    if is_thanks(case, &ticket) {
        return thanked(case, id, !aside);
    }
    let closed = ticket.status == Status::Closed;
    let conduct = case.arrival.mail.conduct;
    if conduct.reopen && (too_late(case, &ticket) || aside && closed) {
        return open(case, Some(id));
    }
    if aside {
        return reply_aside(case, id, rule);
    }
    let Some(author) = sender(case) else { return };
    case.file(id, Some(author.id), Direction::Inbound, true);
    // From can be forged, case numbers can be guessed, and Message-IDs are seen by everybody who got the mail: without
    // proof they must not bring a third person in.
    if proved {
        correspondence::join(case, id, author.id);
        copy_in(case, id, author.id);
    } else {
        case.note("copied", "none", "nothing proves the sender".to_owned());
    }
    case.lands_on(Some(id));
    let wakes = match ticket.status {
        Status::Closed => conduct.reopen,
        Status::Waiting => conduct.stop_follow_ups,
        _ => false,
    };
    if wakes {
        case.status(id, Status::Open, Some(author.id));
    }
    if conduct.reopen {
        remember_thread(case, id);
    }
    case.settle(Verdict::Threaded, format!("{} by {rule}", case.rules.case_id(id)));
    if let (Some(_), Some(ticket)) = (case.arrival.oversize, case.ticket(id)) {
        receipt(case, &ticket, &author, None);
    }
    if entry::reply(case, id, &author, rule) {
        return;
    }
    tell_engineers(case, id, Notice::CustomerReply, "", None);
}

/// What somebody says on a case that another opened about them: the engineers read it, and nothing that the other can see
/// tells of it, neither words nor status, people or Message-IDs.
fn reply_aside(case: &mut Deciding<'_>, id: TicketId, rule: &'static str) {
    let Some(author) = sender(case) else { return };
    case.file(id, Some(author.id), Direction::Inbound, false);
    case.lands_on(Some(id));
    let name = case.rules.case_id(id);
    case.settle(Verdict::Threaded, format!("{name} by {rule}, for engineers alone: another asked about the sender"));
    if let (Some(_), Some(ticket)) = (case.arrival.oversize, case.ticket(id)) {
        receipt(case, &ticket, &author, None);
    }
    if !entry::reply(case, id, &author, rule) {
        tell_engineers(case, id, Notice::CustomerReply, "aside", None);
    }
}

/// A person has nothing to add to a closed ticket but thanks.
fn is_thanks(case: &Deciding<'_>, ticket: &Ticket) -> bool {
    let mail = &case.arrival.mail;
    let people = ticket.assignee.into_iter().chain([ticket.requester]).chain(ticket.others.iter().map(|(id, _)| *id));
    let names = people.filter_map(|id| case.facts.people.get(&id)).map(|person| person.name.as_str());
    let names = names.chain(mail.from.iter().map(|from| from.name.as_str()));
    ticket.status == Status::Closed
        && mail.origin == Origin::Person
        && case.arrival.oversize.is_none()
        && thanks::is_thanks(mail, names)
}

/// Kept on the ticket, which stays closed, however long ago that was: nobody needs to act on it.
fn thanked(case: &mut Deciding<'_>, id: TicketId, public: bool) {
    let Some(author) = sender(case) else { return };
    case.file(id, Some(author.id), Direction::Inbound, public);
    case.event(id, "thanks", Some(author.id), String::new());
    case.lands_on(Some(id));
    case.settle(Verdict::Threaded, format!("thanks for {}, which stays closed", case.rules.case_id(id)));
}

/// Keeps a mail for an engineer's decision, on a ticket of its own that is linked to the one it claims.
pub(super) fn held(case: &mut Deciding<'_>, claimed: Option<TicketId>, reason: &'static str) {
    let believed = !matches!(reason, "dmarc_fail" | "no_proof" | "commands" | "spam");
    let Some(requester) = (if believed { sender(case) } else { unbelieved(case) }) else { return };
    if flood::joins(case, &requester, true) {
        return;
    }
    let Some(ticket) = new_ticket(case, &requester, Status::Held, claimed) else { return };
    case.file(ticket.id, Some(requester.id), Direction::Inbound, true);
    let words = held_words(case, claimed, reason);
    case.event(ticket.id, "held", Some(requester.id), words.clone());
    if let Some(claimed) = claimed {
        let detail = format!("by {}: {words}", case.rules.case_id(ticket.id));
        case.event(claimed, "claimed", Some(requester.id), detail);
    }
    case.settle(Verdict::Held, words);
    match reason {
        // The address on record is the engineer's own: who wrote in their name does not read it.
        "no_proof" | "commands" => notify(case, &ticket, &requester, Notice::Unproven, reason, claimed),
        // From is forged: an acknowledgement would go to the victim.
        "dmarc_fail" => {
            if case.facts.is_engineer(requester.id) {
                notify(case, &ticket, &requester, Notice::Unproven, reason, claimed);
            }
            tell_engineers(case, ticket.id, Notice::Held, reason, claimed);
        }
        _ => {
            if unacknowledged(case).is_none() {
                receipt(case, &ticket, &requester, None);
            }
            if case.is_held_back(ticket.id) {
                return case.note("letter", "none", "the breaker is open: the engineers were told once".to_owned());
            }
            tell_engineers(case, ticket.id, Notice::Held, reason, claimed);
        }
    }
}

/// Who wrote, with the language of this mail remembered and the address known to work again.
pub(super) fn sender(case: &mut Deciding<'_>) -> Option<Person> {
    let author = Some(case.voice.author.clone()).filter(|author| !author.email.is_empty());
    let author = author.unwrap_or_else(|| Address::new("", NOBODY));
    let mut person = case.person(&author);
    let before = person.clone();
    person.language = case.voice.language.or(person.language);
    let own = case.voice.forwarded_by.is_none();
    person.known |= own && (case.proof() != Proof::None || first_contact::is_vouched_for(case.rules, case.arrival));
    let named = case.arrival.author.is_named;
    case.unproven = Some(person.id).filter(|_| own && named && case.proof() == Proof::None);
    if case.arrival.mail.origin == Origin::Person && own && !named {
        (person.suppressed, person.bounce_score) = (false, 0);
    }
    if person.name.is_empty() {
        person.name = author.name;
    }
    if person != before {
        case.update(&person);
    }
    Some(person)
}

/// Whose address a mail bears that somebody else may have sent: it changes nothing about them.
fn unbelieved(case: &mut Deciding<'_>) -> Option<Person> {
    let author = Some(case.voice.author.clone()).filter(|author| !author.email.is_empty());
    Some(case.person(&author.unwrap_or_else(|| Address::new("", NOBODY))))
}

/// A new ticket of the requester's, in the mailbox that the mail came through.
pub(super) fn new_ticket(
    case: &mut Deciding<'_>,
    requester: &Person,
    status: Status,
    linked_to: Option<TicketId>,
) -> Option<Ticket> {
    let mailbox = case.rules.mailbox(&case.arrival.mailbox)?;
    let (name, queue) = (mailbox.name.clone(), mailbox.queue.clone());
    let language = requester.language.or(mailbox.language).unwrap_or(case.rules.config.desk.default_language);
    let message_id = case.voice.message_id.clone();
    let said = case.voice.subject.as_deref().unwrap_or(&case.arrival.mail.subject);
    let subject = subject::base(said, &case.rules.config.desk.case_prefix);
    case.out.next.ticket += 1;
    let ticket = Ticket {
        id: TicketId(case.out.next.ticket),
        subject,
        status,
        mailbox: name,
        queue,
        language,
        requester: requester.id,
        assignee: None,
        merged_into: None,
        closed_at: None,
        others: Vec::new(),
        first_message_id: message_id.clone(),
        last_message_id: message_id,
        flooded: 0,
    };
    case.out.tickets.push(NewTicket { ticket: ticket.clone(), linked_to });
    case.lands_on(Some(ticket.id));
    Some(ticket)
}

/// The customer's client threads our next mail by this one.
fn remember_thread(case: &mut Deciding<'_>, id: TicketId) {
    let message_id = case.arrival.message_id.clone();
    if let Some(mut ticket) = case.ticket(id).filter(|_| !message_id.is_empty()) {
        ticket.last_message_id = message_id;
        case.change(ticket);
    }
}

/// Who is in To or Cc of a request joins it, unless our server knows the sender's domain and it did not send the mail.
pub(super) fn introduce(case: &mut Deciding<'_>, ticket: TicketId, by: PersonId) {
    if case.proof() != Proof::None || identity::is_plausible(case.rules, case.arrival) {
        correspondence::join(case, ticket, by);
        return copy_in(case, ticket, by);
    }
    case.note("copied", "none", "our server does not confirm the sender's domain".to_owned());
}

/// Colleagues whom a participant put in To or Cc become participants.
fn copy_in(case: &mut Deciding<'_>, ticket: TicketId, by: PersonId) {
    let mail = &case.arrival.mail;
    // A list's post names the list and everybody else; they did not ask to be on the case. Whom an engineer copies on
    // something forwarded, the customer does not know.
    if mail.origin != Origin::Person || case.voice.forwarded_by.is_some() {
        return;
    }
    for address in case.arrival.named() {
        case.join(ticket, address, by);
    }
}

fn too_late(case: &Deciding<'_>, ticket: &Ticket) -> bool {
    let late = |closed_at| case.now > close::reopens_until(case, closed_at);
    ticket.status == Status::Closed && ticket.closed_at.is_some_and(late)
}

/// Why nobody is told that a new request arrived: nobody waits for it, or the sender is likely to be forged.
fn unacknowledged(case: &Deciding<'_>) -> Option<&'static str> {
    if case.is_on_a_foreign_list() {
        Some("a post on a mailing list that is not ours")
    } else if !case.arrival.mail.conduct.acknowledge {
        Some("a machine sent this")
    } else if case.spam_mark().is_some() {
        Some("a filter took this for spam")
    } else {
        None
    }
}

/// What the sender hears: an acknowledgement, or that the mail was too large.
fn receipt(case: &mut Deciding<'_>, ticket: &Ticket, to: &Person, follows: Option<TicketId>) {
    if let Some(octets) = case.arrival.oversize {
        let detail = format!("{}; the body was left on the server", post::human_size(octets));
        case.event(ticket.id, "oversize", Some(to.id), detail);
        return notify(case, ticket, to, Notice::Oversize, "oversize", follows);
    }
    let to = correspondence::answered(case, ticket.id).unwrap_or_else(|| to.clone());
    notify(case, ticket, &to, Notice::Acknowledgement, "", follows);
}

/// Tells those who look after the ticket; never the author. Where that leaves nobody to hear of a held mail or of a flood, the
/// others of the queue are told; where there are none and nothing proves the author, the author is: another may have written.
pub(super) fn tell_engineers(
    case: &mut Deciding<'_>,
    id: TicketId,
    notice: Notice,
    reason: &str,
    linked: Option<TicketId>,
) {
    let Some(ticket) = case.ticket(id) else { return };
    // A held mail concerns who has the ticket it claims.
    let concerned = linked.and_then(|id| case.ticket(id)).and_then(|ticket| ticket.assignee);
    let looked_after = Ticket { assignee: ticket.assignee.or(concerned), ..ticket.clone() };
    let author = case.sender().map(|person| person.id);
    let of_queue = |case: &Deciding<'_>| case.looked_after_by(&Ticket { assignee: None, ..looked_after.clone() });
    let others = |mut readers: Vec<Person>| {
        readers.retain(|reader| Some(reader.id) != author);
        readers
    };
    let mut readers = others(case.looked_after_by(&looked_after));
    let must = ticket.status == Status::Held || reason == "flood";
    if readers.is_empty() && must {
        readers = others(of_queue(case));
    }
    if readers.is_empty() && must && case.proof() == Proof::None {
        readers = of_queue(case);
    }
    for reader in &readers {
        notify(case, &ticket, reader, notice, reason, linked);
    }
    if readers.is_empty() {
        case.note("letter", "none", format!("no engineer of queue {} to tell", ticket.queue));
    }
}

/// One automatic letter about this mail.
pub(super) fn notify(
    case: &mut Deciding<'_>,
    ticket: &Ticket,
    recipient: &Person,
    notice: Notice,
    reason: &str,
    linked: Option<TicketId>,
) {
    let mail = &case.arrival.mail;
    let passes_on = matches!(notice, Notice::NewTicket | Notice::CustomerReply | Notice::Held);
    let limit = if passes_on { case.rules.config.limits.attach_size } else { 0 };
    let (files, listed) = post::files(if passes_on { &mail.attachments } else { &[] }, limit);
    let author = case.voice.author.clone();
    let address_of = |id: Option<PersonId>| {
        let person = id.and_then(|id| case.person_by_id(id));
        person.map(|person| Address { name: person.name, email: person.email }).unwrap_or_default()
    };
    let vars = Vars {
        requester: address_of(Some(ticket.requester)),
        assignee: address_of(ticket.assignee),
        words: if passes_on { case.voice.words.clone() } else { String::new() },
        author: author.clone(),
        sent_by: correspondence::sent_by(case),
        answers_to: correspondence::addresses(case).iter().map(|it| it.email.clone()).collect::<Vec<_>>().join(", "),
        files: listed,
        linked_case_id: linked.map(|id| case.rules.case_id(id)).unwrap_or_default(),
        reason: reason.to_owned(),
        limit: post::human_size(case.rules.config.limits.mail_size),
        ..Vars::default()
    };
    let now = case.ticket(ticket.id);
    let own_words = now.is_some_and(|ticket| ticket.is_customer(recipient.id));
    let default_language = case.rules.config.desk.default_language;
    let language = letter_language(recipient, own_words.then_some(ticket.language), default_language);
    let from_name = passes_on.then(|| via(&author, case.rules.mailbox(&ticket.mailbox))).flatten();
    let draft = Draft { from_name, files, ..Draft::to(recipient, notice, ticket, language, vars, case.now) };
    case.send(draft);
}

/// `Anna Schmidt (support)`: the engineer's list of mails shows who wrote.
fn via(author: &Address, mailbox: Option<&Mailbox>) -> Option<String> {
    let name = if author.name.is_empty() { &author.email } else { &author.name };
    (!name.is_empty()).then(|| format!("{name} ({})", mailbox.map_or("desk", |mailbox| mailbox.name.as_str())))
}

/// A person's own language, else the ticket's, else the desk's.
pub(super) fn letter_language(person: &Person, ticket: Option<Language>, default: Language) -> Language {
    person.language.or(ticket).unwrap_or(default)
}

fn opened_words(case: &Deciding<'_>, follows: Option<TicketId>) -> String {
    follows.map(|id| format!("follows {}", case.rules.case_id(id))).unwrap_or_default()
}

fn held_words(case: &Deciding<'_>, claimed: Option<TicketId>, reason: &str) -> String {
    let why = match reason {
        "stranger" => "the sender is no participant",
        "token_of_another" => "the reply address was given to somebody else",
        "dmarc_fail" => "the sender's domain disowns the mail (DMARC fail)",
        "no_proof" => "nothing proves that the engineer wrote it",
        "commands" => "a reply address is no proof for commands",
        "spam" => "the filter took it for spam",
        other => other,
    };
    match claimed {
        Some(id) => format!("claims {}, but {why}", case.rules.case_id(id)),
        None => why.to_owned(),
    }
}
