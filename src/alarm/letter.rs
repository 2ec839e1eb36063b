//! The mail about a trouble.

use jiff::Timestamp;

use super::trouble::Turn;
use crate::config::{Config, Mailbox};
use crate::desk::notice::kind::Notice;
use crate::desk::notice::letter::Letter;
use crate::desk::notice::vars::{DeskVars, Vars};
use crate::mail::Address;
use crate::mail::language::Language;

/// A letter to the lead, from a mailbox of the desk.
pub(super) fn letter(config: &Config, mailbox: &Mailbox, lead: &str, turn: &Turn, now: Timestamp) -> Letter {
    let (subject, detail, reason) = match turn {
        Turn::Tells(trouble) if trouble.ahead => (&trouble.subject, &trouble.words, "ahead"),
        Turn::Tells(trouble) => (&trouble.subject, &trouble.words, "begun"),
        Turn::Over(alarm) => (&alarm.subject, &alarm.words, "over"),
    };
    let from = Address::new(config.desk.name.clone(), &mailbox.address);
    let to = Address::new("", lead);
    let domain = mailbox.address.rsplit_once('@').map_or("", |(_, domain)| domain);
    let language = Some(config.desk.default_language).filter(|language| Language::OF_ENGINEERS.contains(language));
    Letter {
        notice: Notice::Trouble,
        language: language.unwrap_or(Language::En),
        reply_to: from.clone(),
        to: vec![to.clone()],
        cc: Vec::new(),
        message_id: format!("caseway-trouble-{:016x}@{domain}", rand::random::<u64>()),
        in_reply_to: None,
        references: Vec::new(),
        delivery: String::new(),
        no_reactions: true,
        date: now,
        vars: Vars {
            desk: DeskVars { name: config.desk.name.clone(), address: mailbox.address.clone(), ..DeskVars::default() },
            subject: subject.clone(),
            detail: detail.clone(),
            reason: reason.to_owned(),
            recipient: to,
            ..Vars::default()
        },
        from,
        files: Vec::new(),
    }
}
