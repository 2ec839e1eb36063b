//! Feeds a document to the renderer through the tokenizer of `html5ever`, which is that of a browser.

use std::cell::RefCell;

use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind,
};

use super::{render::Renderer, tags::is_hidden};
use crate::mail::limits;

/// Whether a tree can be built of a document at a cost in proportion to its length.
pub fn is_tame(html: &str) -> bool {
    let depth = feed(html, Depth::default()).0.into_inner();
    depth.deepest <= limits::MAX_TREE_DEPTH && !depth.flood
}

/// The text of a document. With `hiding`, what a mail client would not show is left out; `None` when an element that
/// hides was never closed, so that nothing more would be seen.
pub fn render(html: &str, hiding: bool) -> Option<String> {
    let state = feed(html, Text(RefCell::new(State { hiding, ..State::default() }))).0.into_inner();
    state.hidden.is_none().then_some(state.renderer.out)
}

/// A sink that can tell how far the tokenizer came.
trait Progress: TokenSink {
    /// Tokens so far.
    fn count(&self) -> usize;
    /// Nothing more is wanted.
    fn is_full(&self) -> bool;
    /// A tag was given up.
    fn gave_up(&self) {}
}

/// Sends a document through the tokenizer.
fn feed<S: Progress>(html: &str, sink: S) -> S {
    let mut tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut rest = html;
    let mut blanks = 0;
    while !rest.is_empty() && !tokenizer.sink.is_full() {
        let mut end = rest.len().min(CHUNK);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (chunk, tail) = rest.split_at(end);
        rest = tail;
        let before = tokenizer.sink.count();
        queue.push_back(chunk.into());
        let _ = tokenizer.feed(&queue);
        blanks = if tokenizer.sink.count() == before {
            blanks + chunk.bytes().filter(u8::is_ascii_whitespace).count()
        } else {
            0
        };
        // The tokenizer compares every attribute of a tag with all before it. A tag of thousands is dropped, and what
        // follows read on: no mail program writes such a tag.
        if blanks > MAX_BLANKS {
            tokenizer.sink.gave_up();
            tokenizer = Tokenizer::new(tokenizer.sink, TokenizerOpts::default());
            blanks = 0;
        }
    }
    tokenizer.end();
    tokenizer.sink
}

/// Octets fed at a time.
const CHUNK: usize = 8_192;
/// Blanks inside of one tag after which it is given up.
const MAX_BLANKS: usize = 600;

#[derive(Default)]
struct State {
    renderer: Renderer,
    hiding: bool,
    /// The element that hides what is in it, and how many of its name are open.
    hidden: Option<(String, usize)>,
    tokens: usize,
}

struct Text(RefCell<State>);

impl Progress for Text {
    fn count(&self) -> usize {
        self.0.borrow().tokens
    }

    /// Quotes and lists add to every line; that must not multiply a large mail.
    fn is_full(&self) -> bool {
        self.0.borrow().renderer.out.len() > limits::MAX_TEXT_CHARS * 4
    }
}

impl TokenSink for Text {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        state.tokens += 1;
        match token {
            Token::CharacterTokens(text) if state.hidden.is_none() => state.renderer.text(&text),
            Token::TagToken(tag) => return state.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// How deep elements are nested, and whether a tag had to be given up.
#[derive(Default)]
struct Depth(RefCell<Measured>);

#[derive(Default)]
struct Measured {
    tokens: usize,
    open: usize,
    deepest: usize,
    flood: bool,
}

impl Progress for Depth {
    fn count(&self) -> usize {
        self.0.borrow().tokens
    }

    fn is_full(&self) -> bool {
        let depth = self.0.borrow();
        depth.flood || depth.deepest > limits::MAX_TREE_DEPTH
    }

    fn gave_up(&self) {
        self.0.borrow_mut().flood = true;
    }
}

impl TokenSink for Depth {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut depth = self.0.borrow_mut();
        depth.tokens += 1;
        if let Token::TagToken(tag) = token {
            let nests = !tag.self_closing && !closes_itself(&tag.name);
            match tag.kind {
                TagKind::StartTag if nests => depth.open += 1,
                TagKind::EndTag if nests => depth.open = depth.open.saturating_sub(1),
                _ => {}
            }
            depth.deepest = depth.deepest.max(depth.open);
            if let (TagKind::StartTag, Some(kind)) = (tag.kind, raw(&tag.name)) {
                return TokenSinkResult::RawData(kind);
            }
        }
        TokenSinkResult::Continue
    }
}

/// Elements that have no content, or that the next of their kind ends.
fn closes_itself(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "dd"
            | "dt"
            | "hr"
            | "img"
            | "input"
            | "li"
            | "link"
            | "meta"
            | "option"
            | "p"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "wbr"
    )
}

impl State {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        match (&mut self.hidden, tag.kind) {
            (Some((name, open)), kind) if **name == *tag.name => {
                *open = if kind == TagKind::EndTag { *open - 1 } else { *open + 1 };
                if *open == 0 {
                    self.hidden = None;
                }
            }
            (Some(_), _) => {}
            (None, TagKind::EndTag) => self.renderer.close(&tag.name),
            (None, TagKind::StartTag) if self.hiding => {
                let raw = raw(&tag.name);
                if raw.is_some() || !tag.self_closing && (matches!(&*tag.name, "template" | "xml") || is_hidden(tag)) {
                    self.hidden = Some((tag.name.to_string(), 1));
                }
                if let Some(kind) = raw {
                    return TokenSinkResult::RawData(kind);
                }
                if self.hidden.is_none() {
                    self.renderer.open(tag);
                }
            }
            (None, TagKind::StartTag) => self.renderer.open(tag),
        }
        TokenSinkResult::Continue
    }
}

/// Elements whose content is no text.
fn raw(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(RawKind::ScriptData),
        "style" | "noembed" | "iframe" => Some(RawKind::Rawtext),
        "title" => Some(RawKind::Rcdata),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::to_text;

    #[test]
    fn what_is_no_text_is_left_out() {
        assert_eq!(
            to_text(
                "<!DOCTYPE html><head><title>t</title><style>a < b {}</STYLE></head><!-- <b> -->x<![endif]>y<?php ?>z"
            ),
            "xyz"
        );
        assert_eq!(to_text("<script>'<b>'</script>1 < 2 &amp; R&D &copy; &#128;"), "1 < 2 & R&D © €");
        assert_eq!(to_text("<div style='DISPLAY: none'>preview<div>x</div></div>seen"), "seen");
    }

    #[test]
    fn what_is_never_closed_hides_nothing() {
        assert_eq!(to_text("<div style='display:none'>never closed"), "never closed");
        assert_eq!(to_text("a<style>b"), "ab");
    }

    #[test]
    fn floods_are_survived() {
        let attributes: String = (0..200_000).map(|n| format!(" a{n}=x")).collect();
        assert!(to_text(&format!("before<a{attributes}>after</a>")).starts_with("before"));
        assert_eq!(to_text(&"<b>".repeat(300_000)), "");
        for flood in ["<div>".repeat(200_000), format!("<a{attributes}>x")] {
            assert!(super::super::sanitise(&flood).starts_with("<pre>"));
        }
        let picture = format!("a<img src='data:image/png;base64,{}' alt='x'>b", "A".repeat(1_000_000));
        assert_eq!(to_text(&picture), "a[x]b");
    }
}
