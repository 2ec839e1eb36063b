//! Who is it: an engineer's authority needs proof, From alone never suffices.
//!
//! A reply token tells *where* a mail belongs. Of a customer it tells also who wrote; of an engineer only where nothing
//! better can be had, because our server says nothing of the sender, and then it gives no right to commands.

use super::tokens::tokens;
use crate::desk::facts::Facts;
use crate::desk::id::PersonId;
use crate::desk::inbound::arrival::Arrival;
use crate::desk::inbound::verdict::{Proof, Step};
use crate::desk::rules::Rules;
use crate::mail::auth_results::{self, AuthResult, AuthResults, Server, Verdict};
use crate::mail::{Address, address, headers};

/// What our own server said of the mail's DMARC, when it is configured to be believed.
pub fn dmarc(rules: &Rules, arrival: &Arrival) -> Option<Verdict> {
    let dmarc = results(rules, arrival)?.dmarc?;
    // RFC 8601 §2.7.5 with RFC 7489: the verdict is about header.from; about another domain it proves nothing.
    let about = dmarc.domain.as_deref().unwrap_or_default();
    let same = about.eq_ignore_ascii_case(from_domain(arrival));
    match dmarc.verdict {
        Verdict::Pass => (same && has_one_author(arrival)).then_some(Verdict::Pass),
        other => (same || about.is_empty()).then_some(other),
    }
}

/// Whether our own server said nothing of the sender, or that its domain sent the mail (an aligned pass of SPF or DKIM).
pub fn is_plausible(rules: &Rules, arrival: &Arrival) -> bool {
    let Some(results) = results(rules, arrival) else { return true };
    if results == AuthResults::default() || results.internal {
        return true;
    }
    let from = from_domain(arrival);
    let mut checks = results.dkim.iter().chain(&results.spf);
    dmarc(rules, arrival) == Some(Verdict::Pass)
        || checks.any(|check| {
            check.verdict == Verdict::Pass && check.domain.as_deref().is_some_and(|domain| aligned(domain, from))
        })
}

/// Whether a mail brings a token that was given to this person and that nobody else saw.
pub fn holds_token(rules: &Rules, facts: &Facts, arrival: &Arrival, person: PersonId) -> bool {
    tokens(rules, arrival)
        .iter()
        .any(|token| token.person == person && token.generation == facts.generation(token.ticket, person))
}

/// Whether our own server says that the sender's domain disowns the mail: DMARC fails, and the domain asks for something then
/// (RFC 9989). One with `p=none` only watches, and its mail fails on lists and through forwarders.
pub fn is_disowned(rules: &Rules, arrival: &Arrival) -> bool {
    let asks = |server: &Server| !auth_results::asks_for_nothing(&arrival.mail.headers, server);
    dmarc(rules, arrival) == Some(Verdict::Fail) && rules.config.trust.server.as_ref().is_some_and(asks)
}

/// What proves the sender: of an engineer the strongest there is, of a customer a token before all.
pub fn proof(
    rules: &Rules,
    facts: &Facts,
    arrival: &Arrival,
    sender: Option<PersonId>,
    steps: &mut Vec<Step>,
) -> Proof {
    let engineer = sender.is_some_and(|person| facts.is_engineer(person));
    let who = if engineer { "engineer" } else { "customer" };
    let doubt = doubt(arrival).or_else(|| replayed(rules, facts, arrival).filter(|_| engineer));
    let (proof, detail) = match doubt {
        Some(doubt) => (Proof::None, doubt),
        None => found(rules, facts, arrival, sender, engineer),
    };
    steps.push(Step::new(
        "proof",
        if proof == Proof::None { "none" } else { proof.as_str() },
        format!("{who}: {detail}"),
    ));
    proof
}

