//! Copies of what the desk sent, in a folder of its account: for people who look there with a mail client.
//!
//! A row is owed until its copy is there. From just before its text goes out until the server's answer is known, it
//! counts as begun: whoever finds it so, after a lost connection or a crash, looks into the folder before anything is
//! put there again.

use async_imap::imap_proto::{MailboxDatum, Response};
use jiff::SignedDuration;
use tracing::{debug, info, warn};

use super::account::{Account, Part};
use super::caution::Later;
use super::error::ImapError;
use super::wire::Wire;
use super::{folder_name, tell};
use crate::store::sent_copy::{self, Owed};

/// Copies put into the folder before mails are taken again.
const ROWS: u32 = 25;
/// Octets put there before mails are taken again, the last mail not counted.
const OCTETS: usize = 4_000_000;

/// Attempts at a copy that the server refuses while it takes others.
const ATTEMPTS: u32 = 5;

/// What is left to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// Nothing for now.
    Nothing,
    /// More copies are owed.
    More,
    /// Another folder is open now than the one that is read.
    Reopen,
}

/// Puts some of the owed copies into the folder. What a server does not want is offered less and less often, and holds no
/// other copy up; mails are taken all the same.
pub(super) async fn put(account: &Account<'_>, wire: &mut Wire, later: &mut Later) -> Result<Left, ImapError> {
    let folder = account.imap.sent_folder.as_deref().filter(|_| account.part == Part::First);
    let Some(folder) = folder else { return Ok(Left::Nothing) };
    let rows = sent_copy::owed(&account.ctx.store, &account.mailbox.name, ROWS).await.map_err(ImapError::Store)?;
    let is_due = later.is_due();
    let owed: Vec<&Owed> = rows.iter().filter(|copy| is_due || copy.attempts == 0).collect();
    let begun: Vec<&Owed> = owed.iter().copied().filter(|copy| copy.begun).collect();
    let ended = match begun.as_slice() {
        [] if owed.is_empty() => return Ok(Left::Nothing),
        [] => append(account, wire, folder, &owed).await.inspect(|_| later.settle()),
        begun => look(account, wire, folder, begun).await,
    };
    let error = match ended {
        Ok(left) => return Ok(left),
        Err(error @ ImapError::Store(_)) => return Err(error),
        Err(error) => error,
    };
    if !later.is_put_off() {
        warn!(
            event = "mail.uncopied",
            mailbox = account.mailbox.name,
            folder,
            error = %error,
            "no copies of sent mails can be put into the folder: check its quota and `sent_folder`. Mails are sent and \
             taken all the same, and the copies are put there later"
        );
    }
    later.put_off();
    // A search, whatever came of it, has left the folder that is read.
    if error.connection_lives() { Ok(if begun.is_empty() { Left::Nothing } else { Left::Reopen }) } else { Err(error) }
}

/// One after the other; ends early when there are mails to be taken, or it is time to end. An error when none is taken.
async fn append(account: &Account<'_>, wire: &mut Wire, folder: &str, owed: &[&Owed]) -> Result<Left, ImapError> {
    let mut there = Vec::with_capacity(owed.len());
    let mut refused = Vec::new();
    let mut octets = 0;
    let mut ended = Ok(());
    for copy in owed {
        match append_one(account, wire, folder, copy).await {
            Ok(size) => {
                octets += size;
                there.push(copy.outbox);
            }
            Err(error) => {
                let lives = error.connection_lives();
                ended = Err(error);
                if !lives {
                    break;
                }
                refused.push(*copy);
            }
        }
        if wire.news || octets >= OCTETS || account.ctx.shutdown.is_cancelled() {
            break;
        }
    }
    sent_copy::settle(&account.ctx.store, &there).await.map_err(ImapError::Store)?;
    if there.is_empty() || ended.as_ref().is_err_and(|error| !error.connection_lives()) {
        ended?;
    }
    give_up(account, folder, &refused).await?;
    debug!(
        event = "mail.copied",
        mailbox = account.mailbox.name,
        folder,
        count = there.len(),
        "copies are in the folder"
    );
    let tried = there.len() + refused.len();
    let all = tried == owed.len() && u32::try_from(owed.len()).is_ok_and(|count| count < ROWS);
    Ok(if all { Left::Nothing } else { Left::More })
}

