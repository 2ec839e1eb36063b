//! The `text/html` part: the same Markdown with styles on every element, for many clients drop style sheets.

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::links::is_safe_link;
use super::text::{clean_lines, trim_blank_lines};
use super::verbatim::{MARK, marked};
use crate::mail::quote::SEPARATOR;

/// Without a style: every client sets paragraphs apart by one line, and many words are many paragraphs.
const PARAGRAPH: &str = "<p>";
/// A paragraph of somebody's words that are not all written from left to right: its first letter tells its direction.
const TWO_WAYS: &str = "<p dir=\"auto\">";
const SMALL: &str = "<p class=\"muted\" style=\"font-size:13px;color:#667085\">";
const QUOTE: &str = "<blockquote type=\"cite\" class=\"muted\" style=\"margin:16px 0;padding:0 0 0 12px;\
                     border-left:3px solid #98a2b3;color:#667085\">\n";
/// A link that is a paragraph of its own: what the mail is for, large enough for a thumb.
const ACTION: &str = "<a class=\"action\" style=\"display:inline-block;padding:12px 20px;border-radius:6px;\
                      background:#1d4ed8;color:#ffffff;font-weight:600;text-decoration:none\" ";
const RULE: &str = "<hr style=\"border:0;border-top:1px solid #98a2b3;margin:16px 0\">\n";

/// Longest address that is made a link.
const MAX_URL: usize = 2_000;

/// Collects the HTML part of one body.
pub struct HtmlPart<'a> {
    verbatim: &'a [&'a str],
    out: String,
    /// The content of the block at hand, escaped.
    inline: String,
    /// The open links: whether each is shown as one, and whether it begins its block.
    links: Vec<(bool, bool)>,
    /// Where a link ends that began its block.
    first_link: Option<usize>,
    /// Open quotes and items.
    depth: usize,
}

impl<'a> HtmlPart<'a> {
    /// An empty part with room for `size` octets.
    pub fn new(verbatim: &'a [&'a str], size: usize) -> Self {
        Self {
            verbatim,
            out: String::with_capacity(size * 2),
            inline: String::new(),
            links: Vec::new(),
            first_link: None,
            depth: 0,
        }
    }

    /// Takes the next event.
    pub fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => unbroken(&mut self.inline, text),
            Event::Code(text) => {
                self.inline.push_str("<code>");
                escape(&mut self.inline, text);
                self.inline.push_str("</code>");
            }
            Event::SoftBreak => self.inline.push('\n'),
            Event::HardBreak => self.inline.push_str("<br>\n"),
            Event::Rule => self.out.push_str(RULE),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(*tag),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Emphasis => self.inline.push_str("<em>"),
            Tag::Strong => self.inline.push_str("<strong>"),
            Tag::Link { dest_url, .. } => {
                let shown = is_safe_link(dest_url);
                self.links.push((shown, self.inline.is_empty()));
                if shown {
                    self.inline.push_str("<a href=\"");
                    escape(&mut self.inline, dest_url);
                    self.inline.push_str("\">");
                }
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.depth += 1;
                self.out.push_str(QUOTE);
            }
            Tag::List(Some(start)) => {
                self.flush();
                self.out.push_str(&format!("<ol start=\"{start}\" style=\"margin:16px 0;padding:0 0 0 24px\">\n"));
            }
            Tag::List(None) => {
                self.flush();
                self.out.push_str("<ul style=\"margin:16px 0;padding:0 0 0 24px\">\n");
            }
            Tag::Item => {
                self.depth += 1;
                self.out.push_str("<li style=\"margin:0 0 4px\">");
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis => self.inline.push_str("</em>"),
            TagEnd::Strong => self.inline.push_str("</strong>"),
            TagEnd::Link => {
                let (shown, first) = self.links.pop().unwrap_or_default();
                self.inline.push_str(if shown { "</a>" } else { "" });
                self.first_link = (shown && first).then_some(self.inline.len());
            }
            TagEnd::Paragraph => self.paragraph(),
            TagEnd::Heading(level) => {
                let size = if matches!(level, HeadingLevel::H1 | HeadingLevel::H2) { 19 } else { 16 };
                self.out.push_str(&format!("<h2 style=\"margin:24px 0 8px;font-size:{size}px;line-height:1.3\">"));
                self.flush();
                self.out.push_str("</h2>\n");
            }
            TagEnd::CodeBlock => {
                self.out.push_str("<pre style=\"margin:16px 0;white-space:pre-wrap;font-size:14px\">");
                self.flush();
                self.out.push_str("</pre>\n");
            }
            TagEnd::BlockQuote(_) => {
                self.depth = self.depth.saturating_sub(1);
                self.out.push_str("</blockquote>\n");
            }
            TagEnd::Item => {
                self.depth = self.depth.saturating_sub(1);
                self.flush();
                self.out.push_str("</li>\n");
            }
            TagEnd::List(ordered) => self.out.push_str(if ordered { "</ol>\n" } else { "</ul>\n" }),
            _ => {}
        }
    }

    fn paragraph(&mut self) {
        if marked(&self.inline, self.verbatim).is_some() {
            return self.flush();
        }
        let alone = self.first_link.take() == Some(self.inline.len()) && self.depth == 0;
        if alone && let Some(link) = self.inline.strip_prefix("<a ") {
            self.inline = format!("{ACTION}{link}");
        }
        self.out.push_str(if self.inline.starts_with(SEPARATOR.0) { SMALL } else { PARAGRAPH });
        self.flush();
        self.out.push_str("</p>\n");
    }

    /// Writes what is at hand.
    fn flush(&mut self) {
        let mut inline = std::mem::take(&mut self.inline);
        match marked(&inline, self.verbatim) {
            Some(text) => verbatim_html(&mut self.out, text),
            None if inline.contains(MARK) => self.out.push_str(&inline.replace(MARK, "")),
            None => self.out.push_str(&inline),
        }
        inline.clear();
        self.inline = inline;
    }

    /// The part.
    pub fn finish(self) -> String {
        self.out
    }
}

