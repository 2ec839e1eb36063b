//! Reads, compiles and tries all pages.

use std::collections::BTreeSet;
use std::path::Path;

use handlebars::Handlebars;
use regex::Regex;

use super::texts::{Say, Texts};
use super::{LAYOUT, Page, Pages, Word, samples, style_path};
use crate::letters::problems::Problems;
use crate::letters::source::{self, Source};
use crate::mail::language::Language;

/// Pieces that several pages have: a field of a form, …
const PARTS: [&str; 2] = ["field", "submit"];
const STYLE: &str = "web/style.css";

pub(super) fn load(overrides: Option<&Path>) -> anyhow::Result<Pages> {
    let mut problems = Problems::default();
    if let Some(folder) = overrides.map(|folder| folder.join("web")).filter(|folder| folder.is_dir()) {
        source::find_strays(&folder, &relative_paths(), &["hbs", "toml", "css"], &mut problems);
    }
    let pages = compile(overrides, &mut problems);
    if let Some(pages) = &pages {
        try_all(pages, &mut problems);
    }
    problems.into_result()?;
    pages.ok_or_else(|| anyhow::anyhow!("the pages are incomplete"))
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

fn compile(overrides: Option<&Path>, problems: &mut Problems) -> Option<Pages> {
    let texts = texts(overrides, problems);
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    let mut used: BTreeSet<String> = Word::samples().iter().map(|word| word.key().to_owned()).collect();
    used.extend(Page::ALL.into_iter().filter(|page| page.has_title()).map(|page| format!("{}.title", page.name())));
    for name in names() {
        let Some(source) = source::read(&template_path(name), overrides, problems) else { continue };
        used.extend(keys(&source));
        if let Err(error) = registry.register_template_string(name, &source.text) {
            let line = error.pos().map(|(line, _)| line);
            problems.add(&source.shown, line, format!("is no Handlebars template: {}", error.reason()));
        }
    }
    texts.check(&used, problems);
    registry.register_helper("say", Box::new(Say(texts.clone())));
    let style = source::read(STYLE, overrides, problems)?.text;
    let style_path = style_path(&style);
    Some(Pages { registry, texts, style, style_path })
}

/// The built-in texts first: an override may leave out what it does not change.
fn texts(overrides: Option<&Path>, problems: &mut Problems) -> Texts {
    let mut texts = Texts::default();
    for language in Language::ALL {
        let path = text_path(language);
        if let Some(built_in) = source::read(&path, None, problems) {
            texts.read(language, &built_in, problems);
        }
        if overrides.is_some_and(|folder| folder.join(&path).exists())
            && let Some(own) = source::read(&path, overrides, problems)
        {
            texts.read(language, &own, problems);
        }
    }
    texts
}

/// The keys that a template says.
fn keys(source: &Source) -> Vec<String> {
    let Ok(say) = Regex::new(r#"say "([^"]*)""#) else { return Vec::new() };
    say.captures_iter(&source.text).filter_map(|found| Some(found.get(1)?.as_str().to_owned())).collect()
}

/// Renders every page in every language, with all there can be on it and with the least.
fn try_all(pages: &Pages, problems: &mut Problems) {
    for language in Language::ALL {
        for word in Word::samples() {
            if let Err(what) = pages.texts.say(language, word.key(), &word.values()) {
                problems.add(&text_path(language), None, what);
            }
        }
        for page in Page::ALL {
            for (frame, values) in samples::of(page, language) {
                if let Err(error) = pages.render(page, frame, values) {
                    problems.add(&template_path(page.name()), None, format!("{error:#}"));
                }
            }
        }
    }
}
