//! What one look found.

use std::time::Duration;

use serde::Serialize;

/// The longest look at one thing, all its steps together.
pub(super) const LIMIT: Duration = Duration::from_secs(60);

/// What one look found; field names are a promise to other programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// What was looked at: `mailbox support`.
    pub(super) check: String,
    pub(super) state: State,
    pub(super) found: String,
    /// What to do; empty when nothing is to be done.
    pub(super) advice: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    Ok,
    Warning,
    Wrong,
}

impl Finding {
    pub(super) fn ok(check: &str, found: impl Into<String>) -> Self {
        Self { check: check.to_owned(), state: State::Ok, found: found.into(), advice: String::new() }
    }

    pub(super) fn warning(check: &str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check: check.to_owned(), state: State::Warning, found: found.into(), advice: advice.into() }
    }

    pub(super) fn wrong(check: &str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check: check.to_owned(), state: State::Wrong, found: found.into(), advice: advice.into() }
    }
}
