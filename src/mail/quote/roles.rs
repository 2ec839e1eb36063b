//! What each line is: words, quote, or the lines that head a quote.

use super::align::MarkedLines;
use super::attribution;
use super::dividers::{self, Divider};
use super::header_block::{self, HeaderBlock};
use super::lines::Line;
use super::signature;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Blank,
    /// Somebody's words, until shown otherwise.
    Text,
    /// Marked as quoted.
    Quote,
    /// An attribution, a header block or a divider above marked lines.
    Lead,
}

/// The roles of all lines up to `end`.
#[derive(Debug)]
pub(super) struct Roles {
    pub(super) roles: Vec<Role>,
    /// From this line on all is quoted, or all is shown; the length of the text when neither.
    pub(super) end: usize,
    /// Whether what follows `end` is shown.
    pub(super) tail_shown: bool,
    /// The first line of our own separator among marked lines.
    pub(super) separator: Option<usize>,
    /// Lines that an attribution shares with words of the mail, and the bytes of these.
    pub(super) shared: Vec<(usize, usize)>,
    /// The text alone tells where the quote is.
    pub(super) sure: bool,
}

impl Roles {
    /// The words of a line that an attribution shares with them.
    pub(super) fn shared_words<'t>(&self, index: usize, line: &Line<'t>) -> Option<&'t str> {
        let found = self.shared.binary_search_by_key(&index, |(at, _)| *at).ok()?;
        self.shared.get(found).and_then(|(_, bytes)| line.raw.get(..*bytes))
    }
}

/// Lines that may stand empty between the head of a quote and the quote.
const MAX_GAP: usize = 3;

