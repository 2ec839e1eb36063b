//! The files of a Maildir: listed in pieces, read in batches.

use std::cmp::Ordering;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::intake::digest::{MAX_KEPT_HEADER, Raw, header_end};
use crate::store::first_sight::FirstSight;

/// Files of one piece of a listing.
const PIECE: usize = 1_000;

/// Where a mail lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::intake) enum Folder {
    New,
    Cur,
}

impl Folder {
    pub(in crate::intake) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Cur => "cur",
        }
    }
}

/// A file, ordered by its time of delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::intake) struct Entry {
    /// Seconds and microseconds of the delivery, from the name.
    at: (u64, u64),
    place: String,
    pub(in crate::intake) folder: Folder,
    pub(in crate::intake) path: PathBuf,
    pub(in crate::intake) size: u64,
}

impl Entry {
    fn new(folder: Folder, path: PathBuf, name: &OsStr, size: u64) -> Self {
        let place = base_name(name);
        Self { at: delivered(&place), place, folder, path, size }
    }

    /// The base name, which stays when the file moves or gets flags.
    pub(in crate::intake) fn place(&self) -> &str {
        &self.place
    }

    /// What follows the base name: `:2,S`, or nothing.
    pub(in crate::intake) fn info(&self) -> String {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        name.split_once(':').map(|(_, info)| info.to_owned()).unwrap_or_default()
    }

    /// Somebody's unfinished mail (`D`), or one that waits to be removed (`T`): the flags of
    /// <https://cr.yp.to/proto/maildir.html>. It is looked at again when they are gone.
    pub(super) fn is_unwanted(&self) -> bool {
        self.info().strip_prefix("2,").is_some_and(|flags| flags.contains(['D', 'T']))
    }

    /// The base name as it is on disk.
    pub(super) fn base(&self) -> OsString {
        use std::os::unix::ffi::{OsStrExt, OsStringExt};
        let name = self.path.file_name().unwrap_or_default().as_bytes();
        OsString::from_vec(name.split(|octet| *octet == b':').next().unwrap_or_default().to_vec())
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, &self.place, self.folder).cmp(&(other.at, &other.place, other.folder))
    }
}

/// A name that is not UTF-8 is escaped, so that two such names never look the same.
fn base_name(name: &OsStr) -> String {
    let octets = name.as_encoded_bytes().split(|octet| *octet == b':').next().unwrap_or_default();
    match std::str::from_utf8(octets) {
        Ok(name) => name.to_owned(),
        Err(_) => octets.escape_ascii().to_string(),
    }
}

/// `1700000000.M123456P42.host`: seconds, then microseconds after `M`. Names without come first, by name.
fn delivered(place: &str) -> (u64, u64) {
    let mut parts = place.splitn(3, '.');
    let seconds = parts.next().and_then(|part| part.parse().ok()).unwrap_or_default();
    let unique = parts.next().and_then(|part| part.strip_prefix('M')).unwrap_or_default();
    let digits = unique.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    (seconds, digits.parse().unwrap_or_default())
}

/// Lists a folder in pieces on a thread of its own. Only regular files; names with a leading dot are no mails.
pub(in crate::intake) async fn list(
    maildir: &Path,
    folder: Folder,
) -> anyhow::Result<mpsc::Receiver<anyhow::Result<Vec<Entry>>>> {
    let path = maildir.join(folder.name());
    let (pieces, arriving) = mpsc::channel(1);
    let dir = {
        let path = path.clone();
        spawn_blocking(move || fs::read_dir(path)).await?
    }
    .with_context(|| format!("reading {}", path.display()))?;
    spawn_blocking(move || {
        let mut piece = Vec::new();
        for file in dir {
            match file.and_then(|file| entry(folder, &file)) {
                Ok(entry) => piece.extend(entry),
                // Gone between the listing and the look at it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    let error = anyhow::Error::from(error).context(format!("reading {}", path.display()));
                    let _ = pieces.blocking_send(Err(error));
                    return;
                }
            }
            if piece.len() >= PIECE && pieces.blocking_send(Ok(std::mem::take(&mut piece))).is_err() {
                return;
            }
        }
        let _ = pieces.blocking_send(Ok(piece));
    });
    Ok(arriving)
}

