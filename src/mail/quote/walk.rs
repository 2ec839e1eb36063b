//! The walk down the lines that finds where a quote begins.

use std::sync::LazyLock;

use regex::Regex;

use super::dividers::{self, Divider};
use super::header_block::{self, HeaderBlock};
use super::lines::Line;
use super::role::{About, Role, Roles};
use super::{attribution, notes, signature, words};

/// Lines that may stand empty between the head of a quote and the quote.
const MAX_GAP: usize = 3;

/// Lines that a preview takes, and the letters that it has at least.
const MAX_PREVIEW: usize = 8;
const MIN_PREVIEW: usize = 8;

/// Lines of the words above a quote in which people say that they answered inside of it.
const REFERRING_LINES: usize = 12;

static REFERS_BELOW: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let phrases = |joined: bool| {
        let list = words::of(include_str!("words/refers_below.txt"));
        words::alternatives(list.filter(|word| word.label.starts_with("joined") == joined).map(|word| word.text))
    };
    Regex::new(&format!(r"(?i)(?:^|[^\pL\pN])(?:{})(?:[^\pL\pN]|$)|{}", phrases(false), phrases(true))).ok()
});

/// Walks down the lines once. Nothing is cut of a mail that passes another on.
pub(super) fn run(lines: &[Line<'_>], roles: Vec<Role>, about: About) -> Roles {
    let next_words = next_words(lines);
    let first_words = None;
    Walk { lines, roles, about, next_words, first_words, separator: None, shared: Vec::new(), no_block_before: 0 }.run()
}

/// For each line the next line with words on it, itself excluded; the length when none follows.
fn next_words(lines: &[Line<'_>]) -> Vec<usize> {
    let mut next = vec![lines.len(); lines.len()];
    let mut seen = lines.len();
    for (index, (slot, line)) in next.iter_mut().zip(lines).enumerate().rev() {
        *slot = seen;
        if !line.body.is_empty() || line.depth > 0 {
            seen = index;
        }
    }
    next
}

struct Walk<'l, 't> {
    lines: &'l [Line<'t>],
    roles: Vec<Role>,
    about: About,
    next_words: Vec<usize>,
    /// The first line with words that are more than a signature.
    first_words: Option<usize>,
    separator: Option<usize>,
    shared: Vec<(usize, usize)>,
    /// A header block was looked for up to this line in vain.
    no_block_before: usize,
}

/// The head of a quote: its first line and the line after its last.
struct Head {
    start: usize,
    end: usize,
    /// All below it is the quote. Below an attribution the HTML may tell where the quote ends.
    sure: bool,
}

impl Walk<'_, '_> {
    fn run(mut self) -> Roles {
        let mut index = 0;
        while let Some(line) = self.lines.get(index) {
            if dividers::is_separator(self.lines, index) {
                let top = self.preview_above(index).unwrap_or(index);
                let start = self.above_separator(top).unwrap_or(top);
                if line.depth == 0 && !self.is_quote_behind(index) {
                    return self.cut(start, true);
                }
                self.separator = self.separator.or(Some(index));
                self.lead(&Head { start, end: index + usize::from(line.depth == 0), sure: true });
            } else if self.roles.get(index) == Some(&Role::Text) {
                if dividers::of(line.body) == Some(Divider::Forward) {
                    return self.finish(index, true, true);
                }
                if let Some(head) = self.head(index) {
                    if self.is_quote_behind(head.end - 1) {
                        self.lead(&head);
                        index = head.end;
                        continue;
                    }
                    return self.cut(head.start, head.sure);
                }
                if self.first_words.is_none()
                    && line.body != "--"
                    && !line.is_rule()
                    && !signature::is_app_line(line.body)
                {
                    self.first_words = Some(index);
                }
            }
            index += 1;
        }
        let end = self.lines.len();
        self.finish(end, true, false)
    }

    /// The first line of what our letters say unseen above the separator, for lists of mails to show: the words that stand
    /// below it. A client that cannot hide them quotes both.
    fn preview_above(&self, index: usize) -> Option<usize> {
        let depth = self.lines.get(index)?.depth;
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let below: String =
            self.lines.iter().skip(index + 1).take(MAX_PREVIEW * 2).map(|line| letters(line.body)).collect();
        let mut above = String::new();
        let mut found = None;
        for at in (index.saturating_sub(MAX_PREVIEW)..index).rev() {
            let Some(line) = self.lines.get(at).filter(|line| line.depth == depth || line.is_blank()) else { break };
            above.insert_str(0, &letters(line.body));
            if !line.body.is_empty() && above.chars().count() >= MIN_PREVIEW && below.starts_with(&above) {
                found = Some(at);
            }
        }
        found
    }

    /// The attribution directly above our own separator, in whatever language.
    fn above_separator(&self, index: usize) -> Option<usize> {
        let above =
            (0..index).rev().take(MAX_GAP).find(|&at| self.lines.get(at).is_some_and(|line| !line.is_blank()))?;
        let line = self.lines.get(above).filter(|line| line.depth == 0)?;
        attribution::is_above_separator(line).then_some(above)
    }

    /// The head of a quote that starts (header block, divider) or ends (attribution) in this line.
    fn head(&mut self, index: usize) -> Option<Head> {
        let line = self.lines.get(index)?;
        if dividers::of(line.body) == Some(Divider::Original) {
            let end = self.block(self.next_words.get(index).copied()?).map_or(index + 1, |block| block.end);
            return Some(Head { start: index, end, sure: true });
        }
        // Headers on the line of the rule above them, or on the next, as HTML without breaks is rendered.
        let below_rule = self.is_below_rule(index);
        if (line.is_ruled() || below_rule)
            && let Some(block) = header_block::in_line(line.behind_rule(), index + 1)
            && (block.is_convincing() || below_rule && block.names_a_mail())
        {
            return Some(Head { start: index, end: index + 1, sure: true });
        }
        if below_rule && attribution::is_below_rule(line) {
            return Some(Head { start: index, end: index + 1, sure: true });
        }
        if let Some(block) = self.block(index) {
            return Some(Head { start: index, end: block.end, sure: true });
        }
        if let Some((start, end)) = notes::around(self.lines, index) {
            return Some(Head { start, end, sure: true });
        }
        let start = attribution::ending_at(self.lines, index, self.is_quote_behind(index))?;
        if let Some(bytes) = self.lines.get(start).and_then(attribution::words_before) {
            self.shared.push((start, bytes));
        }
        Some(Head { start, end: index + 1, sure: false })
    }

    fn block(&mut self, index: usize) -> Option<HeaderBlock> {
        if index < self.no_block_before {
            return None;
        }
        let block = header_block::starting_at(self.lines, index)?;
        let convincing = block.is_convincing() || self.about == About::Answer && block.names_a_mail();
        if convincing && !self.is_introduced(index) {
            return Some(block);
        }
        self.no_block_before = block.end;
        None
    }

    /// The last line above that is not empty is a rule.
    fn is_below_rule(&self, index: usize) -> bool {
        let above = self.lines.iter().take(index).rev().take(2).find(|line| !line.is_blank());
        above.is_some_and(|line| line.depth == 0 && line.is_rule() && line.body.len() >= 8)
    }

    /// The words above end in a colon: they introduce what follows, so it is meant to be read.
    fn is_introduced(&self, index: usize) -> bool {
        let above = self.lines.iter().take(index).rev().take(MAX_GAP).find(|line| !line.is_blank());
        above.is_some_and(|line| line.depth == 0 && line.body.ends_with([':', '：']))
    }

    /// The next words below `index` carry a quote mark.
    fn is_quote_behind(&self, index: usize) -> bool {
        let next = self.next_words.get(index).copied().unwrap_or(self.lines.len());
        next <= index + 1 + MAX_GAP && matches!(self.roles.get(next), Some(Role::Quote | Role::Lead))
    }

    fn lead(&mut self, head: &Head) {
        self.roles.iter_mut().take(head.end).skip(head.start).for_each(|role| *role = Role::Lead);
    }

    /// All from `start` on is quoted, unless nothing stands above it, or what stands above says that the rest is to be
    /// read: then it is what the mail is about.
    fn cut(self, start: usize, sure: bool) -> Roles {
        let bare = self.shared.is_empty()
            && self.first_words.is_none_or(|first| first >= start)
            && !self.roles.iter().take(start).any(|role| *role == Role::Lead);
        if bare || self.about == About::Forward || self.refers_below(start) {
            return self.finish(start, true, !bare);
        }
        let rules = self.lines.iter().take(start).rev().take_while(|line| line.is_blank() || line.is_rule()).count();
        self.finish(start - rules, false, sure)
    }

    /// The last words above say that answers stand below.
    fn refers_below(&self, start: usize) -> bool {
        let above = self.lines.iter().take(start).rev().filter(|line| !line.is_blank()).take(REFERRING_LINES);
        REFERS_BELOW.as_ref().is_some_and(|phrase| {
            above.filter(|line| line.depth == 0 && line.body.len() <= 400).any(|line| phrase.is_match(line.body))
        })
    }

    fn finish(self, end: usize, tail_shown: bool, sure: bool) -> Roles {
        let sure = sure || self.roles.contains(&Role::Lead);
        Roles { roles: self.roles, end, tail_shown, separator: self.separator, shared: self.shared, sure }
    }
}
