//! Which UIDs the server lists.

use async_imap::imap_proto::{MailboxDatum, Response};

use super::error::ImapError;
use super::uid_set;
use super::wire::Wire;

/// UIDs that one answer should bring; the parser reads a long answer again from its start as it grows.
const PAGE: u32 = 10_000;

/// The new UIDs of a folder, page by page, ascending.
#[derive(Debug)]
pub(super) struct Pages {
    /// First UID of the next page; `None` at the end.
    next: Option<u32>,
    uidnext: Option<u32>,
    /// UIDs from the first to the last of a page, wider where they are sparse.
    width: u32,
}

impl Pages {
    /// Everything after `uid`.
    pub(super) fn after(uid: u32, uidnext: Option<u32>) -> Self {
        Self { next: uid.checked_add(1), uidnext, width: PAGE }
    }

    /// The next page that is not empty.
    pub(super) async fn turn(&mut self, wire: &mut Wire) -> Result<Option<Vec<u32>>, ImapError> {
        while let Some(first) = self.next {
            let end = first.checked_add(self.width).filter(|end| self.uidnext.is_some_and(|next| *end < next));
            let range = match end {
                Some(end) => format!("{first}:{}", end - 1),
                None => {
                    // What comes from here on is not in this answer, or is and will be listed once more in vain.
                    wire.news = false;
                    format!("{first}:*")
                }
            };
            let mut uids = search(wire, &range).await?;
            // `n:*` names the last mail even when its UID is below n (RFC 3501 §6.4.8).
            uids.retain(|uid| *uid >= first && end.is_none_or(|end| *uid < end));
            uids.sort_unstable();
            uids.dedup();
            self.next = end;
            self.width = match uids.len() {
                0..2_500 => self.width.saturating_mul(4),
                20_000.. => (self.width / 4).max(PAGE),
                _ => self.width,
            };
            if !uids.is_empty() {
                return Ok(Some(uids));
            }
        }
        Ok(None)
    }
}

/// Those of `uids` that the server still lists, ascending.
pub(super) async fn listed(wire: &mut Wire, uids: &[u32]) -> Result<Vec<u32>, ImapError> {
    let mut found = Vec::new();
    for piece in uid_set::pieces(uids, uids.len()) {
        found.extend(search(wire, &uid_set::set(piece)).await?);
    }
    found.retain(|uid| uids.binary_search(uid).is_ok());
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

async fn search(wire: &mut Wire, set: &str) -> Result<Vec<u32>, ImapError> {
    let mut uids = Vec::new();
    wire.command("SEARCH", &format!("UID SEARCH UID {set}"), |answer| {
        if let Response::MailboxData(MailboxDatum::Search(found)) = answer {
            uids.extend_from_slice(found);
        }
    })
    .await?;
    Ok(uids)
}
