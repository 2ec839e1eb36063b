//! Mails that were sent to ourselves, looked for by their Message-ID and removed; and what the account shows besides.

use async_imap::imap_proto::{MailboxDatum, Response};

use super::error::ImapError;
use super::wire::Wire;
use super::{connect, folder_name, junk, special, tell, uid_set};
use crate::config::{After, Imap};
use crate::intake::report::SpecialFolders;
use crate::oauth::Tokens;

/// Mails at the end of the folder that are searched: a server without an index reads each of them.
const LAST: u32 = 500;

/// A connection that looks again and again.
#[derive(Debug)]
pub(in crate::intake) struct Recaller<'a> {
    imap: &'a Imap,
    wire: Wire,
}

impl<'a> Recaller<'a> {
    pub(in crate::intake) async fn connect(imap: &'a Imap, tokens: Option<&Tokens>) -> Result<Self, ImapError> {
        Ok(Self { imap, wire: connect::connect(imap, tokens).await? })
    }

    /// Removes the mails that are there; their Message-IDs.
    pub(in crate::intake) async fn take_out(&mut self, message_ids: &[String]) -> Result<Vec<String>, ImapError> {
        let mut found = Vec::new();
        let moved = match &self.imap.after {
            After::Move(folder) => Some(folder),
            After::Keep | After::Seen | After::Delete => None,
        };
        for folder in self.imap.folders().map(|folder| &folder.name).chain(moved) {
            let first = match self.open(folder).await {
                Ok(Some(first)) => first,
                Ok(None) | Err(ImapError::Folder { .. }) => continue,
                Err(error) => return Err(error),
            };
            for id in message_ids {
                let uids = self.search(first, id).await?;
                if !uids.is_empty() {
                    tell::remove(&mut self.wire, &uid_set::set(&uids)).await?;
                    found.push(id.clone());
                }
            }
        }
        Ok(found)
    }

    /// Removes the mail with this Message-ID from a folder; its header, where it was there. A folder that cannot be opened has none.
    pub(in crate::intake) async fn take_from(
        &mut self,
        folder: &str,
        message_id: &str,
    ) -> Result<Option<Vec<u8>>, ImapError> {
        let first = match self.open(folder).await {
            Ok(Some(first)) => first,
            Ok(None) | Err(ImapError::Folder { .. }) => return Ok(None),
            Err(err) => return Err(err),
        };
        let uids = self.search(first, message_id).await?;
        let Some(uid) = uids.first() else { return Ok(None) };
        let mut header = Vec::new();
        self.wire
            .command("FETCH", &format!("UID FETCH {uid} (BODY.PEEK[HEADER])"), |answer| {
                if let Response::Fetch(_, attributes) = answer
                    && let Some(octets) = junk::header_of(attributes)
                {
                    header = octets.to_vec();
                }
            })
            .await?;
        tell::remove(&mut self.wire, &uid_set::set(&uids)).await?;
        Ok(Some(header))
    }

    /// The folders for sent mails and for spam, as far as the server says which they are (RFC 6154).
    pub(in crate::intake) async fn special_folders(&mut self) -> Result<SpecialFolders, ImapError> {
        special::folders(&mut self.wire).await
    }

    /// Opened anew each time, as not every server tells of new mails otherwise. The first of the mails that are searched; `None`
    /// when there is none.
    async fn open(&mut self, folder: &str) -> Result<Option<u32>, ImapError> {
        let opened = self.wire.open(folder, false).await?;
        Ok((opened.messages > 0).then(|| opened.messages.saturating_sub(LAST).max(1)))
    }

    async fn search(&mut self, first: u32, message_id: &str) -> Result<Vec<u32>, ImapError> {
        let line = format!("UID SEARCH {first}:* HEADER Message-ID {}", folder_name::quoted(message_id));
        let mut uids = Vec::new();
        self.wire
            .command("SEARCH", &line, |answer| {
                if let Response::MailboxData(MailboxDatum::Search(hits)) = answer {
                    uids.extend_from_slice(hits);
                }
            })
            .await?;
        uids.sort_unstable();
        Ok(uids)
    }

    pub(in crate::intake) async fn leave(self) {
        self.wire.logout().await;
    }
}
