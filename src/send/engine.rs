//! Feeds couriers with due mails, as many as they can carry and only while their server can be used.

use std::borrow::Cow;
use std::collections::HashSet;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, mpsc};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tracing::{error, info, warn};

use super::breaker::{Breaker, Change, Gate};
use super::context::SendContext;
use super::courier::Courier;
use super::ending::{Ending, Fault};
use super::resend::Resend;
use super::retry::{self, Policy};
use super::smtp::IDLE;
use super::tally::{Ended, Tally};
use crate::mail::address::mask_all;
use crate::store::outbox;
use crate::store::outbox::Claimed;

/// Mails claimed at a time for each courier; up to twice as many wait in the queue.
const BATCH: usize = 8;
/// A claim holds this long; [`Engine::keep_leases`] prolongs it for as long as the process lives.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
const RENEWAL: Duration = Duration::from_secs(200);
/// Looks at the table at least this often, whatever was or was not notified.
const SAFETY_POLL: Duration = Duration::from_secs(30);
/// After trouble with the database.
const DATABASE_PAUSE: SignedDuration = SignedDuration::from_secs(2);

/// One transport at work.
pub(super) struct Engine {
    pub(super) ctx: SendContext,
    pub(super) name: String,
    policy: Policy,
    breaker: Mutex<Breaker>,
    /// Claimed and not recorded yet.
    in_hand: Mutex<HashSet<i64>>,
    /// Results were recorded, or the breaker opened.
    settled: Notify,
}

/// When to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    Shutdown,
    NothingDue,
}

/// What the feeder found.
enum Found {
    /// Mails; look again at once.
    Mails(Vec<Claimed>),
    /// Nothing before then, as far as the table knows.
    Nothing(Option<Timestamp>),
}

type Queue = tokio::sync::Mutex<mpsc::Receiver<Claimed>>;

impl Engine {
    pub(super) fn new(ctx: SendContext, name: String, policy: Policy) -> Self {
        Self { ctx, name, policy, breaker: Mutex::default(), in_hand: Mutex::default(), settled: Notify::new() }
    }

    /// Runs feeder, couriers and recorder to their end. Dropping the future stops all of them at once.
    pub(super) async fn run(&self, couriers: Vec<Courier>, until: Until) -> Tally {
        let batch = couriers.len() * BATCH;
        let (to_couriers, queue) = mpsc::channel(batch * 2);
        let (to_recorder, results) = mpsc::channel(batch * 2);
        let queue = Queue::new(queue);
        let carrying = join_all(couriers.into_iter().map(|courier| self.carry(courier, &queue, to_recorder.clone())));
        drop(to_recorder);
        let work = async {
            let ((), _, tally) = tokio::join!(self.feed(to_couriers, batch, until), carrying, self.record_all(results));
            tally
        };
        tokio::select! {
            tally = work => tally,
            () = self.keep_leases() => Tally::default(),
        }
    }

    /// Claims due mails and queues them until it is told to stop; then the queue ends, and with it the couriers.
    async fn feed(&self, queue: mpsc::Sender<Claimed>, batch: usize, until: Until) {
        loop {
            // Interest is registered before looking, so that nothing added in between is missed.
            let mut woken = pin!(self.ctx.wake.notified());
            woken.as_mut().enable();
            let room = tokio::select! {
                biased;
                () = self.ctx.shutdown.cancelled() => return,
                room = queue.reserve_many(batch) => room,
            };
            let Ok(room) = room else { return };
            let now = self.ctx.clock.now();
            // Before looking, too: what is settled meanwhile may be due again.
            let idle = self.in_hand().is_empty();
            let next = match self.look(now, batch).await {
                Ok(Found::Mails(mails)) => {
                    room.zip(mails).for_each(|(place, mail)| place.send(mail));
                    continue;
                }
                Ok(Found::Nothing(next)) => next,
                Err(error) => {
                    error!(
                        event = "outbox.unreadable",
                        transport = self.name,
                        "The outbox cannot be read, trying again soon: {error:#}"
                    );
                    now.saturating_add(DATABASE_PAUSE).ok()
                }
            };
            drop(room);
            if until == Until::NothingDue && idle {
                return;
            }
            let pause = next.map_or(SAFETY_POLL, |next| {
                Duration::try_from(next.duration_since(now)).unwrap_or_default().min(SAFETY_POLL)
            });
            tokio::select! {
                () = woken => {}
                () = self.settled.notified() => {}
                () = sleep(pause) => {}
                () = self.ctx.shutdown.cancelled() => return,
            }
        }
    }

    /// What may go out now.
    async fn look(&self, now: Timestamp, batch: usize) -> anyhow::Result<Found> {
        let gate = self.breaker().gate(now);
        let limit = match gate {
            Gate::Closed => batch,
            Gate::Probing if self.in_hand().is_empty() => {
                self.give_up_old(now).await?;
                1
            }
            // The probe is under way.
            Gate::Probing => return Ok(Found::Nothing(None)),
            Gate::Open(until) => return Ok(Found::Nothing(Some(until))),
        };
        // Looking does not take the write lock.
        match outbox::next_due(&self.ctx.store, &self.name).await? {
            Some(due) if due <= now => {}
            next if !self.begins_anew(now).await? => return Ok(Found::Nothing(next)),
            _ => {}
        }
        let until = now.saturating_add(LEASE)?;
        let mails = outbox::claim(&self.ctx.store, &self.name, now, until, u32::try_from(limit)?).await?;
        self.in_hand().extend(mails.iter().map(|mail| mail.id));
        Ok(Found::Mails(mails))
    }

