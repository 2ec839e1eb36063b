//! The words of a report: who is named in them as a recipient, and what is said of each.

mod line;
mod words;

use super::super::limits;
use super::report::Entry;
use super::{address_scan, family, reason, smtp, undelivered};
use line::Context;

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
    /// They begin with a greeting, as people do.
    pub greets: bool,
    /// They speak of the reader's mail, as a program does that returns it; people speak of their own.
    pub speaks_of_yours: bool,
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

/// Reads the words of a report, without the pasted original.
pub fn read(text: &str) -> Notice {
    let mut reader = Reader::default();
    for line in text.lines().take(limits::MAX_REPORT_LINES) {
        let line: String = line.chars().take(limits::MAX_DIAGNOSTIC_CHARS).collect();
        reader.line(&line);
    }
    reader.finish(&text.to_lowercase())
}

impl Notice {
    fn note(&mut self, lower: &str) {
        let flat = lower.split_whitespace().collect::<Vec<_>>().join(" ").replace('’', "'");
        let has = |list: &[&str]| list.iter().any(|words| flat.contains(words));
        self.delayed = has(words::DELAYED);
        self.given_up = has(words::GIVEN_UP);
        self.delayed &= !self.given_up;
        let code = smtp::enhanced(&flat).is_some() || smtp::reply(&flat).is_some();
        let cause = self.recipients.iter().any(|named| reason::of(&named.detail).is_some());
        self.speaks_of_yours = has(words::YOURS) && !words::MINE.iter().any(|word| format!(" {flat} ").contains(word));
        self.failed =
            has(words::FAILED) || undelivered::is_said(&flat) || cause || (code && reason::of(&flat).is_some());
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
    /// What the last line with words ended in.
    above: Above,
    /// Addresses that were written to, and the recipient each led to.
    aliases: Vec<(String, usize)>,
}

/// How a line announces the next one.
#[derive(Debug, Default)]
struct Above {
    alias: bool,
    sender: bool,
}

impl Reader {
    /// What was said of a recipient holds for the address that led to it.
    fn finish(mut self, lower: &str) -> Notice {
        for (alias, index) in std::mem::take(&mut self.aliases).into_iter().take(limits::MAX_BOUNCE_REPORTS) {
            let detail = self.notice.recipients.get(index).map(|named| named.detail.clone()).unwrap_or_default();
            if !self.notice.recipients.iter().any(|named| named.recipient == alias) {
                self.notice.recipients.push(Named { recipient: alias, detail });
            }
        }
        self.notice.note(lower);
        self.notice
    }

    fn line(&mut self, line: &str) {
        let lower = line.to_lowercase().replace('’', "'");
        if line.trim().is_empty() {
            self.blank();
            return;
        }
        self.lines += usize::from(!line::is_markup(&lower));
        if self.lines == 1 {
            self.notice.greets = line::greets(&lower);
        }
        if self.notice.family.is_none() {
            self.notice.family = family::opened_by(&lower).map(|family| family.name);
            self.notice.opens = self.notice.family.is_some() && self.lines <= 2;
        }
        let heading = family::is_heading(&lower);
        if line::is_rule(&lower) {
            self.open = None;
            self.listing = false;
        }
        let above = std::mem::take(&mut self.above);
        let alias = line::alias(&lower, above.alias);
        self.above = Above { alias: line::ends_in_alias(&lower), sender: line::ends_in_sender(&lower) };
        let context = Context {
            listing: self.listing && !heading,
            labelled: self.labelled,
            indent: self.open.map(|(_, indent)| indent),
            sender: above.sender,
        };
        let named = line::named(&lower, context).filter(|(spots, _)| {
            self.notice.recipients.len() < limits::MAX_BOUNCE_REPORTS
                && spots.iter().all(|spot| Some(&spot.address) != alias.as_ref())
        });
        self.labelled = false;
        if let Some((spots, rest)) = named {
            let indent = lower.len() - lower.trim_start().len();
            for spot in &spots {
                self.open(&spot.address, indent);
            }
            self.led_by(alias);
            self.detail(line.get(rest..).unwrap_or_default());
            if !self.listing && rest == 0 && lower.contains("...") {
                self.open = None; // Sendmail's transcript: what follows is of another recipient
            }
        } else {
            self.labelled = family::label_end(&lower)
                .is_some_and(|end| lower.get(end..).is_some_and(|rest| rest.trim().is_empty()));
            let led = self.led_by(alias);
            if !led {
                self.weak(&lower);
            }
            self.detail(line);
        }
        self.listing |= heading;
    }

    /// Notes the address that led to the recipient spoken of now.
    fn led_by(&mut self, alias: Option<String>) -> bool {
        let found = alias.zip(self.open.map(|(index, _)| index));
        let led = found.is_some();
        self.aliases.extend(found);
        led
    }

    /// A blank line ends what is said of a recipient, once a cause was said. Google and Domino have it in a
    /// later paragraph.
    fn blank(&mut self) {
        let said = self
            .open
            .and_then(|(index, _)| self.notice.recipients.get(index))
            .is_some_and(|named| reason::tells(&named.detail));
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
            target.push_str(text.trim_start_matches([':', '>', '.', ',', '"', ' ', '\t']).trim_end());
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
}

#[cfg(test)]
mod tests;
