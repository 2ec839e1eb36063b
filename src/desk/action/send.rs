//! A letter goes out, or why it does not.
//!
//! Whoever writes to us in somebody else's name, or names somebody in a form, makes us write to that person. So an automatic
//! letter to somebody of whom nothing shows that the address is theirs, a first contact, bears no word that the sender chose,
//! and when more of them go out than usual a breaker holds the rest back: the tickets are opened, and the engineers are told once.

use crate::desk::caps;
use crate::desk::change::Change;
use crate::desk::id::TicketId;
use crate::desk::notice::kind::Notice;
use crate::desk::notice::vars::Vars;
use crate::desk::outcome::FirstContact;
use crate::desk::post::{self, Draft};
use crate::desk::ticket::Ticket;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::message::{Direction, NewMessage};
use crate::desk::ticket::person::{Person, letter_language};
use crate::mail::Address;

/// Sends a letter, unless a cap, the breaker, a suppressed address or one of our own mailboxes forbids it; what was not
/// sent is written to the ticket's history.
pub(in crate::desk) fn send(change: &mut Change<'_>, mut draft: Draft<'_>) {
    let (ticket, notice, recipient) = (draft.ticket.id, draft.notice, draft.recipient.clone());
    if let Some(why) = forbidden(change, &draft) {
        let detail = format!("{} to {}: {why}", notice.as_str(), recipient.email);
        change.note("letter", "suppressed", detail.clone());
        return change.event(ticket, EventKind::Suppressed, None, detail);
    }
    let unwritten = change.unwritten.filter(|(person, _)| *person == recipient.id);
    draft.vars.language_note = unwritten.map(|(_, said)| said.to_owned()).unwrap_or_default();
    let engineer = post::is_to_engineer(change.facts, &draft);
    let impersonal = is_impersonal(change, &draft);
    // Letters to engineers of this one may have gone out meanwhile.
    let outbox = change.out.next.outbox + 1;
    let generation = change.generation(ticket, recipient.id);
    let Some(post) = post::address(change.rules, change.facts, (outbox, generation), draft, impersonal) else {
        return change.impossible("no mailbox is configured".to_owned());
    };
    change.out.next.outbox = outbox;
    if notice.is_by_engineer() && !recipient.known {
        let person = change.person_by_id(recipient.id).unwrap_or(recipient.clone());
        change.update(&Person { known: true, ..person });
    }
    if notice.is_to_customer() && notice.is_automatic() {
        change.message(NewMessage {
            id: 0,
            ticket,
            direction: if engineer { Direction::Note } else { Direction::Outbound },
            public: !engineer && !notice.is_secret(),
            author: None,
            message_id: post.letter.message_id.clone(),
            ledger: None,
            outbox: Some(outbox),
        });
    }
    change.note("letter", "sent", format!("{} to {}", notice.as_str(), recipient.email));
    change.out.posts.push(post);
}

fn forbidden(change: &mut Change<'_>, draft: &Draft<'_>) -> Option<String> {
    let recipient = draft.recipient;
    if change.rules.is_ours(&recipient.email) {
        return Some("the address is our own".to_owned());
    }
    if recipient.email.ends_with(".invalid") {
        return Some("there is no address".to_owned());
    }
    if !draft.notice.is_automatic() || post::is_to_engineer(change.facts, draft) {
        return None;
    }
    if recipient.suppressed {
        return Some("mail to this address came back; a mail from it lifts this".to_owned());
    }
    if draft.notice.is_security() {
        return None;
    }
    let broken = caps::broken(change.facts, &change.rules.config.limits, &recipient.email, draft.ticket.id);
    if broken.is_some() || !is_first_contact(change, draft) {
        return broken;
    }
    let held = holds_back(change, draft.ticket.id);
    held.then(|| "so many people wrote for the first time, without proof, that no more letters go to such".to_owned())
}

/// An automatic letter to the requester alone.
pub(in crate::desk) fn to_requester(change: &mut Change<'_>, ticket: &Ticket, notice: Notice, vars: Vars) {
    let Some(recipient) = change.the_person(ticket.requester) else { return };
    let assignee = ticket.assignee.and_then(|id| change.person_by_id(id));
    let name = assignee.map(|person| Address { name: person.name, email: person.email });
    let vars = Vars {
        requester: Address { name: recipient.name.clone(), email: recipient.email.clone() },
        assignee: name.unwrap_or_default(),
        ..vars
    };
    send(change, Draft::to(&recipient, notice, ticket, change.requester_language(ticket), vars, change.now));
}

/// Counts a first contact. Whether the breaker holds it back; the engineers hear of the first that it does.
fn holds_back(change: &mut Change<'_>, ticket: TicketId) -> bool {
    let before = u32::try_from(change.out.first_contacts.len()).unwrap_or(u32::MAX);
    let counts = change.facts.first_contacts;
    let held = counts.lately.saturating_add(before) >= counts.most;
    let first = held && counts.held == 0 && !change.out.first_contacts.iter().any(|contact| contact.held);
    change.out.first_contacts.push(FirstContact { ticket, held });
    if first {
        tell_of_the_breaker(change, ticket);
    }
    held
}

/// Whether the breaker held a letter about this ticket back in this outcome: nobody is told of each of them.
pub(in crate::desk) fn is_held_back(change: &Change<'_>, ticket: TicketId) -> bool {
    change.out.first_contacts.iter().any(|contact| contact.held && contact.ticket == ticket)
}

fn tell_of_the_breaker(change: &mut Change<'_>, id: TicketId) {
    let Some(ticket) = change.the_ticket(id) else { return };
    let most = change.facts.first_contacts.most;
    change.event(
        id,
        EventKind::Breaker,
        None,
        format!("{most} first contacts within an hour: the next ones are held back"),
    );
    for person in change.looked_after_by(&ticket) {
        let language = letter_language(
            Notice::FirstContacts.languages(),
            &person,
            None,
            change.rules.config.desk.default_language,
        );
        let vars = Vars { limit: most.to_string(), ..Vars::default() };
        send(change, Draft::to(&person, Notice::FirstContacts, &ticket, language, vars, change.now));
    }
}

/// Whether a letter is a first contact: a machine sends it, and neither its reader nor who asked for it is known. What the
/// directory of accounts must tell its people is never held back.
fn is_first_contact(change: &Change<'_>, draft: &Draft<'_>) -> bool {
    let requester = change.person_by_id(draft.ticket.requester);
    let known = change.is_known(draft.recipient) && requester.is_some_and(|person| change.is_known(&person));
    is_to_customer(change, draft) && !draft.notice.is_security() && !known
}

/// Whether nothing in a letter may be of the sender's choosing: its reader did not write it, or perhaps did not.
fn is_impersonal(change: &Change<'_>, draft: &Draft<'_>) -> bool {
    let own = draft.recipient.id == draft.ticket.requester && change.is_known(draft.recipient);
    is_to_customer(change, draft) && !own
}

fn is_to_customer(change: &Change<'_>, draft: &Draft<'_>) -> bool {
    draft.notice.is_automatic() && !post::is_to_engineer(change.facts, draft)
}
