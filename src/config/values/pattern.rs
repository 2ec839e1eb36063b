//! Patterns.

use regex::RegexBuilder;

/// Octets that one pattern may take when it is compiled.
const PATTERN_SIZE: usize = 200_000;

/// A regular expression.
pub(in crate::config) fn pattern(written: &str) -> Result<regex::Regex, String> {
    RegexBuilder::new(written).size_limit(PATTERN_SIZE).build().map_err(|why| {
        format!("{written:?} is no regular expression: {}", why.to_string().lines().last().unwrap_or_default())
    })
}
