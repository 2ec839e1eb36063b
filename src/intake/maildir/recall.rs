//! Mails that were sent to ourselves, looked for by their Message-ID and removed.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use tokio::task::spawn_blocking;

use super::files::Folder;
use crate::config;

/// Octets of a file that may be one of ours.
const LARGEST: u64 = 100_000;
/// Files older than this were there before; a clock that is wrong by less does no harm.
const AGE: Duration = Duration::from_secs(3600);

/// Removes the mails that are there; their Message-IDs.
pub(in crate::intake) async fn take_out(
    maildir: &config::Maildir,
    message_ids: Vec<String>,
) -> anyhow::Result<Vec<String>> {
    let path = maildir.path.clone();
    spawn_blocking(move || {
        let mut found = Vec::new();
        for folder in [Folder::New, Folder::Cur] {
            let folder = path.join(folder.name());
            for file in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
                let file = file?.path();
                if let Some(id) = ours(&file, &message_ids) {
                    fs::remove_file(&file).with_context(|| format!("removing {}", file.display()))?;
                    found.push(id);
                }
            }
        }
        Ok(found)
    })
    .await?
}

/// Which of `message_ids` the file has; `None` also for a file that is gone or cannot be read.
fn ours(file: &Path, message_ids: &[String]) -> Option<String> {
    let meta = fs::metadata(file).ok()?;
    let recent = meta.modified().ok()?.elapsed().is_ok_and(|age| age < AGE);
    if !meta.is_file() || meta.len() > LARGEST || !recent {
        return None;
    }
    let mut text = Vec::new();
    fs::File::open(file).ok()?.take(LARGEST).read_to_end(&mut text).ok()?;
    let text = String::from_utf8_lossy(&text);
    message_ids.iter().find(|id| text.contains(id.as_str())).cloned()
}
