//! Reads the mails of claimed rows: beside each other, each within a limit of time, none behind another, and yet in order.
//!
//! Mails are handed out in the order of the ledger. A mail is passed by those behind it only when its own reading takes
//! longer than a moment, and never by an answer to it or by a copy of it: those wait until it is read or given up.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::cores::{self, Doing};
use crate::desk::seal::secret::Unseen;
use crate::mail::{self, Mail, content_hash};
use crate::probe;
use crate::store::work::Work;

/// Slow mails read at the same time. Each may have as many octets as a mail may have.
const MAX_LATE: usize = 8;
/// Octets of mails that wait for a slow one. Further ones do not wait: nobody fills the memory by answering a slow mail.
const MAX_WAITING: usize = 8_000_000;

/// How mails are read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// A mail whose own reading takes longer is passed by others. Long: an innocent mail takes as long only on a machine
    /// that hardly gets on.
    pub patience: Duration,
    /// Longest time of every attempt at one mail.
    pub limit: Duration,
    /// Bytes → mail.
    pub reader: fn(&[u8]) -> Mail,
    /// Reads suspects in a process of its own: this program.
    pub program: PathBuf,
}

impl Reading {
    /// As a gateway reads.
    ///
    /// Fails when the system does not say where this program is.
    pub fn usual() -> anyhow::Result<Self> {
        // Asked at the start: once an upgrade has replaced the file, the system gives no name that can be started.
        let program = std::env::current_exe().context("finding this program")?;
        Ok(Self { patience: Duration::from_secs(2), limit: Duration::from_secs(20), reader: mail::read, program })
    }
}

/// A row that was read.
#[derive(Debug)]
pub struct Read {
    /// The row and its octets.
    pub work: Work,
    /// What they say, not yet looked through for links and codes.
    pub mail: Unseen,
    /// See [`Arrival::body_hash`](crate::desk::inbound::arrival::Arrival::body_hash).
    pub body_hash: [u8; 32],
}

/// How an attempt at reading a mail ended.
#[derive(Debug)]
pub enum Ended {
    /// It was read.
    Read(Box<Read>),
    /// It cannot be read: the row, and why.
    Unreadable(i64, String),
    /// A first attempt took longer than it may. The row waits as one whose attempt did not end: a process of its own
    /// reads it next.
    TooLong(i64),
}

impl Ended {
    fn ledger(&self) -> i64 {
        match self {
            Self::Read(read) => read.work.id,
            Self::Unreadable(ledger, _) | Self::TooLong(ledger) => *ledger,
        }
    }
}

/// Mails whose reading takes its time, while others are read.
#[derive(Debug)]
pub struct Readers {
    reading: Reading,
    late: FuturesUnordered<BoxFuture<'static, anyhow::Result<Ended>>>,
    /// The rows of those, and their Message-IDs.
    slow: BTreeMap<i64, String>,
    /// Read, but an answer to one of those, or a copy.
    waiting: Vec<Read>,
    /// Claimed, and not begun.
    left: Vec<Work>,
}

impl Readers {
    /// Nothing is read yet.
    pub fn new(reading: Reading) -> Self {
        Self { reading, late: FuturesUnordered::new(), slow: BTreeMap::new(), waiting: Vec::new(), left: Vec::new() }
    }

    /// Whether no mail is in hand.
    pub fn is_idle(&self) -> bool {
        self.late.is_empty() && self.left.is_empty()
    }

    /// Whether there are claimed mails that were not begun: [`Readers::read`] does so.
    pub fn have_more(&self) -> bool {
        !self.left.is_empty()
    }

    /// What the next slow mail that ends brings; waits for it, and for ever when there is none.
    pub async fn next(&mut self) -> anyhow::Result<Vec<Ended>> {
        match self.late.next().await {
            Some(ended) => Ok(self.in_turn(vec![ended?])),
            None => std::future::pending().await,
        }
    }

    /// Reads `works`, and gives what is read in order, slow ones of before among it. Waits for slow ones only when there
    /// are too many of them, until `stop`.
    pub async fn read(&mut self, works: Vec<Work>, stop: &CancellationToken) -> anyhow::Result<Vec<Ended>> {
        self.left.extend(works);
        let mut all = Vec::new();
        while self.late.len() > MAX_LATE {
            tokio::select! {
                ended = self.late.next() => all.extend(ended.transpose()?),
                () = stop.cancelled() => return Ok(self.in_turn(all)),
            }
        }
        let (first, again): (Vec<Work>, Vec<Work>) =
            std::mem::take(&mut self.left).into_iter().partition(|work| work.attempts <= 1);
        all.extend(self.first(first).await);
        for work in again {
            all.extend(self.again(work).await?);
        }
        while let Some(Some(ended)) = self.late.next().now_or_never() {
            all.push(ended?);
        }
        Ok(self.in_turn(all))
    }

