//! What a remote server's words and codes mean for us.
//!
//! The words go first: they are written by whoever refused, while the code often is the relay's guess (`5.0.0`),
//! or a policy's (`5.7.1 User unknown`), or a habit (`5.1.1` for a full mailbox).

mod phrases;

use super::{BounceKind, smtp};

/// Why a mail was not delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No such mailbox.
    UnknownUser,
    /// No such domain, or it takes no mail (RFC 7505).
    UnknownHost,
    /// The person has another address now.
    Moved,
    /// The mailbox is full.
    Full,
    /// The mailbox exists and is switched off; it may be switched on again.
    Disabled,
    /// The mail is too big.
    TooBig,
    /// The sender is refused.
    Sender,
    /// Authentication of the sending domain failed (SPF, DKIM, DMARC).
    Authentication,
    /// Policy, blocklist or reputation.
    Policy,
    /// Taken for spam, or for a virus.
    Content,
    /// The server is no relay for this.
    Relay,
    /// Too much at a time.
    Rate,
    /// Still not delivered when the time was up.
    Expired,
    /// The mail goes in circles.
    Loop,
    /// The server could not be reached, or could not be found for now.
    Network,
    /// Something is broken over there.
    System,
}

impl Reason {
    fn kind(self) -> BounceKind {
        match self {
            Reason::UnknownUser | Reason::UnknownHost | Reason::Moved => BounceKind::Hard,
            _ => BounceKind::Soft,
        }
    }

    /// The status code (RFC 3463 §3) for those who name none, after the class.
    fn code(self) -> &'static str {
        match self {
            Reason::UnknownUser => "1.1",
            Reason::UnknownHost => "1.2",
            Reason::Moved => "1.6",
            Reason::Full => "2.2",
            Reason::Disabled => "2.1",
            Reason::TooBig => "3.4",
            Reason::Sender => "1.8",
            Reason::Authentication | Reason::Policy | Reason::Content | Reason::Relay => "7.1",
            Reason::Rate => "7.0",
            Reason::Expired => "4.7",
            Reason::Loop => "4.6",
            Reason::Network => "4.1",
            Reason::System => "3.0",
        }
    }
}

/// What became of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub action: &'static str,
    pub status: Option<String>,
    pub kind: BounceKind,
}

/// Judges from what was stated: the fields `action` and `status` (empty when absent), a server's words, and whether the
/// report is of a server still trying.
pub fn judge(action: &str, status: &str, words: &str, delayed: bool) -> Verdict {
    let reason = of(words);
    let action = action_of(action, status, delayed);
    let lower = words.to_lowercase();
    let labelled = lower.split_once(GENERIC_LABEL).map(|(_, rest)| rest);
    let words = labelled.unwrap_or(&lower);
    let stated = Some(status).filter(|code| !is_generic(code) && (labelled.is_none() || *code != "5.1.0"));
    let status = stated
        .map(str::to_owned)
        .or_else(|| smtp::enhanced(words).filter(|code| !is_generic(code)))
        .or_else(|| derived(status, words, reason, action));
    let kind = match action {
        "delivered" | "relayed" | "expanded" => BounceKind::Delivered,
        "delayed" => BounceKind::Delay,
        _ => {
            reason.map_or_else(|| kind_of_status(status.as_deref().unwrap_or_default(), words), |reason| reason.kind())
        }
    };
    Verdict { action, status, kind }
}

/// Whether words hold a cause: a known phrase or a code.
pub fn tells(words: &str) -> bool {
    smtp::reply(words).is_some() || smtp::enhanced(words).is_some() || of(words).is_some()
}

/// The reason that a server's words give.
pub fn of(words: &str) -> Option<Reason> {
    let flat = flattened(words).replace(GENERIC_LABEL, "");
    let listed = phrases::BY_REASON.iter().find(|(_, phrases)| phrases.iter().any(|phrase| flat.contains(phrase)));
    listed.map(|(reason, _)| *reason).or_else(|| no_account(&flat).then_some(Reason::UnknownUser))
}

/// What IronPort writes before every refusal, whatever it was.
const GENERIC_LABEL: &str = "unknown address error";

/// "This user doesn't have a … account": Yahoo and the domains it hosts put the domain between.
fn no_account(flat: &str) -> bool {
    ["doesn't have a ", "dosn't have a ", "does not have a "].iter().any(|start| {
        flat.split_once(start).is_some_and(|(_, rest)| rest.split(' ').take(5).any(|word| word.starts_with("account")))
    })
}

/// Lower case, white space as single spaces, without links and addresses: both hold words that are not the
/// server's (`…/error#userunknown`, `policy@…`).
fn flattened(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for word in words.to_lowercase().split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        let word =
            word.split_once("http://").or_else(|| word.split_once("https://")).map_or(word, |(before, _)| before);
        match word.split_once('@') {
            Some((_, after)) => {
                out.push_str(after.trim_start_matches(|c: char| c.is_alphanumeric() || ".-_>".contains(c)))
            }
            None => out.push_str(word),
        }
    }
    out.replace('’', "'")
}

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

/// What a code means when the words say nothing known (RFC 3463 §3, RFC 7505, and the codes of Exchange Online:
/// 5.1.10 no such recipient, 5.1.351 the same from another server, 5.4.310 no such domain).
fn kind_of_status(status: &str, words: &str) -> BounceKind {
    let hard = matches!(
        status,
        "5.1.1" | "5.1.2" | "5.1.3" | "5.1.6" | "5.1.10" | "5.1.351" | "5.4.4" | "5.4.310" | "5.1.0" | "4.1.1"
    );
    let bare = status == "5.0.0" && matches!(smtp::reply(words), Some(551 | 553));
    if hard || bare { BounceKind::Hard } else { BounceKind::Soft }
}

#[cfg(test)]
mod tests;
