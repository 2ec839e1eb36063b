//! What was in a folder before the gateway, or before the server numbered it anew: nobody gets a letter for it today.

use jiff::Timestamp;
use tracing::info;

use super::account::{Account, Part};
use super::error::ImapError;
use super::list;
use super::wire::{Opened, Wire};
use crate::store::cursor;
use crate::store::first_sight::{self, FirstSight};

/// How the folder was first seen under its present numbers: remembered, or found out now. `None` where nothing is history.
pub(super) async fn first_sight(
    account: &Account<'_>,
    wire: &mut Wire,
    opened: &Opened,
) -> Result<Option<FirstSight>, ImapError> {
    let (store, mailbox, folder) = (&account.ctx.store, &account.mailbox.name, account.folder);
    let known = first_sight::get(store, mailbox, folder, opened.uidvalidity).await.map_err(ImapError::Store)?;
    if known.is_some() {
        return Ok(known);
    }
    let cursor = cursor::get(store, mailbox, folder).await.map_err(ImapError::Store)?;
    if cursor.is_some_and(|cursor| cursor.uidvalidity == opened.uidvalidity) {
        return Ok(None);
    }
    // Numbered anew, or on another server: what is older than the last mail that is known came once already, even where its copy
    // differs by an octet and is not recognised.
    let last = first_sight::last_arrival(store, mailbox).await.map_err(ImapError::Store)?;
    let Some(before) = last.or_else(|| account.mailbox.first_start.before(account.ctx.clock.now())) else {
        return Ok(None);
    };
    let upto = opened.uidnext.map_or(u32::MAX, |next| next.saturating_sub(1));
    // Of spam nothing is kept that could be history.
    if account.part != Part::OfCases {
        tell(account, wire, opened, before).await?;
    }
    let (mailbox, folder) = (mailbox.clone(), folder.to_owned());
    let sight = FirstSight { mailbox, folder, uidvalidity: opened.uidvalidity, upto, before };
    first_sight::set(store, &sight).await.map_err(ImapError::Store)?;
    Ok(Some(sight))
}

/// Says how much is history before anything is done.
async fn tell(account: &Account<'_>, wire: &mut Wire, opened: &Opened, before: Timestamp) -> Result<(), ImapError> {
    let history = match list::count_before(wire, before).await {
        Ok(count) => count,
        // It is only for people.
        Err(error) if error.connection_lives() => return Ok(()),
        Err(error) => return Err(error),
    };
    info!(
        event = "mailbox.first_sight",
        mailbox = account.mailbox.name,
        folder = account.folder,
        %before,
        history,
        others = u64::from(opened.messages).saturating_sub(history),
        "the folder is new to us: what arrived before is kept and not answered"
    );
    Ok(())
}
