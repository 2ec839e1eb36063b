//! Folders by the names that the administrator gave them: opened, and found where the server has them.

use async_imap::imap_proto::{MailboxDatum, Outcome, Response, ResponseCode};

use super::{Opened, Wire};
use crate::intake::imap::error::{ImapError, words};
use crate::intake::imap::folder_name::{self, Listed};

impl Wire {
    /// A folder's name, as commands take it.
    pub(in crate::intake::imap) fn name(&self, folder: &str) -> String {
        folder_name::quoted(self.names.get(folder).map_or(folder, String::as_str))
    }

    /// Opens a folder; with `examine` nothing there can change by it. One that the server does not know by this name may stand below
    /// another separator, or in the namespace of INBOX.
    pub(in crate::intake::imap) async fn open(&mut self, folder: &str, examine: bool) -> Result<Opened, ImapError> {
        let (text, known) = match self.select(folder, examine).await {
            Err(ImapError::Refused { text, .. }) => (text, self.folders().await.unwrap_or_default()),
            ended => return ended,
        };
        if self.find(folder, &known) {
            match self.select(folder, examine).await {
                Err(ImapError::Refused { .. }) => _ = self.names.remove(folder),
                ended => return ended,
            }
        }
        let known = known.into_iter().take(20).map(|known| words(&known.name)).collect();
        Err(ImapError::Folder { folder: folder.to_owned(), text, known })
    }

    async fn select(&mut self, folder: &str, examine: bool) -> Result<Opened, ImapError> {
        let verb = if examine { "EXAMINE" } else { "SELECT" };
        let line = format!("{verb} {}", self.name(folder));
        let (mut uidvalidity, mut uidnext) = (0, None);
        self.messages = 0;
        let done = self
            .command(verb, &line, |answer| match answer {
                Response::Data { outcome: Outcome { code: Some(ResponseCode::UidValidity(n)), .. }, .. } => {
                    uidvalidity = *n;
                }
                Response::Data { outcome: Outcome { code: Some(ResponseCode::UidNext(n)), .. }, .. } => {
                    uidnext = Some(*n).filter(|n| *n > 0);
                }
                _ => {}
            })
            .await?;
        if uidvalidity == 0 {
            return Err(ImapError::NoUids { folder: folder.to_owned() });
        }
        self.news = false;
        Ok(Opened { uidvalidity, uidnext, messages: self.messages, read_only: done.read_only, first_sight: None })
    }

    /// The account's folders, as far as anybody needs so many.
    pub(in crate::intake::imap) async fn folders(&mut self) -> Result<Vec<Listed>, ImapError> {
        let mut found = Vec::new();
        self.command("LIST", "LIST \"\" \"*\"", |answer| {
            if let Response::MailboxData(MailboxDatum::List(folder)) = answer
                && found.len() < 10_000
            {
                let separator = folder.delimiter.as_deref().and_then(|separator| separator.chars().next());
                found.push(Listed { name: folder_name::readable(&folder.name), separator });
            }
        })
        .await?;
        Ok(found)
    }

    /// Whether the folder is among those that are `known` under another name than the configured one; commands take that name
    /// from now on. A new connection knows of no such name yet.
    pub(in crate::intake::imap) fn find(&mut self, folder: &str, known: &[Listed]) -> bool {
        let found = folder_name::found(folder, known).filter(|_| !self.names.contains_key(folder));
        let is_found = found.is_some();
        self.names.extend(found.map(|name| (folder.to_owned(), name)));
        is_found
    }

    /// Gives a folder that is to be made the separators of the server: not every server takes others for a part of the name.
    pub(in crate::intake::imap) fn place(&mut self, folder: &str, known: &[Listed]) {
        let separator = known.iter().find_map(|known| known.separator);
        if let Some(separator) = separator.filter(|_| !self.names.contains_key(folder)) {
            self.names.insert(folder.to_owned(), folder_name::separated(folder, separator));
        }
    }

    /// Gives it a place below INBOX, where the account keeps its folders there (Courier); whether it does.
    pub(in crate::intake::imap) fn place_below_inbox(&mut self, folder: &str, known: &[Listed]) -> bool {
        let below = |separator: char| known.iter().any(|known| known.name.starts_with(&format!("INBOX{separator}")));
        let Some(separator) = known.iter().find_map(|known| known.separator).filter(|separator| below(*separator))
        else {
            return false;
        };
        let name = format!("INBOX{separator}{}", folder_name::separated(folder, separator));
        self.names.insert(folder.to_owned(), name);
        true
    }
}
