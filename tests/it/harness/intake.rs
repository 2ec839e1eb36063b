//! An intake with a ledger of its own.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use caseway::config::{After, FirstStart, Imap, ImapAuth, Junk, Limits, Mailbox, Source, Tls};
use caseway::intake::{self, IntakeContext, Pace};
use caseway::store::Store;
use caseway::store::outbox::{self, NewMail};
use caseway::time::Clock;
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{database, post};

/// A database in a temporary folder, and what an intake needs besides.
pub struct Ledger {
    pub ctx: IntakeContext,
    pub dir: TempDir,
}

/// A row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub id: i64,
    pub uid: u32,
    pub uidvalidity: u32,
    pub place: String,
    pub message_id: String,
    pub size: u64,
    pub oversize: bool,
    pub told: bool,
    pub raw_id: i64,
    pub raw: Vec<u8>,
}

impl Ledger {
    pub async fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let store = Store::open(&database::url(dir.path())).await.unwrap();
        let ctx = IntakeContext {
            tokens: None,
            belongs: None,
            store,
            clock: Clock::system(),
            wake: Arc::new(Notify::new()),
            sent: Arc::new(Notify::new()),
            metrics: Default::default(),
            limits: limits(),
            shutdown: CancellationToken::new(),
            pace: Pace {
                first_delay: Duration::from_millis(5),
                longest_delay: Duration::from_millis(50),
                useful_after: Duration::from_secs(10),
                owed_delay: Duration::from_millis(20),
                drain: Duration::from_secs(1),
            },
        };
        Self { ctx, dir }
    }

    /// Everything in the ledger, in order.
    pub async fn rows(&self) -> Vec<Stored> {
        let rows = sqlx::query(
            "SELECT ledger.id, uid, uidvalidity, place, message_id, size, oversize, told, raw_id, bytes
             FROM ledger JOIN raw ON raw.id = raw_id ORDER BY ledger.id",
        )
        .fetch_all(self.ctx.store.reader())
        .await
        .unwrap();
        rows.iter()
            .map(|row| Stored {
                id: row.get(0),
                uid: row.get::<i64, _>(1).try_into().unwrap(),
                uidvalidity: row.get::<i64, _>(2).try_into().unwrap(),
                place: row.get(3),
                message_id: row.get(4),
                size: row.get::<i64, _>(5).try_into().unwrap(),
                oversize: row.get::<i64, _>(6) != 0,
                told: row.get::<i64, _>(7) != 0,
                raw_id: row.get(8),
                raw: row.get(9),
            })
            .collect()
    }

    /// UIDs of the mails that are kept as history, and of those that wait to be read.
    pub async fn history_and_new(&self) -> (Vec<u32>, Vec<u32>) {
        let rows = sqlx::query("SELECT uid, verdict, state FROM ledger ORDER BY id").fetch_all(self.ctx.store.reader());
        let (mut history, mut new) = (Vec::new(), Vec::new());
        for row in rows.await.unwrap() {
            match (row.get::<String, _>(1).as_str(), row.get::<String, _>(2).as_str()) {
                ("history", "done") => history.push(u32::try_from(row.get::<i64, _>(0)).unwrap()),
                ("", "new") => new.push(u32::try_from(row.get::<i64, _>(0)).unwrap()),
                other => panic!("{other:?}"),
            }
        }
        (history, new)
    }

    /// Raw bytes stored, which may be fewer than rows.
    pub async fn raw_count(&self) -> i64 {
        sqlx::query("SELECT COUNT(*) FROM raw").fetch_one(self.ctx.store.reader()).await.unwrap().get(0)
    }

    /// UIDs that are owed, with what the server said.
    pub async fn unfetched(&self) -> Vec<(u32, String)> {
        let owed = caseway::store::cursor::unfetched(&self.ctx.store, "support", "INBOX").await.unwrap();
        owed.into_iter().map(|owed| (owed.uid, owed.error)).collect()
    }

    /// Mails that have just been sent, each with a copy owed to the mailbox's folder; their Message-IDs.
    pub async fn send(&self, count: i64) -> Vec<String> {
        self.send_at(count, "2026-03-02T09:00:00Z".parse().unwrap()).await
    }

    /// The same, written at a time of the test's choice.
    pub async fn send_at(&self, count: i64, date: Timestamp) -> Vec<String> {
        let store = &self.ctx.store;
        let mut tx = store.write().await.unwrap();
        let first = outbox::new_ids(&mut tx, count.try_into().unwrap()).await.unwrap();
        let mail = |id| NewMail { copy_to: Some("support".to_owned()), ..post::mail(id, "ann@example.test", date) };
        let mails: Vec<NewMail> = (first..first + count).map(mail).collect();
        outbox::insert(&mut tx, &mails).await.unwrap();
        tx.commit().await.unwrap();
        let until = date + SignedDuration::from_mins(5);
        let claimed = outbox::claim(store, "out", date, until, 1_000).await.unwrap();
        let sent: Vec<_> = claimed.iter().map(|mail| (mail.id, outbox::Outcome::Sent)).collect();
        outbox::record(store, &sent, date).await.unwrap();
        self.ctx.sent.notify_waiters();
        mails.into_iter().map(|mail| mail.message_id).collect()
    }

    /// How many copies are owed, and how many of them may be there.
    pub async fn owed(&self) -> (i64, i64) {
        let row = sqlx::query("SELECT COUNT(*), CAST(COALESCE(SUM(begun), 0) AS BIGINT) FROM sent_copy");
        let row = row.fetch_one(self.ctx.store.reader()).await.unwrap();
        (row.get(0), row.get(1))
    }

    /// Waits until the ledger has so many rows.
    pub async fn until(&self, rows: usize) -> Vec<Stored> {
        let waited = tokio::time::timeout(Duration::from_secs(30), async {
            loop {
                let found = self.rows().await;
                if found.len() >= rows {
                    return found;
                }
                self.ctx.wake.notified().await;
            }
        });
        match waited.await {
            Ok(found) => found,
            Err(_) => panic!("the ledger never got {rows} rows; it has {}", self.rows().await.len()),
        }
    }

    /// Reads the mailbox in the background until [`Running::stop`].
    #[expect(clippy::disallowed_methods, reason = "the task ends with the test")]
    pub fn run(&self, mailbox: Mailbox) -> Running {
        let shutdown = self.ctx.shutdown.clone();
        Running { shutdown, task: tokio::spawn(intake::run(self.ctx.clone(), mailbox)) }
    }

    /// Takes all there is now.
    pub async fn once(&self, mailbox: &Mailbox) -> u64 {
        intake::run_once(&self.ctx, mailbox).await.unwrap()
    }
}

