//! Everything that is wrong with a configuration, in one report.

use std::fmt;
use std::path::{Path, PathBuf};

/// One thing that is wrong: where it is, what it is, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line of the file, from 1; `None` where something is missing that belongs to no line.
    pub line: Option<usize>,
    /// The path of the key: `mailbox.support.imap.port`. Empty when the file itself is wrong.
    pub key: String,
    /// What is wrong and what to do. Never holds a secret.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.what)
    }
}

/// A configuration that cannot be used, with all its problems in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// The configuration file.
    pub file: PathBuf,
    /// At least one.
    pub problems: Vec<Problem>,
}

impl Invalid {
    /// A report over `problems`, sorted as they stand in the file; what has no line comes last.
    pub(super) fn new(file: &Path, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
        Self { file: file.to_owned(), problems }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = match self.problems.len() {
            1 => "1 problem".to_owned(),
            many => format!("{many} problems"),
        };
        write!(f, "the configuration {} has {count}", self.file.display())?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for Invalid {}
