//! Delivery reports: which of our mails came back, and what follows.

use super::deciding::Deciding;
use crate::desk::action::deliverability;
use crate::desk::inbound::sent::{Bounced, SentMail};
use crate::desk::inbound::verdict::Verdict;
use crate::desk::notice::kind::Notice;
use crate::desk::rules::Rules;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::message::Direction;
use crate::mail::{BounceKind, BounceReport, Mail, own_trouble};

/// Files a report on the ticket of the mail that bounced. One that returns nothing of which only we and the servers on the
/// way know touches nothing: anybody can write one.
pub(super) fn report(case: &mut Deciding<'_>) {
    let Some((sent, how)) = bounced_mail(case) else { return unproven(case) };
    case.change.note("bounce", "match", format!("mail number {} by {how}", sent.outbox));
    let report = the_report(case, &sent);
    let kind = report.as_ref().map_or(BounceKind::Soft, |report| report.kind);
    let words = words(&sent, report.as_ref());
    let ticket = sent.ticket.and_then(|id| case.change.ticket(id)).map(|ticket| ticket.id);
    case.lands_on(ticket);
    if kind == BounceKind::Delivered {
        return case
            .settle(Verdict::Bounce, format!("mail to {} arrived, says its server: nothing changes", sent.recipient));
    }
    if let Some(ticket) = ticket {
        case.file(ticket, None, Direction::Inbound, false);
        case.change.event(ticket, EventKind::Bounce, None, words.clone());
    }
    if kind == BounceKind::Delay {
        return case.settle(Verdict::Bounce, format!("{words}: still trying, nothing changes"));
    }
    let first = !sent.failed;
    if first {
        // What a server has against us is not held against the address.
        if own_trouble(&words).is_none() {
            deliverability::blame(&mut case.change, &sent.recipient, kind);
        }
        case.change.out.bounced = Some(Bounced { sent: sent.clone(), error: words.clone() });
    }
    case.settle(Verdict::Bounce, words.clone());
    // News of a mail that brought such news goes nowhere: it would never end.
    let tellable = first && sent.notice != Notice::DeliveryFailed.as_str();
    if let (Some(ticket), true) = (ticket, tellable) {
        let reason = match (&report, kind) {
            (None, _) => "bounced",
            (_, BounceKind::Hard) => "hard",
            (_, _) if own_trouble(&words).is_some() => "refused",
            _ => "soft",
        };
        deliverability::tell(&mut case.change, ticket, &sent.recipient, reason, &words);
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
    let named = proven(case.change.rules, &case.arrival.mail);
    named.into_iter().find_map(|(outbox, how)| Some((case.change.facts.outbox.get(&outbox)?.clone(), how)))
}

/// A report that only names a Message-ID of ours, if that. The history tells that it came; none of its words goes further.
fn unproven(case: &mut Deciding<'_>) {
    let id = case.arrival.mail.bounce.as_ref().and_then(|bounce| bounce.original_message_id.as_ref());
    let row = id.and_then(|id| case.change.facts.outbox_by_message_id.get(id));
    let Some(sent) = row.and_then(|row| case.change.facts.outbox.get(row)).cloned() else {
        return case.settle(Verdict::Bounce, "a delivery report that names none of our mails".to_owned());
    };
    case.change.note(
        "bounce",
        "miss",
        format!("it names mail number {} by a Message-ID, which others know too", sent.outbox),
    );
    let ticket = sent.ticket.and_then(|id| case.change.ticket(id)).map(|ticket| ticket.id);
    case.lands_on(ticket);
    if let Some(ticket) = ticket {
        let words = format!("a report on mail to {} returns nothing of it: nothing changes", sent.recipient);
        case.change.event(ticket, EventKind::BounceUnproven, None, words);
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
