//! Who hears of a mail.

use super::correspondence;
use super::deciding::Deciding;
use crate::desk::action::tell::{self, Said, Telling};
use crate::desk::id::TicketId;
use crate::desk::inbound::verdict::Proof;
use crate::desk::notice::kind::Notice;
use crate::desk::post;
use crate::desk::ticket::Ticket;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::person::Person;

/// The mail, as letters pass it on.
pub(super) fn said<'a>(case: &Deciding<'a>) -> Said<'a> {
    let answers_to: Vec<String> = correspondence::addresses(case).iter().map(|it| it.email.clone()).collect();
    Said {
        author: case.voice.author.clone(),
        by: case.sender().map(|person| person.id),
        // Not of a machine's mail: if it is their own machine's, it would answer that as well.
        doubted: case.proof() == Proof::None && case.arrival.mail.conduct.acknowledge,
        words: case.voice.words.clone(),
        files: &case.arrival.mail.attachments,
        sent_by: correspondence::sent_by(case),
        answers_to: answers_to.join(", "),
    }
}

/// Tells those who look after the ticket of this mail; never its author.
pub(super) fn engineers(case: &mut Deciding<'_>, id: TicketId, notice: Notice, reason: &str, linked: Option<TicketId>) {
    let said = said(case);
    tell::engineers(&mut case.change, id, &said, Telling { notice, reason, linked });
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
    let said = said(case);
    tell::notify(&mut case.change, ticket, recipient, &said, Telling { notice, reason, linked });
}

/// Why nobody is told that a new request arrived: nobody waits for it, or the sender is likely to be forged.
pub(super) fn unacknowledged(case: &Deciding<'_>) -> Option<&'static str> {
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
pub(super) fn receipt(case: &mut Deciding<'_>, ticket: &Ticket, to: &Person, follows: Option<TicketId>) {
    if let Some(octets) = case.arrival.oversize {
        let detail = format!("{}; the body was left on the server", post::human_size(octets));
        case.change.event(ticket.id, EventKind::Oversize, Some(to.id), detail);
        return notify(case, ticket, to, Notice::Oversize, "oversize", follows);
    }
    let to = correspondence::answered(case, ticket.id).unwrap_or_else(|| to.clone());
    notify(case, ticket, &to, Notice::Acknowledgement, "", follows);
}
