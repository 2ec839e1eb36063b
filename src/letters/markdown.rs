//! One Markdown text as the two parts of a mail.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, TextMergeStream};

use super::html::HtmlPart;
use super::links::is_safe_link;
use super::text::TextPart;
use super::verbatim::{MARK, VERBATIM};

/// What a body became.
#[derive(Debug, Default)]
pub struct Parts {
    /// For `text/plain`, lines ended by LF, no empty lines around.
    pub text: String,
    /// For `text/html`: blocks, without the page around them.
    pub html: String,
}

/// Renders `markdown`. A paragraph `MARK n MARK` becomes `verbatim[n]`, word by word.
pub fn render(markdown: &str, verbatim: &[&str]) -> Parts {
    let size = markdown.len() + verbatim.iter().map(|text| text.len()).sum::<usize>();
    let mut text = TextPart::new(verbatim, size);
    let mut html = HtmlPart::new(verbatim, size);
    // Every escaped character would be an event of its own.
    for event in TextMergeStream::new(Parser::new_ext(markdown, Options::empty())) {
        text.event(&event);
        html.event(&event);
    }
    Parts { text: text.finish(), html: html.finish() }
}

/// What a template says that a mail cannot show in both parts; empty when all is well.
pub fn problems(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inline = String::new();
    for event in Parser::new_ext(markdown, Options::empty()) {
        match &event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let html = html.trim();
                found.push(format!("HTML in the text ({html}): the text part of a mail cannot show it"));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                found.push(format!("a picture ({dest_url}): mails of the desk carry none"));
            }
            Event::Start(Tag::Link { dest_url, .. }) if !is_safe_link(dest_url) => {
                let url = dest_url.as_ref();
                found.push(format!("a link to {url:?}: only https:, http:, mailto: and tel: are links"));
            }
            Event::Text(text) | Event::Code(text) => inline.push_str(text),
            _ => {}
        }
        if ends_block(&event) {
            if inline.contains(MARK) && !(inline.starts_with(MARK) && inline.ends_with(MARK) && two_marks(&inline)) {
                let number = inline.split(MARK).nth(1).and_then(|number| number.parse::<usize>().ok());
                let name = number.and_then(|number| VERBATIM.get(number)).unwrap_or(&"…");
                found.push(format!("{{{{verbatim {name}}}}} must be a paragraph of its own, between empty lines"));
            }
            inline.clear();
        }
    }
    found
}

fn two_marks(inline: &str) -> bool {
    inline.matches(MARK).count() == 2
}

/// Whether inline content ends here.
fn ends_block(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock)
            | Event::Start(Tag::List(_) | Tag::BlockQuote(_))
            | Event::Rule
    )
}
