//! Everything new of a folder into the ledger: fetching and storing side by side.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;
use tracing::{debug, info, warn};

use super::account::{Account, Memory, Part};
use super::error::ImapError;
use super::fetch::{self, Fetched, Known, Outcome};
use super::list::Pages;
use super::wire::{Opened, Wire};
use super::{junk, owed, tell, uid_set};
use crate::intake::context::nothing_to_tell;
use crate::intake::digest::{self, Raw};
use crate::store::cursor::{self, Cursor, Unfetched};
use crate::store::ledger::Source;

/// UIDs whose sizes are asked for at a time.
const SIZES: usize = 2_000;
/// Mails stored before the server is told of them in between.
const TELL_EVERY: u64 = 1_000;

/// Mails on their way from the server to the ledger. All UIDs up to `upto` are among them, or settled before.
#[derive(Debug)]
struct Batch {
    mails: Vec<(u32, Fetched)>,
    unfetched: Vec<(u32, String)>,
    upto: u32,
}

impl Account<'_> {
    /// Takes what is new, tells the server of it, and asks again for what it would not hand out before.
    pub(super) async fn take(&self, wire: &mut Wire, opened: &Opened, memory: &mut Memory) -> Result<(), ImapError> {
        // What a crash or a refusal left over.
        tell::tell(self, wire, opened, &mut memory.tell).await?;
        let cursor = self.cursor(opened).await?;
        // One batch is stored while the next is on its way; no third is in memory.
        let (batches, arriving) = mpsc::channel(1);
        let stored = AtomicU64::new(0);
        let (fetched, written) = tokio::join!(
            self.fetch_all(wire, opened, memory, cursor.uid, batches, &stored),
            self.write_all(opened, arriving, &stored),
        );
        memory.stored += stored.load(Ordering::Relaxed);
        // When the database fails, the fetching ends for want of a reader: that is not the reason.
        written.map_err(ImapError::Store)?;
        fetched?;
        tell::tell(self, wire, opened, &mut memory.tell).await?;
        memory.stored += owed::retry(self, wire, opened, &mut memory.owed).await?;
        Ok(())
    }

    async fn fetch_all(
        &self,
        wire: &mut Wire,
        opened: &Opened,
        memory: &mut Memory,
        from: u32,
        batches: mpsc::Sender<Batch>,
        stored: &AtomicU64,
    ) -> Result<(), ImapError> {
        let mut pages = Pages::after(from, opened.uidnext);
        let mut told = 0;
        while let Some(page) = pages.turn(wire).await? {
            let mut rest = page.as_slice();
            let mut known = Known::default();
            let mut sized_upto = 0;
            while let Some(first) = rest.first().copied() {
                // Room first: nothing is fetched that could not be handed on.
                let Ok(room) = batches.reserve().await else { return Ok(()) };
                if self.ctx.shutdown.is_cancelled() {
                    return Ok(());
                }
                if memory.caution.condemns(first) {
                    room.send(Batch { mails: Vec::new(), unfetched: self.given_up(first), upto: first });
                    memory.caution.relax(self.configured());
                    memory.owed.begin();
                    rest = rest.split_first().map_or(&[], |(_, rest)| rest);
                    continue;
                }
                if first > sized_upto {
                    (known, sized_upto) = self.known(wire, memory, rest).await?;
                }
                let len = fetch::batch_len(rest, &known.sizes, memory.caution.most(self.configured()), self.limit());
                let (uids, after) = rest.split_at(len.min(rest.len()));
                let outcome = self.batch(wire, opened, uids, &mut known).await;
                let (batch, broken) = settled(uids, &known, outcome);
                match &broken {
                    None => memory.caution.relax(self.configured()),
                    Some(error) if error.is_about_account() => {}
                    Some(_) => memory.caution.tighten(unsettled(uids, batch.as_ref()), uids.len()),
                }
                if let Some(batch) = batch {
                    if !batch.unfetched.is_empty() {
                        memory.owed.begin();
                    }
                    room.send(batch);
                }
                if let Some(error) = broken {
                    return Err(error);
                }
                rest = after;
                if stored.load(Ordering::Relaxed) >= told + TELL_EVERY {
                    told = stored.load(Ordering::Relaxed);
                    tell::tell(self, wire, opened, &mut memory.tell).await?;
                }
            }
        }
        if pages.search_fails() && !std::mem::replace(&mut memory.unlisted_told, true) {
            warn!(
                event = "mailbox.unlisted",
                mailbox = self.mailbox.name,
                folder = self.folder,
                counted = wire.messages(),
                "the server counts mails that it does not name when it is asked for them by SEARCH: they are asked for by FETCH"
            );
        }
        Ok(())
    }

    /// What the server tells of the next mails, and up to which UID. When something broke before, of few; of one,
    /// nothing: it may be its size that breaks.
    async fn known(&self, wire: &mut Wire, memory: &mut Memory, rest: &[u32]) -> Result<(Known, u32), ImapError> {
        let most = if memory.caution.is_on() { memory.caution.most(self.configured()) } else { SIZES };
        let piece = uid_set::pieces(rest, most.min(wire.most())).into_iter().next().unwrap_or_default();
        let upto = piece.last().copied().unwrap_or_default();
        if most == 1 {
            return Ok((Known::default(), upto));
        }
        match fetch::known(wire, piece).await {
            Ok(known) => Ok((known, upto)),
            Err(error) => {
                if !error.is_about_account() {
                    memory.caution.tighten(upto, piece.len());
                }
                Err(error)
            }
        }
    }

    /// Of a mail that breaks every connection, what is kept in mind. One that may be spam is not asked for again.
    fn given_up(&self, uid: u32) -> Vec<(u32, String)> {
        match self.part {
            Part::OfCases => Vec::new(),
            Part::First | Part::All => vec![(uid, "every attempt to fetch it broke the connection".to_owned())],
        }
    }

    /// The mails among `uids` that are to be taken; what is not is noted among the unwanted.
    async fn batch(&self, wire: &mut Wire, opened: &Opened, uids: &[u32], known: &mut Known) -> Outcome {
        let mut wanted = self.wanted(uids, known);
        if self.part == Part::OfCases {
            match junk::unproven(self, wire, opened, &wanted).await {
                Ok(unproven) => {
                    wanted.retain(|uid| !unproven.contains(uid));
                    known.unwanted.extend(unproven);
                }
                Err(error) => return Outcome { broken: Some(error), ..Outcome::default() },
            }
        }
        fetch::batch(wire, &wanted, &known.sizes, self.limit()).await
    }

    /// Without drafts and what is marked as deleted: these stay on the server, and nobody asks for them again.
    fn wanted(&self, uids: &[u32], known: &Known) -> Vec<u32> {
        let (unwanted, wanted): (Vec<u32>, Vec<u32>) = uids.iter().partition(|uid| known.unwanted.contains(uid));
        for uid in unwanted {
            info!(
                event = "mail.left",
                mailbox = self.mailbox.name,
                folder = self.folder,
                uid,
                "a draft, or marked as deleted: the mail is not taken"
            );
        }
        wanted
    }

    async fn write_all(
        &self,
        opened: &Opened,
        mut arriving: mpsc::Receiver<Batch>,
        stored: &AtomicU64,
    ) -> anyhow::Result<()> {
        while let Some(batch) = arriving.recv().await {
            let cursor = Cursor {
                mailbox: self.mailbox.name.clone(),
                folder: self.folder.to_owned(),
                uidvalidity: opened.uidvalidity,
                uid: batch.upto,
            };
            if !batch.unfetched.is_empty() || batch.mails.is_empty() {
                let alone = Some(&cursor).filter(|_| batch.mails.is_empty());
                self.record_unfetched(opened, batch.unfetched, alone).await?;
            }
            let count = self.store(opened, batch.mails, Some(&cursor)).await?;
            stored.fetch_add(count, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Into the ledger, with the cursor; wakes the processing.
    pub(super) async fn store(
        &self,
        opened: &Opened,
        mails: Vec<(u32, Fetched)>,
        cursor: Option<&Cursor>,
    ) -> anyhow::Result<u64> {
        let raws: Vec<Raw> = mails.into_iter().map(|(uid, mail)| self.raw(opened, uid, mail)).collect();
        let from = digest::From {
            source: Source::Imap,
            mailbox: self.mailbox.name.clone(),
            folder: self.folder.to_owned(),
            uidvalidity: opened.uidvalidity,
        };
        if !raws.is_empty() {
            self.ctx.metrics.gets_on(self.reader);
        }
        Ok(digest::store(self.ctx, &from, raws, cursor).await?.len() as u64)
    }

    fn raw(&self, opened: &Opened, uid: u32, mail: Fetched) -> Raw {
        let history = opened.first_sight.as_ref().is_some_and(|sight| sight.is_history(uid, mail.arrived_at));
        if mail.oversize {
            warn!(
                event = "mail.oversize",
                mailbox = self.mailbox.name,
                folder = self.folder,
                uid,
                size = mail.size,
                "the mail exceeds the limit: its body stays on the server"
            );
        }
        debug!(event = "mail.fetched", mailbox = self.mailbox.name, uid, size = mail.size, "fetched");
        Raw {
            uid,
            place: uid.to_string(),
            bytes: mail.bytes,
            size: mail.size,
            oversize: mail.oversize,
            // What was there before us stays as its people know it.
            told: history || nothing_to_tell(&self.imap.after, mail.oversize),
            arrived_at: mail.arrived_at,
            history,
        }
    }

    /// Keeps in mind, and says by name, what the server lists and does not hand out.
    pub(super) async fn record_unfetched(
        &self,
        opened: &Opened,
        missing: Vec<(u32, String)>,
        cursor: Option<&Cursor>,
    ) -> anyhow::Result<()> {
        let rows: Vec<Unfetched> = missing
            .into_iter()
            .map(|(uid, error)| Unfetched {
                mailbox: self.mailbox.name.clone(),
                folder: self.folder.to_owned(),
                uidvalidity: opened.uidvalidity,
                uid,
                attempts: 1,
                error,
            })
            .collect();
        cursor::record_unfetched(&self.ctx.store, &rows, cursor, self.ctx.clock.now()).await?;
        for row in rows {
            warn!(
                event = "mail.unfetched",
                mailbox = row.mailbox,
                folder = row.folder,
                uid = row.uid,
                error = row.error,
                "the server lists this mail and does not hand it out; it stays there and is tried again"
            );
        }
        Ok(())
    }

    fn configured(&self) -> usize {
        usize::try_from(self.imap.batch).unwrap_or(usize::MAX).max(1)
    }

    /// Octets of a mail that is taken whole.
    pub(super) fn limit(&self) -> u64 {
        self.ctx.limits.mail_size
    }
}

/// What of a batch can be stored with the cursor moved past it: after a break, the mails before the first that did not
/// come.
fn settled(uids: &[u32], known: &Known, outcome: Outcome) -> (Option<Batch>, Option<ImapError>) {
    let Outcome { mut got, unfetched, broken } = outcome;
    let upto = match broken {
        None => uids.last(),
        Some(_) => uids
            .iter()
            .take_while(|uid| {
                let refused = || unfetched.iter().any(|(missing, _)| missing == *uid);
                got.contains_key(uid) || known.unwanted.contains(uid) || refused()
            })
            .last(),
    };
    let batch = upto.map(|upto| {
        let beyond = upto.checked_add(1).map(|first| got.split_off(&first));
        drop(beyond);
        let unfetched = unfetched.into_iter().filter(|(uid, _)| uid <= upto).collect();
        Batch { mails: got.into_iter().collect(), unfetched, upto: *upto }
    });
    (batch, broken)
}

/// The first of `uids` that is not in the batch.
fn unsettled(uids: &[u32], batch: Option<&Batch>) -> u32 {
    let upto = batch.map_or(0, |batch| batch.upto);
    uids.iter().copied().find(|uid| *uid > upto).unwrap_or(upto)
}
