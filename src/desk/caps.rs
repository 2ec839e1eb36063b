//! Bounds on automatic mail: what ends any loop.

use jiff::Timestamp;

use super::facts::Facts;
use super::id::TicketId;
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

/// The window of the breaker, in hours.
pub const FIRST_CONTACTS_HOURS: i64 = 1;

/// Whatever was usual, no more than this many go out within the window: what a desk that really gets more configures.
const MOST_FIRST_CONTACTS: u32 = 1_000;

/// How many go out within the window: what is configured, or half as many again as in the busiest window of the days before.
pub fn first_contacts(configured: u32, busiest: u32) -> u32 {
    let usual = busiest.saturating_add(busiest / 2);
    configured.max(usual.min(MOST_FIRST_CONTACTS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_breaker_follows_what_is_usual_within_bounds() {
        assert_eq!(first_contacts(40, 0), 40);
        assert_eq!(first_contacts(40, 20), 40);
        assert_eq!(first_contacts(40, 40), 60);
        assert_eq!(first_contacts(40, 5_000), MOST_FIRST_CONTACTS);
        assert_eq!(first_contacts(5_000, 10), 5_000, "what people decided holds");
    }
}
