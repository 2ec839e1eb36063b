//! Which lines people see.

use super::lines::Line;
use super::role::{Role, Roles};
use super::signature;

/// A run of words, or of quoted lines with what heads them.
#[derive(Debug)]
struct Block {
    quote: bool,
    start: usize,
    end: usize,
    /// Something names it a quote beside the marks: an attribution, a header block, our separator.
    attributed: bool,
    /// Lines in it that are not empty.
    weight: usize,
    /// For words: where their signature starts.
    signature: Option<usize>,
}

/// One flag a line: shown or not.
pub(super) fn visible(lines: &[Line<'_>], read: &Roles) -> Vec<bool> {
    let mut blocks = blocks(lines, read);
    for block in blocks.iter_mut().filter(|block| !block.quote) {
        let own = lines.get(block.start..block.end).unwrap_or_default();
        block.signature = signature::start(own).map(|at| block.start + at);
    }
    let mut shown = vec![true; lines.len()];
    if !read.tail_shown {
        hide(&mut shown, read.end, lines.len());
    }
    let answers = Answers::of(&blocks, read.tail_shown && read.end < lines.len());
    for (index, block) in blocks.iter().enumerate() {
        match block.signature {
            Some(at) => hide(&mut shown, at, block.end),
            None if block.quote && !answers.need(lines, index, block) => hide(&mut shown, block.start, block.end),
            None => {}
        }
    }
    if !read.shared.is_empty() || lines.iter().zip(&shown).any(|(line, &shown)| shown && !line.is_blank()) {
        return shown;
    }
    best_of_nothing(&blocks, read, shown)
}

/// The writer added no words. Below our own separator that is certain; else a signature, if there is one, shows that
/// nothing was said; else the text is shown as it is.
fn best_of_nothing(blocks: &[Block], read: &Roles, mut shown: Vec<bool>) -> Vec<bool> {
    if read.separator.is_some() {
        return shown;
    }
    let signed = blocks.iter().any(|block| block.signature.is_some());
    for block in blocks.iter().filter(|block| block.signature.is_some()) {
        shown.iter_mut().take(block.end).skip(block.start).for_each(|flag| *flag = true);
    }
    if signed { shown } else { vec![true; shown.len()] }
}

fn hide(shown: &mut [bool], start: usize, end: usize) {
    shown.iter_mut().take(end).skip(start).for_each(|flag| *flag = false);
}

/// Runs of like lines above the end; empty lines belong to the run above them.
fn blocks(lines: &[Line<'_>], read: &Roles) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for (index, (line, role)) in lines.iter().zip(&read.roles).enumerate().take(read.end) {
        let quote = matches!(role, Role::Quote | Role::Lead);
        let head = *role == Role::Lead;
        match blocks.last_mut() {
            Some(block) if *role == Role::Blank || block.quote == quote => {
                block.end = index + 1;
                block.weight += usize::from(!line.body.is_empty() && *role != Role::Blank);
                block.attributed |= head;
            }
            _ if *role == Role::Blank => {}
            _ => blocks.push(Block {
                quote,
                start: index,
                end: index + 1,
                attributed: head,
                weight: usize::from(!line.body.is_empty()),
                signature: None,
            }),
        }
        if read.separator == Some(index)
            && let Some(block) = blocks.last_mut()
        {
            block.attributed = true;
        }
    }
    blocks
}

impl Block {
    /// Words that are more than a signature.
    fn has_words(&self) -> bool {
        !self.quote && self.weight > 0 && self.signature != Some(self.start)
    }
}

/// How quotes and answers follow each other.
struct Answers {
    /// The last block with words; quotes above it are answered.
    last: Option<usize>,
    /// How many quotes are answered.
    answered_quotes: usize,
    /// The last quote that nothing but its marks names one: the rest of a quote that was broken up.
    last_rest: Option<usize>,
    /// Some quote is named one.
    attributed: bool,
}

impl Answers {
    fn of(blocks: &[Block], words_below: bool) -> Self {
        let last = if words_below { Some(blocks.len()) } else { blocks.iter().rposition(Block::has_words) };
        Self {
            last,
            answered_quotes: blocks.iter().take(last.unwrap_or(0)).filter(|block| block.quote).count(),
            attributed: blocks.iter().any(|block| block.quote && block.attributed),
            last_rest: blocks.iter().rposition(|block| block.quote && !block.attributed),
        }
    }

    /// Whether people need this quote: answers stand between its parts, or the writer set it by hand.
    fn need(&self, lines: &[Line<'_>], index: usize, block: &Block) -> bool {
        if self.last.is_some_and(|last| index < last) {
            return !block.attributed || self.answered_quotes >= 2 || self.last_rest.is_some_and(|rest| index < rest);
        }
        // At the tail: a quote, unless the words above introduce it or it is a lone line such as "> 5".
        !block.attributed && (block.weight < 2 && !self.attributed || is_introduced(lines, block.start))
    }
}

fn is_introduced(lines: &[Line<'_>], start: usize) -> bool {
    let above = lines.iter().take(start).rev().find(|line| !line.is_blank());
    above.is_some_and(|line| line.depth == 0 && line.body.ends_with([':', '：']))
}