/// An intake that runs.
pub struct Running {
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    /// Ends the intake at once, in the middle of whatever it does, as a kill does.
    pub async fn kill(self) {
        self.task.abort();
        let _ = self.task.await;
    }

    /// Stops the intake, which must end soon.
    pub async fn stop(self) {
        self.shutdown.cancel();
        tokio::time::timeout(Duration::from_secs(5), self.task).await.expect("it ends within seconds").unwrap();
    }
}

fn limits() -> Limits {
    Limits {
        mail_size: 25_000_000,
        attach_size: 10_000_000,
        per_recipient: Vec::new(),
        per_ticket: Vec::new(),
        per_sender: Vec::new(),
        first_contacts: 1_000,
        total: Vec::new(),
        links: Limits::default().links,
        attempts: 3,
        shutdown: Duration::from_secs(5),
    }
}

/// A mailbox on loopback without TLS; `change` makes it what the test needs.
pub fn imap(port: u16, change: impl FnOnce(&mut Imap)) -> Mailbox {
    let mut imap = Imap {
        host: "127.0.0.1".to_owned(),
        port,
        tls: Tls::None,
        user: "support".to_owned(),
        credential: caseway::config::Credential::Password("support-pw".into()),
        mechanism: ImapAuth::Login,
        folder: "INBOX".into(),
        further: Vec::new(),
        junk: Junk::Ignore,
        after: After::Keep,
        sent_folder: None,
        idle: true,
        compress: false,
        poll: Duration::from_secs(60),
        timeout: Duration::from_secs(10),
        batch: 200,
    };
    change(&mut imap);
    mailbox(Source::Imap(Box::new(imap)))
}

/// A mailbox that is a Maildir, looked at often.
pub fn maildir(path: &Path, after: After) -> Mailbox {
    let poll = Duration::from_millis(20);
    mailbox(Source::Maildir(caseway::config::Maildir { path: path.to_owned(), after, poll }))
}

fn mailbox(source: Source) -> Mailbox {
    Mailbox {
        name: "support".to_owned(),
        address: "support@example.test".to_owned(),
        aliases: Vec::new(),
        queue: "support".to_owned(),
        plus_addressing: true,
        transport: "out".to_owned(),
        language: None,
        first_start: FirstStart::All,
        source,
    }
}
