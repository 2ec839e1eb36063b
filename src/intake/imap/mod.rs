//! An IMAP account (RFC 3501, 9051).
//!
//! ```text
//!  connect ─► open folder ─► list new UIDs ─► sizes ─► bodies ─► ledger ─► tell the server ─► IDLE or wait ─┐
//!                 ▲                ▲                                                                         │
//!                 │                └──────────────── the server says there is news ──────────────────────────┤
//!                 └───────────────────────────────── the polling interval is over ───────────────────────────┘
//! ```
//! Any failure of the connection leads back to the start after a growing delay. The cursor (mailbox, UIDVALIDITY, UID)
//! is moved in the transaction that stores the mails it passes, so nothing is lost or taken twice wherever it breaks.

mod account;
mod answers;
mod bounds;
mod caution;
mod connect;
mod error;
mod fetch;
mod folder_name;
mod history;
mod junk;
mod list;
mod owed;
mod recall;
mod refusal;
mod sent;
mod sign_in;
mod special;
mod take;
mod tell;
mod traffic;
mod uid_set;
mod wire;

use tokio::sync::futures::Notified;
use tokio::time::Instant;
use tracing::{error, info, warn};

use self::account::{Account, Memory, Part};
pub use self::error::{ImapError, Refusal};
pub(super) use self::recall::Recaller;
use self::sent::Left;
use self::wire::{Opened, Wire};
use super::IntakeContext;
use super::ProbeReport;
use crate::config::{After, Imap, Junk, Mailbox};
use crate::oauth::Tokens;
use crate::store::cursor::{self, Cursor};

/// Reads a folder of the account until it is time to end.
pub(super) async fn run(ctx: &IntakeContext, mailbox: &Mailbox, imap: &Imap, folder: &str) {
    let reader = mailbox.reader(folder);
    let account = Account::new(ctx, mailbox, imap, folder, &reader);
    tokio::select! {
        () = account.run() => {}
        () = ctx.drained() => {
            info!(event = "mailbox.abandoned", mailbox = reader, "the server did not answer in time to say goodbye");
        }
    }
}

/// Takes all there is now, folder after folder.
pub(super) async fn run_once(ctx: &IntakeContext, mailbox: &Mailbox, imap: &Imap) -> Result<u64, ImapError> {
    let mut wire = connect::connect(imap, ctx.tokens.as_ref()).await?;
    let mut stored = 0;
    for folder in imap.folders() {
        let reader = mailbox.reader(&folder.name);
        stored += Account::new(ctx, mailbox, imap, &folder.name, &reader).once(&mut wire).await?;
    }
    wire.logout().await;
    Ok(stored)
}

/// Connects, logs in and looks at the folder, changing nothing but that missing folders are made into which
/// mails will be put.
pub(super) async fn probe(imap: &Imap, tokens: Option<&Tokens>) -> Result<ProbeReport, ImapError> {
    let mut wire = connect::connect(imap, tokens).await?;
    let opened = wire.open(&imap.folder.name, true).await?;
    let mut further = Vec::with_capacity(imap.further.len());
    for folder in &imap.further {
        further.push((folder.name.clone(), u64::from(wire.open(&folder.name, true).await?.messages)));
    }
    let junk = match imap.junk {
        Junk::Ignore => None,
        Junk::Rescue | Junk::Take => match special::folders(&mut wire).await {
            Ok(folders) => folders.junk,
            Err(error) if error.connection_lives() => None,
            Err(error) => return Err(error),
        },
    };
    let sent_folder_made = match &imap.sent_folder {
        Some(folder) => tell::prepare(&mut wire, folder, "sent_folder").await?,
        None => false,
    };
    let move_folder_made = match &imap.after {
        After::Move(folder) => tell::prepare(&mut wire, folder, "after").await?,
        After::Keep | After::Seen | After::Delete => false,
    };
    let report = ProbeReport {
        messages: u64::from(opened.messages),
        further,
        junk,
        capabilities: wire.capabilities(),
        supports_idle: wire.offers("IDLE"),
        supports_move: wire.offers("MOVE"),
        supports_uidplus: wire.offers("UIDPLUS"),
        supports_compress: wire.offers("COMPRESS=DEFLATE"),
        sent_folder_made,
        move_folder_made,
    };
    wire.logout().await;
    Ok(report)
}

