//! Writes the tokens of a document as plain text.

use html5ever::tokenizer::Tag;

use super::tags::{attribute, is_block, is_quote, is_shown, is_tight};
use crate::mail::{invisible, limits};

/// A column separator and where lists and quotes stand are the only state: no tree is built.
#[derive(Default)]
pub struct Renderer {
    /// The text so far.
    pub out: String,
    /// Line ends to write before the next text.
    breaks: usize,
    /// A blank to write before the next text of the line.
    blank: bool,
    /// The line has text.
    dirty: bool,
    /// Quotes (`> `) around the place, and around the last line written.
    quotes: Vec<bool>,
    quoted: usize,
    last_quoted: usize,
    /// Lists around the place: the number of the next item, 0 for bullets.
    lists: Vec<u32>,
    tables: Vec<Table>,
    /// A cell of a table of data was opened and holds no text yet: paragraphs in it do not break the row.
    fresh_cell: bool,
    preformatted: usize,
    /// The link around the place, and where its text starts.
    link: Option<(String, usize)>,
}

#[derive(Default)]
struct Table {
    /// It shows its lines or has heads: a table of data, not of layout.
    data: bool,
    /// A cell of the row was written.
    cells: usize,
}

impl Renderer {
    /// A start tag.
    pub fn open(&mut self, tag: &Tag) {
        match &*tag.name {
            "br" => self.line_break(),
            "p" => self.block(if is_tight(tag) { 1 } else { 2 }),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dl" => self.block(2),
            "pre" | "listing" | "xmp" => {
                self.block(2);
                self.preformatted += 1;
            }
            "blockquote" => self.open_quote(tag),
            "ul" | "ol" | "menu" | "dir" => self.open_list(tag),
            "li" => self.item(),
            "hr" => {
                self.block(1);
                // What Outlook writes for a line in its plain text.
                self.word("________________________________");
                self.block(1);
            }
            "table" => {
                self.block(1);
                let border = attribute(tag, "border").is_some_and(|width| !matches!(width, "0" | ""));
                let grid = attribute(tag, "class").is_some_and(|class| class.contains("MsoTableGrid"));
                if self.tables.len() < limits::MAX_HTML_DEPTH {
                    self.tables.push(Table { data: border || grid, cells: 0 });
                }
            }
            "tr" => self.row(),
            "td" | "th" => self.cell(&*tag.name == "th"),
            "a" => self.open_link(tag),
            "img" => self.image(tag),
            name if is_block(name) => self.block(1),
            _ => {}
        }
    }

