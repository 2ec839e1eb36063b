//! The words of a report: who is named in them as a recipient, and what is said of each.

use super::super::limits;
use super::address_scan::{self, Spot};
use super::{Entry, family, reason, smtp};

/// What the words say.
#[derive(Debug, Default)]
pub struct Notice {
    /// Recipients in order, each once.
    recipients: Vec<Named>,
    /// Addresses that stand in the words without being named as recipients.
    weak: Vec<String>,
    /// The words that belong to no recipient.
    pub common: String,
    /// The program whose sentences stand in the words.
    pub family: Option<&'static str>,
    /// They stand at its very beginning, as a program puts them.
    pub opens: bool,
    /// The words say that the server is still trying.
    pub delayed: bool,
    /// The words say that it has stopped.
    pub given_up: bool,
    /// The words tell of a failed delivery.
    pub failed: bool,
}

/// One recipient.
#[derive(Debug)]
struct Named {
    recipient: String,
    detail: String,
}

/// Sentences of a server that is still trying.
const DELAYED: &[&str] = &[
    "has been delayed",
    "is delayed",
    "been delayed",
    "not yet been delivered",
    "warning message only",
    "will be retried",
    "will continue to be retried",
    "delivery attempts will continue",
    "do not need to resend",
    "don't need to resend",
    "still being retried",
    "will keep trying",
    "we will retry",
    "will retry for",
    "will try again",
    "continue to try",
    "delivery will be attempted",
    "wird verzögert",
    "verzögert sich",
    "retardée",
    "se ha retrasado",
    "ritardata",
    "vertraagd",
    "will be returned to you if",
];
/// Sentences of a server that has stopped.
const GIVEN_UP: &[&str] = &[
    "permanent error",
    "given up",
    "giving up",
    "not going to try again",
    "failed permanently",
    "permanent failure",
    "gave up",
    "permanent fatal",
    "no further attempts",
    "no further delivery attempts",
    "has failed to these recipients",
    "retry timeout exceeded",
    "could not be delivered for more than",
];
/// Words for a failed delivery, however it is said.
const FAILED: &[&str] = &[
    "not be delivered",
    "couldn't be delivered",
    "cannot be delivered",
    "can't be delivered",
    "was not delivered",
    "wasn't delivered",
    "not delivered",
    "unable to deliver",
    "wasn't able to deliver",
    "could not deliver",
    "cannot deliver",
    "failed to deliver",
    "delivery failed",
    "delivery has failed",
    "delivery failure",
    "failed permanently",
    "failed delivery",
    "delivery has been delayed",
    "permanent error",
    "permanent failure",
    "permanent fatal",
    "fatal error",
    "transient non-fatal",
    "delivery problem",
    "delivery error",
    "undeliverable",
    "undelivered",
    "did not reach",
    "could not be reached",
    "cannot be reached",
    "did not receive",
    "returned to sender",
    "returned to you",
    "has been delayed",
    "not yet been delivered",
    "error delivering",
    "trouble delivering",
    "problem delivering",
    "rejected by",
    "has been rejected",
    "was rejected",
    "error message below",
    "could not be sent",
    "been blocked by",
    "non remis",
    "n'a pas pu être remis",
    "n'a pas pu être délivré",
    "nicht zugestellt",
    "unzustellbar",
    "no se pudo entregar",
    "no se ha podido entregar",
    "non è stato possibile",
    "non recapit",
    "non consegnat",
    "niet worden bezorgd",
    "onbestelbaar",
    "não pôde ser entregue",
    "não foi possível entregar",
    "nie można dostarczyć",
    "nie dostarczono",
    "не удалось доставить",
    "не доставлено",
    "не может быть доставлено",
    "ei voitu toimittaa",
    "kunde inte levereras",
    "kunne ikke leveres",
    "無法傳",
    "无法投递",
    "无法送达",
    "投递失败",
    "退信",
    "送信できません",
    "配信できません",
    "届けることができません",
    "配送できません",
    "送信に失敗",
    "could not be completed",
    "unknown user",
    "unknown recipient",
];