fn entry(folder: Folder, file: &fs::DirEntry) -> io::Result<Option<Entry>> {
    let name = file.file_name();
    if name.as_encoded_bytes().starts_with(b".") || !file.file_type()?.is_file() {
        return Ok(None);
    }
    Ok(Some(Entry::new(folder, file.path(), &name, file.metadata()?.len())))
}

/// How many mails there are.
pub(super) fn count(maildir: &Path) -> anyhow::Result<u64> {
    let mut count = 0;
    for folder in [Folder::New, Folder::Cur] {
        let path = maildir.join(folder.name());
        let dir = fs::read_dir(&path)
            .with_context(|| format!("{} cannot be read; is `path` a Maildir with new/ and cur/?", path.display()))?;
        for file in dir {
            count += u64::from(entry(folder, &file?)?.is_some());
        }
    }
    Ok(count)
}

/// How many mails were delivered before, and how many since.
pub(super) fn count_before(maildir: &Path, before: Timestamp) -> anyhow::Result<(u64, u64)> {
    let (mut earlier, mut others) = (0, 0);
    for folder in [Folder::New, Folder::Cur] {
        let path = maildir.join(folder.name());
        for file in fs::read_dir(&path).with_context(|| format!("reading {}", path.display()))? {
            let file = file?;
            if entry(folder, &file)?.is_none() {
                continue;
            }
            let at = file.metadata()?.modified().ok().and_then(|at| Timestamp::try_from(at).ok());
            *(if at.is_some_and(|at| at < before) { &mut earlier } else { &mut others }) += 1;
        }
    }
    Ok((earlier, others))
}

/// What a batch of files gave.
#[derive(Debug, Default)]
pub(in crate::intake) struct Batch {
    pub(in crate::intake) mails: Vec<(Entry, Raw)>,
    /// Files that are there and cannot be read.
    pub(in crate::intake) failed: Vec<(Entry, io::Error)>,
}

/// Reads files whole, or only the headers of those beyond `limit`. Files that moved meanwhile are found next time.
pub(in crate::intake) fn read(
    entries: Vec<Entry>,
    limit: u64,
    first_sight: Option<&FirstSight>,
    told: impl Fn(bool) -> bool,
) -> Batch {
    let mut batch = Batch::default();
    for entry in entries {
        match read_one(&entry.path, limit) {
            Ok((bytes, size, arrived_at)) => {
                let oversize = size > limit;
                let history = first_sight.is_some_and(|sight| sight.is_history(0, arrived_at));
                // What was there before us stays as its people know it.
                let (uid, place, told) = (0, entry.place.clone(), history || told(oversize));
                batch.mails.push((entry, Raw { uid, place, bytes, size, oversize, told, arrived_at, history }));
            }
            Err(error) => batch.failed.push((entry, error)),
        }
    }
    // What is gone from here is not in trouble: it moved with a new name, which changes the folder.
    batch.failed.retain(|(_, error)| error.kind() != io::ErrorKind::NotFound);
    batch
}

/// Its octets, how many there are, and when it was delivered: nothing changes a file after that.
fn read_one(path: &Path, limit: u64) -> io::Result<(Vec<u8>, u64, Option<Timestamp>)> {
    let file = File::open(path)?;
    let meta = file.metadata()?;
    let arrived_at = meta.modified().ok().and_then(|at| Timestamp::try_from(at).ok());
    let size = meta.len();
    let oversize = size > limit;
    let take = if oversize { MAX_KEPT_HEADER as u64 } else { limit.saturating_add(1) };
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(take)).unwrap_or_default());
    file.take(take).read_to_end(&mut bytes)?;
    let size = size.max(bytes.len() as u64);
    if size > limit {
        bytes.truncate(header_end(&bytes).min(MAX_KEPT_HEADER));
    }
    Ok((bytes, size, arrived_at))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::{base_name, delivered};

    #[test]
    fn names_give_the_time_of_delivery() {
        assert_eq!(delivered("1700000000.M123P42.host,S=10"), (1_700_000_000, 123));
        assert_eq!(delivered("1700000000.42_1.host"), (1_700_000_000, 0));
        assert_eq!(delivered("odd"), (0, 0));
    }

    #[test]
    fn the_base_name_ends_at_the_colon_and_stays_unique() {
        assert_eq!(base_name(OsStr::new("1.M2.h:2,FS")), "1.M2.h");
        let odd = |octet| base_name(OsStr::from_bytes(&[b'a', octet]));
        assert_ne!(odd(0xfe), odd(0xff));
    }
}