impl Account<'_> {
    /// Takes all that the folder holds now; how many mails.
    async fn once(&self, wire: &mut Wire) -> Result<u64, ImapError> {
        let mut memory = Memory::new(&self.ctx.pace);
        junk::find(self, wire, &mut memory.spam).await?;
        let mut opened = self.open(wire).await?;
        self.take(wire, &opened, &mut memory).await?;
        if junk::visit(self, wire, &mut memory).await? == Left::Reopen {
            opened = self.open(wire).await?;
        }
        loop {
            let left = sent::put(self, wire, &mut memory.sent).await?;
            if self.ctx.shutdown.is_cancelled() || (left == Left::Nothing && !wire.news) {
                return Ok(memory.stored);
            }
            if left == Left::Reopen {
                opened = self.open(wire).await?;
            }
            self.take(wire, &opened, &mut memory).await?;
        }
    }

    async fn run(&self) {
        let mut memory = Memory::new(&self.ctx.pace);
        let mut delays = self.ctx.pace.delays();
        loop {
            let (began, stored) = (Instant::now(), memory.stored);
            let Err(error) = self.session(&mut memory).await else { return };
            // A connection that broke over one mail and brought others was useful, too.
            if began.elapsed() >= self.ctx.pace.useful_after || memory.stored > stored {
                delays = self.ctx.pace.delays();
            }
            let delay = delays.next().unwrap_or(self.ctx.pace.longest_delay);
            let retry_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
            self.ctx.metrics.lost(self.reader, &error.to_string());
            warn!(event = "mailbox.lost", mailbox = self.reader, retry_ms, error = %error, "no connection to the mailbox");
            if !self.ctx.pause(delay).await {
                return;
            }
        }
    }

    /// One connection, from its beginning to the stop or to its failure.
    async fn session(&self, memory: &mut Memory) -> Result<(), ImapError> {
        let mut wire = tokio::select! {
            wire = connect::connect(self.imap, self.ctx.tokens.as_ref()) => wire?,
            () = self.ctx.shutdown.cancelled() => return Ok(()),
        };
        info!(
            event = "mailbox.connected",
            mailbox = self.reader,
            host = self.imap.host,
            idle = self.imap.idle && wire.offers("IDLE"),
            compress = self.imap.compress && wire.offers("COMPRESS=DEFLATE"),
            "connected"
        );
        junk::find(self, &mut wire, &mut memory.spam).await?;
        while !self.ctx.shutdown.is_cancelled() {
            let opened = self.open(&mut wire).await?;
            let reopen_at = Instant::now() + self.imap.poll;
            let mut spam_seen = false;
            loop {
                // Registered before looking, so that a mail sent meanwhile is not missed.
                let sent = self.ctx.sent.notified();
                self.take(&mut wire, &opened, memory).await?;
                self.ctx.metrics.read(self.reader);
                if !std::mem::replace(&mut spam_seen, true)
                    && junk::visit(self, &mut wire, memory).await? == Left::Reopen
                {
                    break;
                }
                match sent::put(self, &mut wire, &mut memory.sent).await? {
                    Left::Nothing => self.wait(&mut wire, reopen_at, sent).await?,
                    Left::More => {}
                    Left::Reopen => break,
                }
                if self.ctx.shutdown.is_cancelled() || Instant::now() >= reopen_at {
                    break;
                }
            }
        }
        wire.logout().await;
        info!(event = "mailbox.closed", mailbox = self.reader, "logged out");
        Ok(())
    }

    /// Opens the folder. A folder that is to stay as it is is only examined.
    async fn open(&self, wire: &mut Wire) -> Result<Opened, ImapError> {
        let keep = self.imap.after == After::Keep;
        let mut opened = wire.open(self.folder, keep).await?;
        if opened.read_only && !keep {
            warn!(
                event = "mailbox.read_only",
                mailbox = self.mailbox.name,
                folder = self.folder,
                "the folder is read-only: mails are taken, and left as they are"
            );
        }
        self.check_uids(&opened).await?;
        opened.first_sight = history::first_sight(self, wire, &opened).await?;
        Ok(opened)
    }

    /// UIDs only grow (RFC 9051 §2.3.1.1). Compared as soon as the folder is opened: later, mails that came meanwhile are beyond the
    /// UIDNEXT of that moment.
    async fn check_uids(&self, opened: &Opened) -> Result<(), ImapError> {
        let (store, mailbox, folder) = (&self.ctx.store, &self.mailbox.name, self.folder);
        let found = cursor::get(store, mailbox, folder).await.map_err(ImapError::Store)?;
        let known = found.filter(|cursor| cursor.uidvalidity == opened.uidvalidity);
        if let (Some(cursor), Some(uidnext)) = (known, opened.uidnext)
            && uidnext <= cursor.uid
        {
            error!(
                event = "mailbox.uids_reused",
                mailbox,
                folder,
                uidnext,
                cursor = cursor.uid,
                "the server hands out UIDs again without a new UIDVALIDITY (was the folder restored from a copy?): new mails up \
                 to the cursor are not seen until it gets a new UIDVALIDITY"
            );
        }
        Ok(())
    }

    /// Until the server has news, copies are owed, it is time to look by ourselves, or to end.
    async fn wait(&self, wire: &mut Wire, until: Instant, sent: Notified<'_>) -> Result<(), ImapError> {
        if wire.news {
            return Ok(());
        }
        let stop = async {
            tokio::select! {
                () = sent, if self.part == Part::First && self.imap.sent_folder.is_some() => {}
                () = self.ctx.shutdown.cancelled() => {}
            }
        };
        let mut stop = std::pin::pin!(stop);
        if self.imap.idle && wire.offers("IDLE") {
            if wire.idle(until, &mut stop).await? {
                return Ok(());
            }
            wire.withdraw("IDLE");
        }
        tokio::select! {
            () = tokio::time::sleep_until(until) => {}
            () = stop => {}
        }
        Ok(())
    }

    /// How far this folder was read, for the UIDVALIDITY that it has now.
    async fn cursor(&self, opened: &Opened) -> Result<Cursor, ImapError> {
        let (store, name, folder) = (&self.ctx.store, &self.mailbox.name, self.folder);
        let found = cursor::get(store, name, folder).await.map_err(ImapError::Store)?;
        let fresh =
            Cursor { mailbox: name.clone(), folder: folder.to_owned(), uidvalidity: opened.uidvalidity, uid: 0 };
        match found {
            None => Ok(fresh),
            Some(found) if found.uidvalidity != opened.uidvalidity => {
                warn!(
                    event = "mailbox.resync",
                    mailbox = name,
                    folder,
                    before = found.uidvalidity,
                    now = opened.uidvalidity,
                    "the server numbered the folder anew: it is read again from the first mail"
                );
                cursor::record_unfetched(store, &[], Some(&fresh), self.ctx.clock.now())
                    .await
                    .map_err(ImapError::Store)?;
                Ok(fresh)
            }
            Some(found) => Ok(found),
        }
    }
}
