//! First contacts: automatic letters to people of whom nothing shows that the address is theirs.
//!
//! Whoever writes to us in somebody else's name, or names somebody in a form, makes us write to that person. So an automatic
//! letter to somebody whom we do not know bears no word that the sender chose, and when more of them go out than usual a
//! breaker holds the rest back: the tickets are opened, and the engineers are told once.

use super::TicketId;
use super::arrival::Arrival;
use super::change::Change;
use super::identity::{aligned, has_one_author};
use super::notice::{FormVars, Notice, UserVars, Vars};
use super::post::{self, Draft};
use super::request::letter_language;
use super::rules::Rules;
use crate::mail::Address;
use crate::mail::auth_results::{self, AuthResult, Verdict};

/// An automatic letter to somebody whom we do not know, or about what such a person asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstContact {
    /// The ticket that it is about.
    pub ticket: TicketId,
    /// The breaker kept it back.
    pub held: bool,
}

/// How many there were, and how many there may be.
#[derive(Debug, Clone, Copy, Default)]
pub struct FirstContacts {
    /// Within the last hour, those held back included: while a wave lasts, nothing more goes out.
    pub lately: u32,
    /// Those of them that were held back.
    pub held: u32,
    /// How many go out within an hour.
    pub most: u32,
}

/// The window of the breaker, in hours.
pub const WINDOW_HOURS: i64 = 1;
/// Whatever was usual, no more than this many go out within the window: what a desk that really gets more configures.
const MOST: u32 = 1_000;

/// How many go out within the window: what is configured, or half as many again as in the busiest window of the days before.
pub fn most(configured: u32, busiest: u32) -> u32 {
    let usual = busiest.saturating_add(busiest / 2);
    configured.max(usual.min(MOST))
}

/// Whether our server vouches for the domain of From by SPF or DKIM. Enough to know that an answer reaches who wrote; for an
/// engineer's authority it is not.
pub fn is_vouched_for(rules: &Rules, arrival: &Arrival) -> bool {
    let trusted = rules.config.trust.server.as_ref();
    let Some(results) = trusted.and_then(|server| auth_results::trusted(&arrival.mail.headers, server)) else {
        return false;
    };
    let from = arrival.mail.from.as_ref().map(Address::domain).unwrap_or_default();
    let good = |result: &AuthResult| {
        result.verdict == Verdict::Pass && result.domain.as_deref().is_some_and(|domain| aligned(domain, from))
    };
    has_one_author(arrival) && (results.internal || results.spf.iter().any(good) || results.dkim.iter().any(good))
}

/// Whether a letter is a first contact: a machine sends it, and neither its reader nor who asked for it is known. What the
/// directory of accounts must tell its people is never held back.
pub(super) fn is_first_contact(change: &Change<'_>, draft: &Draft<'_>) -> bool {
    let requester = change.person_by_id(draft.ticket.requester);
    let known = change.is_known(draft.recipient) && requester.is_some_and(|person| change.is_known(&person));
    is_to_customer(change, draft) && !draft.notice.is_security() && !known
}

/// Whether nothing in a letter may be of the sender's choosing: its reader did not write it, or perhaps did not.
pub(super) fn is_impersonal(change: &Change<'_>, draft: &Draft<'_>) -> bool {
    let own = draft.recipient.id == draft.ticket.requester && change.is_known(draft.recipient);
    is_to_customer(change, draft) && !own
}

fn is_to_customer(change: &Change<'_>, draft: &Draft<'_>) -> bool {
    draft.notice.is_automatic() && !post::is_to_engineer(change.facts, draft)
}

/// Takes what the sender chose out of what a template may say.
pub(super) fn impersonal(vars: Vars) -> Vars {
    let missing = vars.form.missing.into_iter();
    Vars {
        subject: String::new(),
        author: Address::default(),
        requester: Address::default(),
        words: String::new(),
        quote: super::notice::Quote::default(),
        files: Vec::new(),
        detail: String::new(),
        form: FormVars {
            understood: Vec::new(),
            missing: missing
                .map(|mut field| {
                    field.value = String::new();
                    field
                })
                .collect(),
            ..vars.form
        },
        user: UserVars { name: String::new(), ..vars.user },
        ..vars
    }
}

impl Change<'_> {
    /// Counts a first contact. Whether the breaker holds it back; the engineers hear of the first that it does.
    pub(super) fn holds_back(&mut self, ticket: TicketId) -> bool {
        let before = u32::try_from(self.out.first_contacts.len()).unwrap_or(u32::MAX);
        let counts = self.facts.first_contacts;
        let held = counts.lately.saturating_add(before) >= counts.most;
        let first = held && counts.held == 0 && !self.out.first_contacts.iter().any(|contact| contact.held);
        self.out.first_contacts.push(FirstContact { ticket, held });
        if first {
            self.tell_of_the_breaker(ticket);
        }
        held
    }

    /// Whether the breaker held a letter about this ticket back in this outcome: nobody is told of each of them.
    pub(super) fn is_held_back(&self, ticket: TicketId) -> bool {
        self.out.first_contacts.iter().any(|contact| contact.held && contact.ticket == ticket)
    }

    fn tell_of_the_breaker(&mut self, id: TicketId) {
        let Some(ticket) = self.ticket(id) else { return };
        let most = self.facts.first_contacts.most;
        self.event(id, "breaker", None, format!("{most} first contacts within an hour: the next ones are held back"));
        for person in self.looked_after_by(&ticket) {
            let language = letter_language(&person, None, self.rules.config.desk.default_language);
            let vars = Vars { limit: most.to_string(), ..Vars::default() };
            self.send(Draft::to(&person, Notice::FirstContacts, &ticket, language, vars, self.now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_breaker_follows_what_is_usual_within_bounds() {
        assert_eq!(most(40, 0), 40);
        assert_eq!(most(40, 20), 40);
        assert_eq!(most(40, 40), 60);
        assert_eq!(most(40, 5_000), MOST);
        assert_eq!(most(5_000, 10), 5_000, "what people decided holds");
    }
}
