//! One table of the file: keys are asked for by name and type; what nobody asked for is unknown.

use std::cell::RefCell;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::Document;
use super::nearest::nearest;
use super::values;

/// A table and its place in the file.
pub(super) struct Section<'d> {
    document: &'d Document,
    /// `mailbox.support.imap`; empty for the file's outermost table.
    path: String,
    /// The same with what the administrator named left open: `mailbox.NAME.imap`.
    pattern: String,
    offset: Option<usize>,
    table: &'d DeTable<'d>,
    asked: RefCell<Vec<&'static str>>,
}

/// A value and its place in the file.
#[derive(Clone, Copy)]
pub(super) struct Value<'s, 'd> {
    section: &'s Section<'d>,
    key: &'s str,
    value: &'d Spanned<DeValue<'d>>,
}

/// The file's outermost table, for `read`; faults of the syntax are reported and what could be read goes on.
pub(super) fn read<T>(document: &Document, read: impl FnOnce(&Section<'_>) -> Option<T>) -> Option<T> {
    let (table, errors) = DeTable::parse_recoverable(document.text());
    for error in &errors {
        document.problem(error.span().map(|span| span.start), String::new(), error.message().to_owned());
    }
    let root = Section::root(document, table.get_ref());
    // After a syntax error keys are lost: what else is wrong cannot be told reliably.
    if !errors.is_empty() {
        return None;
    }
    let value = read(&root);
    root.refuse_unknown();
    value
}

impl<'d> Section<'d> {
    pub(super) fn root(document: &'d Document, table: &'d DeTable<'d>) -> Self {
        Self { document, path: String::new(), pattern: String::new(), offset: None, table, asked: RefCell::default() }
    }

    pub(super) fn document(&self) -> &'d Document {
        self.document
    }

    /// The value of a key, when it is there.
    pub(super) fn get<'s>(&'s self, key: &'static str) -> Option<Value<'s, 'd>> {
        self.asked.borrow_mut().push(key);
        self.document.asked(join(&self.pattern, key));
        let (found, value) = self.table.get_key_value(key)?;
        Some(Value { section: self, key: found.get_ref(), value })
    }

    /// All keys, where the administrator chooses the names.
    pub(super) fn entries<'s>(&'s self) -> impl Iterator<Item = Value<'s, 'd>> {
        self.table.iter().map(|(key, value)| Value { section: self, key: key.get_ref(), value })
    }

    /// Whether the key is not in the file.
    pub(super) fn is_absent(&self, key: &str) -> bool {
        !self.table.contains_key(key)
    }

    /// A text through `parse`, whose error becomes the problem.
    pub(super) fn parsed<T, E: Display>(&self, key: &'static str, parse: impl Fn(&str) -> Result<T, E>) -> Option<T> {
        self.get(key)?.parsed(parse)
    }

    /// A text; empty is a problem.
    pub(super) fn text(&self, key: &'static str) -> Option<String> {
        self.parsed(key, values::text)
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, key: &'static str, default: bool) -> bool {
        self.get(key).and_then(|value| value.flag()).unwrap_or(default)
    }

    /// A whole number within `range`.
    pub(super) fn number(&self, key: &'static str, range: RangeInclusive<u32>) -> Option<u32> {
        self.get(key)?.number(range)
    }

    /// A path, taken relative to the configuration file.
    pub(super) fn path(&self, key: &'static str) -> Option<PathBuf> {
        self.text(key).map(|written| self.document.path(&written))
    }

    /// The elements of an array; anything else is a problem.
    pub(super) fn list<'s>(&'s self, key: &'static str) -> Vec<Value<'s, 'd>> {
        self.get(key).map(|value| value.elements()).unwrap_or_default()
    }

    /// A table below this one.
    pub(super) fn section(&self, key: &'static str) -> Option<Section<'d>> {
        self.get(key)?.section(&join(&self.pattern, key))
    }

    /// The value, or the problem that it is missing with the hint `what` of what belongs there.
    pub(super) fn required<T>(&self, key: &'static str, value: Option<T>, what: &str) -> Option<T> {
        if value.is_none() && self.is_absent(key) {
            self.document.problem(self.offset, join(&self.path, key), format!("missing: {what}"));
        }
        value
    }

    /// Something is wrong with the table as a whole.
    pub(super) fn problem(&self, what: impl Display) {
        self.document.problem(self.offset, self.path.clone(), what.to_string());
    }

    /// Something is wrong with a key, whether it is there or not.
    pub(super) fn problem_at(&self, key: &str, what: impl Display) {
        let offset = self.table.get_key_value(key).map(|(key, _)| key.span().start).or(self.offset);
        self.document.problem(offset, join(&self.path, key), what.to_string());
    }

    /// Something about a key is dangerous and still allowed.
    pub(super) fn warning_at(&self, key: &str, what: impl Display) {
        let offset = self.table.get_key_value(key).map(|(key, _)| key.span().start).or(self.offset);
        self.document.warning(offset, join(&self.path, key), what.to_string());
    }

    /// Reports every key that nobody asked for, with the nearest one that exists.
    pub(super) fn refuse_unknown(&self) {
        let asked = self.asked.borrow();
        for key in self.table.keys().filter(|key| !asked.contains(&key.get_ref().as_ref())) {
            let what = match nearest(key.get_ref(), &asked) {
                Some(near) => format!("unknown key; did you mean {near}?"),
                None => format!("unknown key; known here: {}", asked.join(", ")),
            };
            self.problem_at(key.get_ref(), what);
        }
    }
}

