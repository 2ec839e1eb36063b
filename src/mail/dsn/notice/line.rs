//! The shapes of lines that name a recipient.

use super::super::address_scan::{self, Spot};
use super::super::{family, reason, smtp};
use super::words;

/// What the lines before say of this one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context {
    /// A heading has announced recipients.
    pub listing: bool,
    /// The line above ended in a label.
    pub labelled: bool,
    /// How deep the line of the recipient is indented that is spoken of now.
    pub indent: Option<usize>,
    /// The line above names the sender of the returned mail: `A message sent by`.
    pub sender: bool,
}

/// The recipients that a line names, and where the words about them begin.
pub fn named(lower: &str, context: Context) -> Option<(Vec<Spot>, usize)> {
    if !lower.contains('@') || lower.contains("message-id") {
        return None;
    }
    let spots = address_scan::spots(lower);
    let first = spots.first()?.clone();
    if let Some(found) = labelled(lower, &spots) {
        return Some(found);
    }
    let lead = lower.get(..first.start)?;
    let rest = lower.get(first.end..)?;
    let indent = lead.len() - lead.trim_start().len();
    let deeper = context.indent.is_some_and(|open| indent > open);
    let linked = rest.trim_start_matches(is_wrap).starts_with("mailto:");
    let alone = linked || rest.trim_matches(is_wrap).is_empty();
    let leads = lead.trim_matches(is_lead).is_empty() || is_reply_lead(lead);
    let behind_name = alone && spots.len() <= 2 && lead.trim_end().ends_with(['(', '<', '"']);
    let told = leads && !context.sender && (said(lead, rest) || (alone && (linked || set_off(lead, lower))));
    let answered =
        smtp::reply(rest).is_some() && smtp::reply(lead).is_none() && !lead.contains("from") && !context.sender;
    let listed = context.listing && (leads || behind_name);
    let fits = (context.labelled && leads) || (!deeper && (told || listed || answered)) || (alone && announced(lead));
    let link = rest.find('>').filter(|_| linked).map_or(0, |end| end + 1);
    let words = if is_reply_lead(lead) || reason::of(lead).is_some() { 0 } else { first.end + link };
    fits.then_some((vec![first], words))
}

/// `Delivery failed 10 attempts: `, `User mailbox exceeds allowed size: `: words of a failure and a colon before an
/// address that ends the line.
fn announced(lead: &str) -> bool {
    let lead = lead.trim_end_matches(|c: char| c.is_whitespace() || "<\"'(".contains(c));
    lead.ends_with(':')
        && !["sender", "from", "reply", "contact"].iter().any(|word| lead.contains(word))
        && (reason::of(lead).is_some()
            || words::FAILED.iter().any(|failed| lead.contains(failed))
            || lead.contains("recipient"))
}

/// Words before the address that a mail was written to, in the line that tells where it was sent on: `(generated from
/// kim@…)` of Exim, `(expanded from: <kim@…>)` of Sendmail and Postfix.
const ALIAS: &[&str] = &["generated from", "expanded from:", "expanded from"];

/// The address behind such words; `above` is whether they end the line above.
pub fn alias(lower: &str, above: bool) -> Option<String> {
    let rest = ALIAS.iter().find_map(|words| lower.split_once(words)).map(|(_, rest)| rest);
    let rest = rest.or_else(|| above.then_some(lower))?.trim_start();
    let spot = address_scan::spots(rest).into_iter().next()?;
    (spot.start <= 1).then_some(spot.address)
}

/// Whether a line ends before the address it speaks of.
pub fn ends_in_alias(lower: &str) -> bool {
    ALIAS.iter().any(|words| lower.trim_end().ends_with(words))
}

/// Whether a line announces the sender of the returned mail.
pub fn ends_in_sender(lower: &str) -> bool {
    ["sent by", "from", "from:", "sender:", "sender is"].iter().any(|words| lower.trim_end().ends_with(words))
}

/// The addresses directly behind a label.
pub fn labelled(lower: &str, spots: &[Spot]) -> Option<(Vec<Spot>, usize)> {
    let mut end = family::label_end(lower)?;
    let mut found = Vec::new();
    for spot in spots {
        if spot.start < end {
            continue;
        }
        let gap = lower.get(end..spot.start)?;
        let gap = gap
            .trim()
            .trim_start_matches("rfc822;")
            .trim_start_matches("and")
            .trim_matches(|c: char| c.is_whitespace() || "<>'\",;()[]*:".contains(c));
        if !gap.is_empty() {
            break;
        }
        end = spot.end;
        found.push(spot.clone());
    }
    let first = found.first()?.start;
    let telling = lower.get(..first).is_some_and(|lead| reason::of(lead).is_some()); // `Unknown user: kim@…`
    Some((found, if telling { 0 } else { end }))
}

/// Signs around an address.
fn is_wrap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '(' | ')' | '[' | ']' | ',' | ';' | '.')
}

/// Signs and numbers before an address at the start of a line: `<`, `* `, `-- `, `>>> `, `1. `.
fn is_lead(c: char) -> bool {
    c.is_whitespace()
        || c.is_ascii_digit()
        || matches!(c, '<' | '"' | '\'' | '*' | '-' | '>' | '.' | ')' | '(' | '•' | '·' | '|' | '[')
}

/// `550 5.1.1 <` before an address: the transcript of Sendmail.
fn is_reply_lead(lead: &str) -> bool {
    let lead = lead.trim().trim_end_matches('<').trim();
    smtp::reply(lead).is_some() && lead.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ' ' | '-'))
}

/// Whether an address alone on a line is set off from running text.
fn set_off(lead: &str, line: &str) -> bool {
    lead.starts_with("  ")
        || lead.starts_with('\t')
        || (lead.trim_start().starts_with('<') && line.trim_end().ends_with('>'))
        || lead.contains('*')
        || lead.trim_start().starts_with("->")
}

/// Whether what follows an address at the start of a line is said of it: `>: …`, `... …`, `(reason)`, or words
/// of a failure.
fn said(lead: &str, rest: &str) -> bool {
    let tail = rest.trim_start_matches(['>', '"', '\'']);
    let colon = tail.trim_start().starts_with(':') && !tail.trim_start().starts_with("://");
    if colon && is_reply_lead(lead) {
        return false;
    }
    let trimmed = tail.trim_start();
    colon
        || trimmed.starts_with("...")
        || trimmed.starts_with("(expanded from")
        || (trimmed.starts_with(['(', '[', ',', '-']) || tail.starts_with(' '))
            && (reason::of(tail).is_some() || smtp::reply(tail).is_some())
}

/// Whether a line is a greeting.
pub fn greets(lower: &str) -> bool {
    let line = lower.trim_start();
    // "Dear sender", "Beste afzender": a program that knows no name.
    if words::SENDER.iter().any(|sender| line.contains(sender)) {
        return false;
    }
    words::GREETINGS.iter().any(|greeting| {
        line.strip_prefix(greeting).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric) || !greeting.is_ascii())
    })
}

/// What is left of MIME when parts are not told apart.
pub fn is_markup(lower: &str) -> bool {
    lower.starts_with("--")
        || lower.starts_with("content-")
        || lower.starts_with("boundary=")
        || lower.starts_with("this is a multi")
}

/// A line of dashes, bars or equals signs, with or without words between.
pub fn is_rule(lower: &str) -> bool {
    let line = lower.trim();
    line.starts_with("---")
        || line.starts_with("===")
        || line.starts_with("___")
        || line.starts_with("***")
        || line.starts_with("|---")
}
