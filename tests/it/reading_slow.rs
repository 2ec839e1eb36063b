//! Mails whose reading takes its time: others pass them, answers to them do not, and nothing waits for ever.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use caseway::mail::{self, Mail};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::cli_program::caseway;
use crate::harness::mail::{Letter, from};
use crate::harness::world::World;

/// Longer than any test.
const EVER: Duration = Duration::from_secs(3600);
const ANNA: &str = "anna@customer.test";
const BERND: &str = "bernd@elsewhere.test";

/// Holds up the reading of some mails until it is opened.
struct Gate {
    open: Mutex<bool>,
    bell: Condvar,
}

impl Gate {
    const fn closed() -> Self {
        Self { open: Mutex::new(false), bell: Condvar::new() }
    }

    /// Reads a mail; one whose subject says that it is slow when the gate is open.
    fn read(&self, raw: &[u8]) -> Mail {
        let mail = mail::read(raw);
        if mail.subject == "Slow" {
            drop(self.bell.wait_while(self.open.lock().unwrap(), |open| !*open).unwrap());
        }
        mail
    }

    fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.bell.notify_all();
    }
}

/// Opens the gate when a test ends, however it does: a runtime waits for its readers.
struct AtLast(&'static Gate);

impl Drop for AtLast {
    fn drop(&mut self) {
        self.0.open();
    }
}

fn slow(message_id: &str) -> Letter {
    from(ANNA, message_id).subject("Slow")
}

/// Waits for a mail of which somebody is told, as engineers are of every one that people wrote.
async fn until_settled(world: &World, id: i64) -> String {
    loop {
        let told = world.app.process.posted.notified();
        let settled = world.settled(id).await;
        if settled.state != "new" {
            return settled.verdict;
        }
        told.await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_waits_for_a_slow_mail_and_nobody_else_does() {
    static GATE: Gate = Gate::closed();
    let mut world = World::new().await;
    world.engineer("eva@desk.test", "Eva").await;
    let _at_last = AtLast(&GATE);
    let reading = &mut world.app.process.reading;
    (reading.patience, reading.limit) = (Duration::from_millis(20), EVER);
    reading.reader = |raw: &[u8]| GATE.read(raw);

    let opener = world.store_raw(&slow("a1@customer.test").bytes()).await;
    let answer = world.store_raw(&from(ANNA, "a2@customer.test").answering("a1@customer.test").bytes()).await;
    let second = world.store_raw(&from(ANNA, "a3@customer.test").answering("a2@customer.test").bytes()).await;
    let copy = world.store_raw(&slow("a1@customer.test").on_top("X-Way", "another").bytes()).await;
    let innocent = world.store_raw(&from(BERND, "b1@elsewhere.test").bytes()).await;
    let meanwhile = async {
        assert_eq!(until_settled(&world, innocent).await, "opened");
        let later = world.store_raw(&from(BERND, "b2@elsewhere.test").answering("b1@elsewhere.test").bytes()).await;
        assert_eq!(until_settled(&world, later).await, "threaded");
        for waits in [opener, answer, second, copy] {
            assert_eq!(world.settled(waits).await.state, "new", "{waits}");
        }
        GATE.open();
    };
    tokio::join!(world.process(), meanwhile);

    let opened = world.settled(opener).await;
    assert_eq!(opened.verdict, "opened");
    for (id, verdict) in [(answer, "threaded"), (second, "threaded"), (copy, "duplicate")] {
        let settled = world.settled(id).await;
        assert_eq!((settled.verdict.as_str(), settled.ticket), (verdict, opened.ticket), "{settled:?}");
    }
}

/// However early a mail counts as slow, an answer is decided after what it answers.
#[tokio::test(flavor = "multi_thread")]
async fn answers_stay_behind_what_they_answer_when_every_mail_is_slow() {
    let mut world = World::new().await;
    let reading = &mut world.app.process.reading;
    (reading.patience, reading.limit) = (Duration::ZERO, EVER);
    let mut conversations = Vec::new();
    for n in 0..60 {
        let (sender, id) = (format!("p{n}@customer{n}.test"), |k: u32| format!("m{k}@customer{n}.test"));
        let mut ids = vec![world.store_raw(&from(&sender, &id(0)).bytes()).await];
        for k in 1..4 {
            ids.push(world.store_raw(&from(&sender, &id(k)).answering(&id(k - 1)).bytes()).await);
        }
        conversations.push(ids);
    }
    world.process().await;
    for ids in conversations {
        let opened = world.settled(ids[0]).await;
        assert_eq!(opened.verdict, "opened");
        for id in &ids[1..] {
            let settled = world.settled(*id).await;
            assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", opened.ticket), "{settled:?}");
        }
    }
}

/// A program in place of ours for suspects.
fn program(folder: &Path, script: &str) -> std::path::PathBuf {
    let path = folder.join("program");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_without_end_is_given_up_and_its_mail_set_aside() {
    static GATE: Gate = Gate::closed();
    // Whichever of the attempts has no end.
    for (n, (script, why)) in [
        ("exec tail -f /dev/null", "reading it takes more than 1 s"),
        ("exec cat >/dev/null", "reading it takes more than 1 s"),
        ("kill -SEGV $$", "reading it kills the reader: signal: 11 (SIGSEGV)"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut world = World::new().await;
        let _at_last = AtLast(&GATE);
        let program = program(world.dir.path(), script);
        let reading = &mut world.app.process.reading;
        (reading.patience, reading.limit) = (Duration::from_millis(20), Duration::from_secs(1));
        reading.reader = |raw: &[u8]| GATE.read(raw);
        reading.program = program;

        *GATE.open.lock().unwrap() = false;
        let endless = world.store_raw(&slow(&format!("e{n}@customer.test")).bytes()).await;
        let answer = from(ANNA, &format!("r{n}@customer.test")).answering(&format!("e{n}@customer.test"));
        let answer = world.store_raw(&answer.bytes()).await;
        let innocent = world.store_raw(&from(BERND, &format!("i{n}@elsewhere.test")).bytes()).await;
        world.process().await;
        assert_eq!(world.settled(endless).await.state, "new", "the first attempt says nothing against it");
        assert_eq!(world.settled(innocent).await.verdict, "opened");
        assert_eq!(world.settled(answer).await.verdict, "opened", "what it answers may never be read");

        let further = world.store_raw(&from(BERND, &format!("j{n}@elsewhere.test")).bytes()).await;
        world.process().await;
        assert_eq!(world.settled(further).await.verdict, "opened");
        let settled = world.settled(endless).await;
        assert_eq!((settled.state.as_str(), settled.reason.as_str()), ("quarantined", why), "{script}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_told_to_stop_waits_for_no_reading() {
    static GATE: Gate = Gate::closed();
    let mut world = World::with(|config| config.limits.shutdown = EVER).await;
    let _at_last = AtLast(&GATE);
    let reading = &mut world.app.process.reading;
    (reading.patience, reading.limit) = (Duration::from_millis(20), EVER);
    reading.reader = |raw: &[u8]| GATE.read(raw);
    let endless = world.store_raw(&slow("a1@customer.test").bytes()).await;
    let innocent = world.store_raw(&from(BERND, "b1@elsewhere.test").bytes()).await;
    let stop = CancellationToken::new();
    let told = async {
        assert_eq!(until_settled(&world, innocent).await, "opened");
        stop.cancel();
    };
    let (ended, ()) = tokio::join!(world.app.serve(stop.clone()), told);
    assert!(ended.as_ref().is_ok_and(|how| how.contains("all")), "{ended:?}");
    GATE.open();

    // It is read again at the next start.
    let sql = format!("sqlite://{}", world.dir.path().join("caseway.db").display());
    let mut database = SqliteConnection::connect(&sql).await.unwrap();
    let state: String = sqlx::query_scalar("SELECT state FROM ledger WHERE id = $1")
        .bind(endless)
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert_eq!(state, "new");
}

const CONFIG: &str = r#"
[desk]
name = "Example Support"
[database]
path = "caseway.db"
[mailbox.support]
address = "support@example.test"
pipe = true
[transport.main]
folder = "out"
"#;

/// The gateway was killed while it read the mail that opens a case: it is read by a process of its own, and the answer
/// that came behind it is still an answer.
#[tokio::test]
async fn an_answer_does_not_overtake_a_mail_whose_reading_was_cut_short() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    fs::write(path.join("caseway.toml"), CONFIG).unwrap();
    let done = caseway(path, &["engineer", "list"]);
    assert_eq!(done.code, 0, "{done}");
    let running = File::create(path.join("caseway.db.lock")).unwrap();
    running.lock().unwrap();
    let (opener, answer) = ("a1@customer.test", "a2@customer.test");
    for (name, letter) in [("1.eml", from(ANNA, opener)), ("2.eml", from(ANNA, answer).answering(opener))] {
        fs::write(path.join(name), letter.bytes()).unwrap();
        let done = caseway(path, &["ingest", name]);
        assert_eq!(done.code, 0, "{done}");
    }
    let mut database =
        SqliteConnection::connect(&format!("sqlite://{}", path.join("caseway.db").display())).await.unwrap();
    sqlx::query("UPDATE ledger SET attempts = 1 WHERE id = 1 AND state = 'new'").execute(&mut database).await.unwrap();
    drop(running);
    fs::write(path.join("3.eml"), from(BERND, "b1@elsewhere.test").bytes()).unwrap();
    let done = caseway(path, &["ingest", "3.eml"]);
    assert_eq!(done.code, 0, "{done}");

    let verdicts: Vec<(String, i64)> =
        sqlx::query_as("SELECT verdict, ticket_id FROM ledger ORDER BY id").fetch_all(&mut database).await.unwrap();
    let expected =
        [("opened", 1), ("threaded", 1), ("opened", 2)].map(|(verdict, ticket)| (verdict.to_owned(), ticket));
    assert_eq!(verdicts, expected);
}
