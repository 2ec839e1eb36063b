//! Registration: Business Account, activation, portal, welcome.

use jiff::{SignedDuration, Timestamp};

use super::letter::Say;
use super::subject::{end, say, send_link};
use super::{directory, hand_over};
use crate::config::form::Form;
use crate::desk::change::Change;
use crate::desk::directory::{NeedsApproval, Registration, Task};
use crate::desk::follow_up::due::{Elapsed, due_at};
use crate::desk::follow_up::kind::Kind;
use crate::desk::form::hand_over::HandOver;
use crate::desk::form::state::{FormState, Stage};
use crate::desk::form::task::Purpose;
use crate::desk::notice::kind::Notice;
use crate::desk::seal::link::LinkPurpose;
use crate::desk::ticket::Status;
use crate::desk::ticket::history::EventKind;

/// Not activated after this time: a reminder with a fresh link.
const REMIND_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// What the directory made of a registration.
pub(in crate::desk) fn answered(
    change: &mut Change<'_>,
    form: &Form,
    mut state: FormState,
    registration: &Registration,
) {
    match registration {
        Registration::Created(_) | Registration::Waiting(_) => invite(change, form, state),
        Registration::Enabled(_) => welcome(change, form, state),
        Registration::Partner(_) => {
            say(change, form, &state, Notice::PartnerPortal, Say::default());
            state.stage = Stage::Declined;
            end_with_links(change, form, state, "a partner account: the partner portal has its own request");
        }
        Registration::NeedsApproval(NeedsApproval::ForeignAddress) => {
            hand(change, form, state, HandOver::ForeignAddress)
        }
        Registration::NeedsApproval(NeedsApproval::UnknownAccount) => {
            hand(change, form, state, HandOver::UnknownAccount)
        }
        Registration::NeedsApproval(NeedsApproval::AccountDisabled) => {
            hand(change, form, state, HandOver::AccountDisabled)
        }
        Registration::Disabled if !is_own(change, form, &state) => {
            hand_over::tell(change, form, &state, HandOver::PersonDisabled, Say::default());
            state.stage = Stage::Declined;
            end_with_links(change, form, state, "the person is disabled");
        }
        Registration::Disabled => hand(change, form, state, HandOver::PersonDisabled),
    }
}

fn hand(change: &mut Change<'_>, form: &Form, state: FormState, reason: HandOver) {
    change.withdraw_links(&state, &[LinkPurpose::Activate, LinkPurpose::Code]);
    hand_over::to_engineers(change, form, state, reason, Say::default());
}

/// Sends the link for a first password, and again when somebody asks again.
fn invite(change: &mut Change<'_>, form: &Form, mut state: FormState) {
    let reason = if state.data.again > 0 { "again" } else { "" };
    send_link(change, form, &state, LinkPurpose::Activate, Notice::Activation, reason, None);
    state.stage = Stage::Sent;
    change.status(state.ticket, Status::Waiting, None);
    let due = |after| due_at(change.now, Elapsed(after));
    // The request ends with its link.
    let (remind, expire) = (due(REMIND_AFTER), due(LinkPurpose::Activate.valid_for()));
    change.follow_up(state.ticket, Kind::ActivationReminder, remind, String::new());
    change.follow_up(state.ticket, Kind::ActivationExpiry, expire, String::new());
    change.keep(state);
}

/// When the request ends, and all its links with it.
fn end_of(change: &Change<'_>, state: &FormState) -> Option<Timestamp> {
    change.facts.follow_up(state.ticket, Kind::ActivationExpiry).map(|expiry| expiry.due_at)
}

/// How to sign in; the end of a registration.
fn welcome(change: &mut Change<'_>, form: &Form, mut state: FormState) {
    let reason = if state.data.again > 0 { "again" } else { "" };
    say(change, form, &state, Notice::Welcome, Say { reason, ..Say::default() });
    state.stage = Stage::Done;
    end_with_links(change, form, state, "the portal is enabled, and the person knows how to sign in");
}

/// Whether who asked is the person it is about.
fn is_own(change: &Change<'_>, form: &Form, state: &FormState) -> bool {
    let requester = change.ticket(state.ticket).and_then(|ticket| change.person_by_id(ticket.requester));
    requester.is_some_and(|requester| requester.email == state.email(form))
}

