//! The pages, ready to be made.

use std::collections::BTreeMap;

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use handlebars::Handlebars;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::page::Page;
use super::texts::Texts;
use super::words::Word;
use crate::mail::language::Language;

/// Every template and text, compiled and tried.
#[derive(Debug)]
pub struct Pages {
    pub(super) registry: Handlebars<'static>,
    pub(super) texts: Texts,
    pub(super) style: String,
    pub(super) style_path: String,
}

impl Pages {
    /// The stylesheet, and the path by which pages name it: it changes with the content.
    pub(in crate::web) fn style(&self) -> (&str, &str) {
        (&self.style_path, &self.style)
    }

    /// A text of the code's own in a language.
    pub(in crate::web) fn say(&self, language: Language, word: Word) -> String {
        // Every word is looked up at the start, with all its blanks.
        self.texts.say(language, word.key(), &word.values()).unwrap_or_default()
    }

    /// The title of a page that always has the same.
    pub(in crate::web) fn title(&self, language: Language, page: Page) -> String {
        // Looked up at the start, as every word is.
        self.texts.say(language, &format!("{}.title", page.name()), &BTreeMap::new()).unwrap_or_default()
    }

    /// A whole page. `frame` has what the layout shows, `values` what the page does.
    pub(in crate::web) fn render(
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
pub(super) const LAYOUT: &str = "layout";

/// The path of a stylesheet: it changes with the content.
pub(super) fn style_path(style: &str) -> String {
    let hash = HEXLOWER.encode(&Sha256::digest(style.as_bytes()));
    format!("/style-{}.css", hash.get(..16).unwrap_or_default())
}
