//! Every template, compiled, and how a letter's page is made of them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context as _;
use handlebars::template::TemplateElement;
use handlebars::{Context, Handlebars, Output, RenderContext, Renderable, Template};
use serde_json::json;

use super::{markdown, verbatim};
use crate::desk::notice::kind::Notice;
use crate::desk::notice::vars::Vars;
use crate::mail::language::Language;
use crate::mail::quote::SEPARATOR;
use crate::mail::{limits, outbound};

/// The words of one notice in one language.
pub(super) struct Words {
    pub(super) subject: Template,
    pub(super) body: Template,
    pub(super) file: Option<PathBuf>,
}

/// Every template, compiled and tried.
pub(super) struct Templates {
    pub(super) subjects: Handlebars<'static>,
    pub(super) bodies: Handlebars<'static>,
    pub(super) pages: Handlebars<'static>,
    pub(super) words: BTreeMap<(Notice, Language), Words>,
    pub(super) footers: BTreeMap<Language, Template>,
    pub(super) html_layout: Template,
    pub(super) text_layout: Template,
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Templates").field("templates", &self.words.len()).finish_non_exhaustive()
    }
}

/// What a mail says, before it becomes bytes.
pub(super) struct Page {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

impl Templates {
    /// The page of a notice.
    pub(super) fn page(&self, notice: Notice, language: Language, vars: &Vars) -> anyhow::Result<Page> {
        let words = self.words.get(&(notice, language)).with_context(|| {
            let written: Vec<&str> = notice.languages().iter().map(|language| language.code()).collect();
            format!("such mails are written in {}", written.join(", "))
        })?;
        let footer = self.footers.get(&language).context("there is no footer")?;
        let values = values(notice, vars)?;
        let subject = fill(&self.subjects, &words.subject, &values)?;
        let subject = outbound::clean(&subject, limits::MAX_SUBJECT_CHARS).into_owned();
        let verbatim = verbatim::verbatim_texts(vars);
        let body = markdown::render(&fill(&self.bodies, &words.body, &values)?, &verbatim);
        let footer = markdown::render(&fill(&self.bodies, footer, &values)?, &verbatim);
        let preview = preview(&body.text, notice.is_secret());
        let html = layout_values(notice, language, &preview, &body.html, &footer.html)?;
        let text = layout_values(notice, language, &preview, &body.text, &footer.text)?;
        Ok(Page {
            html: fill(&self.pages, &self.html_layout, &html)?,
            text: fill(&self.subjects, &self.text_layout, &text)?,
            subject,
        })
    }

    /// What mails to engineers say whatever the case: the pieces of text of their templates, a line or less each.
    pub(super) fn standing_words(&self) -> Vec<String> {
        let mut pieces = Vec::new();
        for ((notice, _), words) in &self.words {
            if !notice.is_to_customer() {
                standing(&words.body, &mut pieces);
            }
        }
        pieces
    }
}

/// The pieces of text of a template and of all blocks in it.
fn standing(template: &Template, pieces: &mut Vec<String>) {
    for element in &template.elements {
        match element {
            TemplateElement::RawString(text) => pieces.extend(text.lines().map(str::to_owned)),
            TemplateElement::HelperBlock(block) => {
                block.template.iter().chain(&block.inverse).for_each(|inner| standing(inner, pieces));
            }
            _ => {}
        }
    }
}

/// The values of a notice's templates: all of [`Vars`], and `notice`, `to_customer` and `by_engineer`, by which footers
/// choose.
pub(super) fn values(notice: Notice, vars: &Vars) -> anyhow::Result<Context> {
    let mut context = Context::wraps(vars)?;
    if let Some(fields) = context.data_mut().as_object_mut() {
        fields.insert("notice".to_owned(), notice.as_str().into());
        fields.insert("to_customer".to_owned(), notice.is_to_customer().into());
        fields.insert("by_engineer".to_owned(), notice.is_by_engineer().into());
    }
    Ok(context)
}

/// Characters that lists of mails show of a mail, on the phones that show most.
const MAX_PREVIEW: usize = 140;

/// What lists of mails show of a letter that begins with the line above which people reply: the first words below it. They
/// stand unseen above it in the HTML part. Of a letter with a secret they end before what a colon announces: locked phones show them. [`crate::mail::quote`] knows them again where a client quotes them.
fn preview(text: &str, is_secret: bool) -> String {
    let Some(below) = text.strip_prefix(SEPARATOR.0).and_then(|rest| rest.split_once('\n')) else {
        return String::new();
    };
    let has_letters = |word: &&str| word.chars().any(char::is_alphanumeric);
    let mut preview = String::new();
    for word in below.1.split_whitespace().filter(has_letters) {
        if word.contains("://") || preview.chars().count() + word.chars().count() > MAX_PREVIEW {
            break;
        }
        if !preview.is_empty() {
            preview.push(' ');
        }
        preview.push_str(word);
        if is_secret && word.ends_with(':') {
            break;
        }
    }
    preview
}

/// The values of a layout.
pub(super) fn layout_values(
    notice: Notice,
    language: Language,
    preview: &str,
    body: &str,
    footer: &str,
) -> anyhow::Result<Context> {
    let values = json!({
        "notice": notice.as_str(),
        "language": language.code(),
        "preview": preview,
        "body": body,
        "footer": footer,
    });
    Ok(Context::wraps(values)?)
}

/// What a template makes of some values.
pub(super) fn fill(registry: &Handlebars<'static>, template: &Template, values: &Context) -> anyhow::Result<String> {
    let mut out = Filled(String::with_capacity(1_024));
    template.render(registry, values, &mut RenderContext::new(None), &mut out)?;
    Ok(out.0)
}

/// Where Handlebars writes.
struct Filled(String);

impl Output for Filled {
    fn write(&mut self, piece: &str) -> std::io::Result<()> {
        self.0.push_str(piece);
        Ok(())
    }
}
