//! What is the desk's own in a text: our separator, words of our mails to engineers, tokens, engineers' addresses.

use std::borrow::Cow;

use super::outcome::Reason;
use crate::desk::facts::Facts;
use crate::desk::notice::own_words::{self, OwnWords};
use crate::desk::rules::Rules;
use crate::desk::seal::marks;
use crate::desk::ticket::Ticket;
use crate::mail::Attachment;
use crate::mail::invisible::is_invisible;
use crate::mail::origin::OWN_HEADER;
use crate::mail::quote::SEPARATOR;

/// Letters of tokens, by how many octets their ids take.
const TOKEN_LETTERS: [usize; 5] = [SHORTEST_TOKEN, 41, 48, 54, 61];
const SHORTEST_TOKEN: usize = 35;

/// What is ours on one ticket.
#[derive(Debug)]
pub struct Ours<'a> {
    rules: &'a Rules,
    /// Addresses of engineers who are no customers of the ticket, lower case.
    engineers: Vec<String>,
    /// Where customers write to.
    desk: &'a str,
}

impl<'a> Ours<'a> {
    /// What must not be told to the customers of a ticket.
    pub fn of(rules: &'a Rules, facts: &Facts, ticket: &Ticket) -> Self {
        let engineers = facts.engineers.keys().filter(|id| !ticket.is_customer(**id));
        let emails = engineers.filter_map(|id| facts.people.get(id)).map(|person| person.email.to_lowercase());
        let desk = rules.mailbox(&ticket.mailbox).map_or("", |mailbox| mailbox.address.as_str());
        Self { rules, engineers: emails.collect(), desk }
    }

    /// A text without what can be taken out of it without changing what it says: quoted lines of our mails, tokens;
    /// engineers' addresses become the desk's.
    pub fn taken_out(&self, text: &str) -> String {
        let text = without_foreign_marks(&self.rules.own_words, text);
        let text = without_quoted(&self.rules.own_words, &text);
        self.with_our_address(&marks::words(&self.rules.keys, &text)).trim().to_owned()
    }

    /// What of ours is still in a text.
    pub fn found_in(&self, text: &str) -> Option<Reason> {
        let plain: Vec<&str> = text.lines().map(bare).collect();
        if plain.iter().any(|line| is_separator(line) || is_our_header(line))
            || !self.rules.own_words.lines(&plain, own_words::LEAST).is_empty()
        {
            return Some(Reason::Notice);
        }
        // "A new request from Anna Schmidt <anna@customer.test>." has few words, and an address behind them.
        let short = self.rules.own_words.lines(&plain, own_words::LEAST_QUOTED);
        if short.iter().any(|number| plain.get(*number).is_some_and(|line| line.contains('@'))) {
            return Some(Reason::Notice);
        }
        self.names_us(text)
    }

    /// Whether a text holds a token or an address that is nobody else's business, in clear or percent-encoded.
    pub fn names_us(&self, text: &str) -> Option<Reason> {
        let decoded = undo_percent(text);
        if [text, decoded.as_ref()].into_iter().any(|text| self.holds_token(text)) {
            return Some(Reason::Notice);
        }
        let lower = [text.to_lowercase(), decoded.to_lowercase()];
        let named = self.engineers.iter().any(|email| lower.iter().any(|text| names(text, email)));
        named.then_some(Reason::Address)
    }

    /// Whether a genuine token stands in a text, in whatever frame and over several lines.
    fn holds_token(&self, text: &str) -> bool {
        let letters: Vec<u8> =
            text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect();
        // How many letters of a token's alphabet stand in a row from here on.
        let mut run = 0_usize;
        let mut runs = vec![0_usize; letters.len()];
        for (slot, letter) in runs.iter_mut().zip(&letters).rev() {
            run = if is_token_letter(*letter) { run + 1 } else { 0 };
            *slot = run;
        }
        let starts = runs
            .iter()
            .enumerate()
            .filter(|(at, run)| **run >= SHORTEST_TOKEN && matches!(letters.get(*at), Some(b'r' | b'n' | b'b')));
        for (at, run) in starts {
            for length in TOKEN_LETTERS.into_iter().filter(|length| length <= run) {
                let token =
                    letters.get(at..at + length).and_then(|token| str::from_utf8(token).ok()).unwrap_or_default();
                let keys = &self.rules.keys;
                if keys.open_reply(token).or_else(|| keys.open_note(token)).is_some()
                    || keys.open_bounce(token).is_some()
                {
                    return true;
                }
            }
        }
        false
    }