    /// Those of the mails that are read in time.
    async fn first(&mut self, works: Vec<Work>) -> Vec<Ended> {
        let rows: Vec<(i64, String)> = works.iter().map(|work| (work.id, work.message_id.clone())).collect();
        let Reading { patience, limit, reader, .. } = self.reading;
        let doing = cores::begin(works, patience, move |work| read(reader, work)).await;
        let mut ended = Vec::with_capacity(rows.len());
        for ((ledger, message_id), doing) in rows.into_iter().zip(doing) {
            match doing {
                Doing::Done(done) => ended.push(done),
                Doing::Lost => ended.push(panicked(ledger)),
                Doing::Left(work) => self.left.push(work),
                Doing::Late(waits) => {
                    let late = within(ledger, waits, limit.saturating_sub(patience));
                    let late = late.map(move |ended| Ok(ended.unwrap_or(Ended::TooLong(ledger))));
                    self.later(ledger, message_id, late.boxed());
                }
            }
        }
        ended
    }

    /// A mail whose earlier attempt did not end, if it is read in time.
    async fn again(&mut self, work: Work) -> anyhow::Result<Option<Ended>> {
        let (ledger, message_id) = (work.id, work.message_id.clone());
        let mut reading = suspect(work, self.reading.clone()).boxed();
        match tokio::time::timeout(self.reading.patience, &mut reading).await {
            Ok(ended) => Ok(Some(ended?)),
            Err(_) => {
                self.later(ledger, message_id, reading);
                Ok(None)
            }
        }
    }

    fn later(&mut self, ledger: i64, message_id: String, reading: BoxFuture<'static, anyhow::Result<Ended>>) {
        self.slow.insert(ledger, message_id);
        self.late.push(reading);
    }

    /// What may be handed out now, in the order of the ledger: what ended and what waited for it, but no answer to a mail
    /// before it that is still in hand.
    fn in_turn(&mut self, ended: Vec<Ended>) -> Vec<Ended> {
        let mut all: Vec<Ended> = self.waiting.drain(..).map(|read| Ended::Read(Box::new(read))).collect();
        for ended in ended {
            self.slow.remove(&ended.ledger());
            all.push(ended);
        }
        all.sort_by_key(Ended::ledger);
        let mut awaited = Awaited::default();
        for (ledger, message_id) in &self.slow {
            awaited.add(message_id, *ledger);
        }
        let mut octets = 0;
        let mut out = Vec::with_capacity(all.len());
        for ended in all {
            match ended {
                Ended::Read(read) if octets < MAX_WAITING && awaited.concern(&read) => {
                    octets += read.work.raw.len();
                    awaited.add(&read.work.message_id, read.work.id);
                    self.waiting.push(*read);
                }
                ended => out.push(ended),
            }
        }
        out
    }
}

/// The first rows that are not handed out yet, by their Message-IDs.
#[derive(Default)]
struct Awaited(HashMap<String, i64>);

impl Awaited {
    fn add(&mut self, message_id: &str, ledger: i64) {
        if !message_id.is_empty() {
            let first = self.0.entry(message_id.to_owned()).or_insert(ledger);
            *first = ledger.min(*first);
        }
    }

    /// Whether a mail answers one of those that came before it, or is a copy of it.
    fn concern(&self, Read { work, mail, .. }: &Read) -> bool {
        let mut named = mail.answers().chain([work.message_id.as_str()]);
        named.any(|id| self.0.get(id).is_some_and(|ledger| *ledger < work.id))
    }
}

/// A mail whose earlier attempt did not end: it may have killed us, or taken too long. It is first read in a process of
/// its own, then here, within the same limit.
async fn suspect(work: Work, reading: Reading) -> anyhow::Result<Ended> {
    let Reading { limit, reader, program, .. } = reading;
    let ledger = work.id;
    if let Err(why) = probe::survives(&program, &work.raw, limit).await? {
        return Ok(Ended::Unreadable(ledger, why));
    }
    Ok(match cores::begin(vec![work], limit, move |work| read(reader, work)).await.pop() {
        Some(Doing::Done(ended)) => ended,
        Some(Doing::Late(_)) => Ended::Unreadable(ledger, format!("reading it takes more than {} s", limit.as_secs())),
        // Nothing is left over of one.
        Some(Doing::Lost | Doing::Left(_)) | None => panicked(ledger),
    })
}

/// What comes within the limit.
async fn within(ledger: i64, waits: oneshot::Receiver<Ended>, limit: Duration) -> Option<Ended> {
    let ended = tokio::time::timeout(limit, waits).await.ok()?;
    Some(ended.unwrap_or_else(|_| panicked(ledger)))
}

fn panicked(ledger: i64) -> Ended {
    Ended::Unreadable(ledger, "its reader panicked".to_owned())
}

/// Reads one mail.
fn read(reader: fn(&[u8]) -> Mail, work: Work) -> Ended {
    // Reading never panics by design; if it does, the mail is set aside and the next one is read.
    match std::panic::catch_unwind(|| (Unseen::of(reader(&work.raw)), content_hash::body_hash(&work.raw))) {
        Ok((mail, body_hash)) => Ended::Read(Box::new(Read { work, mail, body_hash })),
        Err(_) => panicked(work.id),
    }
}