fn found(rules: &Rules, facts: &Facts, arrival: &Arrival, sender: Option<PersonId>, engineer: bool) -> (Proof, String) {
    let mail = &arrival.mail;
    let by_token = sender.is_some_and(|person| holds_token(rules, facts, arrival, person));
    // A signed mail to somebody else can be sent to us by whoever has it.
    let to_us = !engineer || mail.to.iter().chain(&mail.cc).any(|address| rules.is_ours(&address.email));
    let internal = results(rules, arrival).is_some_and(|results| results.internal);
    let dmarc = dmarc(rules, arrival) == Some(Verdict::Pass);
    let dkim = arrival.dkim_verified.iter().any(|domain| aligned(domain, from_domain(arrival)));
    let (proof, detail) = if by_token && !engineer {
        (Proof::Token, "a token that was given to this address")
    } else if internal && to_us {
        (Proof::Internal, "our server says that one of the organisation's own sent it")
    } else if dmarc && to_us {
        (Proof::Dmarc, "DMARC pass in our server's Authentication-Results")
    } else if dkim && to_us {
        (Proof::Dkim, "a DKIM signature of the sender's domain, verified here")
    } else if by_token && is_plausible(rules, arrival) {
        (Proof::Token, "a token that was given to this address, and nothing better can be had")
    } else if by_token {
        (Proof::None, "a token that was given to this address, but our server does not confirm its domain")
    } else if internal || dmarc || dkim {
        (Proof::None, "a genuine mail, but neither To nor Cc names the desk")
    } else {
        (Proof::None, "nothing proves the sender")
    };
    (proof, detail.to_owned())
}

/// Why a mail proves nothing whatever it brings: who checked it may have read another author, or other words, than we do.
fn doubt(arrival: &Arrival) -> Option<String> {
    if !has_one_author(arrival) {
        return Some("the sender is not the one address of one From".to_owned());
    }
    let twice = headers::DECISIVE.iter().find(|name| arrival.mail.headers.all(name).count() > 1);
    twice.map(|name| format!("{name} stands more than once"))
}

/// Why an engineer's mail is not acted on again: signatures do not tell a mail from its copy with other headers.
fn replayed(rules: &Rules, facts: &Facts, arrival: &Arrival) -> Option<String> {
    let within = rules.config.trust.date_within;
    let Some(date) = arrival.mail.date else { return Some("it has no Date that can be read".to_owned()) };
    if arrival.received_at.duration_since(date).abs() > within {
        return Some("its Date is too far from when it came".to_owned());
    }
    let known = facts.obeyed.get(&(arrival.message_id.clone(), arrival.body_hash))?;
    (*known != arrival.ledger).then(|| format!("mail {known} had the same Message-ID and words, and was acted on"))
}

fn results(rules: &Rules, arrival: &Arrival) -> Option<AuthResults> {
    auth_results::trusted(&arrival.mail.headers, rules.config.trust.server.as_ref()?)
}

fn from_domain(arrival: &Arrival) -> &str {
    arrival.mail.from.as_ref().map(Address::domain).unwrap_or_default()
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

/// Whether all who look at the mail see the same author: one From header (RFC 5322 §3.6.2) with one address, which we took
/// the sender from.
pub(super) fn has_one_author(arrival: &Arrival) -> bool {
    let mail = &arrival.mail;
    let mut all = mail.headers.all("From");
    let (first, second) = (all.next(), all.next());
    let authors = first.map_or(0, |from| address::usable(from).len());
    // Whoever another header names was checked by nobody.
    !arrival.author.is_named && mail.from.is_some() && mail.from_reason == "From" && second.is_none() && authors == 1
}

/// Relaxed alignment without a list of public suffixes: the same domain, or a signature of a parent with at least two
/// labels over a subdomain. Stricter than RFC 7489 §3.1.1 where siblings sign for each other.
pub(super) fn aligned(signer: &str, from: &str) -> bool {
    let (signer, from) = (signer.to_ascii_lowercase(), from.to_ascii_lowercase());
    signer == from || (signer.contains('.') && from.ends_with(&format!(".{signer}")))
}
