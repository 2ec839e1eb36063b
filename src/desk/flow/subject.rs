//! The person a form is about: what they are sent, and how it ends for them.

use jiff::Timestamp;

use super::letter::{self, Case, Say};
use crate::config::form::Form;
use crate::desk::action::{close, join};
use crate::desk::change::Change;
use crate::desk::form::state::FormState;
use crate::desk::notice::kind::Notice;
use crate::desk::seal::link::LinkPurpose;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::person::Person;
use crate::mail::{Address, language};

/// The person a form is about, as a participant: what they answer belongs on the ticket.
pub(in crate::desk) fn subject(change: &mut Change<'_>, form: &Form, state: &FormState) -> Option<Person> {
    let (first, last) = state.names(form);
    let address = Address::new(format!("{first} {last}").trim(), &state.email(form));
    if address.email.is_empty() {
        return None;
    }
    let person = change.person(&address);
    let ticket = change.ticket(state.ticket)?;
    join::join(change, ticket.id, &address, ticket.requester);
    Some(person)
}

/// One mail to the person the form is about, at the address on record.
pub(in crate::desk) fn say(change: &mut Change<'_>, form: &Form, state: &FormState, notice: Notice, say: Say) {
    let Some(person) = subject(change, form, state) else { return };
    let Some(ticket) = change.the_ticket(state.ticket) else { return };
    letter::send(change, &Case { form, state, ticket: &ticket }, &person, notice, say);
}

/// A link or a code to the person the form is about, good until `end` at the longest; none when too many went there
/// already, or when `end` is past: what is due then says so.
pub(in crate::desk) fn send_link(
    change: &mut Change<'_>,
    form: &Form,
    state: &FormState,
    purpose: LinkPurpose,
    notice: Notice,
    reason: &'static str,
    end: Option<Timestamp>,
) {
    let Some(ticket) = change.ticket(state.ticket).filter(|_| end.is_none_or(|end| end > change.now)) else { return };
    let link = letter::fresh_link(change, &Case { form, state, ticket: &ticket }, purpose, end);
    if let (Some(link), Some(person)) = (link, subject(change, form, state)) {
        if reason == "again" {
            // Who did not get what went out before has lost it, or somebody else has it.
            change.withdraw_links(
                state,
                &[LinkPurpose::Activate, LinkPurpose::Code, LinkPurpose::Reset, LinkPurpose::Enrol],
            );
        }
        let language = letter::language(change, Notice::ActivationReminder, &person, &ticket);
        let when =
            end.map(|end| language::date_time(end, language, &change.rules.config.desk.time_zone)).unwrap_or_default();
        say(change, form, state, notice, Say { link, reason, when, ..Say::default() });
    }
}

/// Ends a form and its ticket, without another word.
pub(in crate::desk) fn end(change: &mut Change<'_>, state: FormState, why: &str) {
    let ticket = state.ticket;
    change.event(ticket, EventKind::FormEnded, None, why.to_owned());
    change.keep(state);
    close::quietly(change, ticket, None);
}
