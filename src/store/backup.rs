//! A copy of the database that is whole or is not there.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::Store;
use super::holdings::Holdings;
use crate::private;

/// Copies the database to `file` while it is in use, and reads the copy to see that it is whole.
///
/// The copy is written beside `file` and takes its name at the end, so that a stop half-way leaves nothing that looks
/// like a backup. Only its owner may read it: it holds every mail. Refuses a `file` that is there already.
pub async fn write(store: &Store, file: &Path) -> anyhow::Result<Holdings> {
    store.dialect.can_backup()?;
    if file.symlink_metadata().is_ok() {
        bail!("{} is there already; a backup overwrites nothing: name another file or remove this one", file.display());
    }
    let partial = Partial::create(file)?;
    store.backup(&partial.0).await?;
    let holdings = store.dialect.verify(&partial.0).await?;
    partial.become_file(file)?;
    Ok(holdings)
}

/// A file that goes away unless it becomes the real one.
struct Partial(PathBuf);

impl Partial {
    fn create(file: &Path) -> anyhow::Result<Self> {
        let mut name =
            file.file_name().map(OsString::from).with_context(|| format!("{} names no file", file.display()))?;
        name.push(".partial");
        let path = file.with_file_name(name);
        private::file(OpenOptions::new().write(true).create_new(true), &path).with_context(|| {
            format!("creating {}; if an earlier backup was interrupted there, remove the file", path.display())
        })?;
        Ok(Self(path))
    }

    /// Durable under its name, without replacing a file that came to be there meanwhile.
    fn become_file(&self, file: &Path) -> anyhow::Result<()> {
        File::open(&self.0).and_then(|copy| copy.sync_all()).context("making the backup durable")?;
        match std::fs::hard_link(&self.0, file) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                bail!("{} came to be there meanwhile", file.display())
            }
            // A file system without links (FAT, some shares); the check at the start has to do.
            Err(_) => {
                std::fs::rename(&self.0, file).with_context(|| format!("naming the backup {}", file.display()))?
            }
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).context("making the backup's name durable")
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
