//! The folder that the server puts spam into. Filters err: an answer on a case may lie there, and nobody would ever hear of it. What
//! shows that it belongs to a case is taken; of everything else the header is looked at, and nothing is kept or changed.

use std::collections::HashSet;

use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response, StatusAttribute};
use tracing::{debug, info, warn};

use super::account::{Account, Memory, Part, Spam};
use super::error::ImapError;
use super::sent::Left;
use super::wire::{Opened, Wire};
use super::{fetch, special, uid_set};
use crate::config::{self, After};
use crate::store::cursor::{self, Cursor};
use crate::store::ledger;

/// Octets of a header by which a mail is judged.
const HEADER: usize = 64 * 1024;

/// Finds out which folder it is. Once a connection: it may have been made meanwhile.
pub(super) async fn find(account: &Account<'_>, wire: &mut Wire, spam: &mut Spam) -> Result<(), ImapError> {
    let looks = match account.imap.junk {
        config::Junk::Ignore => false,
        config::Junk::Take => true,
        config::Junk::Rescue => account.ctx.belongs.is_some(),
    };
    spam.name = None;
    if account.part != Part::First || !looks {
        return Ok(());
    }
    spam.name = match special::folders(wire).await {
        Ok(folders) => folders.junk.filter(|name| !is_in_use(account, name)),
        Err(error) if error.connection_lives() => None,
        Err(error) => return Err(error),
    };
    Ok(())
}

/// Whether mails are read from the folder, or put there, anyway.
fn is_in_use(account: &Account<'_>, name: &str) -> bool {
    let moved = match &account.imap.after {
        After::Move(folder) => Some(folder),
        After::Keep | After::Seen | After::Delete => None,
    };
    let others = account.imap.sent_folder.iter().chain(moved);
    account.imap.folders().map(|folder| &folder.name).chain(others).any(|other| other == name)
}

/// Looks into the folder if something came into it; [`Left::Reopen`] when it is the one that is open now. Its trouble keeps nobody
/// from reading the others: after a failure it is looked at less and less often.
pub(super) async fn visit(account: &Account<'_>, wire: &mut Wire, memory: &mut Memory) -> Result<Left, ImapError> {
    let spam = &mut memory.spam;
    let Some(folder) = spam.name.clone().filter(|_| spam.later.is_due()) else { return Ok(Left::Nothing) };
    let part = if account.imap.junk == config::Junk::Take { Part::All } else { Part::OfCases };
    let inner = Account { folder: &folder, part, ..*account };
    let kept = spam.memory.get_or_insert_with(|| Box::new(Memory::new(&account.ctx.pace)));
    let error = match look(&inner, wire, kept).await {
        Ok(left) => {
            memory.stored += std::mem::take(&mut kept.stored);
            spam.later.settle();
            return Ok(left);
        }
        Err(error @ ImapError::Store(_)) => return Err(error),
        Err(error) => error,
    };
    spam.later.put_off();
    warn!(
        event = "mailbox.junk_unread",
        mailbox = account.mailbox.name,
        folder,
        error = %error,
        "the folder for spam cannot be looked into; tried again later"
    );
    if error.connection_lives() { Ok(Left::Reopen) } else { Err(error) }
}

async fn look(account: &Account<'_>, wire: &mut Wire, memory: &mut Memory) -> Result<Left, ImapError> {
    if !has_news(account, wire, memory).await? {
        return Ok(Left::Nothing);
    }
    let opened = account.open(wire).await?;
    let before = memory.stored;
    account.take(wire, &opened, memory).await?;
    account.pass(&opened).await?;
    info!(
        event = "mailbox.junk_read",
        mailbox = account.mailbox.name,
        folder = account.folder,
        messages = opened.messages,
        taken = memory.stored - before,
        "looked into the folder for spam"
    );
    Ok(Left::Reopen)
}

