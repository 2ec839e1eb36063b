//! Files and folders that nobody but their owner may look into: they hold mail, and what tokens are made of.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// What others than the owner could have a right to: the bits of group and world.
const OTHERS: u32 = 0o077;

/// Opens a file as `options` say. One that is made by this is its owner's alone from its first octet on, whatever the
/// process's umask allows.
pub fn file(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

/// Makes a folder, and with `parents` those above it that are missing; each is its owner's alone. One that is there
/// stays as it is.
pub fn folder(path: &Path, parents: bool) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(parents);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// The permissions of a file or folder that others than its owner may read, change or enter, as `chmod` writes them;
/// `None` when nobody else may, when it is not there, and where the system has no such permissions.
pub fn exposed(path: &Path) -> Option<u32> {
    mode(path).filter(|mode| mode & OTHERS != 0)
}

/// The user that a file belongs to, by number; `None` where it is not there, or the system has no such thing.
#[cfg(unix)]
pub fn owner(path: &Path) -> Option<u32> {
    path.metadata().ok().map(|found| std::os::unix::fs::MetadataExt::uid(&found))
}

/// See above.
#[cfg(not(unix))]
pub fn owner(_path: &Path) -> Option<u32> {
    None
}

/// The user that this process runs as, by number; `None` where the system does not say.
pub fn me() -> Option<u32> {
    // Linux: the folder of a process belongs to its effective user (proc(5)).
    owner(Path::new("/proc/self"))
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().ok().map(|found| found.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
fn mode(_path: &Path) -> Option<u32> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_the_owners_alone_and_what_is_there_stays_as_it_is() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (deep, path) = (dir.path().join("a/b"), dir.path().join("a/b/mail"));
        folder(&deep, true).unwrap();
        file(OpenOptions::new().write(true).create(true), &path).unwrap();
        assert_eq!([mode(&dir.path().join("a")), mode(&deep), mode(&path)], [Some(0o700), Some(0o700), Some(0o600)]);
        assert_eq!(exposed(&path), None);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        file(OpenOptions::new().write(true).create(true), &path).unwrap();
        assert_eq!((exposed(&path), exposed(&dir.path().join("none"))), (Some(0o640), None));
        assert!(folder(&dir.path().join("none/deeper"), false).is_err(), "parents are not made unasked");
    }
}
