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
mod links;
mod load;
mod markdown;
pub(crate) mod problems;
mod samples;
pub(crate) mod source;
mod templates;
mod text;
mod verbatim;

use std::path::{Path, PathBuf};

use anyhow::Context;

use self::templates::{Page, Templates};
use crate::desk::notice::kind::Notice;
use crate::desk::notice::letter::Letter;
use crate::mail::language::Language;
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

/// Every template, compiled and tried.
#[derive(Debug)]
pub struct Letters(Templates);

impl Letters {
    /// The built-in templates, with the files of `overrides` in the place of those of the same path.
    ///
    /// # Errors
    /// All problems at once, each with file and line: names that are not there, syntax, HTML in Markdown, files that
    /// override nothing.
    pub fn load(overrides: Option<&Path>) -> anyhow::Result<Self> {
        load::load(overrides).map(Self)
    }

    /// One letter as a finished mail. The same letter gives the same bytes.
    ///
    /// # Errors
    /// Only when a template fails on values that none of the trials at start had.
    pub fn render(&self, letter: &Letter) -> anyhow::Result<Rendered> {
        let Page { subject, text, html } = self
            .0
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
            no_reactions: letter.no_reactions,
            text: &text,
            html: &html,
            files: &letter.files,
        });
        Ok(Rendered { subject, text, html, bytes })
    }

    /// Every notice in every language, in order.
    pub fn list(&self) -> impl Iterator<Item = Listed> {
        self.0.words.iter().map(|(&(notice, language), words)| Listed {
            notice,
            language,
            path: source::notice_path(notice, language),
            overridden_by: words.file.clone(),
        })
    }

    /// What mails to engineers say whatever the case: the pieces of text of their templates, a line or less each.
    pub fn standing_words(&self) -> Vec<String> {
        self.0.standing_words()
    }

    /// A notice with invented values, as an administrator checks a template.
    ///
    /// # Errors
    /// As [`Letters::render`].
    pub fn preview(&self, notice: Notice, language: Language) -> anyhow::Result<Rendered> {
        self.render(&samples::letter(notice, language))
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
