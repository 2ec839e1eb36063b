//! Telling the server what is durable here: `\Seen`, into another folder, or deleted.
//!
//! Every step may be done twice: flags are set again, and a UID that is gone is passed over by MOVE, COPY, STORE and
//! EXPUNGE (RFC 3501 §6.4.8). Only without MOVE can a crash between COPY and STORE leave a second copy in the target.

use tracing::warn;

use super::account::Account;
use super::caution::Later;
use super::error::{ImapError, Refusal};
use super::uid_set;
use super::wire::{Opened, Wire};
use crate::config::After;
use crate::intake::context::nothing_to_tell;
use crate::store::ledger::{self, Untold};

/// Rows told at a time.
const ROWS: u32 = 1_000;

/// Tells the server of all rows that it was not told of. A refusal is reported and tried again later; it never keeps
/// mails from being taken.
pub(super) async fn tell(
    account: &Account<'_>,
    wire: &mut Wire,
    opened: &Opened,
    later: &mut Later,
) -> Result<(), ImapError> {
    if !later.is_due() {
        return Ok(());
    }
    loop {
        let untold = ledger::untold(&account.ctx.store, &account.mailbox.name, account.folder, ROWS).await;
        let rows = untold.map_err(ImapError::Store)?;
        if rows.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let uids = to_be_told(account, opened, rows);
        match carry_out(wire, &account.imap.after, &uids).await {
            Ok(()) => later.settle(),
            Err(error) if error.connection_lives() => {
                warn!(
                    event = "mail.untold",
                    mailbox = account.mailbox.name,
                    folder = account.folder,
                    count = uids.len(),
                    error = %error,
                    "mails are taken, and the server will not mark, move or delete them; tried again later"
                );
                later.put_off();
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        ledger::mark_told(&account.ctx.store, &ids).await.map_err(ImapError::Store)?;
    }
}

/// The UIDs among `rows` that still mean something on the server, ascending.
fn to_be_told(account: &Account<'_>, opened: &Opened, rows: Vec<Untold>) -> Vec<u32> {
    let (current, stale): (Vec<Untold>, Vec<Untold>) =
        rows.into_iter().partition(|row| row.uidvalidity == opened.uidvalidity);
    if !stale.is_empty() {
        warn!(
            event = "mail.untellable",
            mailbox = account.mailbox.name,
            folder = account.folder,
            count = stale.len(),
            "mails were taken under other UIDs than the folder has now: they stay on the server as they are"
        );
    }
    let mut uids: Vec<u32> = current
        .into_iter()
        .filter(|row| !nothing_to_tell(&account.imap.after, row.oversize))
        .map(|row| row.uid)
        .collect();
    uids.sort_unstable();
    uids.dedup();
    uids
}

async fn carry_out(wire: &mut Wire, after: &After, uids: &[u32]) -> Result<(), ImapError> {
    let mut rest = uids;
    while let Some(piece) = uid_set::pieces(rest, wire.most()).into_iter().next() {
        let set = uid_set::set(piece);
        let told = match after {
            After::Keep => Ok(()),
            After::Seen => flag(wire, &set, "\\Seen").await,
            After::Move(folder) => move_to(wire, &set, folder).await,
            After::Delete => remove(wire, &set).await,
        };
        // The server has just said that it takes fewer at a time, whether it did some of it or nothing.
        if piece.len() > wire.most() {
            continue;
        }
        told?;
        rest = rest.get(piece.len()..).unwrap_or_default();
    }
    Ok(())
}

async fn flag(wire: &mut Wire, set: &str, flag: &str) -> Result<(), ImapError> {
    wire.command("STORE", &format!("UID STORE {set} +FLAGS.SILENT ({flag})"), |_| {}).await.map(drop)
}

/// Without UIDPLUS (RFC 4315) the mails stay, marked: EXPUNGE would remove what others marked, too.
pub(super) async fn remove(wire: &mut Wire, set: &str) -> Result<(), ImapError> {
    flag(wire, set, "\\Deleted").await?;
    if wire.offers("UIDPLUS") {
        wire.command("EXPUNGE", &format!("UID EXPUNGE {set}"), |_| {}).await?;
    }
    Ok(())
}

/// By MOVE (RFC 6851) where the server has it. The folder is made when it is missing. A refusal because somebody has just removed one of
/// the mails (Dovecot: EXPUNGEISSUED) ends once the server could tell us of that.
async fn move_to(wire: &mut Wire, set: &str, folder: &str) -> Result<(), ImapError> {
    let moves = wire.offers("MOVE");
    let (command, verb) = if moves { ("MOVE", "UID MOVE") } else { ("COPY", "UID COPY") };
    let line = format!("{verb} {set} {}", wire.name(folder));
    let mut ended = wire.command(command, &line, |_| {}).await;
    if matches!(&ended, Err(ImapError::Refused { code, .. }) if *code != Refusal::TryCreate) {
        wire.command("NOOP", "NOOP", |_| {}).await?;
        ended = wire.command(command, &line, |_| {}).await;
    }
    if let Err(refused) = ended {
        if !refused.connection_lives() || !create(wire, folder).await? {
            return Err(refused);
        }
        let line = format!("{verb} {set} {}", wire.name(folder));
        wire.command(command, &line, |_| {}).await?;
    }
    if moves { Ok(()) } else { remove(wire, set).await }
}

/// Finds a folder under the server's name for it, or makes it where the server keeps folders; false when it would not. Not every server
/// says TRYCREATE; one that has the folder refuses to create it.
pub(super) async fn create(wire: &mut Wire, folder: &str) -> Result<bool, ImapError> {
    let known = wire.folders().await?;
    if wire.find(folder, &known) {
        return Ok(true);
    }
    if folder.contains('/') {
        wire.place(folder, &known);
    }
    let made = create_named(wire, folder).await?
        || wire.place_below_inbox(folder, &known) && create_named(wire, folder).await?;
    if !made {
        return Ok(false);
    }
    match wire.command("SUBSCRIBE", &format!("SUBSCRIBE {}", wire.name(folder)), |_| {}).await {
        Err(error) if !error.connection_lives() => Err(error),
        _ => Ok(true),
    }
}

async fn create_named(wire: &mut Wire, folder: &str) -> Result<bool, ImapError> {
    match wire.command("CREATE", &format!("CREATE {}", wire.name(folder)), |_| {}).await {
        Ok(_) => Ok(true),
        Err(error) if error.connection_lives() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a folder had to be made into which mails will be put, as `setting` wants it. An error when it is not there and cannot be.
pub(super) async fn prepare(wire: &mut Wire, folder: &str, setting: &'static str) -> Result<bool, ImapError> {
    let (folder, text, known) = match wire.open(folder, true).await {
        Ok(_) => return Ok(false),
        Err(ImapError::Folder { folder, text, known }) => (folder, text, known),
        Err(error) => return Err(error),
    };
    if create(wire, &folder).await? {
        return Ok(true);
    }
    Err(ImapError::Target { folder, setting, text, known })
}
