//! Pages as HTML: Handlebars templates and texts in every language, built in and overridden one by one.
//!
//! All of them are tried when [`Pages::load`] reads them, with everything filled and with nothing, so that a misspelt
//! name stops the start and not a visitor.

mod load;
mod samples;
mod texts;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use handlebars::Handlebars;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

pub(super) use words::Word;

use crate::mail::language::Language;
use texts::Texts;

/// A page of the site, named as its template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// One thing that must be said, with a link.
    Message,
    /// User name and password.
    SignIn,
    /// The second factor's code, at signing in.
    Code,
    /// Asks for a link to set another password.
    Forgot,
    /// Sets a password by a link.
    Password,
    /// Sets the first password by a code from a mail.
    Activate,
    /// Enrols a second factor.
    Enrol,
    /// Removes the second factor.
    FactorOff,
    /// Stops a second factor's reset.
    Stop,
    /// A person's own cases.
    Cases,
    /// One case.
    Case,
    /// A whole mail of a case.
    Mail,
    /// What a person may change.
    Profile,
    /// Another password, by somebody who knows the old one.
    ChangePassword,
}

impl Page {
    /// All of them.
    const ALL: [Self; 14] = [
        Self::Message,
        Self::SignIn,
        Self::Code,
        Self::Forgot,
        Self::Password,
        Self::Activate,
        Self::Enrol,
        Self::FactorOff,
        Self::Stop,
        Self::Cases,
        Self::Case,
        Self::Mail,
        Self::Profile,
        Self::ChangePassword,
    ];

    /// The template's name, and the table of its texts.
    fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::SignIn => "sign_in",
            Self::Code => "code",
            Self::Forgot => "forgot",
            Self::Password => "new_password",
            Self::Activate => "activate",
            Self::Enrol => "enrol",
            Self::FactorOff => "factor_off",
            Self::Stop => "stop",
            Self::Cases => "cases",
            Self::Case => "case",
            Self::Mail => "mail",
            Self::Profile => "profile",
            Self::ChangePassword => "change_password",
        }
    }

    /// Whether its title is always the same text, its table's `title`.
    fn has_title(self) -> bool {
        !matches!(self, Self::Message | Self::Password | Self::Case | Self::Mail)
    }

    /// Belongs to the menu's entry for cases.
    pub(super) fn is_about_cases(self) -> bool {
        matches!(self, Self::Cases | Self::Case | Self::Mail)
    }

    /// Belongs to the menu's entry for the profile.
    pub(super) fn is_about_profile(self) -> bool {
        matches!(self, Self::Profile | Self::ChangePassword | Self::FactorOff)
    }
}

/// Every template and text, compiled and tried.
#[derive(Debug)]
pub struct Pages {
    registry: Handlebars<'static>,
    texts: Texts,
    style: String,
    style_path: String,
}

impl Pages {
    /// The built-in pages, with the files of `overrides` in the place of those of the same path.
    ///
    /// # Errors
    /// All problems at once, each with its file: names that are not there, syntax, texts that are missing.
    pub fn load(overrides: Option<&Path>) -> anyhow::Result<Self> {
        load::load(overrides)
    }

    /// The stylesheet, and the path by which pages name it: it changes with the content.
    pub(super) fn style(&self) -> (&str, &str) {
        (&self.style_path, &self.style)
    }

    /// A text of the code's own in a language.
    pub(super) fn say(&self, language: Language, word: Word) -> String {
        // Every word is looked up at the start, with all its blanks.
        self.texts.say(language, word.key(), &word.values()).unwrap_or_default()
    }

    /// The title of a page that always has the same.
    pub(super) fn title(&self, language: Language, page: Page) -> String {
        // Looked up at the start, as every word is.
        self.texts.say(language, &format!("{}.title", page.name()), &BTreeMap::new()).unwrap_or_default()
    }

    /// A whole page. `frame` has what the layout shows, `values` what the page does.
    pub(super) fn render(
        &self,
        page: Page,
        mut frame: Map<String, Value>,
        values: Map<String, Value>,
    ) -> anyhow::Result<String> {
        let mut all = frame.clone();
        all.extend(values);
        let body = self
            .registry
            .render(page.name(), &Value::Object(all))
            .with_context(|| format!("the page {}", page.name()))?;
        frame.insert("body".to_owned(), body.into());
        frame.insert("style".to_owned(), self.style_path.clone().into());
        self.registry.render(LAYOUT, &Value::Object(frame)).context("the layout of the pages")
    }
}

/// The template around all others.
const LAYOUT: &str = "layout";

fn style_path(style: &str) -> String {
    let hash = HEXLOWER.encode(&Sha256::digest(style.as_bytes()));
    format!("/style-{}.css", hash.get(..16).unwrap_or_default())
}
