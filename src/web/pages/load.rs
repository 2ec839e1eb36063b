//! Reads, compiles and tries all pages.

use std::collections::BTreeSet;
use std::path::Path;

use handlebars::{Handlebars, TemplateErrorReason};
use regex::Regex;

use super::compiled::{LAYOUT, Pages, style_path};
use super::page::Page;
use super::samples;
use super::texts::{Say, Texts};
use super::words::Word;
use crate::letters::problems::Problems;
use crate::letters::source::{self, Source};
use crate::mail::language::Language;

/// Pieces that several pages have: a field of a form, …
const PARTS: [&str; 3] = ["field", "submit", "write"];
const STYLE: &str = "web/style.css";

pub(super) fn load(overrides: Option<&Path>) -> anyhow::Result<Pages> {
    let mut problems = Problems::default();
    if let Some(folder) = overrides.map(|folder| folder.join("web")).filter(|folder| folder.is_dir()) {
        source::find_strays(&folder, &relative_paths(), &["hbs", "toml", "css"], &mut problems);
    }
    let mut loading = Loading { overrides, problems, broken: BTreeSet::new() };
    let pages = loading.compile();
    if let Some(pages) = &pages {
        loading.try_all(pages);
    }
    loading.problems.into_result()?;
    pages.ok_or_else(|| anyhow::anyhow!("the pages are incomplete"))
}

/// What was found so far.
struct Loading<'a> {
    overrides: Option<&'a Path>,
    problems: Problems,
    /// Templates with which something is wrong already: trying them would tell it again.
    broken: BTreeSet<&'static str>,
}

fn template_path(name: &str) -> String {
    format!("web/{name}.hbs")
}

fn text_path(language: Language) -> String {
    format!("web/text/{}.toml", language.code())
}

fn names() -> impl Iterator<Item = &'static str> {
    Page::ALL.into_iter().map(Page::name).chain(PARTS).chain([LAYOUT])
}

/// All paths that a file may have below `web/`.
fn relative_paths() -> Vec<String> {
    let all = names().map(template_path).chain(Language::ALL.map(text_path)).chain([STYLE.to_owned()]);
    all.filter_map(|path| path.strip_prefix("web/").map(str::to_owned)).collect()
}

impl Loading<'_> {
    fn compile(&mut self) -> Option<Pages> {
        let texts = self.texts();
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        let mut used: BTreeSet<String> = Word::samples().iter().map(|word| word.key().to_owned()).collect();
        used.extend(Page::ALL.into_iter().filter(|page| page.has_title()).map(|page| format!("{}.title", page.name())));
        for name in names() {
            let source = source::read(&template_path(name), self.overrides, &mut self.problems);
            let Some(source) = source else {
                self.broken.insert(name);
                continue;
            };
            used.extend(self.template(name, &source, &texts, &mut registry));
        }
        // The built-in ones are whole; a page of the administrator's own may leave texts out.
        if self.overrides.is_none() {
            texts.check(&used, &mut self.problems);
        }
        registry.register_helper("say", Box::new(Say(texts.clone())));
        let style = source::read(STYLE, self.overrides, &mut self.problems)?.text;
        let style_path = style_path(&style);
        Some(Pages { registry, texts, style, style_path })
    }

    /// Compiles a template; the keys of the texts that it says.
    fn template(
        &mut self,
        name: &'static str,
        source: &Source,
        texts: &Texts,
        registry: &mut Handlebars<'static>,
    ) -> Vec<String> {
        let keys = keys(source);
        for key in keys.iter().filter(|key| !texts.has(key)) {
            self.broken.insert(name);
            self.problems.add(&source.shown, None, format!("there is no text {key:?}"));
        }
        if let Err(error) = registry.register_template_string(name, &source.text) {
            self.broken.insert(name);
            let line = error.pos().map(|(line, _)| line);
            let reason = match error.reason() {
                // The parser lists the names of its own rules.
                TemplateErrorReason::InvalidSyntax(_) => "is every {{ closed by }}, and every {{#…}} by {{/…}}?".into(),
                reason => reason.to_string(),
            };
            self.problems.add(&source.shown, line, format!("is no Handlebars template: {reason}"));
        }
        keys
    }

    /// The built-in texts first: an override may leave out what it does not change.
    fn texts(&mut self) -> Texts {
        let mut texts = Texts::default();
        for language in Language::ALL {
            let path = text_path(language);
            if let Some(built_in) = source::read(&path, None, &mut self.problems) {
                texts.read(language, &built_in, &mut self.problems);
            }
            if self.overrides.is_some_and(|folder| folder.join(&path).exists())
                && let Some(own) = source::read(&path, self.overrides, &mut self.problems)
            {
                texts.read(language, &own, &mut self.problems);
            }
        }
        texts
    }

    /// Renders every page in every language, with all there can be on it and with the least.
    fn try_all(&mut self, pages: &Pages) {
        // Parts and layout are in every page: what is wrong with them would be told by each.
        if PARTS.iter().chain([&LAYOUT]).any(|name| self.broken.contains(name)) {
            return;
        }
        for language in Language::ALL {
            for word in Word::samples() {
                if let Err(what) = pages.texts.say(language, word.key(), &word.values()) {
                    self.problems.add(&text_path(language), None, what);
                }
            }
            for page in Page::ALL.into_iter().filter(|page| !self.broken.contains(page.name())) {
                for (frame, values) in samples::of(page, language) {
                    if let Err(error) = pages.render(page, frame, values) {
                        let reason = error.chain().take(2).map(ToString::to_string).collect::<Vec<_>>().join(": ");
                        self.problems.add(&template_path(page.name()), None, reason);
                    }
                }
            }
        }
    }
}

/// The keys that a template says.
fn keys(source: &Source) -> Vec<String> {
    let Ok(say) = Regex::new(r#"say "([^"]*)""#) else { return Vec::new() };
    say.captures_iter(&source.text).filter_map(|found| Some(found.get(1)?.as_str().to_owned())).collect()
}
