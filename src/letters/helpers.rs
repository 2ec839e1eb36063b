//! What templates can do beyond Handlebars' own `if`, `unless`, `each`, `with`, `eq`, `and`, `or`, `not`.

use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason};

use super::verbatim::{MARK, VERBATIM};
use crate::mail::invisible::is_direction_override;

/// Handlebars for subjects: values as they are, for the header is cleaned as a whole.
pub fn for_subjects() -> Handlebars<'static> {
    strict(|value| value.to_owned())
}

/// Handlebars for bodies and footers: no value is ever Markdown.
pub fn for_bodies() -> Handlebars<'static> {
    let mut registry = strict(escape_markdown);
    registry.register_helper("verbatim", Box::new(verbatim));
    registry.register_helper("person", Box::new(person));
    registry
}

/// Handlebars for `layout.html.hbs`.
pub fn for_html() -> Handlebars<'static> {
    strict(handlebars::html_escape)
}

fn strict(escape: fn(&str) -> String) -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(escape);
    registry
}

/// `value` as one line of Markdown that shows it as it is: punctuation is escaped (CommonMark §2.4 allows that for
/// all of ASCII), line ends and control characters become spaces.
pub fn escape_markdown(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + value.len() / 4);
    for c in value.trim().chars() {
        if c.is_control() || matches!(c, ' ' | '\u{2028}' | '\u{2029}') {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_direction_override(c) {
            if c.is_ascii_punctuation() {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}

/// `{{verbatim words}}`: leaves a mark that the two renderers replace.
fn verbatim(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let path = helper.param(0).and_then(|param| param.relative_path()).map_or("", |path| path.as_str());
    let number = VERBATIM
        .iter()
        .position(|name| *name == path)
        .ok_or_else(|| RenderErrorReason::Other(format!("{path:?} is no text for {{{{verbatim …}}}}")))?;
    out.write(&format!("{MARK}{number}{MARK}"))?;
    Ok(())
}

/// `{{person author}}`: `Jane Doe <jane@example.test>`, or the address alone.
fn person(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let field = |name: &str| {
        helper.param(0).and_then(|param| param.value().get(name)).and_then(|value| value.as_str()).unwrap_or_default()
    };
    let (name, email) = (escape_markdown(field("name")), escape_markdown(field("email")));
    match (name.is_empty(), email.is_empty()) {
        (true, _) => out.write(&email)?,
        (false, true) => out.write(&name)?,
        (false, false) => out.write(&format!("{name} \\<{email}\\>"))?,
    }
    Ok(())
}