    /// Engineers' addresses become the desk's.
    fn with_our_address(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (at, _) in text.match_indices('@') {
            let start = text.get(..at).map_or(at, |head| at - tail_of(head, "._+-").len());
            let end =
                at + 1 + text.get(at + 1..).map_or(0, |rest| head_of(rest, ".-").trim_end_matches(['.', '-']).len());
            let Some(address) = text.get(start..end).filter(|_| start >= done) else { continue };
            if self.engineers.contains(&address.to_lowercase()) {
                out.push_str(text.get(done..start).unwrap_or_default());
                out.push_str(self.desk);
                done = end;
            }
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }

    /// A file without our tokens; `None` when they cannot be taken out of it.
    pub fn file(&self, file: &Attachment) -> Option<Attachment> {
        marks::file(&self.rules.keys, file)
    }
}

/// Of the alphabet of tokens: digits and all letters but a, e, i and o.
fn is_token_letter(letter: u8) -> bool {
    letter.is_ascii_digit() || letter.is_ascii_lowercase() && !matches!(letter, b'a' | b'e' | b'i' | b'o')
}

/// The part of `text` at its end that an address can be made of.
fn tail_of<'t>(text: &'t str, signs: &str) -> &'t str {
    let outside = |c: char| !(c.is_ascii_alphanumeric() || signs.contains(c));
    text.rsplit(outside).next().unwrap_or_default()
}

/// The part of `text` at its start that a domain can be made of.
fn head_of<'t>(text: &'t str, signs: &str) -> &'t str {
    let outside = |c: char| !(c.is_alphanumeric() || signs.contains(c));
    text.split(outside).next().unwrap_or_default()
}

/// Whether an address stands in a text, and not within a longer one. Both lower case.
fn names(text: &str, email: &str) -> bool {
    text.match_indices(email).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text.get(at + email.len()..).and_then(|rest| rest.chars().next());
        let longer = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
        !before.is_some_and(longer) && !after.is_some_and(|c| c.is_alphanumeric() || c == '-')
    })
}

