//! Whom an engineer copies for themselves: the boss, a second address of their own. They are nobody the customer asked, so
//! they are put on no case and shown to no customer.

use crate::desk::facts::Facts;
use crate::desk::ticket::Ticket;
use crate::desk::ticket::person::Person;
use crate::mail::Address;

/// Letters of the shortest part of an address that tells people apart.
const MIN_PART: usize = 3;

/// Whether an address that an engineer put in To or Cc is on the engineer's side: of the engineer's own domain, or a second
/// address of the engineer's by its name. Never one of a domain that writes on the case as a customer, and never an
/// engineer's, who may follow the case.
pub fn is_beside(facts: &Facts, ticket: &Ticket, engineer: &Person, address: &Address) -> bool {
    let known = facts.person_by_email(&address.email);
    if known.is_some_and(|person| ticket.is_customer(person.id) || facts.is_engineer(person.id)) {
        return false;
    }
    let domain = domain(&address.email);
    let customers =
        ticket.others.iter().map(|(id, _)| *id).chain([ticket.requester]).filter(|id| ticket.is_customer(*id));
    let writes_here =
        customers.filter_map(|id| facts.people.get(&id)).any(|person| self::domain(&person.email) == domain);
    !writes_here && (domain == self::domain(&engineer.email) || is_same_person(engineer, address))
}

/// `erkki.private@home.test` of `erkki@desk.test`, or whatever bears the same name.
fn is_same_person(engineer: &Person, address: &Address) -> bool {
    let name = address.name.trim().to_lowercase();
    let own = parts(&engineer.email);
    let other = parts(&address.email);
    !name.is_empty() && name == engineer.name.trim().to_lowercase()
        || !own.is_empty() && own.iter().all(|part| other.contains(part))
}

fn domain(email: &str) -> String {
    email.rsplit_once('@').map_or("", |(_, domain)| domain).to_lowercase()
}

fn parts(email: &str) -> Vec<String> {
    let local = email.rsplit_once('@').map_or(email, |(local, _)| local).to_lowercase();
    let parts = local.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().count() >= MIN_PART);
    parts.map(str::to_owned).collect()
}