/// Reads the words of a report, without the pasted original.
pub fn read(text: &str) -> Notice {
    let mut reader = Reader::default();
    for line in text.lines().take(limits::MAX_REPORT_LINES) {
        let line: String = line.chars().take(limits::MAX_DIAGNOSTIC_CHARS).collect();
        reader.line(&line);
    }
    reader.notice.note(&text.to_lowercase());
    reader.notice
}

impl Notice {
    fn note(&mut self, lower: &str) {
        let flat = lower.split_whitespace().collect::<Vec<_>>().join(" ").replace('’', "'");
        let has = |list: &[&str]| list.iter().any(|words| flat.contains(words));
        self.delayed = has(DELAYED);
        self.given_up = has(GIVEN_UP);
        self.delayed &= !self.given_up;
        self.failed = has(FAILED);
    }

    /// Whether recipients are named.
    pub fn names_anybody(&self) -> bool {
        !self.recipients.is_empty()
    }

    /// What is said of one recipient.
    pub fn detail_of(&self, recipient: &str) -> Option<&str> {
        self.recipients
            .iter()
            .find(|named| named.recipient == recipient)
            .map(|named| named.detail.trim())
            .filter(|detail| !detail.is_empty())
    }

    /// The recipients as entries. Those not named in so many words are taken only if the returned mail went to
    /// them. `reported_to` is who gets the report: the sender of the returned mail, seldom its recipient.
    pub fn take_recipients(&mut self, original_to: Option<&[String]>, reported_to: &[String]) -> Vec<Entry> {
        let sender = |address: &String| reported_to.contains(address);
        if self.recipients.iter().any(|named| !sender(&named.recipient)) {
            self.recipients.retain(|named| !sender(&named.recipient));
        }
        if self.recipients.is_empty() {
            let to = original_to.unwrap_or_default();
            let mut weak: Vec<String> = self.weak.iter().filter(|address| to.contains(*address)).cloned().collect();
            if weak.is_empty() && to.is_empty() {
                weak = self.weak.iter().filter(|address| !sender(address) && !is_helper(address)).cloned().collect();
                weak.truncate(if weak.len() == 1 { 1 } else { 0 });
            }
            self.recipients.extend(weak.into_iter().map(|recipient| Named { recipient, detail: String::new() }));
        }
        let entries = self.recipients.drain(..);
        entries
            .map(|named| Entry {
                recipient: named.recipient,
                diagnostic: named.detail.trim().to_owned(),
                ..Entry::default()
            })
            .collect()
    }
}

/// Addresses that reports offer for help.
fn is_helper(address: &str) -> bool {
    ["postmaster@", "abuse@", "support@", "helpdesk@", "mailer-daemon@", "admin@", "hostmaster@"]
        .iter()
        .any(|start| address.starts_with(start))
}

