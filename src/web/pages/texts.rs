//! The words of the pages: one TOML file a language, in which every text has a key.

use std::collections::{BTreeMap, BTreeSet};

use handlebars::{Context, Handlebars, Helper, HelperDef, RenderContext, RenderError, RenderErrorReason, ScopedJson};

use crate::letters::problems::Problems;
use crate::letters::source::Source;
use crate::mail::language::Language;

/// Every text by language and key; `sign_in.title` is the key `title` of the table `[sign_in]`.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts(BTreeMap<Language, BTreeMap<String, String>>);

impl Texts {
    /// Adds the texts of a file. One that overrides others may leave out what it does not change.
    pub(super) fn read(&mut self, language: Language, source: &Source, problems: &mut Problems) {
        let tables: BTreeMap<String, BTreeMap<String, String>> = match toml::from_str(&source.text) {
            Ok(tables) => tables,
            Err(error) => {
                let line =
                    error.span().map(|span| source.text.bytes().take(span.start).filter(|b| *b == b'\n').count() + 1);
                problems.add(&source.shown, line, error.message());
                return;
            }
        };
        let texts = self.0.entry(language).or_default();
        let overrides = source.file.is_some();
        for (table, entries) in tables {
            for (key, text) in entries {
                let key = format!("{table}.{key}");
                match texts.get(&key) {
                    None if overrides => problems.add(&source.shown, None, format!("there is no text {key:?}")),
                    Some(known) if blanks(known) != blanks(&text) => {
                        problems.add(&source.shown, None, format!("the text {key:?} must have {}", listed(known)));
                    }
                    _ => {
                        texts.insert(key, text);
                    }
                }
            }
        }
    }

    /// Whether there is a text in every language.
    pub(super) fn has(&self, key: &str) -> bool {
        Language::ALL.iter().all(|language| self.0.get(language).is_some_and(|texts| texts.contains_key(key)))
    }

    /// Notes texts that are not the same in all languages, and those that nothing uses.
    pub(super) fn check(&self, used: &BTreeSet<String>, problems: &mut Problems) {
        let keys: BTreeSet<&String> = self.0.values().flat_map(BTreeMap::keys).collect();
        for language in Language::ALL {
            let shown = format!("templates/web/text/{}.toml", language.code());
            for key in &keys {
                let Some(text) = self.0.get(&language).and_then(|texts| texts.get(*key)) else {
                    problems.add(&shown, None, format!("the text {key:?} is missing"));
                    continue;
                };
                let others = self.0.values().filter_map(|texts| texts.get(*key));
                if let Some(other) = others.into_iter().find(|other| blanks(other) != blanks(text)) {
                    problems.add(&shown, None, format!("the text {key:?} must have {}", listed(other)));
                }
            }
        }
        for key in keys.iter().filter(|key| !used.contains(**key)) {
            problems.add("templates/web/text", None, format!("the text {key:?} is used nowhere"));
        }
    }

    /// The text of a key, its blanks filled.
    pub(super) fn say(&self, language: Language, key: &str, values: &BTreeMap<&str, String>) -> Result<String, String> {
        let text = self
            .0
            .get(&language)
            .and_then(|texts| texts.get(key))
            .ok_or_else(|| format!("there is no text {key:?}"))?;
        let mut filled = text.clone();
        for blank in blanks(text) {
            let value = values
                .get(blank.as_str())
                .ok_or_else(|| format!("the text {key:?} has a blank {{{blank}}}, and nothing fills it"))?;
            filled = filled.replace(&format!("{{{blank}}}"), value);
        }
        Ok(filled)
    }
}

/// The blanks of a text, in words.
fn listed(text: &str) -> String {
    match blanks(text).into_iter().collect::<Vec<_>>().join("}, {") {
        none if none.is_empty() => "no blanks".to_owned(),
        names => format!("the blanks {{{names}}}"),
    }
}

/// The names between single braces: `{email}`.
fn blanks(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else { break };
        found.insert(name.to_owned());
        rest = after;
    }
    found
}

/// `{{say "sign_in.title"}}`, `{{say "case.since" date=opened}}`: the text in the page's language.
pub(super) struct Say(pub(super) Texts);

impl HelperDef for Say {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let refused = |what: String| RenderError::from(RenderErrorReason::Other(what));
        let key = helper
            .param(0)
            .and_then(|key| key.value().as_str())
            .ok_or_else(|| refused("{{say …}} needs a key".to_owned()))?;
        let language = context.data().get("language").and_then(|code| Language::from_code(code.as_str()?));
        let values = helper
            .hash()
            .iter()
            .map(|(name, value)| (*name, value.value()))
            .map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        let said = self.0.say(language.unwrap_or(Language::En), key, &values.collect()).map_err(refused)?;
        Ok(ScopedJson::Derived(said.into()))
    }
}
