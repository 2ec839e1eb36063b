//! A mail that was passed on: whose it was, and what it said.
//!
//! When an engineer forwards a customer's mail, the ticket belongs to the customer. That rests on two things: a sign
//! that the mail *is* a forward (the prefix of its subject, a line such as "Begin forwarded message:", or a whole mail
//! attached), and the old mail's author in a header block. A header block alone heads every reply of Outlook too.

mod prefix;

use super::quote::attribution;
use super::quote::dividers::{self, Divider};
use super::quote::header_block::{self, HeaderBlock, Kind};
use super::quote::lines::{self, Line};
use super::quote::signature;
use super::{Address, Attachment, inbound, limits, message_id};
use prefix::Prefix;
pub use prefix::says_so;

/// A mail that somebody passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarded {
    /// Who wrote the mail first.
    pub from: Address,
    /// Its subject, as the forward states it.
    pub subject: Option<String>,
    /// Its date, in the words and the language of the client that forwarded it; RFC 3339 for an attached mail.
    pub date: Option<String>,
    /// Its Message-ID, without angle brackets, where the forward states it.
    pub message_id: Option<String>,
    /// What it said, without the header block and without what stands below its end.
    pub body: String,
    /// What the person who forwarded it wrote above, without the signature.
    pub comment: String,
}

/// The mail within a forward. `text` is the readable text, `subject` and `attachments` those of the forward. `None`
/// for anything else, and for a forward that does not tell its author's address.
pub fn original(text: &str, subject: &str, attachments: &[Attachment]) -> Option<Forwarded> {
    let prefix = Prefix::of(subject);
    if prefix == Prefix::Reply {
        return in_text(text, prefix).filter(|found| names_the_same(subject, found.subject.as_deref()));
    }
    in_text(text, prefix).or_else(|| attached(text, attachments))
}

/// A reply that was passed on as it is bears the reply's own subject: `Re: Monitor (fwd)` of alpine, `[Ada] Re: Monitor` of
/// Gnus.
fn names_the_same(subject: &str, original: Option<&str>) -> bool {
    let bare = |subject: &str| {
        let subject = subject.trim();
        let subject = subject.strip_suffix("(fwd)").unwrap_or(subject).trim();
        let tag = subject.strip_prefix('[').and_then(|inside| inside.split_once(']'));
        tag.map_or(subject, |(_, behind)| behind.trim()).to_lowercase()
    };
    let marked = subject.trim_end().ends_with("(fwd)") || subject.trim_start().starts_with('[');
    marked && original.is_some_and(|original| bare(original) == bare(subject))
}

/// Lines that may stand between a divider and the headers below it.
const MAX_GAP: usize = 4;
/// Lines of a comment above a forward.
const MAX_COMMENT_LINES: usize = 400;

fn in_text(text: &str, prefix: Prefix) -> Option<Forwarded> {
    let lines = lines::of(text);
    let mut at = 0;
    while at < lines.len().min(MAX_COMMENT_LINES) {
        let line = lines.get(at)?;
        match dividers::of(line.body) {
            Some(Divider::Forward) if prefix != Prefix::Reply || line.depth == 0 => return below_divider(&lines, at),
            Some(Divider::Forward) => return None,
            Some(Divider::Original) => return below_divider(&lines, at).filter(|_| prefix == Prefix::Forward),
            None => {}
        }
        if let Some(block) = header_block::starting_at(&lines, at).filter(HeaderBlock::is_convincing) {
            return (prefix.allows(&block)).then(|| from_block(&lines, at, &block)).flatten();
        }
        if let Some(start) = attribution::ending_at(&lines, at, false) {
            return (prefix == Prefix::Forward).then(|| from_attribution(&lines, start, at)).flatten();
        }
        at += 1;
    }
    None
}

impl Prefix {
    fn allows(self, block: &HeaderBlock) -> bool {
        let scandinavian =
            || block.headers.iter().any(|header| matches!(header.name.as_str(), "fra" | "sendt" | "emne"));
        self == Self::Forward || (self == Self::Ambiguous && scandinavian())
    }
}