#[derive(Default)]
struct Reader {
    notice: Notice,
    /// Lines with words so far.
    lines: usize,
    /// The recipient that the lines belong to now, and how deep its line is indented.
    open: Option<(usize, usize)>,
    /// A line has announced recipients, and no rule has ended the list.
    listing: bool,
    /// The last line ended in a label.
    labelled: bool,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let lower = line.to_lowercase().replace('’', "'");
        if line.trim().is_empty() {
            self.blank();
            return;
        }
        self.lines += usize::from(!is_markup(&lower));
        if self.notice.family.is_none() {
            self.notice.family = family::opened_by(&lower).map(|family| family.name);
            self.notice.opens = self.notice.family.is_some() && self.lines <= 2;
        }
        let heading = family::is_heading(&lower);
        if is_rule(&lower) {
            self.open = None;
            self.listing = false;
        }
        let named = self.named(&lower, heading);
        self.labelled = false;
        if let Some((spots, rest)) = named {
            let indent = lower.len() - lower.trim_start().len();
            for spot in &spots {
                self.open(&spot.address, indent);
            }
            self.detail(line.get(rest..).unwrap_or_default());
        } else {
            self.labelled = family::label_end(&lower)
                .is_some_and(|end| lower.get(end..).is_some_and(|rest| rest.trim().is_empty()));
            self.weak(&lower);
            self.detail(line);
        }
        self.listing |= heading;
    }

    /// A blank line ends what is said of a recipient, once a cause was said. Google and Domino have it in a
    /// later paragraph.
    fn blank(&mut self) {
        let said = self.open.and_then(|(index, _)| self.notice.recipients.get(index)).is_some_and(|named| {
            let detail = named.detail.as_str();
            smtp::enhanced(detail).is_some() || smtp::reply(detail).is_some() || reason::of(detail).is_some()
        });
        if said {
            self.open = None;
        }
    }

    fn open(&mut self, address: &str, indent: usize) {
        let index = self.notice.recipients.iter().position(|named| named.recipient == address).unwrap_or_else(|| {
            self.notice.recipients.push(Named { recipient: address.to_owned(), detail: String::new() });
            self.notice.recipients.len() - 1
        });
        self.open = Some((index, indent));
    }

    fn detail(&mut self, text: &str) {
        let target = match self.open {
            Some((index, _)) => self.notice.recipients.get_mut(index).map(|named| &mut named.detail),
            None => None,
        };
        let target = target.unwrap_or(&mut self.notice.common);
        if target.len() < 4 * limits::MAX_DIAGNOSTIC_CHARS {
            target.push_str(text.trim_start_matches([':', '>', ' ', '\t']).trim_end());
            target.push('\n');
        }
    }

    fn weak(&mut self, lower: &str) {
        if self.notice.weak.len() < limits::MAX_BOUNCE_REPORTS && !lower.contains("message-id") {
            for address in address_scan::addresses(lower) {
                if !self.notice.weak.contains(&address) {
                    self.notice.weak.push(address);
                }
            }
        }
    }

    /// The recipients that a line names, and where the words about them begin.
    fn named(&self, lower: &str, heading: bool) -> Option<(Vec<Spot>, usize)> {
        if self.notice.recipients.len() >= limits::MAX_BOUNCE_REPORTS
            || !lower.contains('@')
            || lower.contains("message-id")
        {
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
        let deeper = self.open.is_some_and(|(_, open)| indent > open);
        let alone = rest.trim_matches(is_wrap).is_empty() || rest.trim_start_matches(is_wrap).starts_with("mailto:");
        let leads = lead.trim_matches(is_lead).is_empty() || is_reply_lead(lead);
        let behind_name = alone && spots.len() <= 2 && lead.trim_end().ends_with(['(', '<', '"']);
        let told = leads && (said(lead, rest) || (alone && set_off(lead, lower)));
        let listed = self.listing && !heading && (leads || behind_name);
        let fits = (self.labelled && leads) || (!deeper && (told || listed));
        fits.then(|| (vec![first.clone()], first.end))
    }
}

/// The addresses directly behind a label.
fn labelled(lower: &str, spots: &[Spot]) -> Option<(Vec<Spot>, usize)> {
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
        || (trimmed.starts_with(['(', '[', ',', '-']) || tail.starts_with(' '))
            && (reason::of(tail).is_some() || smtp::reply(tail).is_some())
}

/// What is left of MIME when parts are not told apart.
fn is_markup(lower: &str) -> bool {
    lower.starts_with("--")
        || lower.starts_with("content-")
        || lower.starts_with("boundary=")
        || lower.starts_with("this is a multi")
}

/// A line of dashes, bars or equals signs, with or without words between.
fn is_rule(lower: &str) -> bool {
    let line = lower.trim();
    line.starts_with("---")
        || line.starts_with("===")
        || line.starts_with("___")
        || line.starts_with("***")
        || line.starts_with("|---")
}

#[cfg(test)]
mod tests;