/// Copies that were refused again and again while the folder took others: no patience helps them.
async fn give_up(account: &Account<'_>, folder: &str, refused: &[&Owed]) -> Result<(), ImapError> {
    let given_up: Vec<&Owed> = refused.iter().copied().filter(|copy| copy.attempts + 1 >= ATTEMPTS).collect();
    let ids: Vec<i64> = given_up.iter().map(|copy| copy.outbox).collect();
    sent_copy::settle(&account.ctx.store, &ids).await.map_err(ImapError::Store)?;
    for copy in given_up {
        warn!(
            event = "mail.copy_given_up",
            mailbox = account.mailbox.name,
            folder,
            mail = copy.outbox,
            message_id = copy.message_id,
            "the server takes other copies and never this one: it is not put into the folder. The mail itself was sent"
        );
    }
    Ok(())
}

/// One copy; its size. The folder is made when it is missing.
async fn append_one(account: &Account<'_>, wire: &mut Wire, folder: &str, copy: &Owed) -> Result<usize, ImapError> {
    let store = &account.ctx.store;
    let Some(bytes) = sent_copy::bytes(store, copy.outbox).await.map_err(ImapError::Store)? else { return Ok(0) };
    sent_copy::begin(store, copy.outbox).await.map_err(ImapError::Store)?;
    let mut ended = wire.append(folder, copy.date, &bytes).await;
    if ended.as_ref().is_err_and(ImapError::connection_lives) && tell::create(wire, folder).await? {
        ended = wire.append(folder, copy.date, &bytes).await;
    }
    if ended.as_ref().is_err_and(ImapError::connection_lives) {
        // A server that says no has taken nothing (RFC 3501 §6.3.11).
        sent_copy::missing(store, &[copy.outbox]).await.map_err(ImapError::Store)?;
    }
    ended.map(|()| bytes.len())
}

/// Looks in the folder for copies of which nobody knows whether they are there.
async fn look(account: &Account<'_>, wire: &mut Wire, folder: &str, begun: &[&Owed]) -> Result<Left, ImapError> {
    let is_there = match wire.open(folder, true).await {
        Ok(_) => true,
        // A folder that is not there has none of them; one that will not be opened may have.
        Err(error @ ImapError::Folder { .. }) => {
            if lists(wire, folder).await? {
                return Err(error);
            }
            false
        }
        Err(error) => return Err(error),
    };
    let (mut there, mut missing) = (Vec::new(), Vec::new());
    for copy in begun {
        if is_there && holds(wire, copy).await? { there.push(copy.outbox) } else { missing.push(copy.outbox) }
    }
    let store = &account.ctx.store;
    sent_copy::settle(store, &there).await.map_err(ImapError::Store)?;
    sent_copy::missing(store, &missing).await.map_err(ImapError::Store)?;
    info!(
        event = "mail.copies_found",
        mailbox = account.mailbox.name,
        folder,
        there = there.len(),
        missing = missing.len(),
        "looked for copies whose putting there had broken off"
    );
    Ok(Left::Reopen)
}

/// Whether the open folder has the mail. A server without an index reads every mail that it searches: only those from
/// the day before on can be the one, by whichever zone its days begin.
async fn holds(wire: &mut Wire, copy: &Owed) -> Result<bool, ImapError> {
    let since = copy.date.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(copy.date).strftime("%-d-%b-%Y");
    // What stands before the domain names the mail; the domain may have another form in the header (RFC 5890).
    let unique = copy.message_id.split_inclusive('@').next().unwrap_or_default();
    let line = format!("UID SEARCH SINCE {since} HEADER Message-ID {}", folder_name::quoted(unique));
    let mut found = false;
    wire.command("SEARCH", &line, |answer| {
        if let Response::MailboxData(MailboxDatum::Search(uids)) = answer {
            found |= !uids.is_empty();
        }
    })
    .await?;
    Ok(found)
}

async fn lists(wire: &mut Wire, folder: &str) -> Result<bool, ImapError> {
    let mut found = false;
    wire.command("LIST", &format!("LIST \"\" {}", folder_name::quoted(folder)), |answer| {
        found |= matches!(answer, Response::MailboxData(MailboxDatum::List(_)));
    })
    .await?;
    Ok(found)
}
