//! Links and codes that come back in a mail: others may have read them, so they are worth nothing from then on.

use super::deciding::Deciding;
use crate::desk::flow::subject;
use crate::desk::follow_up::kind::Kind;
use crate::desk::form::state::Stage;
use crate::desk::inbound::verdict::Proof;
use crate::desk::notice::kind::Notice;
use crate::desk::seal::link::{LinkPurpose, SentLink};
use crate::desk::ticket::Status;
use crate::desk::ticket::history::EventKind;
use crate::mail::Origin;

/// Withdraws what came back and could still be used.
pub(super) fn withdraw(case: &mut Deciding<'_>) {
    let arrival = case.arrival;
    for link in arrival.mail.returned() {
        // An absent person's machine quotes our mail to us alone, and nobody would get a fresh link.
        let own_machine = is_owner(case, link) && arrival.mail.origin == Origin::AutoReply;
        if own_machine || !is_withdrawn(case, link) {
            continue;
        }
        case.change.out.returned.push(link.hash);
        let detail =
            format!("{} link to {}: it came back in mail {}", link.purpose.as_str(), link.email, arrival.ledger);
        case.change.event(link.ticket, EventKind::LinkWithdrawn, None, detail);
    }
}

/// Who can stop a reset must stay able to: that is worth more than that others could stop it as well.
fn is_withdrawn(case: &Deciding<'_>, link: &SentLink) -> bool {
    link.purpose != LinkPurpose::Stop && link.is_good(case.change.now)
}

fn is_owner(case: &Deciding<'_>, link: &SentLink) -> bool {
    case.arrival.mail.from.as_ref().is_some_and(|from| from.email == link.email)
}

/// Its owner gets a fresh one, unless the mail brought one already, or asked the directory for it, or none is needed.
pub(super) fn renew(case: &mut Deciding<'_>) {
    let arrival = case.arrival;
    if arrival.mail.origin != Origin::Person {
        return;
    }
    for link in arrival.mail.returned() {
        let fresh = case.change.out.links.iter().any(|new| new.email == link.email);
        if !is_withdrawn(case, link) || !is_owner(case, link) || fresh || !case.change.out.tasks.is_empty() {
            continue;
        }
        let open = case.change.ticket(link.ticket).is_some_and(|ticket| ticket.status != Status::Closed);
        let waits = |stage| !matches!(stage, Stage::Done | Stage::Declined | Stage::Cooling);
        let Some(mut state) = case.change.form(link.ticket).filter(|state| open && waits(state.stage)) else {
            continue;
        };
        let Some(form) = case.change.rules.config.forms.get(&state.form) else { continue };
        state.data.by_owner = case.proof() != Proof::None;
        let (purpose, notice) = match link.purpose {
            LinkPurpose::Activate | LinkPurpose::Code => (LinkPurpose::Activate, Notice::Activation),
            LinkPurpose::Reset => (LinkPurpose::Reset, Notice::PasswordReset),
            LinkPurpose::Enrol => (LinkPurpose::Enrol, Notice::SecondFactorEnrol),
            LinkPurpose::Stop => continue,
        };
        let end = case.change.facts.follow_up(link.ticket, Kind::ActivationExpiry).map(|expiry| expiry.due_at);
        let end = end.filter(|_| purpose == LinkPurpose::Activate);
        subject::send_link(&mut case.change, form, &state, purpose, notice, "again", end);
    }
}
