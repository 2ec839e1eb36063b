//! Notices become finished mails: words from one Markdown template a language, the text part and the HTML part from
//! the same source.
//!
//! What people wrote (words, names, subjects, file names) is shown as it is and never read as Markdown, HTML or
//! Handlebars. Every template is tried when [`Letters::load`] reads it, so that a misspelt name stops the start and
//! not a mail.

mod check;
mod codes;
mod helpers;
mod html;
mod load;
mod markdown;
pub(crate) mod problems;
mod samples;
pub(crate) mod source;
mod text;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use handlebars::template::TemplateElement;
use handlebars::{Context, Handlebars, Output, RenderContext, Renderable, Template};
use serde_json::json;

use crate::desk::notice::{Letter, Notice, Vars};
use crate::mail::language::Language;
use crate::mail::limits;
use crate::mail::outbound::{self, Automatic, Draft};

/// A finished mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The subject as people read it.
    pub subject: String,
    /// The text part, before it was encoded.
    pub text: String,
    /// The HTML part, before it was encoded.
    pub html: String,
    /// The mail as it goes to the server.
    pub bytes: Vec<u8>,
}

/// One template of a notice, for `caseway template list`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The kind of mail.
    pub notice: Notice,
    /// The language it is written in.
    pub language: Language,
    /// Where in a folder of overrides it would stand.
    pub path: String,
    /// The file that overrides the built-in template.
    pub overridden_by: Option<PathBuf>,
}

/// The words of one notice in one language.
struct Words {
    subject: Template,
    body: Template,
    file: Option<PathBuf>,
}

/// Every template, compiled and tried.
pub struct Letters {
    subjects: Handlebars<'static>,
    bodies: Handlebars<'static>,
    pages: Handlebars<'static>,
    words: BTreeMap<(Notice, Language), Words>,
    footers: BTreeMap<Language, Template>,
    html_layout: Template,
    text_layout: Template,
}

impl Letters {
    /// The built-in templates, with the files of `overrides` in the place of those of the same path.
    ///
    /// # Errors
    /// All problems at once, each with file and line: names that are not there, syntax, HTML in Markdown, files that
    /// override nothing.
    pub fn load(overrides: Option<&Path>) -> anyhow::Result<Self> {
        load::load(overrides)
    }

    /// One letter as a finished mail. The same letter gives the same bytes.
    ///
    /// # Errors
    /// Only when a template fails on values that none of the trials at start had.
    pub fn render(&self, letter: &Letter) -> anyhow::Result<Rendered> {
        let Page { subject, text, html } = self
            .page(letter.notice, letter.language, &letter.vars)
            .with_context(|| format!("the {} in {}", letter.notice.as_str(), letter.language.code()))?;
        let bytes = outbound::build(&Draft {
            from: &letter.from,
            reply_to: &letter.reply_to,
            to: &letter.to,
            cc: &letter.cc,
            subject: &subject,
            date: letter.date,
            message_id: &letter.message_id,
            in_reply_to: letter.in_reply_to.as_deref(),
            references: &letter.references,
            language: letter.language,
            automatic: automatic(letter.notice),
            case_id: &letter.vars.case_id,
            delivery: &letter.delivery,
            text: &text,
            html: &html,
            files: &letter.files,
        });
        Ok(Rendered { subject, text, html, bytes })
    }

    /// Every notice in every language, in order.
    pub fn list(&self) -> impl Iterator<Item = Listed> {
        self.words.iter().map(|(&(notice, language), words)| Listed {
            notice,
            language,
            path: source::notice_path(notice, language),
            overridden_by: words.file.clone(),
        })
    }

    /// What mails to engineers say whatever the case: the pieces of text of their templates, a line or less each.
    pub fn standing_words(&self) -> Vec<String> {
        let mut pieces = Vec::new();
        for ((notice, _), words) in &self.words {
            if !notice.is_to_customer() {
                standing(&words.body, &mut pieces);
            }
        }
        pieces
    }

    /// A notice with invented values, as an administrator checks a template.
    ///
    /// # Errors
    /// As [`Letters::render`].
    pub fn preview(&self, notice: Notice, language: Language) -> anyhow::Result<Rendered> {
        self.render(&samples::letter(notice, language))
    }

    fn page(&self, notice: Notice, language: Language, vars: &Vars) -> anyhow::Result<Page> {
        let words = self.words.get(&(notice, language)).context("there is no template")?;
        let footer = self.footers.get(&language).context("there is no footer")?;
        let values = values(notice, vars)?;
        let subject = fill(&self.subjects, &words.subject, &values)?;
        let subject = outbound::clean(&subject, limits::MAX_SUBJECT_CHARS).into_owned();
        let verbatim = helpers::verbatim_texts(vars);
        let body = markdown::render(&fill(&self.bodies, &words.body, &values)?, &verbatim);
        let footer = markdown::render(&fill(&self.bodies, footer, &values)?, &verbatim);
        let html = layout_values(notice, language, &subject, &body.html, &footer.html)?;
        let text = layout_values(notice, language, &subject, &body.text, &footer.text)?;
        Ok(Page {
            html: fill(&self.pages, &self.html_layout, &html)?,
            text: fill(&self.subjects, &self.text_layout, &text)?,
            subject,
        })
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

impl std::fmt::Debug for Letters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letters").field("templates", &self.words.len()).finish_non_exhaustive()
    }
}

/// What a mail says, before it becomes bytes.
struct Page {
    subject: String,
    text: String,
    html: String,
}

/// The values of a notice's templates: all of [`Vars`], and `notice`, `to_customer` and `by_engineer`, by which footers
/// choose.
fn values(notice: Notice, vars: &Vars) -> anyhow::Result<Context> {
    let mut context = Context::wraps(vars)?;
    if let Some(fields) = context.data_mut().as_object_mut() {
        fields.insert("notice".to_owned(), notice.as_str().into());
        fields.insert("to_customer".to_owned(), notice.is_to_customer().into());
        fields.insert("by_engineer".to_owned(), notice.is_by_engineer().into());
    }
    Ok(context)
}

/// The values of a layout.
fn layout_values(notice: Notice, language: Language, title: &str, body: &str, footer: &str) -> anyhow::Result<Context> {
    let values = json!({
        "notice": notice.as_str(),
        "language": language.code(),
        "title": title,
        "body": body,
        "footer": footer,
    });
    Ok(Context::wraps(values)?)
}

fn fill(registry: &Handlebars<'static>, template: &Template, values: &Context) -> anyhow::Result<String> {
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

/// What RFC 3834 §5 calls a notice: an answer to somebody's mail, or a report that something else caused.
fn automatic(notice: Notice) -> Automatic {
    match notice {
        _ if !notice.is_automatic() => Automatic::No,
        Notice::Acknowledgement
        | Notice::Oversize
        | Notice::Unproven
        | Notice::NotPassedOn
        | Notice::FormQuestion
        | Notice::FormReceived
        | Notice::CommandResult
        | Notice::ActivationCode
        | Notice::PartnerPortal
        | Notice::SecondFactorSelfService
        | Notice::SecondFactorByAdministrator
        | Notice::SignInHelp
        | Notice::PartnerSignInHelp => Automatic::Replied,
        _ => Automatic::Generated,
    }
}
