//! A mail that a proven engineer passes on speaks for whom it came from.

use super::deciding::{Deciding, Voice};
use crate::mail::language;
use crate::mail::{Forwarded, forward, message_id};

/// A mail that a verified engineer forwards speaks for whom it came from; anyone else's forward stays theirs.
pub(super) fn hear(case: &mut Deciding<'_>) {
    let Some(original) = forwarded(case) else { return };
    let known = case.change.facts.person_by_email(&original.from.email);
    if case.change.rules.is_ours(&original.from.email)
        || known.is_some_and(|person| case.change.facts.is_engineer(person.id))
    {
        return;
    }
    speak_for(case, original);
}

/// The mail that this one passes on.
fn forwarded(case: &Deciding<'_>) -> Option<Forwarded> {
    let mail = &case.arrival.mail;
    forward::original(&mail.text, &mail.subject, &mail.attachments)
}

/// The id of a forwarded mail: what the forward states, or names as its parent as Gmail, Outlook, Apple Mail and
/// Thunderbird do. Empty when it does neither.
fn id_of(case: &Deciding<'_>, original: &Forwarded) -> String {
    let mail = &case.arrival.mail;
    let stated = mail.headers.first("X-Forwarded-Message-Id").and_then(|value| message_id::list(value).pop());
    let named = || mail.in_reply_to.first().or(mail.references.last()).cloned();
    original.message_id.clone().or(stated).or_else(named).unwrap_or_default()
}

/// The words are those of who wrote the mail first.
fn speak_for(case: &mut Deciding<'_>, original: Forwarded) {
    let message_id = id_of(case, &original);
    case.change.note("forward", "match", format!("first written by {}", original.from.email));
    let mail = &case.arrival.mail;
    case.voice = Voice {
        subject: original.subject,
        message_id,
        author: original.from,
        language: language::detect(&original.body),
        words: original.body,
        forwarded_by: mail.from.clone(),
        alias_of: None,
    };
}
