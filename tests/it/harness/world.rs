//! One gateway with a temporary database and a clock that is set by hand.

use caseway::app::App;
use caseway::config::Config;
use caseway::intake::pipe::{self, Format, Input};
use caseway::mail::{self, Mail};
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::config::config;
use super::hands::Hands;
use super::mail::Letter;

/// A gateway under test. Goes in by the ledger, comes out by the outbox.
pub struct World {
    pub app: App,
    pub dir: TempDir,
    hands: Hands,
    seen: i64,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    pub verdict: String,
    pub reason: String,
    /// 0 when there is none.
    pub ticket: i64,
    pub proof: String,
    pub state: String,
}

/// A mail that went into the outbox.
#[derive(Debug)]
pub struct Sent {
    pub id: i64,
    pub notice: String,
    pub recipient: String,
    pub return_path: String,
    pub raw: Vec<u8>,
    pub mail: Mail,
}

impl Sent {
    /// The Message-ID that an answer names.
    pub fn message_id(&self) -> &str {
        self.mail.message_id.as_deref().unwrap()
    }

    /// The text as one reads it, without the token of the address for notes: it is another one each time.
    pub fn shown(&self) -> String {
        let mut parts = self.mail.text.split("+note-");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| {
            text + "+note-[TOKEN]" + part.trim_start_matches(|c: char| c.is_ascii_alphanumeric())
        })
    }

    /// Where an answer goes.
    pub fn reply_to(&self) -> &str {
        self.mail.reply_to.first().or(self.mail.from.as_ref()).map(|address| address.email.as_str()).unwrap()
    }
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A world whose configuration `change` has touched.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::built(TempDir::new().unwrap(), change).await
    }

    /// A world over the database that lies in the folder.
    pub async fn over(dir: TempDir) -> Self {
        Self::built(dir, |_| {}).await
    }

    /// The same with a configuration that `change` has touched.
    pub async fn over_with(dir: TempDir, change: impl FnOnce(&mut Config)) -> Self {
        Self::built(dir, change).await
    }

    async fn built(dir: TempDir, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = config(dir.path());
        change(&mut config);
        let hands = Hands::new();
        let clock = hands.clock();
        let app = App::build(config, clock).await.unwrap();
        Self { app, dir, hands, seen: 0 }
    }

    pub fn now(&self) -> Timestamp {
        self.hands.now()
    }

    /// Moves the clock's hands forward.
    pub fn pass(&self, time: SignedDuration) {
        self.hands.pass(time);
    }

    /// Somebody sets the clock, forwards or backwards, and no time passes.
    pub fn set_clock(&self, by: SignedDuration) {
        self.hands.set(by);
    }

    /// Adds an engineer to the support queue.
    pub async fn engineer(&self, email: &str, name: &str) {
        let mut tx = self.app.store.write().await.unwrap();
        for sql in [
            "INSERT INTO person (id, email, name, created_at) SELECT value + 1, $1, $2, 0 FROM counter WHERE name = 'person'",
            "UPDATE counter SET value = value + 1 WHERE name = 'person' AND $1 <> $2",
            "INSERT INTO engineer (person_id, queue, added_at) SELECT id, 'support', 0 FROM person WHERE email = $1 AND name = $2",
        ] {
            sqlx::query(sql).bind(email.to_owned()).bind(name.to_owned()).execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// A customer whom the desk knows: somebody proved once that the address is theirs.
    pub async fn known(&self, email: &str) {
        let mut tx = self.app.store.write().await.unwrap();
        for sql in [
            "INSERT INTO person (id, email, name, known, created_at) SELECT value + 1, $1, '', 1, 0 FROM counter WHERE name = 'person'",
            "UPDATE counter SET value = value + 1 WHERE name = 'person' AND $1 <> ''",
        ] {
            sqlx::query(sql).bind(email.to_owned()).execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// A mail arrives and is processed.
    pub async fn receive(&self, letter: &Letter) -> Settled {
        self.receive_raw(&letter.bytes()).await
    }

    pub async fn receive_raw(&self, raw: &[u8]) -> Settled {
        let id = self.store_raw(raw).await;
        self.process().await;
        self.settled(id).await
    }

    /// A mail arrives through a mailbox and is processed.
    pub async fn receive_at(&self, mailbox: &str, letter: &Letter) -> Settled {
        let id = self.store_raw_at(mailbox, &letter.bytes()).await;
        self.process().await;
        self.settled(id).await
    }

    /// A mail arrives and waits.
    pub async fn store_raw(&self, raw: &[u8]) -> i64 {
        self.store_raw_at("support", raw).await
    }

    /// A mail arrives through a mailbox and waits.
    pub async fn store_raw_at(&self, mailbox: &str, raw: &[u8]) -> i64 {
        let read = Box::new(std::io::Cursor::new(raw.to_vec()));
        let input = Input::Stream { name: "a mail".to_owned(), read };
        let ctx = self.app.intake(&CancellationToken::new());
        pipe::take(&ctx, mailbox, input, Format::Mail).await.unwrap();
        self.count("SELECT MAX(id) FROM ledger").await
    }

    pub async fn process(&self) {
        self.app.process.drain(&CancellationToken::new()).await.unwrap();
    }

    /// What the directory of accounts was asked is answered, and what follows from the answers too.
    pub async fn settle(&self) {
        self.app.provision.drain(&CancellationToken::new()).await.unwrap();
    }

    /// What is due at the hand-set time is worked off; when the next follow-up is.
    pub async fn tick(&self) -> Option<Timestamp> {
        self.app.follow_ups.drain(&CancellationToken::new()).await.unwrap()
    }

    pub async fn settled(&self, id: i64) -> Settled {
        let row = sqlx::query(
            "SELECT verdict, reason, COALESCE(ticket_id, 0), sender_proof, state FROM ledger WHERE id = $1",
        )
        .bind(id)
        .fetch_one(self.app.store.reader())
        .await
        .unwrap();
        Settled { verdict: row.get(0), reason: row.get(1), ticket: row.get(2), proof: row.get(3), state: row.get(4) }
    }

    /// The mails that went into the outbox since the last call.
    pub async fn sent(&mut self) -> Vec<Sent> {
        let rows = sqlx::query(
            "SELECT o.id, o.notice, o.recipient, o.return_path, b.bytes FROM outbox o
             JOIN outbox_bytes b ON b.outbox_id = o.id WHERE o.id > $1 ORDER BY o.id",
        )
        .bind(self.seen)
        .fetch_all(self.app.store.reader())
        .await
        .unwrap();
        let sent: Vec<Sent> = rows
            .iter()
            .map(|row| {
                let raw: Vec<u8> = row.get(4);
                Sent {
                    id: row.get(0),
                    notice: row.get(1),
                    recipient: row.get(2),
                    return_path: row.get(3),
                    mail: mail::read(&raw),
                    raw,
                }
            })
            .collect();
        self.seen = sent.last().map_or(self.seen, |mail| mail.id);
        sent
    }

    /// `notice → recipient` of the mails since the last call, for comparing.
    pub async fn notices(&mut self) -> Vec<String> {
        self.sent().await.iter().map(|mail| format!("{} → {}", mail.notice, mail.recipient)).collect()
    }

    /// One column of a ticket, as text.
    pub async fn ticket(&self, id: i64, column: &str) -> String {
        let sql = format!("SELECT COALESCE(CAST({column} AS TEXT), '') FROM ticket WHERE id = $1");
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id);
        query.fetch_one(self.app.store.reader()).await.unwrap().get(0)
    }

    /// A count, by a statement of the test's own.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query(sql).fetch_one(self.app.store.reader()).await.unwrap().get(0)
    }

    /// Changes rows behind the gateway's back: what a later part of it will do by its own rules.
    pub async fn execute(&self, sql: &'static str) {
        let mut tx = self.app.store.write().await.unwrap();
        sqlx::query(sql).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The kinds of a ticket's events, in order.
    pub async fn events(&self, ticket: i64) -> Vec<String> {
        let rows = sqlx::query("SELECT kind FROM event WHERE ticket_id = $1 ORDER BY id").bind(ticket);
        rows.fetch_all(self.app.store.reader()).await.unwrap().iter().map(|row| row.get(0)).collect()
    }
}
