//! Which word was meant.

/// The word among `known` that `typed` was probably meant to be. 0.8 is where `username` still finds `user`.
pub(super) fn nearest<'k>(typed: &str, known: &[&'k str]) -> Option<&'k str> {
    let typed = typed.to_lowercase();
    known
        .iter()
        .map(|word| (strsim::jaro_winkler(&typed, word), *word))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, word)| word)
}
