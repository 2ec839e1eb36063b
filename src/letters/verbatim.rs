//! Texts of many lines, which are set word by word and never read as Markdown.

use crate::desk::notice::vars::Vars;

/// Frames the number of a verbatim text in a paragraph that stands for it. No value can hold this character:
/// [`super::helpers::escape_markdown`] drops control characters, and the check at start refuses it in templates.
pub const MARK: char = '\u{1}';

/// Texts of many lines, which `{{verbatim …}}` sets and which may stand nowhere else.
pub const VERBATIM: [&str; 5] = ["words", "quote.text", "detail", "desk.incident", "form.block"];

/// The texts of [`VERBATIM`], in its order.
pub fn verbatim_texts(vars: &Vars) -> [&str; 5] {
    [&vars.words, &vars.quote.text, &vars.detail, &vars.desk.incident, &vars.form.block]
}

/// The verbatim text that a block's inline content stands for.
pub fn marked<'a>(inline: &str, verbatim: &[&'a str]) -> Option<&'a str> {
    let number = inline.strip_prefix(MARK)?.strip_suffix(MARK)?;
    verbatim.get(number.parse::<usize>().ok()?).copied()
}
