//! `[queue.NAME]`: what happens by itself on the tickets of a queue.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use crate::config::section::Section;
use crate::config::{Mailbox, Queue, values};

/// Reminders before a ticket is given up: more are a nuisance.
const MAX_REMINDERS: u32 = 20;

/// The queues, and the addresses that mails of some come from.
pub(super) type Queues = (BTreeMap<String, Queue>, BTreeMap<String, String>);

pub(super) fn queues(root: &Section<'_>, mailboxes: Option<&BTreeMap<String, Mailbox>>) -> Queues {
    let (mut queues, mut addresses) = Queues::default();
    let Some(section) = root.section("queue") else { return (queues, addresses) };
    for entry in section.entries() {
        if let Err(what) = values::name(entry.key()) {
            entry.problem(what);
        }
        if let Some(mailboxes) = mailboxes
            && !mailboxes.values().any(|mailbox| mailbox.queues().any(|queue| queue == entry.key()))
        {
            let known: Vec<&str> = mailboxes.values().flat_map(Mailbox::queues).collect();
            entry.warning(format!("no mailbox leads to this queue; they lead to {}", known.join(", ")));
        }
        let Some(section) = entry.section("queue.NAME") else { continue };
        if let Some(address) = address(&section, mailboxes) {
            addresses.insert(entry.key().to_owned(), address);
        }
        queues.insert(entry.key().to_owned(), queue(&section));
    }
    (queues, addresses)
}

/// An address that leads to one of the mailboxes: answers go there.
fn address(section: &Section<'_>, mailboxes: Option<&BTreeMap<String, Mailbox>>) -> Option<String> {
    let address = section.parsed("address", values::address)?;
    let own = |mailbox: &Mailbox| mailbox.address == address || mailbox.aliases.contains(&address);
    if mailboxes.is_some_and(|mailboxes| !mailboxes.values().any(own)) {
        section.problem_at("address", "is neither the address nor an alias of a mailbox: answers would reach nobody");
        return None;
    }
    Some(address)
}

fn queue(section: &Section<'_>) -> Queue {
    let default = Queue::default();
    let follow_up = section.flag("follow_up", true);
    let remind_after = after(section, "remind_after", default.remind_after);
    let reminders = section.number("reminders", 1..=MAX_REMINDERS).unwrap_or(default.reminders);
    let announce_after = after(section, "announce_after", default.announce_after);
    let close_after = after(section, "close_after", default.close_after);
    section.refuse_unknown();
    if close_after.is_none() && announce_after.is_some() && !section.is_absent("announce_after") {
        section.problem_at("announce_after", "announces a closing that never comes, as close_after is \"off\"");
    }
    if !follow_up {
        return Queue::OFF;
    }
    Queue { remind_after, reminders, announce_after, close_after }
}

/// A duration, or `"off"`.
fn after(section: &Section<'_>, key: &'static str, default: Option<SignedDuration>) -> Option<SignedDuration> {
    let parse = |written: &str| match written.trim() {
        "off" => Ok(None),
        written => values::duration(written).map(Some).map_err(|what| format!("{what}; \"off\" for never")),
    };
    section.parsed(key, parse).unwrap_or(default)
}
