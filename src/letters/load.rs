//! Reads, compiles and tries all templates.

use std::collections::BTreeMap;
use std::path::Path;

use handlebars::{Context, Template, TemplateErrorReason};

use super::check::{Check, Kind};
use super::problems::Problems;
use super::source::{self, Source};
use super::templates::{Templates, Words, fill, layout_values, values};
use super::{helpers, markdown, samples};
use crate::desk::notice::kind::Notice;
use crate::mail::language::Language;

/// See [`Letters::load`](super::Letters::load).
pub fn load(overrides: Option<&Path>) -> anyhow::Result<Templates> {
    let mut problems = Problems::default();
    if let Some(folder) = overrides {
        source::find_strays(folder, &source::paths(), &["hbs"], &mut problems);
    }
    let letters = compile(overrides, &mut problems);
    problems.into_result()?;
    Ok(letters)
}

/// What could be compiled; the problems tell of the rest.
fn compile(overrides: Option<&Path>, problems: &mut Problems) -> Templates {
    let layout = |path: &str, problems: &mut Problems| {
        let source = source::read(path, overrides, problems)?;
        layout(&source, problems)
    };
    let mut letters = Templates {
        subjects: helpers::for_subjects(),
        bodies: helpers::for_bodies(),
        pages: helpers::for_html(),
        words: BTreeMap::new(),
        footers: BTreeMap::new(),
        html_layout: layout(source::HTML_LAYOUT, problems).unwrap_or_default(),
        text_layout: layout(source::TEXT_LAYOUT, problems).unwrap_or_default(),
    };
    for language in Language::ALL {
        let footer = source::read(&source::footer_path(language), overrides, problems).and_then(|source| {
            let footer = body(&source, source.text.clone(), problems)?;
            Some((source, footer))
        });
        for notice in Notice::ALL.into_iter().filter(|notice| notice.languages().contains(&language)) {
            let trials = samples::trials(notice, language);
            let trials = match trials.iter().map(|vars| values(notice, vars)).collect::<anyhow::Result<Vec<Context>>>()
            {
                Ok(trials) => trials,
                Err(error) => {
                    problems.add(notice.as_str(), None, format!("{error:#}"));
                    continue;
                }
            };
            // A footer knows the notice and the desk: with and without values is all there is to try.
            if let Some((source, footer)) = &footer {
                try_footer(&letters, source, footer, trials.get(..2).unwrap_or(&trials), problems);
            }
            let source = source::read(&source::notice_path(notice, language), overrides, problems);
            if let Some(source) = source
                && let Some(words) = words(&source, problems)
            {
                try_words(&letters, &source, &words, &trials, problems);
                letters.words.insert((notice, language), words);
            }
        }
        letters.footers.extend(footer.map(|(_, footer)| (language, footer)));
    }
    letters
}

/// Splits off the subject and compiles both.
fn words(source: &Source, problems: &mut Problems) -> Option<Words> {
    let (first, rest) = source.text.split_once('\n').unwrap_or((&source.text, ""));
    let Some(subject) = first.strip_prefix("Subject:").map(str::trim).filter(|subject| !subject.is_empty()) else {
        problems.add(&source.shown, Some(1), "the first line must be `Subject: …`");
        return None;
    };
    if !rest.starts_with('\n') {
        problems.add(&source.shown, Some(2), "an empty line must part the subject from the text");
        return None;
    }
    let subject = compiled(source, subject, Kind::Subject, problems);
    // The empty line in the place of the subject keeps line numbers right.
    let body = body(source, format!("\n{rest}"), problems);
    Some(Words { subject: subject?, body: body?, file: source.file.clone() })
}

fn body(source: &Source, text: String, problems: &mut Problems) -> Option<Template> {
    for (number, line) in text.lines().enumerate() {
        if line.chars().any(|c| c.is_control() && c != '\t') {
            problems.add(&source.shown, Some(number + 1), "holds a control character");
        }
    }
    compiled(source, &text, Kind::Body, problems)
}

fn layout(source: &Source, problems: &mut Problems) -> Option<Template> {
    if !source.text.contains("{{{body}}}") {
        problems.add(&source.shown, None, "has no {{{body}}}: the mail would be empty");
    }
    compiled(source, &source.text, Kind::Layout, problems)
}

/// Compiles `text` and looks up all names in it. `None` when something is wrong.
fn compiled(source: &Source, text: &str, kind: Kind, problems: &mut Problems) -> Option<Template> {
    let template = match Template::compile(text) {
        Ok(template) => template,
        Err(error) => {
            let line = error.pos().map(|(line, _)| line);
            let reason = match error.reason() {
                // The parser lists the names of its own rules.
                TemplateErrorReason::InvalidSyntax(_) => "is every {{ closed by }}, and every {{#…}} by {{/…}}?".into(),
                reason => reason.to_string(),
            };
            problems.add(&source.shown, line, format!("is no Handlebars template: {reason}"));
            return None;
        }
    };
    let before = problems.count();
    let known = if kind == Kind::Layout {
        layout_values(Notice::Answer, Language::En, "", "", "").ok()?
    } else {
        known_values().ok()?
    };
    Check { file: &source.shown, kind, problems, scopes: vec![known.data()] }.template(&template);
    (problems.count() == before).then_some(template)
}

/// Values in which every field is filled, so that every name can be looked up.
fn known_values() -> anyhow::Result<Context> {
    values(Notice::Answer, &samples::everything(Language::En))
}

/// Fills the template with all sample values and looks at what comes out.
fn try_words(letters: &Templates, source: &Source, words: &Words, trials: &[Context], problems: &mut Problems) {
    for values in trials {
        let tried = fill(&letters.subjects, &words.subject, values)
            .and_then(|subject| Ok((subject, fill(&letters.bodies, &words.body, values)?)));
        match tried {
            Ok((subject, body)) => {
                if subject.trim().is_empty() {
                    problems.add(&source.shown, Some(1), "the subject can be empty");
                }
                report(source, &body, problems);
                if body.trim().is_empty() {
                    problems.add(&source.shown, None, "the text can be empty");
                }
            }
            Err(error) => problems.add(&source.shown, None, format!("{error:#}")),
        }
    }
}

fn try_footer(letters: &Templates, source: &Source, footer: &Template, trials: &[Context], problems: &mut Problems) {
    for values in trials {
        match fill(&letters.bodies, footer, values) {
            Ok(body) => report(source, &body, problems),
            Err(error) => problems.add(&source.shown, None, format!("{error:#}")),
        }
    }
}

fn report(source: &Source, body: &str, problems: &mut Problems) {
    for problem in markdown::problems(body) {
        let line = problem_line(source, &problem);
        problems.add(&source.shown, line, problem);
    }
}

/// The line of a problem that only shows in the filled text; unknown when the words it quotes are not in the template.
fn problem_line(source: &Source, problem: &str) -> Option<usize> {
    let needle = match problem.split_once(" must be a paragraph") {
        Some((verbatim, _)) => verbatim,
        None => problem.split_once(['(', '"']).and_then(|(_, rest)| rest.split([')', '"']).next())?,
    };
    let is_there = |line: &str| !needle.is_empty() && line.contains(needle);
    source.text.lines().position(is_there).map(|at| at + 1)
}
