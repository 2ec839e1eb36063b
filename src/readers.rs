//! Reads the mails of claimed rows: beside each other, each within a limit of time, and none behind another.

use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::cores::{self, Doing};
use crate::desk::secret::Unseen;
use crate::mail;
use crate::probe;
use crate::store::work::Work;

/// Slow mails read at the same time. Each may have as many octets as a mail may have.
const MAX_LATE: usize = 8;

/// How long reading may take.
#[derive(Debug, Clone, Copy)]
pub struct ReadPace {
    /// The other mails of a batch wait so long for one that is slow.
    pub patience: Duration,
    /// Longest time of every attempt at one mail.
    pub limit: Duration,
}

impl Default for ReadPace {
    fn default() -> Self {
        Self { patience: Duration::from_millis(250), limit: Duration::from_secs(20) }
    }
}

/// A row, and its mail: not yet looked through for links and codes.
pub type Read = (Work, Unseen);

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

/// Mails whose reading takes its time, while others are read.
#[derive(Debug)]
pub struct Readers {
    pace: ReadPace,
    late: FuturesUnordered<BoxFuture<'static, anyhow::Result<Ended>>>,
}

impl Readers {
    /// Nothing is read yet.
    pub fn new(pace: ReadPace) -> Self {
        Self { pace, late: FuturesUnordered::new() }
    }

    /// Whether no slow mail is being read.
    pub fn is_idle(&self) -> bool {
        self.late.is_empty()
    }

    /// The next slow mail that is read; waits for it, and for ever when there is none.
    pub async fn next(&mut self) -> anyhow::Result<Ended> {
        match self.late.next().await {
            Some(ended) => ended,
            None => std::future::pending().await,
        }
    }

    /// Begins to read `works`, and gives what is read within the patience, slow ones of before among it. Waits for longer
    /// only when there are too many slow ones, until `stop`.
    pub async fn read(&mut self, works: Vec<Work>, stop: &CancellationToken) -> anyhow::Result<Vec<Ended>> {
        let (first, again): (Vec<Work>, Vec<Work>) = works.into_iter().partition(|work| work.attempts <= 1);
        for work in again {
            self.late.push(suspect(work, self.pace).boxed());
        }
        let rows: Vec<i64> = first.iter().map(|work| work.id).collect();
        let doing = cores::begin(first, self.pace.patience, read).await;
        let mut all = Vec::with_capacity(rows.len());
        for (ledger, doing) in rows.into_iter().zip(doing) {
            match doing {
                Doing::Done(ended) => all.push(ended),
                Doing::Lost => all.push(panicked(ledger)),
                Doing::Late(waits) => {
                    let late = within(ledger, waits, self.pace.limit);
                    self.late.push(late.map(move |ended| Ok(ended.unwrap_or(Ended::TooLong(ledger)))).boxed());
                }
            }
        }
        while let Some(Some(ended)) = self.late.next().now_or_never() {
            all.push(ended?);
        }
        while self.late.len() > MAX_LATE {
            tokio::select! {
                ended = self.next() => all.push(ended?),
                () = stop.cancelled() => break,
            }
        }
        Ok(all)
    }
}

/// A mail whose earlier attempt did not end: it may have killed us, or taken too long. It is first read in a process of
/// its own, then here, within the same limit.
async fn suspect(work: Work, pace: ReadPace) -> anyhow::Result<Ended> {
    let ledger = work.id;
    if let Err(why) = probe::survives(&work.raw, pace.limit).await? {
        return Ok(Ended::Unreadable(ledger, why));
    }
    let waits = match cores::begin(vec![work], pace.patience, read).await.pop() {
        Some(Doing::Done(ended)) => return Ok(ended),
        Some(Doing::Late(waits)) => waits,
        Some(Doing::Lost) | None => return Ok(panicked(ledger)),
    };
    let too_long = || Ended::Unreadable(ledger, format!("reading it takes more than {} s", pace.limit.as_secs()));
    Ok(within(ledger, waits, pace.limit).await.unwrap_or_else(too_long))
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
fn read(work: Work) -> Ended {
    // Reading never panics by design; if it does, the mail is set aside and the next one is read.
    match std::panic::catch_unwind(|| Unseen::of(mail::read(&work.raw))) {
        Ok(mail) => Ended::Read(Box::new((work, mail))),
        Err(_) => panicked(work.id),
    }
}
