//! A participant writes again.

use super::deciding::Deciding;
use super::tell::{self, receipt};
use super::wish::{self, OnCase};
use super::{correspondence, form, request, sender, thanks};
use crate::desk::action::close;
use crate::desk::id::TicketId;
use crate::desk::inbound::verdict::Verdict;
use crate::desk::notice::kind::Notice;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::message::Direction;
use crate::desk::ticket::{Status, Ticket};
use crate::mail::{Origin, Signal};

/// A participant's reply: appended, reopened within the grace time, told to the assignee.
pub(super) fn reply(case: &mut Deciding<'_>, id: TicketId, rule: &'static str, proved: bool) {
    let Some(ticket) = case.change.the_ticket(id) else { return };
    let aside = form::is_aside(case, &ticket);
    if case.arrival.mail.signal == Some(Signal::Reaction) {
        return reaction(case, id, !aside);
    }
    if is_thanks(case, &ticket) {
        return thanked(case, id, !aside);
    }
    let closed = ticket.status == Status::Closed;
    let conduct = case.arrival.mail.conduct;
    if conduct.reopen && (too_late(case, &ticket) || aside && closed) {
        return request::open(case, Some(id));
    }
    if aside {
        return reply_aside(case, id, rule);
    }
    let wanted = wish::on_case(case, &ticket);
    let author = sender::sender(case);
    case.file(id, Some(author.id), Direction::Inbound, true);
    // From can be forged, case numbers can be guessed, and Message-IDs are seen by everybody who got the mail: without
    // proof they must not bring a third person in.
    if proved {
        correspondence::join(case, id, author.id);
        sender::copy_in(case, id, author.id);
    } else {
        case.change.note("copied", "none", "nothing proves the sender".to_owned());
    }
    case.lands_on(Some(id));
    let wakes = match ticket.status {
        Status::Closed => conduct.reopen,
        Status::Waiting => conduct.stop_follow_ups && !wanted.is_some_and(OnCase::leaves_waiting),
        _ => false,
    };
    if wakes {
        case.change.status(id, Status::Open, Some(author.id));
    }
    if conduct.reopen {
        remember_thread(case, id);
    }
    case.settle(Verdict::Threaded, format!("{} by {rule}", case.change.rules.case_id(id)));
    if let (Some(_), Some(ticket)) = (case.arrival.oversize, case.change.ticket(id)) {
        receipt(case, &ticket, &author, None);
    }
    if wanted.is_some_and(|wanted| wish::act(case, &ticket, &author, wanted)) || form::reply(case, id, &author, rule) {
        return;
    }
    tell::engineers(case, id, Notice::CustomerReply, "", None);
}

/// What somebody says on a case that another opened about them: the engineers read it, and nothing that the other can see
/// tells of it, neither words nor status, people or Message-IDs.
fn reply_aside(case: &mut Deciding<'_>, id: TicketId, rule: &'static str) {
    let author = sender::sender(case);
    case.file(id, Some(author.id), Direction::Inbound, false);
    case.lands_on(Some(id));
    let name = case.change.rules.case_id(id);
    case.settle(Verdict::Threaded, format!("{name} by {rule}, for engineers alone: another asked about the sender"));
    if let (Some(_), Some(ticket)) = (case.arrival.oversize, case.change.ticket(id)) {
        receipt(case, &ticket, &author, None);
    }
    if !form::reply(case, id, &author, rule) {
        tell::engineers(case, id, Notice::CustomerReply, "aside", None);
    }
}

/// A person has nothing to add to a closed ticket but thanks.
fn is_thanks(case: &Deciding<'_>, ticket: &Ticket) -> bool {
    let mail = &case.arrival.mail;
    let people = ticket.assignee.into_iter().chain([ticket.requester]).chain(ticket.others.iter().map(|(id, _)| *id));
    let names = people.filter_map(|id| case.change.facts.people.get(&id)).map(|person| person.name.as_str());
    let names = names.chain(mail.from.iter().map(|from| from.name.as_str()));
    ticket.status == Status::Closed
        && mail.origin == Origin::Person
        && case.arrival.oversize.is_none()
        && thanks::is_thanks(mail, names)
}

/// Kept on the ticket, which stays closed, however long ago that was: nobody needs to act on it.
fn thanked(case: &mut Deciding<'_>, id: TicketId, public: bool) {
    let author = sender::sender(case);
    case.file(id, Some(author.id), Direction::Inbound, public);
    case.change.event(id, EventKind::Thanks, Some(author.id), String::new());
    case.lands_on(Some(id));
    case.settle(Verdict::Threaded, format!("thanks for {}, which stays closed", case.change.rules.case_id(id)));
}

/// A click on a mail of ours: kept on the ticket, which stays as it is, and nobody has to read it.
fn reaction(case: &mut Deciding<'_>, id: TicketId, public: bool) {
    let author = sender::sender(case);
    case.file(id, Some(author.id), Direction::Inbound, public);
    case.change.event(id, EventKind::Reaction, Some(author.id), String::new());
    case.lands_on(Some(id));
    case.settle(Verdict::Threaded, format!("a reaction on {}, which stays as it is", case.change.rules.case_id(id)));
}

/// The customer's client threads our next mail by this one.
fn remember_thread(case: &mut Deciding<'_>, id: TicketId) {
    let message_id = case.arrival.message_id.clone();
    if let Some(mut ticket) = case.change.ticket(id).filter(|_| !message_id.is_empty()) {
        ticket.last_message_id = message_id;
        case.change.put(ticket);
    }
}

fn too_late(case: &Deciding<'_>, ticket: &Ticket) -> bool {
    let late = |closed_at| case.change.now > close::reopens_until(&case.change, closed_at);
    ticket.status == Status::Closed && ticket.closed_at.is_some_and(late)
}
