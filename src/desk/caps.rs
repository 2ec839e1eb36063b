//! Bounds on automatic mail: what ends any loop.

use jiff::Timestamp;

use super::TicketId;
use super::facts::Facts;
use crate::config::Limits;

/// The cap that one more automatic mail to `email` about `ticket` would break, in words; `None` when it may go out.
pub fn broken(facts: &Facts, limits: &Limits, email: &str, ticket: TicketId) -> Option<String> {
    let to = facts.sent.to.get(email).map(Vec::as_slice).unwrap_or_default();
    let about = facts.sent.about.get(&(ticket, email.to_owned())).map(Vec::as_slice).unwrap_or_default();
    let rules = [
        ("to this address", &limits.per_recipient, to),
        ("to this address about this case", &limits.per_ticket, about),
        ("in total", &limits.total, facts.sent.total.as_slice()),
    ];
    rules.into_iter().find_map(|(what, windows, counts)| {
        let full = windows.iter().zip(counts).find(|((_, most), count)| *count >= most);
        full.map(|((within, most), _)| format!("{most} automatic mails {what} within {within:#}"))
    })
}

/// The cap that one more link to an address would break, in words. Links that its owner asked for, proven, and those that
/// anybody may have asked for are counted apart: nobody can use up another's.
pub fn links_broken(facts: &Facts, limits: &Limits, email: &str, by_owner: bool, now: Timestamp) -> Option<String> {
    let sent = facts.links.get(email).map(Vec::as_slice).unwrap_or_default();
    limits.links.iter().find_map(|(within, most)| {
        let counts = |(at, owner): &&(Timestamp, bool)| *owner == by_owner && now.duration_since(*at) < *within;
        let count = sent.iter().filter(counts).count();
        (count >= usize::try_from(*most).unwrap_or(usize::MAX))
            .then(|| format!("{most} links to this address within {within:#}"))
    })
}
