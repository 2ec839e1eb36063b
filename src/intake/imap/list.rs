//! Which UIDs the server lists.

use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response};

use jiff::Timestamp;

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
    /// The answer to the last page ended early: the next is smaller, and has an end.
    cut: bool,
    /// The server counts mails that its SEARCH does not name.
    search_fails: bool,
}

impl Pages {
    /// Everything after `uid`.
    pub(super) fn after(uid: u32, uidnext: Option<u32>) -> Self {
        Self { next: uid.checked_add(1), uidnext, width: PAGE, cut: false, search_fails: false }
    }

    /// The next page that is not empty.
    pub(super) async fn turn(&mut self, wire: &mut Wire) -> Result<Option<Vec<u32>>, ImapError> {
        while let Some(first) = self.next {
            let end = first.checked_add(self.width).filter(|end| self.cut || self.is_before_last(*end));
            let range = match end {
                Some(end) => format!("{first}:{}", end - 1),
                None => {
                    // What comes from here on is not in this answer, or is and will be listed once more in vain.
                    wire.news = false;
                    format!("{first}:*")
                }
            };
            let Found { mut uids, mut complete } = search(wire, &range).await?;
            if uids.is_empty() && complete && end.is_none() && self.should_hold(first, wire) {
                Found { uids, complete } = named(wire, &range).await?;
                self.search_fails |= first == 1 || uids.iter().any(|uid| *uid >= first);
            }
            let narrowest = self.width == 1 && end.is_some();
            if !complete && !narrowest {
                // Which end of the page the answer left out does not matter: the page is turned again, with fewer on it.
                self.width = if self.cut { self.width / 2 } else { self.width.min(at_most(wire)) }.max(1);
                self.cut = true;
                continue;
            }
            // `n:*` names the last mail even when its UID is below n (RFC 3501 §6.4.8).
            uids.retain(|uid| *uid >= first && end.is_none_or(|end| *uid < end));
            uids.sort_unstable();
            uids.dedup();
            self.next = end;
            self.cut = false;
            self.widen(uids.len(), at_most(wire));
            if !uids.is_empty() {
                return Ok(Some(uids));
            }
        }
        Ok(None)
    }

    fn is_before_last(&self, end: u32) -> bool {
        self.uidnext.is_some_and(|next| end < next)
    }

    /// The next page is wider after one with few mails, and narrower after one with many, or with more than one answer may name.
    fn widen(&mut self, found: usize, most: u32) {
        let found = u32::try_from(found).unwrap_or(u32::MAX);
        if found < (most / 4).min(2_500) {
            self.width = self.width.saturating_mul(4);
        } else if found >= 20_000 {
            self.width = (self.width / 4).max(PAGE);
        }
        if found > most / 4 {
            self.width = self.width.min(most);
        }
    }

    /// Whether an empty answer is odd. Of a folder with mails `n:*` names the last one at least; some servers leave it out where it
    /// is below n, which is right as long as nothing can be above.
    fn should_hold(&self, first: u32, wire: &Wire) -> bool {
        wire.messages() > 0 && (first == 1 || self.uidnext.is_none_or(|next| next > first))
    }

    /// Whether mails were found otherwise that SEARCH did not name, or none although the server counts some.
    pub(super) fn search_fails(&self) -> bool {
        self.search_fails
    }
}

/// How many mails an answer may name.
fn at_most(wire: &Wire) -> u32 {
    u32::try_from(wire.most()).unwrap_or(u32::MAX)
}

/// What a server named of what it was asked for.
#[derive(Debug, Default)]
struct Found {
    uids: Vec<u32>,
    /// It did not say that it ended early (RFC 9738 §3.1).
    complete: bool,
}

/// Those of `uids` that the server still lists, ascending.
pub(super) async fn listed(wire: &mut Wire, uids: &[u32]) -> Result<Vec<u32>, ImapError> {
    let mut found = Vec::new();
    let mut rest = uids;
    while let Some(piece) = uid_set::pieces(rest, wire.most()).into_iter().next() {
        let named = search(wire, &uid_set::set(piece)).await?;
        if !named.complete && piece.len() > wire.most() {
            continue;
        }
        found.extend(named.uids);
        rest = rest.get(piece.len()..).unwrap_or_default();
    }
    found.retain(|uid| uids.binary_search(uid).is_ok());
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

async fn search(wire: &mut Wire, set: &str) -> Result<Found, ImapError> {
    let mut uids = Vec::new();
    let done = wire
        .command("SEARCH", &format!("UID SEARCH UID {set}"), |answer| {
            if let Response::MailboxData(MailboxDatum::Search(found)) = answer {
                uids.extend_from_slice(found);
            }
        })
        .await?;
    Ok(Found { uids, complete: !done.ended_early })
}

/// The same without SEARCH: an index that is broken or behind does not matter here.
async fn named(wire: &mut Wire, set: &str) -> Result<Found, ImapError> {
    let mut uids = Vec::new();
    let done = wire
        .command("FETCH", &format!("UID FETCH {set} (UID)"), |answer| {
            if let Response::Fetch(_, attributes) = answer {
                uids.extend(attributes.iter().find_map(|attribute| match attribute {
                    AttributeValue::Uid(uid) => Some(*uid),
                    _ => None,
                }));
            }
        })
        .await?;
    Ok(Found { uids, complete: !done.ended_early })
}

/// Mails that arrived before the day of `before` begins; by day is all that a server counts (RFC 3501 §6.4.4).
pub(super) async fn count_before(wire: &mut Wire, before: Timestamp) -> Result<u64, ImapError> {
    let mut count = 0;
    let line = format!("UID SEARCH BEFORE {}", before.strftime("%-d-%b-%Y"));
    wire.command("SEARCH", &line, |answer| {
        if let Response::MailboxData(MailboxDatum::Search(found)) = answer {
            count += found.len() as u64;
        }
    })
    .await?;
    Ok(count)
}