/// Appends `text` so that no character of it is markup.
pub fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some((plain, tail)) = rest.find(['&', '<', '>', '"']).and_then(|at| rest.split_at_checked(at)) {
        out.push_str(plain);
        let mut chars = tail.chars();
        out.push_str(match chars.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            _ => "&quot;",
        });
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// Appends escaped text in which no line breaks within a case ID: `CASE-1042` is one word to people.
fn unbroken(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('-') {
        let is_prefix = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        let (plain, prefix) = before.split_at_checked(before.trim_end_matches(is_prefix).len()).unwrap_or((before, ""));
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = after.split_at_checked(digits).unwrap_or(("", after));
        if prefix.is_empty() || number.is_empty() {
            escape(out, before);
            out.push('-');
            rest = after;
        } else {
            escape(out, plain);
            out.push_str("<span style=\"white-space:nowrap\">");
            out.extend([prefix, "-", number]);
            out.push_str("</span>");
            rest = tail;
        }
    }
    escape(out, rest);
}

/// Appends somebody's words: paragraphs and lines as written, spaces kept, addresses of pages as links.
fn verbatim_html(out: &mut String, text: &str) {
    let text = clean_lines(text);
    let text = trim_blank_lines(&text);
    if text.is_empty() {
        return;
    }
    let paragraph = if has_right_to_left(text) { TWO_WAYS } else { PARAGRAPH };
    let mut open = false;
    for line in text.split('\n') {
        if line.trim().is_empty() {
            if std::mem::replace(&mut open, false) {
                out.push_str("</p>\n");
            }
            continue;
        }
        out.push_str(if open { "<br>\n" } else { paragraph });
        open = true;
        linked(out, line.trim_end());
    }
    out.push_str("</p>\n");
}

