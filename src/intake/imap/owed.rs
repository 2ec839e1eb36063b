//! The mails that the server listed and would not hand out: asked for again, until they come or are gone.

use std::collections::HashMap;

use tracing::info;

use super::account::Account;
use super::caution::Later;
use super::error::ImapError;
use super::wire::{Opened, Wire};
use super::{fetch, list};
use crate::store::cursor::{self, Unfetched};

/// Mails asked for at a time.
const MOST: usize = 100;

/// Asks again for what is owed, if it is time; returns how many mails came.
pub(super) async fn retry(
    account: &Account<'_>,
    wire: &mut Wire,
    opened: &Opened,
    later: &mut Later,
) -> Result<u64, ImapError> {
    if !later.is_due() {
        return Ok(0);
    }
    let store = &account.ctx.store;
    let owed = cursor::unfetched(store, &account.mailbox.name, account.folder).await.map_err(ImapError::Store)?;
    let (mut owed, stale): (Vec<Unfetched>, Vec<Unfetched>) =
        owed.into_iter().partition(|owed| owed.uidvalidity == opened.uidvalidity);
    for row in &stale {
        settle(account, row, "the folder was numbered anew and is read again").await?;
    }
    // Those that break the connection are asked for last.
    owed.sort_by_key(|owed| (owed.attempts, owed.uid));
    owed.truncate(MOST);
    // Whatever happens below, not at once again.
    if !owed.is_empty() {
        later.put_off();
    }
    let mut uids: Vec<u32> = owed.iter().map(|owed| owed.uid).collect();
    uids.sort_unstable();
    let listed = list::listed(wire, &uids).await?;
    let (mut came, mut left) = (0, 0);
    for row in &owed {
        if listed.binary_search(&row.uid).is_err() {
            settle(account, row, "it is no longer on the server").await?;
        } else if again(account, wire, opened, row.uid).await? {
            settle(account, row, "it came after all").await?;
            came += 1;
        } else {
            left += 1;
        }
    }
    if left == 0 {
        later.settle();
    }
    Ok(came)
}

/// One more attempt at one mail.
async fn again(account: &Account<'_>, wire: &mut Wire, opened: &Opened, uid: u32) -> Result<bool, ImapError> {
    let mut outcome = fetch::batch(wire, &[uid], &HashMap::new(), account.limit()).await;
    if let Some(mail) = outcome.got.remove(&uid) {
        account.store(opened, vec![(uid, mail)], None).await.map_err(ImapError::Store)?;
        return Ok(true);
    }
    if let Some(error) = outcome.broken.as_ref().filter(|error| !error.is_about_account()) {
        outcome.unfetched.push((uid, error.to_string()));
    }
    account.record_unfetched(opened, outcome.unfetched, None).await.map_err(ImapError::Store)?;
    outcome.broken.map_or(Ok(false), Err)
}

async fn settle(account: &Account<'_>, row: &Unfetched, why: &str) -> Result<(), ImapError> {
    cursor::forget_unfetched(&account.ctx.store, row).await.map_err(ImapError::Store)?;
    info!(
        event = "mail.owed_settled",
        mailbox = row.mailbox,
        folder = row.folder,
        uid = row.uid,
        attempts = row.attempts,
        why,
        "a mail that could not be fetched is settled"
    );
    Ok(())
}
