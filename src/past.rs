//! Mails of the time before the gateway get their places: in the order in which they came, by the rules for every mail, and nothing
//! follows from them.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::desk::event::Event;
use crate::desk::inbound::arrival::{self, Arrival};
use crate::process::{self, Process};
use crate::readers::{Ended, Read, Readers};
use crate::store::link;
use crate::store::unplaced::{self, Unplaced};
use crate::store::work::Work;

/// Mails decided in one transaction.
const BATCH: u32 = 250;
/// Octets read for one batch.
const BATCH_OCTETS: u64 = 4_000_000;
/// Batches after which the database's log is brought into its file.
const TIDY_EVERY: u64 = 8;

/// Works off mails of archives.
#[derive(Debug)]
pub struct Past {
    /// Reads and decides; at most one process does for a database.
    pub process: Process,
    /// What came since then is not over; `None` when all is.
    pub open_since: Option<Timestamp>,
}

impl Past {
    /// Gives all that waits its place; `placed` hears of each batch. Stopped at any instruction, the next run goes on with what waits.
    pub async fn place(&self, mut placed: impl FnMut(u64)) -> anyhow::Result<()> {
        let store = &self.process.act.store;
        let mut rounds = 0_u64;
        loop {
            let batch = unplaced::claim(store, BATCH, BATCH_OCTETS).await?;
            if batch.is_empty() {
                return store.checkpoint().await;
            }
            let count = batch.len() as u64;
            let arrivals = self.read(batch).await?;
            self.decide(&arrivals).await?;
            placed(count);
            rounds += 1;
            if rounds.is_multiple_of(TIDY_EVERY) {
                store.checkpoint().await?;
            }
        }
    }

    /// The mails of a batch that can be read, in the order in which they came.
    async fn read(&self, batch: Vec<Unplaced>) -> anyhow::Result<Vec<Arrival>> {
        let times: Vec<(i64, Timestamp)> = batch.iter().map(|mail| (mail.work.id, mail.at)).collect();
        let works = batch.into_iter().map(|mail| mail.work).collect();
        let mut reads = Vec::with_capacity(times.len());
        for ended in self.all(works).await? {
            match ended {
                Ended::Read(read) => reads.push(*read),
                Ended::Unreadable(ledger, why) => self.give_up(ledger, &why).await?,
                // Its attempt was counted: next it comes alone, and is read by a process of its own.
                Ended::TooLong(_) => {}
            }
        }
        let candidates = reads.iter().flat_map(|read| read.mail.candidates()).collect();
        let known = link::known(&self.process.act.store, candidates).await?;
        let time = |ledger: i64| times.iter().position(|(id, _)| *id == ledger);
        reads.sort_by_key(|read| time(read.work.id));
        let arrival = |read: Read| {
            let at = times.iter().find(|(id, _)| *id == read.work.id).map(|(_, at)| *at);
            let (arrival, _) = process::arrival(&self.process.act.rules, read, &known);
            let at = at.unwrap_or(arrival.received_at);
            let past = arrival::Past { at, open_since: self.open_since };
            Arrival { received_at: at, past: Some(past), ..arrival }
        };
        Ok(reads.into_iter().map(arrival).collect())
    }

    /// Every one of them, however slow: nobody waits for those behind.
    async fn all(&self, works: Vec<Work>) -> anyhow::Result<Vec<Ended>> {
        let go_on = CancellationToken::new();
        let mut readers = Readers::new(self.process.reading.clone());
        let mut ended = readers.read(works, &go_on).await?;
        while !readers.is_idle() {
            if readers.have_more() {
                ended.extend(readers.read(Vec::new(), &go_on).await?);
            } else {
                ended.extend(readers.next().await?);
            }
        }
        Ok(ended)
    }

    /// Decides a batch; when it fails as a whole, mail by mail, so that one bad mail stops no other.
    async fn decide(&self, batch: &[Arrival]) -> anyhow::Result<()> {
        if batch.is_empty() || self.decide_together(batch).await.is_ok() {
            return Ok(());
        }
        for arrival in batch {
            match self.decide_together(std::slice::from_ref(arrival)).await {
                Ok(()) => {}
                // The database takes nothing now: what waits is for the next run.
                Err(error) if error.chain().any(|cause| cause.is::<sqlx::Error>()) => return Err(error),
                Err(error) => self.give_up(arrival.ledger, &format!("{error:#}")).await?,
            }
        }
        Ok(())
    }

    async fn decide_together(&self, batch: &[Arrival]) -> anyhow::Result<()> {
        let events: Vec<Event<'_>> = batch.iter().map(Event::Arrived).collect();
        let deciding = AssertUnwindSafe(self.process.act.events(&events)).catch_unwind().await;
        deciding.unwrap_or_else(|_| Err(anyhow::anyhow!("deciding it panicked"))).map(|_| ())
    }

    async fn give_up(&self, ledger: i64, why: &str) -> anyhow::Result<()> {
        tracing::warn!(event = "mail.given_up", ledger, "mail {ledger} of an archive is given up: {why}");
        unplaced::give_up(&self.process.act.store, ledger, why, self.process.act.clock.now()).await
    }
}
