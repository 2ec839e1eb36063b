//! One of several, by name or by label.

use crate::config::form::Choice;
use crate::desk::form::read::meaning;
use crate::desk::form::read::reason::Reason;
use crate::desk::form::read::vocabulary::key;

/// The choice that was meant, as it is stored.
pub(super) fn read(typed: &str, choices: &[Choice]) -> Result<String, Reason> {
    let wanted = key(typed);
    let named = |choice: &&Choice| {
        let mut labels = choice.labels.values().flatten().map(String::as_str).chain([choice.name.as_str()]);
        labels.any(|label| key(label) == wanted)
    };
    let found: Vec<&Choice> = choices.iter().filter(named).collect();
    match found.as_slice() {
        [only] => Ok(only.name.clone()),
        _ => meant(typed, choices)
            .ok_or_else(|| Reason::NoneOf(choices.iter().map(|choice| choice.name.clone()).collect())),
    }
}

/// `Windows Server 2022`, `nur dieser Rechner`: one that is meant by what it contains.
fn meant(typed: &str, choices: &[Choice]) -> Option<String> {
    meaning::of(choices, typed)
}

/// A product by its name; one that is nearly meant is named, not taken.
pub(super) fn product(typed: &str, names: &[String]) -> Result<String, Reason> {
    let wanted = key(typed);
    if let Some(name) = names.iter().find(|name| key(name) == wanted) {
        return Ok(name.clone());
    }
    let near = names.iter().map(|name| (strsim::jaro_winkler(&wanted, &key(name)), name));
    match near.filter(|(likeness, _)| *likeness >= 0.85).max_by(|one, other| one.0.total_cmp(&other.0)) {
        Some((_, name)) => Err(Reason::NearProduct(name.clone())),
        None => Err(Reason::NoneOf(names.to_vec())),
    }
}
