//! The fields of a form.

use std::collections::BTreeMap;

use crate::config::form::{Choice, Field, FieldKind, labels};
use crate::config::section::{Section, Value};
use crate::config::values;

/// Items of a list when nobody says how many.
const MIN_ITEMS: u32 = 1;
const MAX_ITEMS: u32 = 20;

/// The types of the file; those with an ID, a name or an address have labels of their own.
#[rustfmt::skip]
const TYPES: [(&str, &str); 14] = [
    ("text", "text"), ("name", "name"), ("first-name", "first-name"), ("last-name", "last-name"), ("company", "company"),
    ("email", "email"), ("account-id", "account-id"), ("customer-id", "customer-id"),
    ("installation-id", "installation-id"), ("identifier", "identifier"), ("date", "date"), ("choice", "choice"),
    ("list", "list"), ("product", "product"),
];

/// One entry of `fields`.
pub(super) fn field(section: &Section<'_>) -> Option<Field> {
    let name = section.parsed("name", values::name);
    let name = section.required("name", name, "the field's name, like \"account_id\"");
    let kind = section.parsed("type", |word| values::one_of(word, &TYPES));
    let kind = section.required("type", kind, "the field's type, like \"text\" or \"email\"");
    let own = section.section("labels").map(|labels| by_code(&labels)).unwrap_or_default();
    let required = section.flag("required", true);
    let pattern = section.parsed("pattern", |written| values::pattern(&format!("^(?:{})$", values::text(written)?)));
    let example = section.text("example").unwrap_or_default();
    let min = section.number("min", 1..=100);
    let max = section.number("max", 1..=100);
    let when = section.parsed("when", |word| values::one_of(word, &[("future", true), ("past", false)]));
    let choices = section.list("choices");
    let typed = kind.and_then(|kind| match kind {
        "choice" => choice_kind(section, &choices),
        "product" => product_kind(section, &choices),
        "date" => date_kind(section, when),
        "list" => list_kind(section, min, max),
        other => Some(simple_kind(other)),
    });
    if let Some(kind) = kind {
        refuse_unfit(section, kind);
    }
    section.refuse_unknown();
    let field = Field { name: name?, kind: typed?, labels: all_labels(own, kind?), required, pattern, example };
    check_example(section, &field);
    if field.labels.is_empty() {
        let what =
            format!("missing: what people call it; the type {} has no labels of its own", kind.unwrap_or_default());
        section.problem_at("labels", what);
    }
    Some(field)
}

fn simple_kind(kind: &str) -> FieldKind {
    match kind {
        "name" => FieldKind::Name,
        "first-name" => FieldKind::FirstName,
        "last-name" => FieldKind::LastName,
        "company" => FieldKind::Company,
        "email" => FieldKind::Email,
        "account-id" => FieldKind::AccountId,
        "customer-id" | "installation-id" | "identifier" => FieldKind::Identifier,
        _ => FieldKind::Text,
    }
}

fn date_kind(section: &Section<'_>, when: Option<bool>) -> Option<FieldKind> {
    section.required("when", when, "\"future\" or \"past\"").map(|future| FieldKind::Date { future })
}

fn list_kind(section: &Section<'_>, min: Option<u32>, max: Option<u32>) -> Option<FieldKind> {
    let (min, max) = (min.unwrap_or(MIN_ITEMS), max.unwrap_or(MAX_ITEMS));
    if min > max {
        section.problem_at("max", format!("is {max}, which is less than min = {min}"));
        return None;
    }
    Some(FieldKind::List { min, max })
}

fn product_kind(section: &Section<'_>, choices: &[Value<'_, '_>]) -> Option<FieldKind> {
    let names: Vec<String> = choices.iter().filter_map(|choice| choice.parsed(values::text)).collect();
    section.required("choices", (!choices.is_empty()).then_some(()), "the names of the products")?;
    Some(FieldKind::Product(names))
}

fn choice_kind(section: &Section<'_>, choices: &[Value<'_, '_>]) -> Option<FieldKind> {
    let read: Vec<Choice> = choices.iter().filter_map(choice).collect();
    section.required("choices", (!choices.is_empty()).then_some(()), "the values there are, like [\"yes\", \"no\"]")?;
    if choices.len() == 1 {
        section.problem_at("choices", "one value is no choice");
    }
    Some(FieldKind::Choice(read))
}

/// `"yes"`, or `{ name = "windows", labels = { en = ["Windows", "Windows Server"] } }`.
fn choice(value: &Value<'_, '_>) -> Option<Choice> {
    if !value.is_table() {
        let name = value.parsed(values::text)?;
        return Some(Choice { labels: labels::of_choice(&name), name });
    }
    let section = value.section("form.NAME.fields.choices")?;
    let name = section.parsed("name", values::text);
    let name = section.required("name", name, "the value as it is stored");
    let own = section.section("labels").map(|labels| by_code(&labels)).unwrap_or_default();
    section.refuse_unknown();
    let name = name?;
    Some(Choice { labels: merged(own, labels::of_choice(&name)), name })
}

/// Labels by ISO 639-1 code: a text, or several of which the first is shown.
fn by_code(section: &Section<'_>) -> BTreeMap<String, Vec<String>> {
    let mut labels = BTreeMap::new();
    for entry in section.entries() {
        let code = entry.key();
        if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_lowercase()) {
            entry.problem("is no language; use its two letters, like en or sv");
            continue;
        }
        let texts = if entry.is_text() { vec![entry] } else { entry.elements() };
        let texts: Vec<String> = texts.iter().filter_map(|text| text.parsed(values::text)).collect();
        if !texts.is_empty() {
            labels.insert(code.to_owned(), texts);
        }
    }
    labels
}

/// The administrator's labels stand before those of the type.
fn all_labels(own: BTreeMap<String, Vec<String>>, kind: &str) -> BTreeMap<String, Vec<String>> {
    merged(own, labels::of(kind))
}

fn merged(
    own: BTreeMap<String, Vec<String>>,
    built_in: BTreeMap<String, Vec<String>>,
) -> BTreeMap<String, Vec<String>> {
    let mut all = own;
    for (code, labels) in built_in {
        let known = all.entry(code).or_default();
        for label in labels {
            if !known.contains(&label) {
                known.push(label);
            }
        }
    }
    all
}

/// Keys that mean nothing for a type are a misunderstanding.
fn refuse_unfit(section: &Section<'_>, kind: &str) {
    let unfit = [
        ("choices", &["choice", "product"][..]),
        ("min", &["list"][..]),
        ("max", &["list"][..]),
        ("when", &["date"][..]),
    ];
    for (key, kinds) in unfit {
        if !section.is_absent(key) && !kinds.contains(&kind) {
            section
                .problem_at(key, format!("means nothing for type = \"{kind}\"; it belongs to {}", kinds.join(" and ")));
        }
    }
    if !section.is_absent("pattern") && matches!(kind, "choice" | "product" | "date" | "email") {
        section.problem_at("pattern", format!("means nothing for type = \"{kind}\""));
    }
}

fn check_example(section: &Section<'_>, field: &Field) {
    let items = field.example.split([',', ';']).map(str::trim);
    let fits = |pattern: &regex::Regex| match field.kind {
        FieldKind::List { .. } => items.clone().all(|item| pattern.is_match(item)),
        _ => pattern.is_match(&field.example),
    };
    if !field.example.is_empty() && field.pattern.as_ref().is_some_and(|pattern| !fits(pattern)) {
        section.problem_at("example", format!("{:?} does not fit the pattern", field.example));
    }
}
