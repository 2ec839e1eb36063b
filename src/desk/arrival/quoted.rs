//! Which earlier words a mail will need: reading them is dear, so only who has proved to be an engineer makes us do it.

use super::identity;
use super::thread::{self, Found};
use crate::desk::facts::Facts;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::inbound::arrival::Arrival;
use crate::desk::inbound::verdict::Proof;
use crate::desk::rules::Rules;

/// The engineer who wrote a mail, when something proves it.
pub fn engineer(rules: &Rules, facts: &Facts, arrival: &Arrival) -> Option<PersonId> {
    let from = arrival.mail.from.as_ref()?;
    let sender = facts.person_by_email(&from.email).map(|person| person.id).filter(|id| facts.is_engineer(*id))?;
    let proof = identity::proof(rules, facts, arrival, Some(sender), &mut Vec::new());
    (proof != Proof::None).then_some(sender)
}

/// The ticket whose last words an engineer's answer quotes; at most one a mail, whatever it names.
pub fn ticket(rules: &Rules, facts: &Facts, arrival: &Arrival) -> Option<TicketId> {
    let engineer = engineer(rules, facts, arrival)?;
    match thread::find(rules, facts, arrival, Some(engineer), &mut Vec::new()) {
        Found::Ticket { ticket, .. } | Found::Claim { ticket, .. } => Some(ticket),
        Found::Nothing => None,
    }
}
