//! Databases of earlier versions, filled by the gateway of their time, are brought up to date, lose nothing, and go on.

use std::collections::BTreeMap;
use std::path::Path;

use caseway::store::Store;
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Row, SqlitePool};
use tempfile::TempDir;

use crate::harness::mail::from;
use crate::harness::world::World;

/// The newest version.
const NEWEST: i64 = 7;

/// Tables that hold nothing in a database at rest, or that the migrations keep for themselves.
const EMPTY: &[&str] = &["_sqlx_migrations"];

fn versions() -> Vec<i64> {
    (1..=NEWEST).collect()
}

/// What a version can hold that those before could not, as rows; those of the first were filled in by the front door.
fn rows(version: i64) -> String {
    std::fs::read_to_string(format!("tests/it/migrations/{version:04}.sql")).unwrap()
}

fn url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("caseway.db").display())
}

/// A filled database as the gateway of `version` left it.
pub async fn filled(folder: &Path, version: i64) {
    let pool = SqlitePool::connect(&format!("{}?mode=rwc", url(folder))).await.unwrap();
    let migrator = Migrator::new(Path::new("migrations/sqlite")).await.unwrap();
    for at in 1..=version {
        migrator.run_to(at, &pool).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(rows(at))).execute(&pool).await.unwrap();
    }
    pool.close().await;
}

/// How many rows each table has.
async fn counted(folder: &Path) -> BTreeMap<String, i64> {
    let pool = SqlitePool::connect(&url(folder)).await.unwrap();
    let names = sqlx::query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
    let mut counts = BTreeMap::new();
    for row in names.fetch_all(&pool).await.unwrap() {
        let name: String = row.get("name");
        let count = sqlx::query(AssertSqlSafe(format!("SELECT COUNT(*) AS rows FROM {name}"))).fetch_one(&pool).await;
        counts.insert(name, count.unwrap().get("rows"));
    }
    pool.close().await;
    counts
}

/// What a database says of itself: its tables and indexes, and what is wrong with their rows.
async fn described(folder: &Path) -> (Vec<String>, Vec<String>) {
    let pool = SqlitePool::connect(&url(folder)).await.unwrap();
    let all = "SELECT name FROM sqlite_master UNION ALL SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\"
        || ' ' || COALESCE(c.dflt_value, '') FROM sqlite_master m JOIN pragma_table_info(m.name) c ORDER BY 1";
    let schema = sqlx::query(all).fetch_all(&pool).await.unwrap().iter().map(|row| row.get(0)).collect();
    let mut wrong = Vec::new();
    for row in sqlx::query("PRAGMA foreign_key_check").fetch_all(&pool).await.unwrap() {
        wrong.push(format!(
            "a row of {} names one of {} that is not there",
            row.get::<String, _>(0),
            row.get::<String, _>(2)
        ));
    }
    for row in sqlx::query("PRAGMA integrity_check").fetch_all(&pool).await.unwrap() {
        let found: String = row.get(0);
        wrong.extend((found != "ok").then_some(found));
    }
    pool.close().await;
    (schema, wrong)
}

/// Numbers have no gaps, and each version has its rows.
#[test]
fn every_migration_has_its_number_and_its_rows() {
    let mut files: Vec<String> = std::fs::read_dir("migrations/sqlite")
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let numbers: Vec<i64> = files.iter().map(|file| file.split('_').next().unwrap().parse().unwrap()).collect();
    assert_eq!(numbers, versions(), "add tests/it/migrations/NNNN.sql for a new migration, and raise NEWEST");
    versions().into_iter().for_each(|version| assert!(!rows(version).is_empty()));
}

/// There is something of everything, so that a migration meets what it must carry over.
#[tokio::test]
async fn the_oldest_version_is_filled() {
    let dir = TempDir::new().unwrap();
    filled(dir.path(), 1).await;
    let counts = counted(dir.path()).await;
    let empty: Vec<_> = counts.iter().filter(|(name, count)| **count == 0 && !EMPTY.contains(&name.as_str())).collect();
    assert!(empty.is_empty(), "{empty:?}");
    assert_eq!(described(dir.path()).await.1, Vec::<String>::new());
}

#[tokio::test]
async fn every_version_becomes_what_a_new_database_is() {
    let new = TempDir::new().unwrap();
    Store::open(&url(new.path())).await.unwrap().close().await;
    let (schema, _) = described(new.path()).await;
    for version in versions() {
        let dir = TempDir::new().unwrap();
        filled(dir.path(), version).await;
        let before = counted(dir.path()).await;
        Store::open(&url(dir.path())).await.unwrap().close().await;
        let after = counted(dir.path()).await;
        let (migrated, wrong) = described(dir.path()).await;
        assert_eq!((migrated, wrong), (schema.clone(), Vec::new()), "from version {version}");
        for (table, rows) in before.into_iter().filter(|(table, _)| table != "_sqlx_migrations") {
            assert!(after.get(&table).is_none_or(|now| *now >= rows), "{table} lost rows, from version {version}");
        }
    }
}

/// A customer answers a mail of an old ticket, and the desk goes on where it was.
#[tokio::test]
async fn every_version_goes_on() {
    for version in versions() {
        let dir = TempDir::new().unwrap();
        filled(dir.path(), version).await;
        let mut world = World::over(dir).await;
        world.sent().await;
        let row = "SELECT t.id AS ticket, p.email, o.message_id FROM outbox o JOIN ticket t ON t.id = o.ticket_id JOIN person p
            ON p.id = t.requester_id AND p.email = o.recipient WHERE o.notice = 'acknowledgement' AND t.status <> 'closed'
            ORDER BY o.id LIMIT 1";
        let row = sqlx::query(row).fetch_one(world.app.store.reader()).await.unwrap();
        let (ticket, email, message_id): (i64, String, String) =
            (row.get("ticket"), row.get("email"), row.get("message_id"));
        let answer = from(&email, "after@customer.test").answering(&message_id).subject("Re: it").text("It works now.");
        let settled = world.receive(&answer).await;
        assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", ticket), "from version {version}");
        let notices = world.notices().await;
        assert!(notices.iter().any(|notice| notice.starts_with("customer_reply")), "{notices:?}");
    }
}
