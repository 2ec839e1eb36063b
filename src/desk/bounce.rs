//! Delivery reports: which of our mails came back, and what follows.

use jiff::{SignedDuration, Timestamp};

use super::TicketId;
use super::change::Change;
use super::decide::Deciding;
use super::facts::{Person, SentMail};
use super::notice::{Notice, Vars};
use super::outcome::{Bounced, Direction, Verdict};
use super::post::Draft;
use super::request::letter_language;
use super::rules::Rules;
use crate::mail::{Address, BounceKind, BounceReport, Mail};

/// From this score on no automatic mail is sent.
pub const SUPPRESS_AT: i64 = 100;
/// A soft bounce counts this much; a hard one suppresses at once.
const SOFT: i64 = 25;
/// The score halves in this time.
const HALF_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Files a report on the ticket of the mail that bounced. One that returns nothing of which only we and the servers on the
/// way know touches nothing: anybody can write one.
pub(super) fn report(case: &mut Deciding<'_>) {
    let Some((sent, how)) = bounced_mail(case) else { return unproven(case) };
    case.note("bounce", "match", format!("mail number {} by {how}", sent.outbox));
    let report = the_report(case, &sent);
    let kind = report.as_ref().map_or(BounceKind::Soft, |report| report.kind);
    let words = words(&sent, report.as_ref());
    let ticket = sent.ticket.and_then(|id| case.ticket(id)).map(|ticket| ticket.id);
    case.lands_on(ticket);
    if kind == BounceKind::Delivered {
        return case
            .settle(Verdict::Bounce, format!("mail to {} arrived, says its server: nothing changes", sent.recipient));
    }
    if let Some(ticket) = ticket {
        case.file(ticket, None, Direction::Inbound, false);
        case.event(ticket, "bounce", None, words.clone());
    }
    if kind == BounceKind::Delay {
        return case.settle(Verdict::Bounce, format!("{words}: still trying, nothing changes"));
    }
    let first = !sent.failed;
    if first {
        blame(case, &sent.recipient, kind);
        case.out.bounced = Some(Bounced { sent: sent.clone(), error: words.clone() });
    }
    case.settle(Verdict::Bounce, words.clone());
    // News of a mail that brought such news goes nowhere: it would never end.
    let tellable = first && sent.notice != Notice::DeliveryFailed.as_str();
    if let (Some(ticket), true) = (ticket, tellable) {
        let reason = match (&report, kind) {
            (None, _) => "bounced",
            (_, BounceKind::Hard) => "hard",
            _ => "soft",
        };
        tell(case, ticket, &sent.recipient, reason, &words);
    }
}

/// The outbox rows that a report names by what only we and the servers on the way know: our return path that it came to,
/// or the mark of the delivery in the mail that it returns. A Message-ID is in every reply, and so known to others.
pub fn proven(rules: &Rules, mail: &Mail) -> Vec<(i64, &'static str)> {
    let mut paths = mail.recipients();
    paths.extend(mail.bounce.as_ref().and_then(|bounce| bounce.original_return_path.clone()));
    let by_path = rules.address_tokens(&paths).filter_map(|token| rules.keys.open_bounce(token));
    let mark = mail.bounce.as_ref().and_then(|bounce| bounce.original_delivery.as_deref());
    let by_mark = mark.and_then(|token| rules.keys.open_bounce(token));
    by_path.map(|id| (id, "its return path")).chain(by_mark.map(|id| (id, "the mail that it returns"))).collect()
}

fn bounced_mail(case: &Deciding<'_>) -> Option<(SentMail, &'static str)> {
    let named = proven(case.rules, &case.arrival.mail);
    named.into_iter().find_map(|(outbox, how)| Some((case.facts.outbox.get(&outbox)?.clone(), how)))
}

/// A report that only names a Message-ID of ours, if that. The history tells that it came; none of its words goes further.
fn unproven(case: &mut Deciding<'_>) {
    let id = case.arrival.mail.bounce.as_ref().and_then(|bounce| bounce.original_message_id.as_ref());
    let row = id.and_then(|id| case.facts.outbox_by_message_id.get(id));
    let Some(sent) = row.and_then(|row| case.facts.outbox.get(row)).cloned() else {
        return case.settle(Verdict::Bounce, "a delivery report that names none of our mails".to_owned());
    };
    case.note("bounce", "miss", format!("it names mail number {} by a Message-ID, which others know too", sent.outbox));
    let ticket = sent.ticket.and_then(|id| case.ticket(id)).map(|ticket| ticket.id);
    case.lands_on(ticket);
    if let Some(ticket) = ticket {
        let words = format!("a report on mail to {} returns nothing of it: nothing changes", sent.recipient);
        case.event(ticket, "bounce_unproven", None, words);
    }
    case.settle(Verdict::Bounce, "a delivery report that anybody could have written: nothing changes".to_owned());
}

fn the_report(case: &Deciding<'_>, sent: &SentMail) -> Option<BounceReport> {
    let reports = &case.arrival.mail.bounce.as_ref()?.reports;
    reports.iter().find(|report| report.recipient == sent.recipient).or_else(|| reports.first()).cloned()
}

fn words(sent: &SentMail, report: Option<&BounceReport>) -> String {
    let status = report.and_then(|report| report.status.as_deref()).unwrap_or("no status");
    let said = report.map(|report| report.diagnostic.trim()).unwrap_or_default();
    let colon = if said.is_empty() { "" } else { ": " };
    format!("mail to {} came back ({status}){colon}{said}", sent.recipient)
}

/// What a mail that did not arrive says of its address: by a report, or by the server's refusal.
pub(super) fn blame(case: &mut Change<'_>, email: &str, kind: BounceKind) {
    let Some(mut person) = case.facts.person_by_email(email).cloned() else { return };
    person.bounce_score = match kind {
        BounceKind::Hard => SUPPRESS_AT.max(decayed(&person, case.now)),
        BounceKind::Soft => decayed(&person, case.now) + SOFT,
        BounceKind::Delay | BounceKind::Delivered => decayed(&person, case.now),
    };
    person.bounced_at = Some(case.now);
    person.suppressed = person.bounce_score >= SUPPRESS_AT;
    case.update(&person);
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
pub(super) fn tell(case: &mut Change<'_>, id: TicketId, failed: &str, reason: &str, words: &str) {
    let Some(ticket) = case.ticket(id) else { return };
    let mut told: Vec<Person> = case.looked_after_by(&ticket);
    told.retain(|person| person.email != failed);
    for others in [case.facts.engineers_of(&ticket.queue), case.facts.engineers()] {
        if told.is_empty() {
            told = others.into_iter().filter_map(|id| case.person_by_id(id)).collect();
            told.retain(|person| person.email != failed);
        }
    }
    for person in told {
        let vars = Vars {
            author: Address::new("", failed),
            reason: reason.to_owned(),
            detail: words.to_owned(),
            ..Vars::default()
        };
        let language = letter_language(&person, None, case.rules.config.desk.default_language);
        case.send(Draft::to(&person, Notice::DeliveryFailed, &ticket, language, vars, case.now));
    }
}