fn below_divider(lines: &[Line<'_>], divider: usize) -> Option<Forwarded> {
    let behind = lines.get(divider).map_or("", |line| dividers::behind(line.body));
    if let Some(block) = header_block::in_line(behind, divider + 1) {
        return from_block(lines, divider, &block);
    }
    let below = (divider + 1..lines.len()).take(MAX_GAP);
    let first = below.clone().find(|&at| lines.get(at).is_some_and(|line| !line.body.is_empty()))?;
    let known = header_block::starting_at(lines, first).and_then(|block| from_block(lines, divider, &block));
    if let Some((source, id)) = header_block::source_at(lines, first)
        && known.as_ref().is_none_or(|_| id.is_some())
        && let Some(found) = from_block(lines, divider, &source)
    {
        let message_id = id.and_then(|id| message_id::list(&id).into_iter().next());
        return Some(Forwarded { message_id, ..found });
    }
    if known.is_some() {
        return known;
    }
    // Yandex and Proton name the author in an attribution below the divider.
    let (start, end) =
        (first..first + MAX_GAP).find_map(|end| Some((attribution::ending_at(lines, end, false)?, end)))?;
    let forwarded = from_attribution(lines, start, end)?;
    Some(Forwarded { comment: comment(lines.get(..divider)?), ..forwarded })
}

/// `head` is the first line that is no longer the comment.
fn from_block(lines: &[Line<'_>], head: usize, block: &HeaderBlock) -> Option<Forwarded> {
    let from =
        block.headers.iter().filter(|header| header.kind == Kind::From).find_map(|header| address(&header.value));
    let depth = block.end.checked_sub(1).and_then(|last| lines.get(last)).map_or(0, |line| line.depth);
    Some(Forwarded {
        from: from?,
        subject: stated(block, Kind::Subject, limits::MAX_SUBJECT_CHARS),
        date: stated(block, Kind::Date, limits::MAX_NAME_CHARS),
        message_id: None,
        body: body(lines.get(block.end..)?, depth > 0),
        comment: comment(lines.get(..head)?),
    })
}

fn stated(block: &HeaderBlock, kind: Kind, most: usize) -> Option<String> {
    block.value(kind).filter(|value| !value.is_empty()).map(|value| value.chars().take(most).collect())
}

fn from_attribution(lines: &[Line<'_>], start: usize, end: usize) -> Option<Forwarded> {
    let words: Vec<&str> = lines.get(start..=end)?.iter().map(|line| line.body).collect();
    let words = words.join(" ");
    let email =
        words.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']')).find_map(email)?;
    let below = lines.get(end + 1..)?;
    let quoted = below.iter().find(|line| !line.is_blank()).is_some_and(|line| line.depth > 0);
    let name = words.split(['<', '(', '[']).next().unwrap_or_default();
    let name = name
        .rsplit([',', '，', '、'])
        .next()
        .filter(|name| !name.chars().any(|c| c.is_ascii_digit()))
        .unwrap_or_default();
    Some(Forwarded {
        from: Address::new(display_name(name), &email),
        subject: None,
        date: None,
        message_id: None,
        body: body(below, quoted),
        comment: comment(lines.get(..start)?),
    })
}

/// The old mail, one level of quote marks taken off when all of it carries them. What stands below its end is of who
/// passed it on: their signature, as a rule.
fn body(lines: &[Line<'_>], quoted: bool) -> String {
    let ends = |line: &&Line<'_>| quoted && line.depth == 0 && !line.is_blank() || dividers::ends_forward(line.body);
    let own = lines.iter().take_while(|line| !ends(line)).map(|line| {
        match (quoted, line.raw.trim_start().strip_prefix('>')) {
            (true, Some(behind)) => behind.strip_prefix(' ').unwrap_or(behind),
            _ => line.raw,
        }
    });
    trimmed(own)
}

fn comment(lines: &[Line<'_>]) -> String {
    let end = signature::start(lines).unwrap_or(lines.len());
    let rules = lines.iter().take(end).rev().take_while(|line| line.is_blank() || line.is_rule()).count();
    trimmed(lines.iter().take(end - rules).map(|line| line.raw))
}

/// The lines without empty ones at either end.
fn trimmed<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let all = lines.skip_while(|line| line.trim().is_empty()).collect::<Vec<_>>().join("\n");
    all.trim_end().to_owned()
}

/// The name and the address in the value of a From line, as the clients write it: `Ada <ada@…>`, `Ada [mailto:ada@…]`,
/// `ada@… (Ada)`, `Ada <ada@…<mailto:ada@…>>` and the bare address.
fn address(value: &str) -> Option<Address> {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '[' | ']' | '(' | ')' | ',' | ';');
    let email = value.split(is_mark).find_map(email)?;
    let name = match value.find(['<', '[']).and_then(|at| value.get(..at)).filter(|name| !name.contains('@')) {
        Some(name) => name,
        None => value.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(name, _)| name),
    };
    Some(Address::new(display_name(name), &email))
}

fn display_name(name: &str) -> String {
    let name = lines::trim(name).trim_matches(['"', '\'', '*', '“', '”', '‘', '’', '„', ' ']);
    let name = if name.contains('@') { "" } else { name };
    name.chars().filter(|c| !c.is_control()).take(limits::MAX_NAME_CHARS).collect()
}

/// An address without its `mailto:`.
fn email(word: &str) -> Option<String> {
    let word = word.trim_matches(['"', '\'', '*', ':', '.', '：']);
    let word = word.strip_prefix("mailto:").or_else(|| word.strip_prefix("SMTP:")).unwrap_or(word);
    let (local, domain) = word.rsplit_once('@')?;
    let whole = !local.is_empty() && !domain.is_empty() && word.len() <= limits::MAX_ADDRESS_OCTETS;
    (whole && !domain.contains(['/', '\\', ':', '@'])).then(|| word.to_owned())
}

/// A mail attached as a whole (`message/rfc822`): "Forward as attachment". More than one tells of no single author.
fn attached(text: &str, attachments: &[Attachment]) -> Option<Forwarded> {
    let mut mails = attachments.iter().filter(|attachment| attachment.content_type == "message/rfc822");
    let (Some(mail), None) = (mails.next(), mails.next()) else { return None };
    let mail = inbound::read(&mail.content);
    Some(Forwarded {
        from: mail.from?,
        subject: Some(mail.subject).filter(|subject| !subject.is_empty()),
        date: mail.date.map(|date| date.to_string()),
        message_id: mail.message_id,
        body: trimmed(mail.text.lines()),
        comment: comment(&lines::of(text)),
    })
}

#[cfg(test)]
mod tests;
