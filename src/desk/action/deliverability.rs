//! What mails that come back say of an address, and who hears of it.

use jiff::{SignedDuration, Timestamp};

use super::send::send;
use crate::desk::change::Change;
use crate::desk::id::TicketId;
use crate::desk::inbound::sent::Failure;
use crate::desk::notice::kind::Notice;
use crate::desk::notice::vars::Vars;
use crate::desk::post::Draft;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::person::{Person, letter_language};
use crate::mail::{Address, BounceKind, own_trouble};

/// From this score on no automatic mail is sent.
pub const SUPPRESS_AT: i64 = 100;

/// A soft bounce counts this much; a hard one suppresses at once.
const SOFT: i64 = 25;

/// The score halves in this time.
const HALF_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What a mail that did not arrive says of its address: by a report, or by the server's refusal.
pub(in crate::desk) fn blame(change: &mut Change<'_>, email: &str, kind: BounceKind) {
    let Some(mut person) = change.facts.person_by_email(email).cloned() else { return };
    person.bounce_score = match kind {
        BounceKind::Hard => SUPPRESS_AT.max(decayed(&person, change.now)),
        BounceKind::Soft => decayed(&person, change.now) + SOFT,
        BounceKind::Delay | BounceKind::Delivered => decayed(&person, change.now),
    };
    person.bounced_at = Some(change.now);
    person.suppressed = person.bounce_score >= SUPPRESS_AT;
    change.update(&person);
}

/// What is left of a score: half after each `HALF_LIFE`.
pub fn decayed(person: &Person, now: Timestamp) -> i64 {
    let since = person.bounced_at.map_or(SignedDuration::ZERO, |at| now.duration_since(at));
    let halvings = u32::try_from((since.as_secs() / HALF_LIFE.as_secs().max(1)).clamp(0, 62)).unwrap_or_default();
    person.bounce_score >> halvings
}

/// One line to those who look after the ticket: what happened, what to do. The report of a mail to an engineer does not go to that
/// engineer, to whom it would not get through either: where nobody else looks after the ticket, the others of its queue hear
/// of it, and where there are none, all engineers.
pub(in crate::desk) fn tell(change: &mut Change<'_>, id: TicketId, failed: &str, reason: &str, words: &str) {
    let Some(ticket) = change.the_ticket(id) else { return };
    let mut told: Vec<Person> = change.looked_after_by(&ticket);
    told.retain(|person| person.email != failed);
    for others in [change.facts.engineers_of(&ticket.queue), change.facts.engineers()] {
        if told.is_empty() {
            told = others.into_iter().filter_map(|id| change.person_by_id(id)).collect();
            told.retain(|person| person.email != failed);
        }
    }
    let remedy = own_trouble(words).map(|own| format!(" – this is about us, not about the address: {}", own.remedy));
    for person in told {
        let vars = Vars {
            author: Address::new("", failed),
            reason: reason.to_owned(),
            detail: format!("{words}{}", remedy.as_deref().unwrap_or_default()),
            ..Vars::default()
        };
        let language = letter_language(
            Notice::DeliveryFailed.languages(),
            &person,
            None,
            change.rules.config.desk.default_language,
        );
        send(change, Draft::to(&person, Notice::DeliveryFailed, &ticket, language, vars, change.now));
    }
}

/// A mail of ours failed for good: the ticket's history and its engineers hear of it.
pub(in crate::desk) fn failed(change: &mut Change<'_>, failure: &Failure) {
    change.out.failure_told = Some(failure.outbox);
    if let Some(kind) = failure.cause.blame() {
        blame(change, &failure.recipient, kind);
    }
    if let Some(ticket) = failure.ticket.and_then(|id| change.ticket(id)).map(|ticket| ticket.id) {
        let words = format!("mail to {} failed: {}", failure.recipient, failure.error);
        change.event(ticket, EventKind::Failed, None, words.clone());
        if failure.notice != Notice::DeliveryFailed.as_str() {
            tell(change, ticket, &failure.recipient, failure.cause.as_str(), &words);
        }
    }
}
