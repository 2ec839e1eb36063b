//! Who can read a file.

use std::path::Path;

/// Whether every user of the machine can read a file.
#[cfg(unix)]
pub(super) fn is_readable_by_all(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|file| file.permissions().mode() & 0o004 != 0)
}

/// Elsewhere permissions are not bits; nothing is claimed.
#[cfg(not(unix))]
pub(super) fn is_readable_by_all(_file: &Path) -> bool {
    false
}
