//! Pages as HTML: Handlebars templates and texts in every language, built in and overridden one by one.
//!
//! All of them are tried when [`Pages::load`] reads them, with everything filled and with nothing, so that a misspelt
//! name stops the start and not a visitor.

mod compiled;
mod load;
mod page;
mod samples;
mod texts;
mod words;

use std::path::Path;

pub use compiled::Pages;
pub(super) use page::Page;
pub(super) use words::Word;

impl Pages {
    /// The built-in pages, with the files of `overrides` in the place of those of the same path.
    ///
    /// # Errors
    /// All problems at once, each with its file: names that are not there, syntax, texts that are missing.
    pub fn load(overrides: Option<&Path>) -> anyhow::Result<Self> {
        load::load(overrides)
    }
}
