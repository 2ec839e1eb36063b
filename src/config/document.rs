//! A parsed configuration file, with the problems found in it so far and the keys that were asked for.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::report::Problem;
use super::secrets::Secrets;

/// What all sections of one file share.
pub(super) struct Document {
    text: String,
    /// Where lines end, in octets.
    line_ends: Vec<usize>,
    /// Relative paths start here: the folder of the configuration file.
    base: PathBuf,
    pub(super) secrets: Secrets,
    readable_by_all: bool,
    problems: RefCell<Vec<Problem>>,
    warnings: RefCell<Vec<Problem>>,
    asked: RefCell<BTreeSet<String>>,
}

impl Document {
    pub(super) fn new(text: &str, base: &Path, secrets: Secrets, readable_by_all: bool) -> Self {
        Self {
            text: text.to_owned(),
            line_ends: text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect(),
            base: base.to_owned(),
            secrets,
            readable_by_all,
            problems: RefCell::default(),
            warnings: RefCell::default(),
            asked: RefCell::default(),
        }
    }

    /// The file as it is.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn problem(&self, offset: Option<usize>, key: String, what: String) {
        self.problems.borrow_mut().push(Problem { line: offset.map(|at| self.line(at)), key, what });
    }

    pub(super) fn warning(&self, offset: Option<usize>, key: String, what: String) {
        self.warnings.borrow_mut().push(Problem { line: offset.map(|at| self.line(at)), key, what });
    }

    /// Remembers that the key was asked for, by its pattern: `mailbox.NAME.imap.host`.
    pub(super) fn asked(&self, pattern: String) {
        self.asked.borrow_mut().insert(pattern);
    }

    /// A path as written, relative to the configuration file.
    pub(super) fn path(&self, written: &str) -> PathBuf {
        self.base.join(written)
    }

    /// Whether every user of the machine can read the file.
    pub(super) fn is_readable_by_all(&self) -> bool {
        self.readable_by_all
    }

    /// Problems, warnings and all keys that were asked for.
    pub(super) fn into_parts(self) -> (Vec<Problem>, Vec<Problem>, BTreeSet<String>) {
        (self.problems.into_inner(), self.warnings.into_inner(), self.asked.into_inner())
    }

    fn line(&self, offset: usize) -> usize {
        self.line_ends.partition_point(|end| *end < offset) + 1
    }
}