impl<'s, 'd> Value<'s, 'd> {
    /// The key, as written.
    pub(super) fn key(&self) -> &'s str {
        self.key
    }

    /// Something is wrong with this value.
    pub(super) fn problem(&self, what: impl Display) {
        self.section.document.problem(
            Some(self.value.span().start),
            join(&self.section.path, self.key),
            what.to_string(),
        );
    }

    /// Something about this value is dangerous and still allowed.
    pub(super) fn warning(&self, what: impl Display) {
        self.section.document.warning(
            Some(self.value.span().start),
            join(&self.section.path, self.key),
            what.to_string(),
        );
    }

    fn refuse<T>(&self, wanted: &str) -> Option<T> {
        self.problem(format!("{} where {wanted} is wanted", kind(self.value.get_ref())));
        None
    }

    /// The text, when it is one; no problem otherwise.
    pub(super) fn as_text(&self) -> Option<&'d str> {
        self.value.get_ref().as_str()
    }

    pub(super) fn parsed<T, E: Display>(&self, parse: impl Fn(&str) -> Result<T, E>) -> Option<T> {
        let Some(text) = self.as_text() else { return self.refuse("a text in quotes") };
        parse(text).map_err(|what| self.problem(what)).ok()
    }

    fn flag(&self) -> Option<bool> {
        self.value.get_ref().as_bool().or_else(|| self.refuse("true or false"))
    }

    fn number(&self, range: RangeInclusive<u32>) -> Option<u32> {
        let Some(written) = self.value.get_ref().as_integer() else { return self.refuse("a whole number") };
        let number = i64::from_str_radix(written.as_str(), written.radix()).ok().and_then(|n| u32::try_from(n).ok());
        let fits = number.filter(|number| range.contains(number));
        if fits.is_none() {
            self.problem(format!("{} is not between {} and {}", written.as_str(), range.start(), range.end()));
        }
        fits
    }

    /// The elements of an array; anything else is a problem.
    pub(super) fn elements(self) -> Vec<Value<'s, 'd>> {
        match self.value.get_ref().as_array() {
            Some(array) => array.iter().map(|value| Value { value, ..self }).collect(),
            None => self.refuse("a list in brackets").unwrap_or_default(),
        }
    }

    /// Whether it is a text.
    pub(super) fn is_text(&self) -> bool {
        self.value.get_ref().is_str()
    }

    /// Whether it is a table.
    pub(super) fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    /// The value as a table whose keys are documented under `pattern`.
    pub(super) fn section(&self, pattern: &str) -> Option<Section<'d>> {
        let Some(table) = self.value.get_ref().as_table() else { return self.refuse("a table") };
        Some(Section {
            document: self.section.document,
            path: join(&self.section.path, self.key),
            pattern: pattern.to_owned(),
            offset: Some(self.value.span().start),
            table,
            asked: RefCell::default(),
        })
    }
}

/// `path.key`, in the quotes that TOML wants around unusual keys.
fn join(path: &str, key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let key = if bare { key } else { &format!("{key:?}") };
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