/// Letters of Hebrew, Arabic, Syriac, Thaana, N'Ko and their like (the blocks of bidirectional class R and AL, UAX #9).
fn has_right_to_left(text: &str) -> bool {
    let is_one = |c: char| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
            || matches!(c, '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    !text.is_ascii() && text.chars().any(is_one)
}

/// Appends one line with its `http:` and `https:` addresses as links.
fn linked(out: &mut String, line: &str) {
    let mut rest = line;
    let mut at_start = true;
    while let Some((plain, tail)) = rest.find("http").and_then(|at| rest.split_at_checked(at)) {
        spaced(out, plain, at_start);
        let glued = plain.ends_with(|c: char| c.is_ascii_alphanumeric()) || (plain.is_empty() && !at_start);
        at_start = false;
        let (address, after) = match if glued { Found::None } else { find_address(tail) } {
            Found::Link(len) => tail.split_at_checked(len).unwrap_or(("", tail)),
            Found::TooLong(len) => {
                let (plain, after) = tail.split_at_checked(len).unwrap_or((tail, ""));
                escape(out, plain);
                rest = after;
                continue;
            }
            Found::None => {
                out.push_str("http");
                rest = tail.strip_prefix("http").unwrap_or_default();
                continue;
            }
        };
        out.push_str("<a href=\"");
        escape(out, address);
        out.push_str("\">");
        escape(out, address);
        out.push_str("</a>");
        rest = after;
    }
    spaced(out, rest, at_start);
}

/// What a text starts with, in octets.
enum Found {
    /// The address of a page.
    Link(usize),
    /// Something like one, but so long that no client would follow it; looked at no further, so that a line of a
    /// megabyte stays linear.
    TooLong(usize),
    None,
}

fn find_address(text: &str) -> Found {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    if !host.is_some_and(|host| host.starts_with(char::is_alphanumeric)) {
        return Found::None;
    }
    // Letters from U+2E80 on (Chinese, Japanese, Korean) are written without spaces after an address.
    let is_end = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '`' | '|' | '\\' | '^' | '{' | '}')
            || !(c.is_ascii() || c.is_alphanumeric() && c < '\u{2e80}')
    };
    let window = text.get(..text.floor_char_boundary(MAX_URL + 1)).unwrap_or_default();
    match window.find(is_end) {
        None if window.len() < text.len() => Found::TooLong(window.len()),
        end => Found::Link(without_sentence_end(window.get(..end.unwrap_or(window.len())).unwrap_or_default()).len()),
    }
}

/// Without the full stop or bracket that belongs to the sentence around. A closing bracket belongs to it unless the
/// address opened one.
fn without_sentence_end(mut url: &str) -> &str {
    let count = |bracket: char| url.matches(bracket).count();
    let mut round = count(')').saturating_sub(count('('));
    let mut square = count(']').saturating_sub(count('['));
    loop {
        let open = match url.chars().next_back() {
            Some('.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~') => None,
            Some(')') => Some(&mut round),
            Some(']') => Some(&mut square),
            _ => return url,
        };
        if let Some(surplus) = open {
            if *surplus == 0 {
                return url;
            }
            *surplus -= 1;
        }
        url = url.get(..url.len() - 1).unwrap_or_default();
    }
}

/// Appends escaped text in which runs of spaces stay as wide as they are: columns of a log line up.
fn spaced(out: &mut String, text: &str, at_start: bool) {
    let has_wide = (at_start && text.starts_with(' ')) || text.contains("  ") || text.contains('\t');
    if !has_wide {
        return escape(out, text);
    }
    let mut was_space = at_start;
    for piece in text.split_inclusive([' ', '\t']) {
        let word = piece.trim_end_matches([' ', '\t']);
        was_space &= word.is_empty();
        escape(out, word);
        match piece.chars().next_back() {
            Some('\t') => out.push_str("&nbsp;&nbsp;&nbsp; "),
            Some(' ') => out.push_str(if was_space { "&nbsp;" } else { " " }),
            _ => {}
        }
        was_space = true;
    }
}
