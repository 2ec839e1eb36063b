//! Mails that were sent to ourselves, looked for by their Message-ID and removed.

use async_imap::imap_proto::{MailboxDatum, Response};

use super::error::ImapError;
use super::wire::Wire;
use super::{connect, folder_name, tell, uid_set};
use crate::config::Imap;
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
        // Opened anew each time: not every server tells of new mails otherwise.
        let opened = self.wire.open(&self.imap.folder, false).await?;
        let mut found = Vec::new();
        if opened.messages == 0 {
            return Ok(found);
        }
        let first = opened.messages.saturating_sub(LAST).max(1);
        for id in message_ids {
            let line = format!("UID SEARCH {first}:* HEADER Message-ID {}", folder_name::quoted(id));
            let mut uids = Vec::new();
            self.wire
                .command("SEARCH", &line, |answer| {
                    if let Response::MailboxData(MailboxDatum::Search(hits)) = answer {
                        uids.extend_from_slice(hits);
                    }
                })
                .await?;
            if !uids.is_empty() {
                uids.sort_unstable();
                tell::remove(&mut self.wire, &uid_set::set(&uids)).await?;
                found.push(id.clone());
            }
        }
        Ok(found)
    }

    pub(in crate::intake) async fn leave(self) {
        self.wire.logout().await;
    }
}
