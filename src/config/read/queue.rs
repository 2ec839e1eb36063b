//! `[queue.NAME]`: what happens by itself on the tickets of a queue.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use crate::config::section::Section;
use crate::config::{Mailbox, Queue, values};

/// Reminders before a ticket is given up: more are a nuisance.
const MAX_REMINDERS: u32 = 20;

pub(super) fn queues(root: &Section<'_>, mailboxes: Option<&BTreeMap<String, Mailbox>>) -> BTreeMap<String, Queue> {
    let Some(section) = root.section("queue") else { return BTreeMap::new() };
    let mut queues = BTreeMap::new();
    for entry in section.entries() {
        if let Err(what) = values::name(entry.key()) {
            entry.problem(what);
        }
        if let Some(mailboxes) = mailboxes
            && !mailboxes.values().any(|mailbox| mailbox.queue == entry.key())
        {
            let known: Vec<&str> = mailboxes.values().map(|mailbox| mailbox.queue.as_str()).collect();
            entry.warning(format!("no mailbox leads to this queue; they lead to {}", known.join(", ")));
        }
        if let Some(queue) = entry.section("queue.NAME").map(|section| queue(&section)) {
            queues.insert(entry.key().to_owned(), queue);
        }
    }
    queues
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