/// Whether mails came, or something is left to be done, told without leaving the folder that is open.
async fn has_news(account: &Account<'_>, wire: &mut Wire, memory: &Memory) -> Result<bool, ImapError> {
    let line = format!("STATUS {} (UIDVALIDITY UIDNEXT)", wire.name(account.folder));
    let (mut uidvalidity, mut uidnext) = (None, None);
    wire.command("STATUS", &line, |answer| {
        let Response::MailboxData(MailboxDatum::Status { status, .. }) = answer else { return };
        for attribute in status {
            match attribute {
                StatusAttribute::UidValidity(value) => uidvalidity = Some(*value),
                StatusAttribute::UidNext(value) => uidnext = Some(*value),
                _ => {}
            }
        }
    })
    .await?;
    let store = &account.ctx.store;
    let cursor = cursor::get(store, &account.mailbox.name, account.folder).await.map_err(ImapError::Store)?;
    let is_read = match (cursor, uidnext) {
        (Some(cursor), Some(next)) => Some(cursor.uidvalidity) == uidvalidity && next <= cursor.uid.saturating_add(1),
        (None, Some(next)) => next <= 1,
        (_, None) => false,
    };
    let owed = memory.owed.is_put_off() && memory.owed.is_due();
    let untold = ledger::untold(store, &account.mailbox.name, account.folder, 1).await.map_err(ImapError::Store)?;
    Ok(!is_read || owed || !untold.is_empty())
}

impl Account<'_> {
    /// The folder was looked through up to where it ended when it was opened, whatever it held.
    async fn pass(&self, opened: &Opened) -> Result<(), ImapError> {
        let last = opened.uidnext.map_or(0, |next| next.saturating_sub(1));
        let cursor = self.cursor(opened).await?;
        if last > cursor.uid && !self.ctx.shutdown.is_cancelled() {
            let passed = Cursor { uid: last, ..cursor };
            cursor::record_unfetched(&self.ctx.store, &[], Some(&passed), self.ctx.clock.now())
                .await
                .map_err(ImapError::Store)?;
        }
        Ok(())
    }
}

/// Those of `uids` that nothing shows to belong to a case, by their headers, or that were there before the gateway.
pub(super) async fn unproven(
    account: &Account<'_>,
    wire: &mut Wire,
    opened: &Opened,
    uids: &[u32],
) -> Result<HashSet<u32>, ImapError> {
    let mut unproven: HashSet<u32> = uids.iter().copied().collect();
    let Some(belongs) = &account.ctx.belongs else { return Ok(unproven) };
    let (mut known, mut headers) = (Vec::new(), Vec::new());
    for piece in uid_set::pieces(uids, wire.most()) {
        let line = format!("UID FETCH {} (INTERNALDATE BODY.PEEK[HEADER]<0.{HEADER}>)", uid_set::set(piece));
        wire.command("FETCH", &line, |answer| {
            let Response::Fetch(_, attributes) = answer else { return };
            let Some((uid, header)) = fetch::uid_of(attributes).zip(header_of(attributes)) else { return };
            let arrived_at = fetch::arrived_at(attributes);
            let history = opened.first_sight.as_ref().is_some_and(|sight| sight.is_history(uid, arrived_at));
            if !history && piece.binary_search(&uid).is_ok() {
                known.push(uid);
                headers.push(header.to_vec());
            }
        })
        .await?;
    }
    let proven = belongs.of(headers).await.map_err(ImapError::Store)?;
    for (uid, _) in known.iter().zip(proven).filter(|(_, proven)| *proven) {
        unproven.remove(uid);
        info!(
            event = "mail.rescued",
            mailbox = account.mailbox.name,
            folder = account.folder,
            uid,
            "a mail in the folder for spam belongs to a case and is taken"
        );
    }
    debug!(
        event = "mail.junk",
        mailbox = account.mailbox.name,
        count = unproven.len(),
        "mails are left where they are"
    );
    Ok(unproven)
}

/// The header among what was fetched of a mail.
pub(super) fn header_of<'a>(attributes: &'a [AttributeValue<'_>]) -> Option<&'a [u8]> {
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::BodySection { section: Some(section), data: Some(data), .. } if fetch::is_header(section) => {
            Some(data.as_ref())
        }
        _ => None,
    })
}
