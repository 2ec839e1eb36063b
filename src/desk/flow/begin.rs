//! A form that nobody wrote a mail for: a page began it.

use crate::config::form::Form;
use crate::desk::action::open::{self, NewCase};
use crate::desk::change::Change;
use crate::desk::directory::Known;
use crate::desk::form::state::FormState;
use crate::desk::id::TicketId;
use crate::desk::ticket::Status;
use crate::desk::ticket::history::EventKind;
use crate::mail::Address;

/// A form on a new ticket that nobody wrote a mail for.
pub(in crate::desk) fn quietly<'a>(
    change: &mut Change<'a>,
    id: TicketId,
    form: &'a Form,
    known: &Known,
) -> Option<(&'a Form, FormState)> {
    let config = &change.rules.config;
    let mailbox =
        form.mailboxes.iter().find_map(|name| config.mailboxes.get(name)).or(config.mailboxes.values().next())?;
    let business = &known.business;
    let person =
        change.person(&Address::new(format!("{} {}", business.first_name, business.last_name), &business.email));
    let language = person.language.or(mailbox.language).unwrap_or(config.desk.default_language);
    let new = NewCase {
        mailbox,
        queue: mailbox.queue.clone(),
        requester: &person,
        subject: form.title(language).to_owned(),
        status: Status::Open,
        message_id: String::new(),
        linked_to: None,
        written_to: String::new(),
    };
    open::open(change, id, new);
    change.event(id, EventKind::Opened, Some(person.id), "on a page".to_owned());
    change.event(id, EventKind::Form, None, form.name.clone());
    Some((form, FormState::about(id, form, business)))
}
