//! All that is wrong with a set of templates, in one report.

use std::fmt::Write;

/// Problems as they are found; one of the same words about the same line is kept once.
#[derive(Debug, Default)]
pub struct Problems(Vec<(String, Option<usize>, String)>);

impl Problems {
    /// Notes a problem in `file`, at `line` (from 1) when it has one.
    pub fn add(&mut self, file: &str, line: Option<usize>, what: impl Into<String>) {
        let problem = (file.to_owned(), line, what.into());
        if !self.0.contains(&problem) {
            self.0.push(problem);
        }
    }

    /// How many there are so far.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// An error with all of them, if there are any.
    pub fn into_result(self) -> anyhow::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let count = self.0.len();
        let mut report = format!("{count} {} in the templates:", if count == 1 { "problem" } else { "problems" });
        for (file, line, what) in self.0 {
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            // Writing to a string cannot fail.
            let _ = write!(report, "\n  {file}{line}: {what}");
        }
        Err(anyhow::anyhow!(report))
    }
}
