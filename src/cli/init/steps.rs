//! What was done, found and written, line by line.

use std::io::Write;

use crate::cli::output;

/// What the command says on its way.
pub(super) struct Steps;

impl Steps {
    pub(super) fn new() -> Self {
        Self
    }

    /// Something works.
    pub(super) fn done(&mut self, text: &str) -> std::io::Result<()> {
        say("ok", text)
    }

    /// Something is odd, and goes on.
    pub(super) fn warn(&mut self, text: &str) -> std::io::Result<()> {
        say("warning", text)
    }

    /// Something is wrong, and goes on.
    pub(super) fn wrong(&mut self, text: &str) -> std::io::Result<()> {
        say("WRONG", text)
    }
}

fn say(state: &str, text: &str) -> std::io::Result<()> {
    let mut out = output::stdout();
    let mut lines = text.lines().map(output::cell);
    writeln!(out, "{state:8} {}", lines.next().unwrap_or_default())?;
    lines.try_for_each(|line| writeln!(out, "{:8} {line}", ""))?;
    out.flush()
}