/// `erkki%40example.test` as `erkki@example.test`.
fn undo_percent(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let value = (byte == b'%').then(|| Some(digit(ahead.next()?)? * 16 + digit(ahead.next()?)?)).flatten();
        if value.is_some() {
            bytes = ahead;
        }
        out.push(value.unwrap_or(byte));
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

/// What marks a line as quoted, in any client's way.
fn is_mark(c: char) -> bool {
    c.is_whitespace() || is_invisible(c) || matches!(c, '>' | '|' | '›' | '»' | '│' | '┃' | '*')
}

/// A line without the marks of quotes in front.
fn bare(line: &str) -> &str {
    line.trim_start_matches(is_mark).trim_end_matches(is_mark)
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Our separator, whole or its beginning: a client may have wrapped it.
fn is_separator(bare: &str) -> bool {
    let (start, end) = SEPARATOR;
    bare.starts_with(start) || bare.ends_with(end) || bare.contains(start) && bare.contains(end)
}

/// The source of a mail of ours.
fn is_our_header(bare: &str) -> bool {
    let value = bare.get(..OWN_HEADER.len()).filter(|name| name.eq_ignore_ascii_case(OWN_HEADER));
    value.and_then(|_| bare.get(OWN_HEADER.len()..)).is_some_and(|rest| rest.starts_with(':'))
}

/// A drawn line, as our text part has around the customer's words.
fn is_rule(bare: &str) -> bool {
    bare.len() >= 20 && bare.chars().all(|c| matches!(c, '-' | '_' | '─' | '—'))
}

/// Without the lines of ours in quotes marked with `>`. The customer's own words stay: an answer may stand between them.
fn without_quoted(own: &OwnWords, text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let bodies: Vec<&str> = lines.iter().map(|line| if is_quoted(line) { bare(line) } else { "" }).collect();
    let known = bodies.iter().any(|body| is_separator(body));
    let ours = own.lines(&bodies, if known { own_words::LEAST_QUOTED } else { own_words::LEAST });
    let mut kept: Vec<&str> = Vec::with_capacity(lines.len());
    let mut in_footer = false;
    for (number, (line, body)) in lines.iter().zip(&bodies).enumerate() {
        in_footer = known && is_quoted(line) && (in_footer || *body == "--");
        let ours = !body.is_empty() && (is_separator(body) || known && is_rule(body) || ours.contains(&number));
        if !(in_footer || ours) {
            kept.push(line);
        }
    }
    if kept.len() == lines.len() { text.to_owned() } else { tidied(&kept) }
}

/// Without the empty lines of a quote that stand at its ends or behind each other.
fn tidied(lines: &[&str]) -> String {
    let is_blank = |line: &&str| is_quoted(line) && bare(line).is_empty();
    let mut out: Vec<&str> = Vec::with_capacity(lines.len());
    for line in lines {
        let goes_on = out.last().is_some_and(|last| is_quoted(last) && !is_blank(last));
        if is_blank(line) && !goes_on {
            continue;
        }
        if !is_quoted(line) && out.last().is_some_and(is_blank) {
            out.pop();
        }
        out.push(line);
    }
    if out.last().is_some_and(is_blank) {
        out.pop();
    }
    out.join("\n")
}

/// Without whole quotes of our mail, or of its source, that are marked with tabs, bars or blanks: nobody answers between
/// lines that no client can tell from words.
fn without_foreign_marks(own: &OwnWords, text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut kept = Vec::with_capacity(lines.len());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let end = block_end(&lines, at);
        let block = lines.get(at..end).unwrap_or_default();
        let bodies: Vec<&str> = block.iter().map(|line| bare(line)).collect();
        let known = bodies.iter().any(|body| is_separator(body) || is_our_header(body));
        let ours = end > at && (known || !own.lines(&bodies, own_words::LEAST).is_empty());
        if ours {
            at = end;
        } else {
            kept.push(*line);
            kept.extend(block.iter().skip(1).copied());
            at = end.max(at + 1);
        }
    }
    kept.join("\n")
}

/// Where the block of lines with one foreign mark ends that begins here: `at` when none does. Empty lines within belong
/// to it.
fn block_end(lines: &[&str], at: usize) -> usize {
    let mark = lines.get(at).and_then(|line| foreign_mark(line));
    let Some(mark) = mark else { return at };
    let mut end = at + 1;
    for (number, line) in lines.iter().enumerate().skip(at + 1) {
        if foreign_mark(line) == Some(mark) {
            end = number + 1;
        } else if !line.trim().is_empty() {
            break;
        }
    }
    end
}

/// What a line begins with, when that is the mark of a quote other than `>`.
fn foreign_mark(line: &str) -> Option<&'static str> {
    if line.trim().is_empty() {
        return None;
    }
    ["\t", "    ", "  ", "| ", "|", "│", ": ", "» ", "› "].into_iter().find(|mark| line.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> OwnWords {
        let pieces =
            ["**To answer, just reply to this email.** Your answer goes to the customer.", "A new request from "];
        OwnWords::new(pieces.into_iter().map(str::to_owned))
    }

    #[test]
    fn our_lines_go_from_a_quote_and_the_customers_stay() {
        let text = "Hi,\n> ##- Please reply above -##\n> \n> A new request from Anna.\n> \n> ------------------------\n> \n> It is broken.\n\nSince when?\n\n> \n> To answer, just reply to this email. Your\n> answer goes to the customer.\n> \n> -- \n> CASE-1\nErkki";
        assert_eq!(without_quoted(&own(), text), "Hi,\n> It is broken.\n\nSince when?\n\nErkki");
        let others = "> \n> \n> -- \n> Anna\n\nYes";
        assert_eq!(without_quoted(&own(), others), others);
    }

    #[test]
    fn a_block_of_ours_under_another_mark_goes_whole() {
        let text = "Clean it.\n\t##- Please reply above -##\n\n\tIt is broken.\nThat is all.\n\tA table\n\tof mine";
        assert_eq!(without_foreign_marks(&own(), text), "Clean it.\nThat is all.\n\tA table\n\tof mine");
    }

    #[test]
    fn addresses_are_found_whole_and_encoded() {
        assert!(names("write to <erkki@example.test>.", "erkki@example.test"));
        assert!(!names("anna.erkki@example.test", "erkki@example.test"));
        assert!(!names("erkki@example.tester", "erkki@example.test"));
        assert_eq!(undo_percent("who=erkki%40example.test&100%"), "who=erkki@example.test&100%");
    }
}
