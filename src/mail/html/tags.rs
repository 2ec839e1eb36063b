//! What tags and their attributes say.

use html5ever::tokenizer::Tag;

/// Preview texts, tracking pixels and the like.
pub fn is_hidden(tag: &Tag) -> bool {
    if !matches!(&*tag.name, "div" | "span" | "p" | "td" | "tr" | "table" | "font" | "a" | "center" | "h1" | "h2") {
        return false;
    }
    let style = attribute(tag, "style").unwrap_or_default();
    if memchr::memmem::find(style.as_bytes(), b"none").is_none()
        && memchr::memmem::find(style.as_bytes(), b"NONE").is_none()
    {
        return false;
    }
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    let style = style.to_ascii_lowercase();
    style.split(';').any(|rule| matches!(rule, "display:none" | "display:none!important"))
}

/// The value of an attribute.
pub fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

/// A blockquote that quotes a mail, not one that indents: of Thunderbird and Apple Mail (`type=cite`), Gmail, Yahoo,
/// Proton (class `…_quote`), Zimbra and Lotus (a line at the left).
pub fn is_quote(tag: &Tag) -> bool {
    let has = |name: &str, words: &[&str]| {
        attribute(tag, name).is_some_and(|value| words.iter().any(|word| value.to_ascii_lowercase().contains(word)))
    };
    attribute(tag, "cite").is_some()
        || has("type", &["cite"])
        || has("class", &["quote", "cite"])
        || has("style", &["border-left"])
}

/// Links that lead somewhere for a person who reads plain text.
pub fn is_shown(href: &str) -> bool {
    let web = ["http://", "https://", "ftp://", "mailto:"]
        .iter()
        .any(|scheme| href.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    web && href.len() <= 500 && !href.contains(|c: char| c.is_whitespace() || c.is_control() || c == '<' || c == '>')
}

/// Outlook writes every line as a paragraph without space around it.
pub fn is_tight(tag: &Tag) -> bool {
    let style = attribute(tag, "style").unwrap_or_default();
    style.contains("margin:0")
        || style.contains("margin: 0")
        || attribute(tag, "class").is_some_and(|class| class.contains("MsoNormal"))
}

/// Elements that start on a line of their own.
pub fn is_block(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "nav"
            | "aside"
            | "address"
            | "center"
            | "form"
            | "fieldset"
            | "dt"
            | "dd"
            | "figure"
            | "figcaption"
            | "caption"
            | "body"
            | "html"
            | "details"
            | "summary"
            | "thead"
            | "tbody"
            | "tfoot"
            | "option"
            | "legend"
    )
}