/// Ends a form. The case of who asked about somebody else waits until a link would have ended: an earlier end would tell
/// what the directory knows of that person, or what they did.
fn end_with_links(change: &mut Change<'_>, form: &Form, state: FormState, why: &str) {
    if is_own(change, form, &state) {
        return end(change, state, why);
    }
    let due = |kind| change.facts.follow_up(state.ticket, kind).map(|follow_up| follow_up.due_at);
    let fresh = || due_at(change.now, Elapsed(LinkPurpose::Activate.valid_for()));
    let at = due(Kind::ActivationExpiry).or_else(|| due(Kind::LinkExpiry)).unwrap_or_else(fresh);
    change.event(state.ticket, EventKind::FormEnded, None, why.to_owned());
    for kind in [Kind::ActivationReminder, Kind::ActivationExpiry] {
        change.cancel(state.ticket, kind);
    }
    change.follow_up(state.ticket, Kind::LinkExpiry, at, String::new());
    change.status(state.ticket, Status::Waiting, None);
    change.keep(state);
}

/// The first password was set: the portal follows, then the welcome.
pub(in crate::desk) fn activated(change: &mut Change<'_>, form: &Form, state: FormState) {
    change.event(state.ticket, EventKind::Activated, None, state.email(form));
    if let Some(end) = end_of(change, &state).filter(|_| !is_own(change, form, &state)) {
        change.follow_up(state.ticket, Kind::LinkExpiry, end, String::new());
    }
    change.cancel(state.ticket, Kind::ActivationReminder);
    change.cancel(state.ticket, Kind::ActivationExpiry);
    match &form.portal {
        Some(portal) => {
            let task = Task::EnablePortal { email: state.email(form), portal: portal.clone() };
            directory::work(change, state, Purpose::Portal, task);
        }
        None => welcome(change, form, state),
    }
}

/// The portal of somebody who became active is enabled.
pub(in crate::desk) fn portal_enabled(change: &mut Change<'_>, form: &Form, state: FormState) {
    change.event(state.ticket, EventKind::PortalEnabled, None, form.portal.clone().unwrap_or_default());
    welcome(change, form, state);
}

/// Somebody asks again, or did not get the mail: the state as it is now, and a fresh link.
pub(in crate::desk) fn again(change: &mut Change<'_>, form: &Form, mut state: FormState) {
    state.data.again += 1;
    // Whatever comes of it, the time begins anew.
    change.cancel(state.ticket, Kind::LinkExpiry);
    change.cancel(state.ticket, Kind::ActivationExpiry);
    change.event(state.ticket, EventKind::AskedAgain, None, format!("{} times", state.data.again));
    directory::register(change, form, state, true);
}

/// A reply to the activation mail proves the address: a code for the page comes back.
pub(in crate::desk) fn code(change: &mut Change<'_>, form: &Form, state: &FormState) {
    // Their answer quotes our mail, and others are on the ticket: what it carried is worth nothing from now on.
    change.withdraw_links(state, &[LinkPurpose::Activate, LinkPurpose::Code]);
    let end = end_of(change, state);
    send_link(change, form, state, LinkPurpose::Code, Notice::ActivationCode, "", end);
}

/// Not activated yet: reminded once, with a fresh link.
pub(in crate::desk) fn remind(change: &mut Change<'_>, form: &Form, state: &FormState) {
    if state.stage == Stage::Sent {
        let end = end_of(change, state);
        send_link(change, form, state, LinkPurpose::Activate, Notice::ActivationReminder, "", end);
    }
}

/// Not activated in time: the request ends, with a note how to start again.
pub(in crate::desk) fn expire(change: &mut Change<'_>, form: &Form, mut state: FormState) {
    if state.stage != Stage::Sent {
        return;
    }
    change.withdraw_links(&state, &[LinkPurpose::Activate, LinkPurpose::Code]);
    say(change, form, &state, Notice::ActivationExpired, Say::default());
    state.stage = Stage::Declined;
    end(change, state, "not activated in time");
}
