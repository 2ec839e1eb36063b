//! A mail that came before: through another mailbox, in an earlier run, or changed on its way.

use super::deciding::Deciding;
use super::{form, identity, tell};
use crate::desk::action::join;
use crate::desk::id::TicketId;
use crate::desk::inbound::verdict::{Proof, Verdict};
use crate::desk::notice::kind::Notice;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::{Status, Ticket};
use crate::mail::{Address, Origin, likeness};

/// Settles a copy: it joins what became of the first. Another queue whose mailbox it came to hears of it.
pub(super) fn settles(case: &mut Deciding<'_>) -> bool {
    let Some((first, ticket, how)) = exact(case).or_else(|| changed(case)) else { return false };
    case.lands_on(ticket);
    let told = ticket.filter(|_| case.arrival.past.is_none()).and_then(|ticket| tell_second_queue(case, ticket));
    let told = told.map(|queue| format!("; the queue {queue} is told")).unwrap_or_default();
    case.settle(Verdict::Duplicate, format!("the same mail as number {first}: {how}{told}"));
    true
}

type Copy = (i64, Option<TicketId>, &'static str);

fn exact(case: &Deciding<'_>) -> Option<Copy> {
    let key = (case.arrival.message_id.clone(), case.arrival.content_hash);
    let (first, ticket) = case.change.facts.seen.get(&key).filter(|(first, _)| *first != case.arrival.ledger)?;
    Some((*first, *ticket, "same Message-ID, same content"))
}

/// The same author, time, subject, words and files but for what gateways add. The first must be on a case that people work on: one that
/// was held may have been broken on its way, and this one not. An engineer's is never called one: it may be sent again by somebody
/// who wants it obeyed twice, and the engineer hears of that.
fn changed(case: &Deciding<'_>) -> Option<Copy> {
    let facts = case.change.facts;
    if case.sender().is_some_and(|sender| facts.is_engineer(sender.id)) {
        return None;
    }
    let own = facts.likeness.get(&case.arrival.ledger)?;
    likeness::ids(&case.arrival.mail).find_map(|id| {
        let known = facts.copies.get(&id)?.iter().filter(|(ledger, _)| *ledger != case.arrival.ledger);
        let mut same =
            known.filter(|(ledger, _)| facts.likeness.get(ledger).is_some_and(|likeness| likeness.is_same(own)));
        let (first, ticket) =
            same.find(|(_, ticket)| facts.ticket(*ticket).is_some_and(|it| it.status != Status::Held))?;
        Some((*first, Some(*ticket), "changed on its way by a gateway, a list or a rule"))
    })
}

/// The queue of the mailbox that the copy came to, when it is another than the ticket's: its engineers hear of the mail and
/// follow the ticket from now on, and a form of that mailbox is begun. The customer has one conversation.
fn tell_second_queue(case: &mut Deciding<'_>, id: TicketId) -> Option<String> {
    let ticket = case.change.ticket(id).filter(|ticket| ticket.status != Status::Held)?;
    let queue = case.change.rules.mailbox(&case.arrival.mailbox)?.queue_of(&case.arrival.folder).to_owned();
    if queue == ticket.queue || case.arrival.mail.origin != Origin::Person || case.spam_mark().is_some() {
        return None;
    }
    let there: Vec<_> = case.change.looked_after_by(&ticket).into_iter().map(|engineer| engineer.id).collect();
    let author = case.sender().map(|person| person.id);
    let engineers = case.change.facts.engineers_of(&queue);
    let mut told = false;
    for id in engineers.into_iter().filter(|id| !there.contains(id) && Some(*id) != author) {
        let Some(engineer) = case.change.person_by_id(id) else { continue };
        join::join(
            &mut case.change,
            ticket.id,
            &Address::new(engineer.name.clone(), &engineer.email),
            ticket.requester,
        );
        let notice = if ticket.status == Status::New { Notice::NewTicket } else { Notice::CustomerReply };
        tell::notify(case, &ticket, &engineer, notice, "", None);
        told = true;
    }
    begin_form(case, &ticket);
    told.then(|| {
        case.change.event(ticket.id, EventKind::SecondQueue, author, format!("also written to the queue {queue}"));
        queue
    })
}

fn begin_form(case: &mut Deciding<'_>, ticket: &Ticket) {
    let Some(requester) = case.sender().filter(|sender| sender.id == ticket.requester) else { return };
    let has_one = case.change.form(ticket.id).is_some();
    // A copy of an answer asks for nothing that the answer did not ask for.
    let opened_it = likeness::ids(&case.arrival.mail).any(|id| id == ticket.first_message_id);
    if has_one || !opened_it || ticket.status == Status::Closed {
        return;
    }
    let Some(form) = form::leads_to(case).and_then(|chosen| chosen.form) else { return };
    let disowned = identity::is_disowned(case.change.rules, case.arrival);
    let (rules, facts) = (case.change.rules, case.change.facts);
    let proof = match disowned {
        true => Proof::None,
        false => identity::proof(rules, facts, case.arrival, Some(requester.id), &mut case.change.steps),
    };
    case.settlement.proof = proof;
    form::begin(case, ticket.id, form, &requester);
}