    /// Whether mails waited longer than any may: the clock was ahead when they were put off.
    async fn begins_anew(&self, now: Timestamp) -> anyhow::Result<bool> {
        let begun = outbox::begin_anew(&self.ctx.store, &self.name, now, self.policy.longest_wait()).await?;
        if begun > 0 {
            warn!(
                event = "transport.set_back",
                transport = self.name,
                begun,
                "The clock was set back: mails are due now"
            );
        }
        Ok(begun > 0)
    }

    /// While the server is in trouble, time goes on: mails that have waited too long are given up where they are.
    async fn give_up_old(&self, now: Timestamp) -> anyhow::Result<()> {
        let Some(since) = self.policy.give_up_before(now) else { return Ok(()) };
        let error = self.policy.given_up();
        let given_up = outbox::give_up(&self.ctx.store, &self.name, since, &error).await?;
        if given_up > 0 {
            warn!(event = "mail.failed", transport = self.name, mails = given_up, "Mails were {error}");
            self.ctx.failed.notify_one();
        }
        Ok(())
    }

    /// One courier: takes mails from the queue until it ends.
    async fn carry(&self, mut courier: Courier, queue: &Queue, results: mpsc::Sender<Ended>) {
        loop {
            courier.ready().await;
            let mut mail = match timeout(IDLE, async { queue.lock().await.recv().await }).await {
                Ok(Some(mail)) => mail,
                Ok(None) => break,
                Err(_) => {
                    courier.rest().await;
                    continue;
                }
            };
            let ending = self.deliver(&mut courier, &mut mail).await;
            if results.send(self.end(mail, ending)).await.is_err() {
                break;
            }
        }
        courier.rest().await;
    }

    async fn deliver(&self, courier: &mut Courier, mail: &mut Claimed) -> Ending {
        if !self.may_begin() {
            return Ending::HandedBack;
        }
        if mail.bytes.is_empty()
            && let Err(error) = outbox::load(&self.ctx.store, mail).await
        {
            let error = format!("the mail cannot be read from the database: {error:#}");
            return Ending::NotTried { error, fault: Fault::Passing };
        }
        match self.ctx.signer.sign(&mail.bytes) {
            Ok(Cow::Borrowed(_)) => {}
            Ok(Cow::Owned(signed)) => mail.bytes = signed,
            Err(error) => return Ending::NotTried { error: format!("{error:#}"), fault: Fault::Passing },
        }
        let resend = mail.resent.then_some(Resend { store: &self.ctx.store, mail: mail.id });
        let ending = courier.deliver(mail, resend).await;
        // It is in the table; no need to keep it until the result is there too.
        mail.bytes = Vec::new();
        ending
    }

    fn may_begin(&self) -> bool {
        !self.ctx.shutdown.is_cancelled() && self.breaker().open_until().is_none()
    }

    /// Tells the breaker how it went, and decides what becomes of the mail.
    fn end(&self, mail: Claimed, ending: Ending) -> Ended {
        let now = self.ctx.clock.now();
        let (change, open_until) = {
            let mut breaker = self.breaker();
            (breaker.note(&ending, now), breaker.open_until())
        };
        match change {
            Some(Change::Opened { until, reason, again: false }) => {
                let reason = mask_all(&reason);
                self.ctx.metrics.stops(&self.name, &reason);
                warn!(
                    event = "transport.open",
                    transport = self.name,
                    %until,
                    "Mails wait, one is tried from time to time: {reason}"
                );
            }
            Some(Change::Closed) => {
                self.ctx.metrics.goes(&self.name);
                info!(event = "transport.closed", transport = self.name, "Mails go out again");
            }
            Some(Change::Opened { again: true, .. }) | None => {}
        }
        if let Ending::Crowded { error, connections } = &ending {
            warn!(
                event = "transport.connections",
                transport = self.name,
                connections,
                "The server takes no more connections at a time, the others go on: {}",
                mask_all(error)
            );
        }
        let outcome = retry::outcome(ending, &mail, &self.policy, now, open_until);
        Ended { mail, outcome }
    }

    /// Forgets mails that were recorded, and lets the feeder look again.
    pub(super) fn settle(&self, ended: &[Ended]) {
        let mut in_hand = self.in_hand();
        for ended in ended {
            in_hand.remove(&ended.mail.id);
        }
        drop(in_hand);
        self.settled.notify_one();
    }

    /// Prolongs the leases of what is in hand, and takes back what a process that died had claimed. Never ends.
    async fn keep_leases(&self) {
        let mut ticks = interval(RENEWAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.tick().await;
        loop {
            ticks.tick().await;
            if let Err(error) = self.renew().await {
                error!(
                    event = "outbox.lease_lost",
                    transport = self.name,
                    "The leases of mails in hand cannot be prolonged: {error:#}"
                );
            }
        }
    }

    async fn renew(&self) -> anyhow::Result<()> {
        let now = self.ctx.clock.now();
        let ids: Vec<i64> = self.in_hand().iter().copied().collect();
        if !ids.is_empty() {
            outbox::renew(&self.ctx.store, &ids, now.saturating_add(LEASE)?).await?;
        }
        outbox::release_expired(&self.ctx.store, &self.name, now).await.map(|_| ())
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_hand(&self) -> MutexGuard<'_, HashSet<i64>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
