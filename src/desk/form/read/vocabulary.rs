//! The labels of a form's fields, and how they are recognised.

use std::collections::BTreeMap;

use super::shape::Shape;
use crate::config::form::{Field, FieldKind, Form, labels};
use crate::intent::letters;

/// What a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// A field of the form, by its position.
    Field(usize),
    /// A whole name, where the form asks for its parts.
    WholeName,
}

/// All labels of a form.
pub(super) struct Vocabulary<'f> {
    pub(super) form: &'f Form,
    /// By [`key`].
    labels: BTreeMap<String, Target>,
}

/// Letters of the longest label that is looked for.
const MAX_LABEL: usize = 80;
/// Labels shorter than this are never guessed.
const MIN_GUESSED: usize = 6;

impl<'f> Vocabulary<'f> {
    pub(super) fn of(form: &'f Form) -> Self {
        let mut labels = BTreeMap::new();
        for (at, field) in form.fields.iter().enumerate() {
            for label in field.all_labels().chain([field.name.as_str()]) {
                labels.entry(key(label)).or_insert(Target::Field(at));
            }
        }
        let asks_for = |kind: &FieldKind| form.fields.iter().any(|field| field.kind == *kind);
        if asks_for(&FieldKind::FirstName) && asks_for(&FieldKind::LastName) {
            for label in labels::of("name").values().flatten() {
                labels.entry(key(label)).or_insert(Target::WholeName);
            }
        }
        labels.remove("");
        Self { form, labels }
    }

    pub(super) fn field(&self, at: usize) -> Option<&'f Field> {
        self.form.fields.get(at)
    }

    /// The kind of value that a target has.
    pub(super) fn kind(&self, target: Target) -> Option<&'f FieldKind> {
        match target {
            Target::Field(at) => self.field(at).map(|field| &field.kind),
            Target::WholeName => Some(&FieldKind::Name),
        }
    }

    /// The fields of the kinds that `wanted` says.
    pub(super) fn targets(&self, wanted: impl Fn(&FieldKind) -> bool) -> Vec<Target> {
        let fields = self.form.fields.iter().enumerate();
        fields.filter(|(_, field)| wanted(&field.kind)).map(|(at, _)| Target::Field(at)).collect()
    }

    /// What a labelled value is of: `Customer: C640031` names no company, but has the shape of the customer's ID.
    pub(super) fn of_its_shape(&self, target: Target, text: &str) -> Target {
        let named = matches!(self.kind(target), Some(FieldKind::Name | FieldKind::FirstName | FieldKind::LastName));
        if named && text.contains('@') {
            return self.targets(|kind| *kind == FieldKind::Email).first().copied().unwrap_or(target);
        }
        if self.kind(target) != Some(&FieldKind::Company) {
            return target;
        }
        let shaped = |field: &Field| Shape::of(field).is_some_and(|shape| shape.complete(text).is_some());
        self.form.fields.iter().position(shaped).map_or(target, Target::Field)
    }

    /// Where a whole name belongs.
    pub(super) fn names(&self) -> Vec<Target> {
        let whole = self.targets(|kind| *kind == FieldKind::Name);
        if whole.is_empty() { vec![Target::WholeName] } else { whole }
    }

    /// What words in the place of a label name.
    pub(super) fn label(&self, words: &str) -> Option<Target> {
        if words.len() > MAX_LABEL {
            return None;
        }
        let bare = without_brackets(words);
        let whole = self.exact(&bare).or_else(|| self.exact(words));
        // `First name / Vorname`
        whole.or_else(|| bare.split('/').find_map(|part| self.exact(part))).or_else(|| self.guessed(&bare))
    }

    fn exact(&self, words: &str) -> Option<Target> {
        let found = self.labels.get(&key(words)).copied();
        found.or_else(|| {
            let (first, rest) = words.trim().split_once(char::is_whitespace)?;
            OWNERS.contains(&key(first).as_str()).then(|| self.labels.get(&key(rest)).copied())?
        })
    }

    /// A label with a slip of the pen in it, where only one can be meant.
    fn guessed(&self, words: &str) -> Option<Target> {
        let typed = key(words);
        let length = typed.chars().count();
        if length < MIN_GUESSED {
            return None;
        }
        let most = if length >= 10 { 2 } else { 1 };
        let near = |label: &str| label.chars().count() >= MIN_GUESSED && strsim::osa_distance(&typed, label) <= most;
        let mut targets: Vec<Target> =
            self.labels.iter().filter(|(label, _)| near(label)).map(|(_, target)| *target).collect();
        targets.sort();
        targets.dedup();
        match targets.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}

/// The first and last name of a form, where it asks for both.
pub(super) fn halves(form: &Form) -> Option<(Target, Target)> {
    let at = |kind: FieldKind| form.fields.iter().position(|field| field.kind == kind).map(Target::Field);
    Some((at(FieldKind::FirstName)?, at(FieldKind::LastName)?))
}

/// Words before a label that say whose it is.
const OWNERS: &[&str] = &[
    "my", "your", "our", "the", "his", "her", "their", "users", "user", "new", "mein", "meine", "ihr", "ihre",
    "unsere", "der", "die", "das", "min", "mitt", "mon", "ma", "mes", "votre", "notre", "le", "la", "su", "mi", "il",
    "mijn", "uw", "ons", "onze", "meu", "minha", "seu", "sua", "o", "a", "moje", "mój", "dit", "ditt", "vores", "vårt",
];

/// Without what stands in brackets.
fn without_brackets(words: &str) -> String {
    let mut depth = 0u32;
    words
        .chars()
        .filter(|letter| {
            match letter {
                '(' | '[' => depth += 1,
                ')' | ']' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

/// Letters and digits alone, in lower case, without marks above and below: `E-Mail` and `email` are one word.
pub(super) fn key(words: &str) -> String {
    words.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).flat_map(plain).collect()
}

/// A letter without its marks, those of Hungarian and Romanian among them.
pub(super) fn plain(letter: char) -> impl Iterator<Item = char> {
    letters::plain(match letter {
        'ă' => 'a',
        'ő' => 'o',
        'ș' => 's',
        'ț' => 't',
        'ű' => 'u',
        other => other,
    })
}
