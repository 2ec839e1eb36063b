//! From a file to a configuration that can be relied on, or to all that is wrong with it.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context;

use super::document::Document;
use super::permissions::is_readable_by_all;
use super::read;
use super::report::{Invalid, Problem};
use super::secrets::Secrets;
use super::section;
use super::settings::Config;

/// A configuration without problems.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What it says.
    pub config: Config,
    /// What is allowed and still unwise: secrets that everybody can read.
    pub warnings: Vec<Problem>,
    /// Every key that was looked for, present or not, with `NAME` or `SELECTOR` for what the administrator names.
    pub keys: BTreeSet<String>,
}

/// Octets of a configuration file that are read at most.
const MAX_FILE: u64 = 4_000_000;

/// Reads and validates a configuration file.
///
/// Fails with [`Invalid`] (in the chain) when the file says something that cannot be used, and with the
/// reading error when it cannot be read at all.
pub fn load(file: &Path, secrets: Secrets) -> anyhow::Result<Loaded> {
    let text = text(file).with_context(|| format!("the configuration {} cannot be read", file.display()))?;
    Ok(parse(&text, file, secrets)?)
}

fn text(file: &Path) -> anyhow::Result<String> {
    use std::io::Read;
    let mut text = String::new();
    std::fs::File::open(file)?.take(MAX_FILE + 1).read_to_string(&mut text)?;
    anyhow::ensure!(text.len() as u64 <= MAX_FILE, "it is larger than {} MB", MAX_FILE / 1_000_000);
    Ok(text)
}

/// Validates the text of a configuration that stands in `file`: relative paths start in its folder.
pub fn parse(text: &str, file: &Path, secrets: Secrets) -> Result<Loaded, Invalid> {
    // A file without a folder of its own lies in the one we are in.
    let base = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let base = base.parent().unwrap_or(Path::new("/"));
    let document = Document::new(text, base, secrets, is_readable_by_all(file));
    let config = section::read(&document, read::config);
    let (problems, mut warnings, keys) = document.into_parts();
    warnings.sort_by_key(|warning| warning.line);
    match config {
        Some(config) if problems.is_empty() => Ok(Loaded { config, warnings, keys }),
        _ => Err(Invalid::new(file, problems)),
    }
}
