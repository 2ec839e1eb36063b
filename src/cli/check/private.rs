//! A look at who else on this machine may read what the gateway keeps, and whether it is the gateway's own.

use std::path::{Path, PathBuf};

use super::finding::Finding;
use crate::config::{Config, Transport};
use crate::private;

const CHECK: &str = "permissions";

/// The database with the files beside it, and the folders that mails are written to; as far as they are there.
pub(super) fn look(config: &Config) -> Vec<Finding> {
    let database = config.database.file();
    let files = database.iter().flat_map(|file| beside(file));
    let folders = config.transports.values().filter_map(|transport| match transport {
        Transport::Folder { path } => Some(path.clone()),
        Transport::Smtp(_) => None,
    });
    let mut findings: Vec<Finding> = files.filter_map(|file| exposed(&file, "600")).collect();
    findings.extend(folders.filter_map(|folder| exposed(&folder, "700")));
    findings.extend(database.as_deref().and_then(by_somebody_else));
    findings.extend(database.iter().flat_map(|file| foreign(file)));
    findings
}

/// The database's file, and those that it and we put beside it.
fn beside(file: &Path) -> Vec<PathBuf> {
    let with = |end: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    ["", "-wal", "-shm", ".lock"].map(with).into()
}

fn exposed(path: &Path, chmod: &str) -> Option<Finding> {
    let mode = private::exposed(path)?;
    let found = format!("{} is open to others than its owner (mode {mode:03o})", path.display());
    Some(Finding::warning(CHECK, found, format!("chmod {chmod} {}", path.display())))
}

/// What this command may do says nothing of what the gateway may, when another user runs it.
fn by_somebody_else(file: &Path) -> Option<Finding> {
    let (owner, me) = (private::owner(file)?, private::me()?);
    (owner != me).then(|| {
        let found = format!("{} belongs to the user {owner}, and this command was run by {me}", file.display());
        Finding::warning(CHECK, found, format!("run it as the gateway is: sudo -u '#{owner}' caseway check"))
    })
}

/// Files beside the database that a command left which somebody else had run: the gateway cannot write them.
fn foreign(file: &Path) -> Vec<Finding> {
    let Some(owner) = private::owner(file) else { return Vec::new() };
    let others = beside(file).into_iter().filter(|path| private::owner(path).is_some_and(|other| other != owner));
    let told = others.map(|path| {
        let found = format!("{} belongs to another user than the database", path.display());
        Finding::wrong(CHECK, found, format!("chown --reference={} {}", file.display(), path.display()))
    });
    told.collect()
}
