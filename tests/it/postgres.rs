//! A database on a PostgreSQL server is what a SQLite file is: the same tables, the same rules, and one gateway.

mod catalogue;
mod statements;

use std::collections::BTreeSet;
use std::path::Path;

use caseway::store::Store;
use caseway::store::outbox::{self, NewMail};
use caseway::time::Clock;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sqlx::Row;

use crate::cli_program::caseway;
use crate::harness::mail::from;
use crate::harness::post;
use crate::harness::servers::Postgres;
use crate::harness::world::World;

fn write_config(folder: &Path, database: &str) {
    let text = format!(
        "[desk]\nname = \"Example Support\"\n[database]\n{database}\n[mailbox.support]\naddress = \"support@example.test\"\n\
         pipe = true\n[transport.out]\nfolder = \"sent\"\n"
    );
    std::fs::write(folder.join("caseway.toml"), text).unwrap();
}

/// What `check` says of the database: state, finding, advice.
fn checked(database: &str) -> (String, String, String) {
    let folder = tempfile::TempDir::new().unwrap();
    write_config(folder.path(), database);
    let ran = caseway(folder.path(), &["check", "--json"]);
    let mut found = ran.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let about = found.find(|finding| finding["check"] == "database").unwrap_or_else(|| panic!("{ran}"));
    let word = |key: &str| about[key].as_str().unwrap().to_owned();
    (word("state"), word("found"), word("advice"))
}

#[test]
fn check_says_what_is_wrong_with_a_server() {
    let server = Postgres::start();
    server.psql("CREATE ROLE caseway LOGIN PASSWORD 'right password'");
    server.psql("CREATE DATABASE caseway OWNER caseway");
    server.psql("CREATE DATABASE others");
    server.psql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0");
    let url = |name: &str| format!("url = {:?}", server.named(name).replace("postgres@", "caseway@"));
    let right = |name: &str| format!("{}\npassword = \"right password\"", url(name));
    let says = |database: &str, state: &str, found: &str, advice: &str| {
        let said = checked(database);
        assert!(said.0 == state && said.1.contains(found) && said.2.contains(advice), "{database}: {said:?}");
        assert!(!said.1.contains("right password") && !said.2.contains("right password"), "{said:?}");
    };
    says(&right("caseway"), "ok", "postgres://caseway@", "");
    says(&format!("{}\npassword = \"wrong\"", url("caseway")), "wrong", "password authentication failed", "password");
    says(&right("nowhere"), "wrong", "\"nowhere\" does not exist", "CREATE DATABASE");
    says(&right("others"), "wrong", "permission denied", "owner");
    says(&right("latin"), "wrong", "encoding is LATIN1", "");
    says("url = \"postgres://caseway@%2Fnowhere/caseway\"", "wrong", "connecting to the database", "host and port");
}

#[tokio::test]
async fn two_who_claim_at_once_take_no_mail_twice() {
    let server = Postgres::start();
    let url = server.database("claims");
    let one = Store::open(&url).await.unwrap();
    let two = Store::open(&url).await.unwrap();
    let now = Clock::system().now();
    queue(&one, 40, now).await;
    let lease = now + SignedDuration::from_mins(5);
    let claim = async |store: &Store| {
        let mut ids = Vec::new();
        loop {
            let mails = outbox::claim(store, "out", now, lease, 5).await.unwrap();
            if mails.is_empty() {
                return ids;
            }
            ids.extend(mails.iter().map(|mail| mail.id));
        }
    };
    let (first, second) = tokio::join!(claim(&one), claim(&two));
    let all: BTreeSet<i64> = first.iter().chain(&second).copied().collect();
    assert_eq!((all.len(), first.len() + second.len()), (40, 40), "{first:?} {second:?}");
    assert!(!first.is_empty() && !second.is_empty(), "one of them did not take part");
}

