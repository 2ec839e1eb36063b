//! The `text/plain` part: Markdown as people write it in mails.

use std::borrow::Cow;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::links::is_safe_link;
use super::verbatim::{MARK, marked};

/// Columns of a line: 72 leave room for two levels of `> ` in the usual 80 (RFC 3676 §4.2 says "78 or fewer").
const WIDTH: usize = 72;

/// Collects the text part of one body.
pub struct TextPart<'a> {
    verbatim: &'a [&'a str],
    out: String,
    /// The content of the paragraph, heading or item at hand; `\n` for a hard break.
    inline: String,
    /// What every line starts with, outermost first.
    prefixes: Vec<Prefix>,
    /// Numbers of the open ordered lists, `None` for unordered ones.
    lists: Vec<Option<u64>>,
    /// Open links: where the label starts in `inline`, and the address.
    links: Vec<(usize, String)>,
    /// A link that began its paragraph: where its label ends in `inline`, and where all of it ends.
    first_link: Option<(usize, usize)>,
    /// Whether an empty line is due before the next block.
    gap: bool,
}

/// The start of lines within a quote or an item.
struct Prefix {
    /// Taken by the first line: the bullet.
    first: Option<String>,
    rest: String,
}

impl<'a> TextPart<'a> {
    /// An empty part with room for `size` octets.
    pub fn new(verbatim: &'a [&'a str], size: usize) -> Self {
        Self {
            verbatim,
            out: String::with_capacity(size + size / 8),
            inline: String::new(),
            prefixes: Vec::new(),
            lists: Vec::new(),
            links: Vec::new(),
            first_link: None,
            gap: false,
        }
    }

    /// Takes the next event.
    pub fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.inline.push_str(text);
            }
            Event::SoftBreak => self.inline.push(' '),
            Event::HardBreak => self.inline.push('\n'),
            Event::Rule => self.block(&"-".repeat(WIDTH)),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(*tag),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::BlockQuote(_) => {
                self.flush_item();
                // `… wrote:` and what was written belong together.
                self.gap &= !self.out.ends_with(":\n");
                // The line between belongs to what is around the quote.
                self.set_gap();
                self.prefixes.push(Prefix { first: None, rest: "> ".to_owned() });
            }
            Tag::List(start) => {
                self.flush_item();
                self.lists.push(*start);
            }
            Tag::Item => {
                let bullet = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                let rest = " ".repeat(bullet.len());
                self.prefixes.push(Prefix { first: Some(bullet), rest });
            }
            Tag::CodeBlock(_) => {
                self.flush_item();
                self.prefixes.push(Prefix { first: None, rest: "    ".to_owned() });
            }
            Tag::Link { dest_url, .. } => self.links.push((self.inline.len(), dest_url.to_string())),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(_) => {
                let inline = std::mem::take(&mut self.inline);
                self.block(&inline);
            }
            TagEnd::Item => {
                self.flush_item();
                self.prefixes.pop();
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.gap = self.lists.is_empty();
            }
            TagEnd::CodeBlock => {
                let inline = std::mem::take(&mut self.inline);
                self.open();
                self.lines(inline.trim_end());
                self.prefixes.pop();
            }
            TagEnd::BlockQuote(_) => {
                self.prefixes.pop();
            }
            TagEnd::Link => self.end_link(),
            _ => {}
        }
    }

    /// The address goes behind the label, unless the label says it.
    fn end_link(&mut self) {
        let Some((start, url)) = self.links.pop() else { return };
        let label = self.inline.get(start..).unwrap_or_default();
        let shown = url.strip_prefix("mailto:").or_else(|| url.strip_prefix("tel:")).unwrap_or(&url);
        if is_safe_link(&url) && label != shown && label != url {
            let label_end = self.inline.len();
            self.inline.push_str(" <");
            self.inline.push_str(shown);
            self.inline.push('>');
            self.first_link = (start == 0).then_some((label_end, self.inline.len()));
        }
    }

    /// A link that is a paragraph of its own is what the mail is for: its address gets a line of its own, so that every
    /// terminal and every mail program takes it whole.
    fn end_paragraph(&mut self) {
        let inline = std::mem::take(&mut self.inline);
        let link = self.first_link.take().filter(|&(_, end)| end == inline.len() && self.prefixes.is_empty());
        let parts = link.and_then(|(label_end, _)| inline.split_at_checked(label_end));
        match parts {
            Some((label, url)) => {
                let url = url.trim_matches([' ', '<', '>']);
                self.block(&format!("{label}:\n{url}"));
            }
            None => self.block(&inline),
        }
    }

    /// Writes what a tight list item holds so far; the next item follows without an empty line.
    fn flush_item(&mut self) {
        if self.inline.is_empty() {
            return;
        }
        let inline = std::mem::take(&mut self.inline);
        self.block(&inline);
        self.gap = false;
    }

    /// Writes a block: a verbatim text line by line, everything else wrapped.
    fn block(&mut self, inline: &str) {
        if let Some(text) = marked(inline, self.verbatim) {
            let text = clean_lines(text);
            let text = trim_blank_lines(&text);
            if !text.is_empty() {
                self.open();
                self.lines(text);
            }
            return;
        }
        self.open();
        for line in inline.split('\n') {
            self.wrap(line);
        }
    }

    /// Begins a block, an empty line below the one before.
    fn open(&mut self) {
        self.set_gap();
        self.gap = true;
    }

    fn set_gap(&mut self) {
        if std::mem::take(&mut self.gap) && !self.out.is_empty() {
            let prefix: String = self.prefixes.iter().map(|prefix| prefix.rest.as_str()).collect();
            self.out.push_str(prefix.trim_end());
            self.out.push('\n');
        }
    }

    fn prefix(&mut self) {
        for prefix in &mut self.prefixes {
            match prefix.first.take() {
                Some(first) => self.out.push_str(&first),
                None => self.out.push_str(&prefix.rest),
            }
        }
    }

    /// Lines as they are.
    fn lines(&mut self, text: &str) {
        if self.prefixes.is_empty() {
            self.out.push_str(text);
            self.out.push('\n');
            return;
        }
        for line in text.split('\n') {
            let start = self.out.len();
            self.prefix();
            if line.is_empty() {
                let kept = self.out.get(start..).map_or(0, |prefix| prefix.trim_end().len());
                self.out.truncate(start + kept);
            }
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    fn wrap(&mut self, line: &str) {
        let indent: usize = self.prefixes.iter().map(|prefix| prefix.rest.len()).sum();
        let mut column = 0;
        for word in line.split([' ', '\t']).filter(|word| !word.is_empty()) {
            let width = word.chars().filter(|&c| c != MARK).count();
            if column > 0 && indent + column + 1 + width > WIDTH {
                self.out.push('\n');
                column = 0;
            }
            if column == 0 {
                self.prefix();
            } else {
                self.out.push(' ');
                column += 1;
            }
            self.out.extend(word.chars().filter(|&c| c != MARK));
            column += width;
        }
        self.out.push('\n');
    }

    /// The part, without empty lines at its end.
    pub fn finish(mut self) -> String {
        self.out.truncate(self.out.trim_end().len());
        self.out
    }
}

/// Somebody's text with LF line ends and without control characters: a terminal would obey them.
pub fn clean_lines(text: &str) -> Cow<'_, str> {
    let is_dirty = |c: char| c.is_control() && c != '\n' && c != '\t';
    // Every C1 control starts with this octet in UTF-8; the test on octets is what makes long texts cheap.
    let suspicious = |byte: u8| (byte < b' ' && byte != b'\n' && byte != b'\t') || byte == 0x7f || byte == 0xc2;
    if !text.bytes().any(suspicious) || !text.chars().any(is_dirty) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' => out.push('\n'),
            c if is_dirty(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Without empty lines around; the indentation of the first line stays.
pub fn trim_blank_lines(text: &str) -> &str {
    let text = text.trim_end();
    let lead = text.len() - text.trim_start().len();
    let cut = text.get(..lead).and_then(|lead| lead.rfind('\n')).map_or(0, |at| at + 1);
    text.get(cut..).unwrap_or_default()
}
