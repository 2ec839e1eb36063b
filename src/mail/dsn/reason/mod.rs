//! What a remote server's words and codes mean for us.
//!
//! The words go first: they are written by whoever refused, while the code often is the relay's guess (`5.0.0`),
//! or a policy's (`5.7.1 User unknown`), or a habit (`5.1.1` for a full mailbox).

mod nobody;
mod phrases;
mod plain;
mod reasons;
mod transcript;

use super::report::BounceKind;
use super::smtp;
pub use reasons::Reason;

/// What became of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub action: &'static str,
    pub status: Option<String>,
    pub kind: BounceKind,
}

/// What a report states of one recipient, in the order of its worth.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stated<'a> {
    /// The fields `Action` and `Status`; empty when absent.
    pub action: &'a str,
    pub status: &'a str,
    /// The remote server's words.
    pub diagnostic: &'a str,
    /// What the report itself says of the recipient, in its words for people.
    pub said: &'a str,
    /// The report is of a server still trying.
    pub delayed: bool,
}

/// Judges what was stated.
pub fn judge(stated: Stated<'_>) -> Verdict {
    let code = stated.status;
    let said = [stated.diagnostic, stated.said].join("\n");
    let remote = transcript::remote(&said);
    let reason = reason(&stated, &remote);
    let action = action_of(stated.action, code, stated.delayed);
    let lower = remote.to_lowercase();
    let labelled = lower.split_once(GENERIC_LABEL).map(|(_, rest)| rest);
    let words = labelled.unwrap_or(&lower);
    let precise = Some(code).filter(|code| !is_generic(code) && (labelled.is_none() || *code != "5.1.0"));
    let status = precise
        .map(str::to_owned)
        .or_else(|| smtp::enhanced(words).filter(|code| !is_generic(code)))
        .or_else(|| derived(code, words, reason, action));
    let kind = match action {
        "delivered" | "relayed" | "expanded" => BounceKind::Delivered,
        "delayed" => BounceKind::Delay,
        _ => kind(reason, status.as_deref().unwrap_or_default(), words),
    };
    Verdict { action, status, kind }
}

/// The reason that the words give. The report's own words stand below the status: under them may be the footer of a
/// scanner, which speaks of viruses and policies on every mail.
fn reason(stated: &Stated<'_>, remote: &str) -> Option<Reason> {
    let about_the_address = is_hard(stated.status) && of(stated.diagnostic).is_none();
    let found = of(remote)?;
    let footer = matches!(found, Reason::Content | Reason::Policy | Reason::Authentication | Reason::System);
    (!(about_the_address && footer)).then_some(found)
}

/// A reason is about the address or not; what a server says for now is not for good, and a code that is about the
/// sender's address (RFC 3463 §3.2: 1.7, 1.8) is not about the recipient's.
fn kind(reason: Option<Reason>, status: &str, words: &str) -> BounceKind {
    let code = smtp::enhanced(words);
    let codes = [Some(status), code.as_deref()];
    if codes.into_iter().flatten().any(|code| matches!(code, "5.1.7" | "5.1.8" | "4.1.7" | "4.1.8")) {
        return BounceKind::Soft;
    }
    let for_now = code.as_deref().is_some_and(|code| code.starts_with('4'))
        || code.is_none() && smtp::reply(words).is_some_and(|code| code < 500);
    match reason {
        Some(Reason::UnknownHost) if for_now || status == "5.7.25" => BounceKind::Soft,
        Some(Reason::UnknownUser) if for_now && words.contains("available") => BounceKind::Soft,
        Some(reason) => reason.kind(),
        None => kind_of_status(status, words),
    }
}

/// Whether words hold a cause: a known phrase or a code.
pub fn tells(words: &str) -> bool {
    smtp::reply(words).is_some() || smtp::enhanced(words).is_some() || of(words).is_some()
}

/// The reason that a server's words give.
pub fn of(words: &str) -> Option<Reason> {
    let flat = plain::words(words).replace(GENERIC_LABEL, "");
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| flat.contains(phrase));
    let listed = |list: &[(Reason, &[&str])]| list.iter().find(|(_, phrases)| says(phrases)).map(|(reason, _)| *reason);
    listed(phrases::BEFORE_THE_USER)
        .or_else(|| (says(phrases::UNKNOWN_USER) || nobody::is_said(&flat)).then_some(Reason::UnknownUser))
        .or_else(|| listed(phrases::BEHIND_THE_USER))
}

/// What IronPort writes before every refusal, whatever it was.
const GENERIC_LABEL: &str = "unknown address error";

fn is_generic(status: &str) -> bool {
    matches!(status, "" | "5.0.0" | "4.0.0")
}

fn action_of(action: &str, status: &str, delayed: bool) -> &'static str {
    match action {
        "delivered" => "delivered",
        "relayed" => "relayed",
        "expanded" => "expanded",
        "delayed" | "delay" | "deferred" => "delayed",
        "" if status.starts_with('2') => "delivered",
        "" if delayed => "delayed",
        _ => "failed",
    }
}

/// A status for those who state none, or only `5.0.0`.
fn derived(stated: &str, words: &str, reason: Option<Reason>, action: &str) -> Option<String> {
    let class = match (stated.chars().next(), smtp::reply(words)) {
        (Some(class), _) => class,
        (None, Some(code)) if code < 500 => '4',
        (None, Some(_)) => '5',
        (None, None) if action == "delayed" => '4',
        (None, None) => match reason? {
            Reason::Network | Reason::Expired | Reason::Rate | Reason::System => '4',
            _ => '5',
        },
    };
    match reason {
        Some(reason) => Some(format!("{class}.{}", reason.code())),
        None if stated.is_empty() => Some(format!("{class}.0.0")),
        None => Some(stated.to_owned()),
    }
}

/// What a code means when the words say nothing known.
fn kind_of_status(status: &str, words: &str) -> BounceKind {
    let bare = status == "5.0.0" && matches!(smtp::reply(words), Some(551 | 553));
    if is_hard(status) || bare { BounceKind::Hard } else { BounceKind::Soft }
}

/// A code that is about the recipient's address or its host (RFC 3463 §3, RFC 7505, and the codes of Exchange Online:
/// 5.1.10 no such recipient, 5.1.351 the same from another server, 5.4.310 no such domain).
fn is_hard(status: &str) -> bool {
    matches!(
        status,
        "5.1.1" | "5.1.2" | "5.1.3" | "5.1.6" | "5.1.10" | "5.1.351" | "5.4.4" | "5.4.310" | "5.1.0" | "4.1.1"
    )
}

#[cfg(test)]
mod tests;