    /// An end tag.
    pub fn close(&mut self, name: &str) {
        match name {
            "p" => self.block(1),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dl" => self.block(2),
            "pre" | "listing" | "xmp" => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.block(2);
            }
            "blockquote" => self.close_quote(),
            "ul" | "ol" | "menu" | "dir" => {
                self.lists.pop();
                self.block(if self.lists.is_empty() { 2 } else { 1 });
            }
            "table" => {
                self.fresh_cell = false;
                self.tables.pop();
                self.block(1);
            }
            "tr" => self.row(),
            "a" => self.close_link(),
            name if is_block(name) => self.block(1),
            _ => {}
        }
    }

    /// At least `count` line ends before the next text.
    fn block(&mut self, count: usize) {
        if self.fresh_cell {
            return;
        }
        self.breaks = self.breaks.max(count);
        self.blank = false;
    }

    fn line_break(&mut self) {
        self.breaks = (self.breaks + 1).min(2);
        self.blank = false;
    }

    /// Ends the line as far as asked for, and starts the next with the marks of its quotes.
    fn start(&mut self) {
        if self.breaks == 0 && (self.dirty || !self.out.is_empty()) {
            return;
        }
        if !self.out.is_empty() {
            for number in 0..self.breaks {
                self.out.push('\n');
                let between = number + 1 < self.breaks;
                let depth = if between { self.quoted.min(self.last_quoted) } else { self.quoted };
                self.out.push_str(&"> ".repeat(depth));
                if between && depth > 0 {
                    self.out.pop();
                }
            }
        } else {
            self.out.push_str(&"> ".repeat(self.quoted));
        }
        self.last_quoted = self.quoted;
        (self.breaks, self.blank, self.dirty) = (0, false, false);
    }

    fn word(&mut self, word: &str) {
        self.start();
        if std::mem::take(&mut self.blank) && self.dirty {
            self.out.push(' ');
        }
        self.out.push_str(word);
        (self.dirty, self.fresh_cell) = (true, false);
    }

    /// Text, its character references decoded.
    pub fn text(&mut self, text: &str) {
        if self.preformatted > 0 {
            return self.verbatim(text);
        }
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if is_space(c) {
                let word = rest.trim_start_matches(is_space);
                let spaces = rest.get(..rest.len() - word.len()).unwrap_or_default();
                // A line of nothing but hard blanks is an empty line that somebody wanted.
                if !self.dirty_line() && spaces.contains('\u{a0}') {
                    self.start();
                    self.dirty = true;
                }
                self.blank = true;
                rest = word;
                continue;
            }
            let end = rest.find(is_space).unwrap_or(rest.len());
            let (word, tail) = rest.split_at(end);
            self.word(word);
            rest = tail;
        }
    }

    fn dirty_line(&self) -> bool {
        self.dirty && self.breaks == 0
    }

    fn verbatim(&mut self, text: &str) {
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.line_break();
            }
            if !line.trim().is_empty() {
                self.start();
                self.out.push_str(line.trim_end_matches('\r'));
                self.dirty = true;
            }
        }
    }

    fn open_quote(&mut self, tag: &Tag) {
        let quote = is_quote(tag);
        self.block(if quote { 1 } else { 2 });
        if self.quotes.len() < limits::MAX_HTML_DEPTH {
            self.quotes.push(quote);
            self.quoted = self.quotes.iter().filter(|quote| **quote).count().min(10);
        }
    }

    fn close_quote(&mut self) {
        self.quotes.pop();
        self.quoted = self.quotes.iter().filter(|quote| **quote).count().min(10);
        self.block(2);
    }

    fn open_list(&mut self, tag: &Tag) {
        self.block(if self.lists.is_empty() { 2 } else { 1 });
        let first =
            attribute(tag, "start").and_then(|start| start.trim().parse().ok()).unwrap_or(1).clamp(1, 1_000_000);
        if self.lists.len() < limits::MAX_HTML_DEPTH {
            self.lists.push(if &*tag.name == "ol" { first } else { 0 });
        }
    }

    fn item(&mut self) {
        self.block(1);
        self.start();
        let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(10));
        let mark = match self.lists.last_mut() {
            Some(number @ 1..) => {
                let mark = format!("{number}. ");
                *number += 1;
                mark
            }
            _ => "- ".to_owned(),
        };
        self.out.push_str(&indent);
        self.out.push_str(&mark);
    }

    fn row(&mut self) {
        self.fresh_cell = false;
        self.block(1);
        if let Some(table) = self.tables.last_mut() {
            table.cells = 0;
        }
    }

    fn cell(&mut self, head: bool) {
        let Some(table) = self.tables.last_mut() else { return };
        table.data |= head;
        table.cells += 1;
        let (data, first) = (table.data, table.cells == 1);
        if first || !self.dirty {
            self.fresh_cell = data;
            return;
        }
        if data {
            (self.breaks, self.blank, self.fresh_cell) = (0, false, true);
            self.out.push_str(" | ");
        } else if self.breaks == 0 {
            self.blank = false;
            self.out.push_str("  ");
        }
    }

    fn open_link(&mut self, tag: &Tag) {
        let target = attribute(tag, "href").map(|href| href.trim().to_owned()).filter(|href| is_shown(href));
        self.link = target.map(|href| (href, self.out.len()));
    }

    /// The target stands behind the text of a link, unless it is the text.
    fn close_link(&mut self) {
        let Some((href, start)) = self.link.take() else { return };
        let shown = self.out.get(start..).unwrap_or_default().trim();
        let same = |text: &str| {
            text.trim_end_matches('/')
                .split_once("://")
                .map_or(text, |(_, rest)| rest)
                .trim_end_matches('/')
                .to_lowercase()
        };
        let target = href.strip_prefix("mailto:").unwrap_or(&href);
        if shown.is_empty() || same(shown) == same(target) || shown.contains(target) {
            return;
        }
        self.out.push_str(&format!(" <{target}>"));
    }

    fn image(&mut self, tag: &Tag) {
        let alt = attribute(tag, "alt").unwrap_or_default();
        let alt = alt.trim();
        if alt.is_empty() || alt.len() > 500 {
            return;
        }
        // Emoji are sent as pictures with the character as their text.
        match alt.chars().any(char::is_alphanumeric) {
            true => self.word(&format!("[{}]", alt.split_whitespace().collect::<Vec<_>>().join(" "))),
            false => self.word(alt),
        }
    }
}

fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || invisible::fills(c) || matches!(c, '\u{a0}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::super::to_text;

    #[test]
    fn blocks_and_breaks() {
        assert_eq!(to_text("<p>a\n  b</p><p>c</p>"), "a b\n\nc");
        assert_eq!(to_text("<div>a</div><div><br></div><div>b</div>"), "a\n\nb");
        assert_eq!(to_text("<div>a<br></div><div>b<br>c</div>"), "a\nb\nc");
        assert_eq!(to_text("<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p>"), "a\n\nb");
        assert_eq!(to_text("a <b>b</b><i>c</i>"), "a bc");
        assert_eq!(to_text("<pre>a\n  b\n\n c</pre>d"), "a\n  b\n\n c\n\nd");
    }

    #[test]
    fn lists_and_quotes() {
        assert_eq!(to_text("x<ul><li>a<li>b<ul><li>c</ul></ul>y"), "x\n\n- a\n- b\n  - c\n\ny");
        assert_eq!(to_text("<ol start=3><li>a</li><li>b</li></ol>"), "3. a\n4. b");
        assert_eq!(
            to_text("a<blockquote type=cite>b<br><br>c<blockquote type=cite>d</blockquote></blockquote>e"),
            "a\n> b\n>\n> c\n> > d\n\ne"
        );
        assert_eq!(to_text("a<blockquote style='margin-left:40px'>b</blockquote>c"), "a\n\nb\n\nc");
    }

    #[test]
    fn tables() {
        assert_eq!(
            to_text(
                "<table border=1><tr><th>Key</th><th>State</th></tr><tr><td><p>1</p></td><td><p>ok</p></td></tr></table>"
            ),
            "Key | State\n1 | ok"
        );
        assert_eq!(
            to_text(
                "<table><tr><td>Name:</td><td>Jane</td></tr><tr><td><div>a</div></td><td><div>b</div></td></tr></table>"
            ),
            "Name:  Jane\na\nb"
        );
    }

    #[test]
    fn links_and_images() {
        assert_eq!(
            to_text("see <a href='https://a.test/x'>this page</a>, <a href=https://a.test/>a.test</a>"),
            "see this page <https://a.test/x>, a.test"
        );
        assert_eq!(to_text("<a href='mailto:x@a.test'>x@a.test</a> <a href='javascript:x'>y</a>"), "x@a.test y");
        assert_eq!(to_text("<img alt='Our  logo'> <img alt='😊'><img>"), "[Our logo] 😊");
    }

    #[test]
    fn hidden_text() {
        assert_eq!(to_text("<div style='DISPLAY: none'>preview<div>x</div></div>seen"), "seen");
        assert_eq!(to_text("<div style='display:none'>never closed"), "never closed");
    }

    #[test]
    fn nesting_costs_nothing() {
        let deep = "<blockquote type=cite><ul><table>".repeat(20_000) + "x<br>".repeat(1_000).as_str();
        assert!(to_text(&deep).len() < deep.len());
    }
}