async fn queue(store: &Store, count: usize, now: Timestamp) {
    let mut tx = store.write().await.unwrap();
    let first = outbox::new_ids(&mut tx, count).await.unwrap();
    let mails: Vec<NewMail> = (first..).take(count).map(|id| post::mail(id, "paula@example.test", now)).collect();
    outbox::insert(&mut tx, &mails).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn one_process_has_the_right_to_work_on_a_database() {
    let server = Postgres::start();
    let url = server.database("owned");
    let one = Store::open(&url).await.unwrap();
    let two = Store::open(&url).await.unwrap();
    let mut owner = one.own().await.unwrap().expect("nobody else is there");
    assert!(two.own().await.unwrap().is_none(), "it has an owner");
    let end_session = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory'";
    // Whoever is forgotten by the server takes it again, unless somebody was faster.
    server.psql(end_session);
    let lost = tokio::time::timeout(std::time::Duration::from_secs(60), async {
        let taken = async {
            loop {
                if let Some(other) = two.own().await.unwrap() {
                    return other;
                }
                server.psql(end_session);
            }
        };
        let ((), other) = tokio::join!(owner.lost(), taken);
        other
    });
    let other = lost.await.expect("the first owner hears that it is no more");
    assert!(one.own().await.unwrap().is_none());
    drop(other);
}

/// A transaction that decides sees what the one before it wrote, and numbers have no gaps.
#[tokio::test]
async fn who_writes_waits_for_who_writes() {
    let server = Postgres::start();
    let url = server.database("writers");
    let stores = [Store::open(&url).await.unwrap(), Store::open(&url).await.unwrap()];
    let add = async |store: &Store| {
        for _ in 0..50 {
            let mut tx = store.write().await.unwrap();
            let row = sqlx::query("SELECT value FROM counter WHERE name = 'ticket'").fetch_one(&mut *tx).await.unwrap();
            let next = row.get::<i64, _>(0) + 1;
            let write = sqlx::query("UPDATE counter SET value = $1 WHERE name = 'ticket'").bind(next);
            write.execute(&mut *tx).await.unwrap();
            tx.commit().await.unwrap();
        }
    };
    tokio::join!(add(&stores[0]), add(&stores[1]));
    let row = sqlx::query("SELECT value FROM counter WHERE name = 'ticket'").fetch_one(stores[0].reader()).await;
    assert_eq!(row.unwrap().get::<i64, _>(0), 100);
}

/// The tools of the database are named, and nothing is left behind.
#[test]
fn a_backup_is_left_to_the_server() {
    let server = Postgres::start();
    let folder = tempfile::TempDir::new().unwrap();
    write_config(folder.path(), &format!("url = {:?}", server.database("whole")));
    let engineer = ["engineer", "add", "alice@example.test", "--queue", "support"];
    assert_eq!(caseway(folder.path(), &engineer).code, 0);
    let ran = caseway(folder.path(), &["backup", "copy.db"]);
    assert!(ran.code != 0 && ran.stderr.contains("pg_dump"), "{ran}");
    assert!(!folder.path().join("copy.db").exists());
}

/// Another engine, or a later way of writing, may let a transaction lose to another when it commits: it is decided again
/// from the facts, and nobody sees it.
#[tokio::test]
async fn what_gives_way_is_decided_again() {
    let server = Postgres::start();
    let url = server.database("starved");
    let mut world = World::with(|config| config.database.url = url.clone()).await;
    world.engineer("alice@example.test", "Alice").await;
    // Two of three commits of a decision fail, counted outside of the transaction.
    server.psql_at(
        &url,
        "CREATE SEQUENCE tries;
         CREATE FUNCTION give_way() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN IF nextval(''tries'') % 3 <> 0 THEN RAISE EXCEPTION ''starved'' USING ERRCODE = ''40001''; END IF; RETURN NULL; END';
         CREATE CONSTRAINT TRIGGER starve AFTER INSERT ON ticket DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION give_way();",
    );
    for n in 0..6 {
        let mail = from("Paula <paula@customer.test>", &format!("m{n}@customer.test")).subject(&format!("Printer {n}"));
        let settled = world.receive(&mail.text("It is on fire.")).await;
        assert_eq!((settled.verdict.as_str(), settled.ticket), ("opened", n + 1), "{settled:?}");
    }
    assert_eq!(server.psql_at(&url, "SELECT last_value FROM tries").trim(), "18");
    let notices = world.notices().await;
    assert_eq!(notices.iter().filter(|notice| notice.starts_with("new_ticket")).count(), 6, "{notices:?}");
}

/// A NUL, which PostgreSQL keeps in no text, in everything that a mail says.
#[tokio::test]
async fn a_nul_in_a_mail_breaks_nothing() {
    let server = Postgres::start();
    let url = server.database("nul");
    let world = World::with(|config| config.database.url = url.clone()).await;
    let raw = b"From: =?utf-8?q?Pau=00la?= <pau\0la@customer.test>\r\nTo: support@example.test\r\nMessage-ID: <n\0ul@customer.test>\r\n\
        In-Reply-To: <a\0b@c.test>\r\nSubject: =?utf-8?q?Prin=00ter?= \0 fire\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nIt is\0 on fire.\r\n--b\r\nContent-Type: text/plain; name=\"a\0b.txt\"\r\n\
        Content-Disposition: attachment; filename=\"a\0b.txt\"\r\n\r\nx\0y\r\n--b--\r\n";
    let settled = world.receive_raw(raw).await;
    assert_eq!(settled.state, "done", "{settled:?}");
}
