//! HTML parts: as readable text, and sanitised for showing.

mod render;
mod tags;
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
///
/// A browser's tree builder looks through all open elements for many a tag, so that what is nested thousands deep costs
/// the square of its length. No mail program writes such HTML: it is shown as the text that it reads as.
pub fn sanitise(html: &str) -> String {
    let html = head(html);
    match tokens::is_tame(html) {
        true => ammonia::clean(html),
        false => format!("<pre>{}</pre>", ammonia::clean_text(&to_text(html))),
    }
}

/// The part of an HTML document that is looked at ([`limits::MAX_HTML_OCTETS`]).
fn head(html: &str) -> &str {
    let mut end = html.len().min(limits::MAX_HTML_OCTETS);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    html.get(..end).unwrap_or(html)
}
