//! Puts the words of a mail together.

use std::collections::HashSet;

use crate::mail::invisible::is_invisible;
use crate::mail::{html, limits, mime::Parts};

use super::{
    armour, calendar,
    content::{Content, Contents},
};

/// The words of a mail.
#[derive(Debug, Default)]
pub struct Body {
    /// As plain text.
    pub text: String,
    /// The HTML parts as they came.
    pub html: Option<String>,
}

/// Puts the words of a mail together: of alternatives one, of other text parts all, in order.
pub fn body(parts: &Parts<'_>, contents: &Contents<'_>, warnings: &mut Vec<String>) -> Body {
    let mut reader = Reader { parts, contents, warnings, html_left: limits::MAX_HTML_OCTETS };
    let mut text = reader.render(0).unwrap_or_default();
    for (index, part) in parts.list.iter().enumerate() {
        if matches!(part.kind(), "text/calendar" | "application/ics")
            && let Some(Content::Data(bytes)) = contents.list.get(index)
            && let Some(summary) = calendar::summary(bytes)
            && !text.contains(&summary)
        {
            join(&mut text, &summary);
        }
    }
    text.truncate(text.trim_end().len());
    if let Some((end, _)) = text.char_indices().nth(limits::MAX_TEXT_CHARS) {
        text.truncate(end);
        warnings.push(format!("the text is longer than {} characters: the rest is left out", limits::MAX_TEXT_CHARS));
    }
    Body { text: text.trim_start_matches('\n').to_owned(), html: html_parts(contents, warnings) }
}

fn html_parts(contents: &Contents<'_>, warnings: &mut Vec<String>) -> Option<String> {
    let mut joined: Option<String> = None;
    for content in &contents.list {
        let Content::Html(html) = content else { continue };
        let room = limits::MAX_HTML_OCTETS.saturating_sub(joined.as_ref().map_or(0, String::len));
        if html.len() > room {
            warnings.push(format!("the HTML is longer than {} bytes: the rest is left out", limits::MAX_HTML_OCTETS));
        }
        let mut end = html.len().min(room);
        while !html.is_char_boundary(end) {
            end -= 1;
        }
        let all = joined.get_or_insert_default();
        if !all.is_empty() {
            all.push('\n');
        }
        all.push_str(html.get(..end).unwrap_or_default());
    }
    joined
}

struct Reader<'r, 'a> {
    parts: &'r Parts<'a>,
    contents: &'r Contents<'a>,
    warnings: &'r mut Vec<String>,
    /// Octets of HTML that are still rendered, of all parts together.
    html_left: usize,
}

impl Reader<'_, '_> {
    /// The text of a part and of what is in it. Depth is bounded by [`limits::MAX_DEPTH`].
    fn render(&mut self, index: usize) -> Option<String> {
        match self.contents.list.get(index)? {
            Content::Plain(text) => Some(text.clone()),
            Content::Html(html) => {
                let shown = html.get(..html.floor_char_boundary(self.html_left)).unwrap_or_default();
                self.html_left -= shown.len();
                Some(html::to_text(shown))
            }
            Content::Data(_) => self.locked(index),
            Content::Parts => {
                let children: Vec<usize> = self.parts.children(index).collect();
                match self.parts.get(index)?.kind() {
                    "multipart/alternative" => self.alternative(&children),
                    "multipart/related" => children.iter().find_map(|&child| self.render(child)),
                    "multipart/encrypted" => {
                        self.warnings.push("encrypted with PGP/MIME".to_owned());
                        Some(armour::ENCRYPTED.to_owned())
                    }
                    "multipart/signed" => {
                        self.warnings.push("signed beside the text: not checked".to_owned());
                        self.all(&children)
                    }
                    _ => self.all(&children),
                }
            }
        }
    }

    /// An S/MIME envelope in the place of the words.
    fn locked(&mut self, index: usize) -> Option<String> {
        let part = self.parts.get(index)?;
        if !matches!(part.kind(), "application/pkcs7-mime" | "application/x-pkcs7-mime") {
            return None;
        }
        self.warnings.push("encrypted with S/MIME".to_owned());
        Some(armour::ENCRYPTED.to_owned())
    }

    /// Plain text, unless it has nothing to say; then HTML; then whatever there is.
    fn alternative(&mut self, children: &[usize]) -> Option<String> {
        let forms: Vec<(usize, bool, bool)> =
            children.iter().map(|&child| (child, self.has(child, false), self.has(child, true))).collect();
        // Several plain texts are no alternatives of each other: all of them are read.
        let plain: Vec<usize> =
            forms.iter().filter(|(_, plain, html)| *plain && !*html).map(|(child, ..)| *child).collect();
        let plain = self.all(&plain).filter(|text| !is_blank(text));
        if plain.as_ref().is_some_and(|text| !may_be_placeholder(text)) {
            return plain;
        }
        // The last form is the richest (RFC 2046 §5.1.4).
        for &(child, ..) in forms.iter().rev().filter(|(_, _, html)| *html) {
            let text = self.render(child).filter(|text| !is_blank(text));
            if text.as_ref().is_some_and(|text| plain.as_ref().is_none_or(|plain| text.len() > plain.len())) {
                return text;
            }
        }
        // None is rendered twice: alternatives in each other would double that with every level.
        let others = forms.iter().filter(|(_, plain, html)| !plain && !html);
        plain.or_else(|| others.map(|(child, ..)| *child).find_map(|child| self.render(child)))
    }

    /// Whether words of that form are in a part.
    fn has(&self, index: usize, html: bool) -> bool {
        match self.contents.list.get(index) {
            Some(Content::Plain(_)) => !html,
            Some(Content::Html(_)) => html,
            Some(Content::Parts) => self.parts.children(index).any(|child| self.has(child, html)),
            _ => false,
        }
    }

    fn all(&mut self, children: &[usize]) -> Option<String> {
        let mut text: Option<String> = None;
        for &child in children {
            let Some(piece) = self.render(child) else { continue };
            let so_far = text.get_or_insert_default();
            let html = matches!(self.contents.list.get(child), Some(Content::Html(_)));
            if !(html && is_other_form(so_far, &piece)) {
                join(so_far, &piece);
            }
        }
        text
    }
}

/// One empty line between two texts.
fn join(text: &mut String, piece: &str) {
    text.truncate(text.trim_end().len());
    if !text.is_empty() && !piece.trim().is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(piece);
}

/// Two texts that share most of their words are two forms of one text, sent as if both were to be read (mailers that
/// write `mixed` where `alternative` is meant).
fn is_other_form(plain: &str, html: &str) -> bool {
    fn words(text: &str) -> impl Iterator<Item = &str> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(2_000)
    }
    let known: HashSet<&str> = words(html).collect();
    let (mut all, mut shared) = (0, 0);
    for word in words(plain) {
        all += 1;
        shared += usize::from(known.contains(word));
    }
    // The HTML may be a footer of few words that happen to be in the text.
    all > 0 && shared * 10 >= all * 6 && !is_blank(html)
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// A short text that speaks of HTML: "your mail program cannot show HTML", in whatever language.
fn may_be_placeholder(text: &str) -> bool {
    let text = text.trim();
    text.len() < 400
        && (text.to_ascii_lowercase().contains("html")
            || text.starts_with("http") && !text.contains(char::is_whitespace))
}
