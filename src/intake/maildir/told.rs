//! What happens to a file once its mail is in the ledger.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::files::{Entry, Folder};
use crate::config::After;
use crate::private;

/// How the telling went.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Rows that need no more telling.
    pub(super) ids: Vec<i64>,
    /// Some files could not be touched.
    pub(super) refused: bool,
    /// The first reason.
    pub(super) error: Option<io::Error>,
}

/// Marks, moves or removes files. A file that is gone was told by somebody else. Doing it twice does no harm.
pub(super) fn tell(maildir: &Path, after: &After, rows: Vec<(i64, bool, Entry)>) -> Told {
    let mut told = Told::default();
    for (id, oversize, entry) in rows {
        let done = match after {
            After::Keep => Ok(()),
            After::Seen => mark_seen(maildir, &entry),
            // The body is nowhere else.
            After::Move(_) | After::Delete if oversize => Ok(()),
            After::Move(target) => move_to(Path::new(target), &entry),
            After::Delete => fs::remove_file(&entry.path),
        };
        match done {
            Ok(()) => told.ids.push(id),
            Err(error) if error.kind() == ErrorKind::NotFound && !entry.path.exists() => told.ids.push(id),
            Err(error) => {
                told.refused = true;
                told.error.get_or_insert(error);
            }
        }
    }
    told
}

/// Into cur/ with the flag S among its flags, which are sorted.
fn mark_seen(maildir: &Path, entry: &Entry) -> io::Result<()> {
    let info = entry.info();
    let flags = info.strip_prefix("2,").unwrap_or_default();
    if entry.folder == Folder::Cur && flags.contains('S') {
        return Ok(());
    }
    let mut flags: Vec<char> = flags.chars().chain(['S']).collect();
    flags.sort_unstable();
    flags.dedup();
    let mut name = entry.base();
    name.push(":2,");
    name.push(flags.into_iter().collect::<String>());
    fs::rename(&entry.path, maildir.join("cur").join(name))
}

/// Into the cur/ of another Maildir, or into a plain folder, which is made when it is missing.
fn move_to(target: &Path, entry: &Entry) -> io::Result<()> {
    let cur = target.join("cur");
    let folder = if cur.is_dir() { cur } else { target.to_owned() };
    private::folder(&folder, true)?;
    let path = folder.join(entry.path.file_name().unwrap_or_default());
    match fs::rename(&entry.path, &path) {
        Err(error) if error.kind() == ErrorKind::CrossesDevices => copy_over(&entry.path, &folder, &path),
        renamed => renamed,
    }
}

/// To another file system: the copy is durable before the original goes.
fn copy_over(from: &Path, folder: &Path, path: &Path) -> io::Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let mut target = private::file(OpenOptions::new().write(true).create(true).truncate(true), &partial)?;
    io::copy(&mut File::open(from)?, &mut target)?;
    target.sync_all()?;
    drop(target);
    fs::rename(&partial, path)?;
    File::open(folder)?.sync_all()?;
    fs::remove_file(from)
}
