//! Who is it: an engineer's authority needs proof, From alone never suffices.

use super::PersonId;
use super::arrival::Arrival;
use super::facts::Facts;
use super::outcome::Step;
use super::rules::Rules;
use super::thread::{step, tokens};
use crate::mail::Address;
use crate::mail::auth_results::{self, Verdict};

/// What shows that the From address is genuine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// A token that was given to this very address.
    Token,
    /// An aligned DMARC pass in our own server's `Authentication-Results`.
    Dmarc,
    /// A DKIM signature of the From domain that we verified ourselves.
    Dkim,
    /// Nothing.
    None,
}

impl Proof {
    /// As stored and shown; empty for none.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Dmarc => "dmarc",
            Self::Dkim => "dkim",
            Self::None => "",
        }
    }
}

/// What our own server said of the mail's DMARC, when it is configured to be believed.
pub fn dmarc(rules: &Rules, arrival: &Arrival) -> Option<Verdict> {
    let authserv_id = rules.config.trust.authserv_id.as_deref()?;
    let results = auth_results::trusted(&arrival.mail.headers, authserv_id)?;
    let dmarc = results.dmarc?;
    // RFC 8601 §2.7.5 with RFC 7489: the verdict is about header.from; about another domain it proves nothing.
    let about = dmarc.domain.as_deref().unwrap_or_default();
    let from = arrival.mail.from.as_ref().map(Address::domain).unwrap_or_default();
    let same = about.eq_ignore_ascii_case(from);
    match dmarc.verdict {
        Verdict::Pass => (same && one_from(arrival)).then_some(Verdict::Pass),
        other => (same || about.is_empty()).then_some(other),
    }
}

/// What proves the sender, strongest first.
pub fn proof(
    rules: &Rules,
    facts: &Facts,
    arrival: &Arrival,
    sender: Option<PersonId>,
    steps: &mut Vec<Step>,
) -> Proof {
    let by_token = tokens(rules, arrival).iter().any(|token| Some(token.person) == sender);
    let from = arrival.mail.from.as_ref().map(Address::domain).unwrap_or_default();
    let (proof, detail) = if by_token {
        (Proof::Token, "a token that was given to this address")
    } else if dmarc(rules, arrival) == Some(Verdict::Pass) {
        (Proof::Dmarc, "DMARC pass in our server's Authentication-Results")
    } else if one_from(arrival) && arrival.dkim_verified.iter().any(|domain| aligned(domain, from)) {
        (Proof::Dkim, "a DKIM signature of the sender's domain, verified here")
    } else {
        (Proof::None, "nothing proves the sender")
    };
    let who = if sender.is_some_and(|person| facts.is_engineer(person)) { "engineer" } else { "customer" };
    steps.push(step("proof", if proof == Proof::None { "none" } else { proof.as_str() }, format!("{who}: {detail}")));
    proof
}

/// Whether all who look at the mail see the same author: one From header (RFC 5322 §3.6.2) that we took the sender from.
pub(super) fn one_from(arrival: &Arrival) -> bool {
    let mail = &arrival.mail;
    mail.from.is_some() && mail.from_reason == "From" && mail.headers.all("From").count() == 1
}

/// Relaxed alignment without a list of public suffixes: the same domain, or a signature of a parent with at least two
/// labels over a subdomain. Stricter than RFC 7489 §3.1.1 where siblings sign for each other.
pub(super) fn aligned(signer: &str, from: &str) -> bool {
    let (signer, from) = (signer.to_ascii_lowercase(), from.to_ascii_lowercase());
    signer == from || (signer.contains('.') && from.ends_with(&format!(".{signer}")))
}
