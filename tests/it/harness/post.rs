//! An outbox with a transport and a clock that is set by hand.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use caseway::config::{Smtp, Tls, Transport};
use caseway::desk::notice::kind::Notice;
use caseway::send::{self, SendContext, Tally};
use caseway::store::Store;
use caseway::store::outbox::{self, NewMail};
use caseway::time::Clock;
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::database;
use super::hands::Hands;
use super::smtp_script::SmtpScript;
use super::world::World;

/// A row of the outbox, as a person would see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub recipient: String,
    pub state: String,
    pub attempts: i64,
    pub error: String,
    /// `None` when it is not tried again by itself.
    pub next: Option<Timestamp>,
}

/// A store, its sender's context and the hands of its clock.
pub struct Post {
    pub ctx: SendContext,
    hands: Hands,
    pub dir: TempDir,
}

fn context(store: Store, clock: Clock) -> SendContext {
    SendContext {
        tokens: None,
        store,
        clock,
        wake: Arc::default(),
        failed: Arc::<Notify>::default(),
        sent: Arc::default(),
        signer: Arc::default(),
        metrics: Default::default(),
        shutdown: CancellationToken::new(),
    }
}

/// Sends what is due at a desk by this server, and tells the engineers what failed.
pub async fn send_by(world: &World, server: &SmtpScript) {
    let ctx = context(world.app.store.clone(), world.app.clock.clone());
    send::run_until_empty(ctx, "out".to_owned(), transport(smtp(server.port))).await;
    world.process().await;
}

impl Post {
    pub async fn new() -> Self {
        let dir = memory();
        let store = Store::open(&database::url(dir.path())).await.unwrap();
        let hands = Hands::new();
        Self { ctx: context(store, hands.clock()), hands, dir }
    }

    pub fn now(&self) -> Timestamp {
        self.ctx.clock.now()
    }

    /// Moves the hands forward and wakes who waits for a time.
    pub fn pass(&self, time: SignedDuration) {
        self.hands.pass(time);
        self.ctx.wake.notify_waiters();
    }

    pub fn folder(&self) -> PathBuf {
        self.dir.path().join("out")
    }

    /// Queues one mail for each recipient for the transport `out`; the ids.
    pub async fn queue(&self, recipients: &[&str]) -> Vec<i64> {
        self.queue_as(recipients, |_| {}).await
    }

    /// The same, after `change` has touched each mail.
    pub async fn queue_as(&self, recipients: &[&str], change: impl Fn(&mut NewMail)) -> Vec<i64> {
        let mut tx = self.ctx.store.write().await.unwrap();
        let first = outbox::new_ids(&mut tx, recipients.len()).await.unwrap();
        let mails: Vec<NewMail> = (first..)
            .zip(recipients)
            .map(|(id, recipient)| {
                let mut mail = mail(id, recipient, self.now());
                change(&mut mail);
                mail
            })
            .collect();
        outbox::insert(&mut tx, &mails).await.unwrap();
        tx.commit().await.unwrap();
        self.ctx.wake.notify_waiters();
        mails.iter().map(|mail| mail.id).collect()
    }

    /// Sends all that is due now.
    pub async fn send(&self, transport: &Transport) -> Tally {
        send::run_until_empty(self.ctx.clone(), "out".to_owned(), transport.clone()).await
    }

    /// All rows, by id.
    pub async fn shown(&self) -> Vec<Shown> {
        let rows =
            sqlx::query("SELECT recipient, state, attempts, last_error, next_attempt_at FROM outbox ORDER BY id");
        let rows = rows.fetch_all(self.ctx.store.reader()).await.unwrap();
        let next = |at: i64| (at != i64::MAX).then(|| Timestamp::from_microsecond(at).unwrap());
        rows.iter()
            .map(|row| Shown {
                recipient: row.get(0),
                state: row.get(1),
                attempts: row.get(2),
                error: row.get(3),
                next: next(row.get(4)),
            })
            .collect()
    }

    /// The one row there is.
    pub async fn only(&self) -> Shown {
        let mut shown = self.shown().await;
        assert_eq!(shown.len(), 1);
        shown.remove(0)
    }

    /// Waits, without sleeping, until the table looks as expected.
    pub async fn wait_until(&self, expected: impl Fn(&[Shown]) -> bool) {
        while !expected(&self.shown().await) {
            tokio::task::yield_now().await;
        }
    }
}

/// A folder in memory where the system has one: every commit waits for the disk, and these tests make thousands.
fn memory() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap()
}

/// A mail that is due at once.
pub fn mail(id: i64, recipient: &str, now: Timestamp) -> NewMail {
    NewMail {
        id,
        notice: Notice::Acknowledgement,
        transport: "out".to_owned(),
        automatic: true,
        ticket_id: None,
        ledger_id: None,
        person_id: None,
        recipient: recipient.to_owned(),
        return_path: "support+v1@example.test".to_owned(),
        subject: "[CASE-1] Printer".to_owned(),
        message_id: format!("mail-{id}@example.test"),
        bytes: format!(
            "From: support@example.test\r\nTo: {recipient}\r\nMessage-ID: <mail-{id}@example.test>\r\n\
             Subject: [CASE-1] Printer\r\n\r\nWe have your request.\r\n.\r\n..two dots\r\n"
        )
        .into_bytes(),
        spare: None,
        created_at: now,
        next_attempt_at: now,
        copy_to: None,
    }
}

/// A plain SMTP transport with one connection and little patience.
pub fn smtp(port: u16) -> Smtp {
    Smtp {
        host: "localhost".to_owned(),
        port,
        tls: Tls::None,
        login: None,
        hello: Some("gateway.example.test".to_owned()),
        connections: 1,
        timeout: Duration::from_secs(20),
        give_up_after: SignedDuration::from_hours(5 * 24),
        first_delay: SignedDuration::from_mins(1),
        max_delay: SignedDuration::from_hours(4),
    }
}

pub fn transport(smtp: Smtp) -> Transport {
    Transport::Smtp(Box::new(smtp))
}
