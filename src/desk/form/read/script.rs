//! A mail as the lines that may answer a form.

use crate::mail::invisible::is_invisible;
use crate::mail::quote::SEPARATOR;
use crate::mail::{Address, Mail, forward, html};

/// One line of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Without quote marks and space at its ends.
    pub(super) text: String,
    /// It was in the mail that is answered.
    pub(super) quoted: bool,
}

/// What a mail says, and who says it.
pub(super) struct Script {
    /// What was written, with the quoted lines between and below.
    pub(super) lines: Vec<Line>,
    /// How the writer signed, where that stands apart.
    pub(super) signature: Vec<String>,
    /// The rows of HTML tables, as lines.
    pub(super) rows: Vec<String>,
    /// The subject of a mail that begins something; what an answer repeats of ours says nothing.
    pub(super) subject: String,
    /// It answers no mail: what it quotes is none of ours.
    pub(super) begins: bool,
    /// Who the mail is by: the first writer of one that was passed on.
    pub(super) from: Option<Address>,
    /// Where that person wants answers.
    pub(super) reply_to: Option<Address>,
    /// Somebody else than the sender wrote what is asked for.
    pub(super) forwarded: bool,
    /// Addresses that are the desk's, or that the mail went to.
    pub(super) ours: Vec<String>,
}

/// Lines that are looked at: forms are short.
const MAX_LINES: usize = 1_000;
/// Octets of them together: a line may be as long as a mail, and some readers compare each word with those around it.
const MAX_OCTETS: usize = 20_000;

impl Script {
    pub(super) fn of(mail: &Mail) -> Self {
        let mut ours = mail.recipients();
        let mut lines: Vec<Line> = Vec::new();
        let mut signature = Vec::new();
        let original = forward::original(&mail.text, &mail.subject, &mail.attachments);
        match &original {
            Some(original) => {
                let old = crate::mail::quote::split(&original.body, None);
                let both = original.comment.lines().chain([""]).chain(old.reply.lines());
                lines.extend(both.map(|line| line_of(line, false)));
                // The one who passed it on, and whom it went to first, are not whom it is about.
                ours.extend(mail.from.iter().map(|from| from.email.clone()));
            }
            None => {
                lines.extend(mail.reply_text.lines().map(|line| line_of(line, false)));
                let (signed, quoted) = below(&mail.quoted_text);
                signature = signed;
                lines.push(Line { text: String::new(), quoted: true });
                lines.extend(quoted);
            }
        }
        shorten(&mut lines, |line| &mut line.text);
        shorten(&mut signature, |line| line);
        let from = original.as_ref().map_or_else(|| mail.from.clone(), |original| Some(original.from.clone()));
        let reply_to = mail.reply_to.first().filter(|_| original.is_none()).cloned();
        let begins = mail.in_reply_to.is_empty() && !mail.text.contains(SEPARATOR.0) && !is_tagged(&mail.subject);
        let subject = if begins { tidy(&mail.subject) } else { String::new() };
        Self {
            lines,
            signature,
            rows: rows(mail),
            subject,
            begins,
            from,
            reply_to,
            forwarded: original.is_some(),
            ours,
        }
    }

    /// The lines that the writer wrote.
    pub(super) fn own(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().filter(|line| !line.quoted).map(|line| line.text.as_str())
    }
}

/// `[CASE-7]`: an answer to us, whatever its headers say.
fn is_tagged(subject: &str) -> bool {
    subject.split('[').skip(1).filter_map(|piece| piece.split_once(']')).any(|(tag, _)| {
        tag.rsplit_once('-').is_some_and(|(word, number)| !word.is_empty() && number.parse::<i64>().is_ok())
    })
}

fn line_of(text: &str, quoted: bool) -> Line {
    let (bare, depth) = unquoted(text);
    Line { text: tidy(bare), quoted: quoted || depth > 0 }
}

/// A line without its quote marks, and how many there were.
fn unquoted(text: &str) -> (&str, usize) {
    let trimmed = text.trim_start();
    let bare = trimmed.trim_start_matches(['>', ' ']);
    let marks = trimmed.strip_suffix(bare).unwrap_or_default().matches('>').count();
    (if marks == 0 { text } else { bare }, marks)
}

/// The signature, and the lines of the mail that is answered: those below our separator, or behind one quote mark. What
/// is quoted deeper is older.
fn below(quoted_text: &str) -> (Vec<String>, Vec<Line>) {
    let all: Vec<(&str, usize)> = quoted_text.lines().take(MAX_LINES).map(unquoted).collect();
    let separator = all.iter().position(|(text, _)| text.trim_start().starts_with(SEPARATOR.0));
    let head = |text: &str, depth: usize| {
        depth > 0 || text.trim_end().ends_with(':') || text.starts_with("-----") || is_header(text)
    };
    let signed = all.iter().take_while(|(text, depth)| !head(text, *depth)).map(|(text, _)| tidy(text)).collect();
    let level = separator.and_then(|at| all.get(at)).map_or(1, |(_, depth)| *depth);
    let quoted = all.iter().skip(separator.map_or(0, |at| at + 1));
    let quoted = quoted.take_while(|(text, _)| !text.trim_start().starts_with(SEPARATOR.0));
    let quoted = quoted.filter(|(_, depth)| *depth == level).map(|(text, _)| Line { text: tidy(text), quoted: true });
    (signed, quoted.collect())
}

/// A line as mail programs put above a quote: `From: Example Support <…>`.
fn is_header(text: &str) -> bool {
    text.split_once(':').is_some_and(|(name, value)| value.contains('@') && value.contains('<') && name.len() < 20)
}

/// The lines of the HTML part when it has tables, up to what it quotes.
fn rows(mail: &Mail) -> Vec<String> {
    let Some(part) = mail.html.as_ref().filter(|part| part.to_ascii_lowercase().contains("<table")) else {
        return Vec::new();
    };
    let text = html::to_text(part);
    let lines = text.lines().take(MAX_LINES);
    let own = |line: &&str| !line.starts_with('>') && !line.starts_with(SEPARATOR.0) && !is_header(line);
    let mut rows: Vec<String> = lines.take_while(own).map(tidy).collect();
    shorten(&mut rows, |row| row);
    rows
}

/// Leaves of lines as many as are looked at.
fn shorten<T>(lines: &mut Vec<T>, text: impl Fn(&mut T) -> &mut String) {
    let mut left = MAX_OCTETS;
    lines.truncate(MAX_LINES);
    for line in lines {
        let text = text(line);
        text.truncate(text.floor_char_boundary(left));
        left -= text.len();
    }
}

/// With plain blanks, colons, letters and digits, without invisible marks.
pub(super) fn tidy(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|letter| !is_invisible(*letter))
        .map(|letter| match letter {
            '’' | '‘' | '＇' => '\'',
            '\u{ff0d}' => '-',
            // Latin letters, digits and marks as wide as an ideograph (U+FF01 to U+FF5E).
            '\u{ff01}'..='\u{ff5e}' => {
                let narrow = u32::from(letter).checked_sub(0xfee0);
                narrow.and_then(char::from_u32).unwrap_or(letter)
            }
            letter if letter.is_whitespace() && letter != '\t' => ' ',
            letter => letter,
        })
        .collect();
    plain.trim().to_owned()
}
