//! HTML parts: as readable text, and sanitised for showing.

mod render;
mod tokens;

use super::limits;

/// A readable rendering of an HTML part: paragraphs, lists, tables, links, quotes behind `> `. One pass without a
/// tree, so that its cost grows with the length alone, whatever the nesting.
pub fn to_text(html: &str) -> String {
    let html = head(html);
    let text = tokens::render(html, true).or_else(|| tokens::render(html, false)).unwrap_or_default();
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if text.contains(control) { text.replace(control, "") } else { text }
}

/// HTML that is safe to show in a mail client or a page (a view: made when shown, never stored).
pub fn sanitise(html: &str) -> String {
    ammonia::clean(head(html))
}

/// The part of an HTML document that is looked at ([`limits::MAX_HTML_OCTETS`]).
fn head(html: &str) -> &str {
    let mut end = html.len().min(limits::MAX_HTML_OCTETS);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    html.get(..end).unwrap_or(html)
}
