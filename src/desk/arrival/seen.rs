//! Tokens that others saw: a mail to the desk that went to somebody else as well showed them the address and the
//! Message-IDs of ours that it names.

use super::deciding::Deciding;
use super::tokens::tokens;

/// Gives everybody whose token others saw by this mail a new one. The old one still leads to the ticket; it proves nobody
/// any more.
pub(super) fn replace(case: &mut Deciding<'_>) {
    let mail = &case.arrival.mail;
    for token in tokens(case.change.rules, case.arrival) {
        let holder = case.change.facts.people.get(&token.person).map(|person| person.email.as_str());
        let mut shown = mail.to.iter().chain(&mail.cc).map(|address| address.email.as_str());
        let others = shown.any(|email| Some(email) != holder && !case.change.rules.is_ours(email));
        if others && token.generation == case.change.generation(token.ticket, token.person) {
            case.change.out.generations.push(((token.ticket, token.person), token.generation + 1));
            let detail = format!("one on {}, which others saw by this mail", case.change.rules.case_id(token.ticket));
            case.change.note("token", "replaced", detail);
        }
    }
}