/// Reads the roles. `marks` are the lines that the HTML part marks.
pub(super) fn of(lines: &[Line<'_>], marks: &[MarkedLines]) -> Roles {
    let mut roles: Vec<Role> = lines.iter().map(marked).collect();
    marks.iter().for_each(|mark| apply(mark, lines, &mut roles));
    take_back_prompts(lines, &mut roles);
    take_in_wrapped(lines, &mut roles);
    Walk {
        lines,
        roles,
        next_words: next_words(lines),
        first_words: None,
        separator: None,
        shared: Vec::new(),
        no_block_before: 0,
    }
    .run()
}

fn marked(line: &Line<'_>) -> Role {
    match line.depth {
        0 if line.body.is_empty() => Role::Blank,
        0 => Role::Text,
        _ => Role::Quote,
    }
}

/// Lines above the first quote mark in a marked element that may be its attribution or header block.
const MAX_HEAD: usize = 12;

/// What the HTML says counts where the text has no quote marks; where it has, they say more: answers stand between them.
fn apply(mark: &MarkedLines, lines: &[Line<'_>], roles: &mut [Role]) {
    let own = lines.iter().zip(roles).take(mark.end).skip(mark.start).filter(|(_, role)| **role != Role::Blank);
    if !mark.quoted {
        own.filter(|(line, _)| line.depth == 1).for_each(|(_, role)| *role = Role::Text);
        return;
    }
    let mut own: Vec<&mut Role> = own.map(|(_, role)| role).collect();
    let unmarked = own.iter().take_while(|role| ***role == Role::Text).count();
    if unmarked < own.len() && unmarked > MAX_HEAD {
        return;
    }
    own.iter_mut().take(unmarked).for_each(|role| **role = Role::Quote);
    own.first_mut().map(|role| **role = Role::Lead);
}

/// A run of lines that all start with three marks or more is no quote: nobody quotes a quote of a quote and nothing
/// around it, but Python's prompt is `>>>`.
fn take_back_prompts(lines: &[Line<'_>], roles: &mut [Role]) {
    let mut start = 0;
    while start < lines.len() {
        let run = lines.iter().skip(start).take_while(|line| line.depth > 0).count();
        let shallow = lines.iter().skip(start).take(run).any(|line| line.depth < 3);
        if run > 0 && !shallow {
            roles.iter_mut().skip(start).take(run).for_each(|role| *role = Role::Text);
        }
        start += run.max(1);
    }
}

/// The end of a long quoted line that the sender's software wrapped without a mark.
fn take_in_wrapped(lines: &[Line<'_>], roles: &mut [Role]) {
    for (index, window) in lines.windows(3).enumerate() {
        let [above, line, below] = window else { continue };
        let between = above.depth > 0 && line.depth == 0 && below.depth > 0 && !line.body.is_empty();
        if between
            && is_wrapped(above, line)
            && let Some(role) = roles.get_mut(index + 1)
        {
            *role = Role::Quote;
        }
    }
}

fn is_wrapped(above: &Line<'_>, line: &Line<'_>) -> bool {
    let one_word = !line.body.contains(char::is_whitespace);
    let open_link = above.body.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains("://"));
    let only_link = line.body.split_whitespace().all(|word| word == ">" || word.contains("://"));
    let cut_short = above.raw.chars().count() >= 65
        && above.body.ends_with(|c: char| c.is_alphanumeric() || c == ',')
        && line.body.starts_with(char::is_lowercase);
    only_link || (one_word && open_link) || cut_short
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
}

impl Walk<'_, '_> {
    fn run(mut self) -> Roles {
        let mut index = 0;
        while let Some(line) = self.lines.get(index) {
            if self.is_separator(index) {
                if line.depth > 0 || self.is_quote_behind(index) {
                    self.separator = self.separator.or(Some(index));
                    if line.depth == 0 {
                        self.lead(&Head { start: index, end: index + 1 });
                    }
                } else {
                    return self.cut(index);
                }
            } else if self.roles.get(index) == Some(&Role::Text) {
                if dividers::of(line.body) == Some(Divider::Forward) && !self.is_within_quote(index) {
                    return self.finish(index, true);
                }
                if let Some(head) = self.head(index) {
                    if self.is_quote_behind(head.end - 1) {
                        self.lead(&head);
                        index = head.end;
                        continue;
                    }
                    return self.cut(head.start);
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
        self.finish(end, true)
    }

    fn is_separator(&self, index: usize) -> bool {
        self.lines.get(index).is_some_and(|line| line.body.starts_with('#'))
            && dividers::is_separator(self.lines, index)
    }

    /// A forward inside of what is quoted without marks is part of the quote; those never come this far. Inside of
    /// marked lines it has a mark itself.
    fn is_within_quote(&self, index: usize) -> bool {
        self.roles.get(index) == Some(&Role::Quote)
    }

    /// The head of a quote that starts (header block, divider) or ends (attribution) in this line.
    fn head(&mut self, index: usize) -> Option<Head> {
        let line = self.lines.get(index)?;
        if dividers::of(line.body) == Some(Divider::Original) {
            let end = self.block(self.next_words.get(index).copied()?).map_or(index + 1, |block| block.end);
            return Some(Head { start: index, end });
        }
        if let Some(block) = self.block(index) {
            return Some(Head { start: index, end: block.end });
        }
        let start = attribution::ending_at(self.lines, index, self.is_quote_behind(index))?;
        if let Some(bytes) = self.lines.get(start).and_then(attribution::words_before) {
            self.shared.push((start, bytes));
        }
        Some(Head { start, end: index + 1 })
    }

    fn block(&mut self, index: usize) -> Option<HeaderBlock> {
        if index < self.no_block_before {
            return None;
        }
        let block = header_block::starting_at(self.lines, index)?;
        if block.is_convincing() && !self.is_introduced(index) {
            return Some(block);
        }
        self.no_block_before = block.end;
        None
    }

    /// The words above end in a colon: they introduce what follows, so it is meant to be read.
    fn is_introduced(&self, index: usize) -> bool {
        let above = self.lines.iter().take(index).rev().take(MAX_GAP).find(|line| !line.is_blank());
        above.is_some_and(|line| line.depth == 0 && line.body.ends_with([':', '：']))
    }

    /// The next words below `index` carry a quote mark.
    fn is_quote_behind(&self, index: usize) -> bool {
        let next = self.next_words.get(index).copied().unwrap_or(self.lines.len());
        next <= index + 1 + MAX_GAP && self.roles.get(next) == Some(&Role::Quote)
    }

    fn lead(&mut self, head: &Head) {
        self.roles.iter_mut().take(head.end).skip(head.start).for_each(|role| *role = Role::Lead);
    }

    /// All from `start` on is quoted, unless nothing stands above it: then it is what the mail is about.
    fn cut(self, start: usize) -> Roles {
        let shown = self.shared.is_empty()
            && self.first_words.is_none_or(|first| first >= start)
            && !self.roles.iter().take(start).any(|role| *role == Role::Lead);
        let rules = self.lines.iter().take(start).rev().take_while(|line| line.is_blank() || line.is_rule()).count();
        self.finish(if shown { start } else { start - rules }, shown)
    }

    fn is_forward(&self, index: usize) -> bool {
        self.lines.get(index).is_some_and(|line| dividers::of(line.body) == Some(Divider::Forward))
    }

    fn finish(self, end: usize, tail_shown: bool) -> Roles {
        let sure = end < self.lines.len() && (!tail_shown || self.is_forward(end)) || self.roles.contains(&Role::Lead);
        Roles { roles: self.roles, end, tail_shown, separator: self.separator, shared: self.shared, sure }
    }
}
