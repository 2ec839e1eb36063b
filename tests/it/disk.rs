//! What lies on the disk: who may read it, what is left of what was erased, and what follows when there is no room.

use std::path::{Path, PathBuf};
use std::process::Command;

use caseway::config::Transport;
use caseway::desk::notice::kind::Notice;
use caseway::intake::pipe::{self, Format, Input};
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::harness::browser::{Site, web_config};
use crate::harness::mail::from;
use crate::harness::post::Post;
use crate::harness::world::World;

const ANNA: &str = "Anna Schmidt <anna@customer.test>";

#[cfg(unix)]
const NONE: [(PathBuf, u32); 0] = [];

/// Files and folders below a folder that others than their owner may look into.
#[cfg(unix)]
fn open_to_others(folder: &Path) -> Vec<(PathBuf, u32)> {
    use std::os::unix::fs::PermissionsExt;
    let mut open = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mode = path.metadata().unwrap().permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            open.push((path.clone(), mode));
        }
        if path.is_dir() {
            open.extend(open_to_others(&path));
        }
    }
    open
}

/// Whoever runs it, under whatever umask: nobody else reads the database, what stands beside it, or a copy of it.
#[cfg(unix)]
#[test]
fn what_a_command_writes_is_its_users_alone() {
    let folder = tempfile::tempdir().unwrap();
    let config = "[desk]\nname = \"Example Support\"\n[database]\npath = \"caseway.db\"\n[mailbox.support]\n\
        address = \"support@example.test\"\npipe = true\n[transport.main]\nfolder = \"out\"\n";
    let config_file = folder.path().join("caseway.toml");
    std::fs::write(&config_file, config).unwrap();
    std::fs::write(folder.path().join("mail.eml"), from(ANNA, "a1@customer.test").bytes()).unwrap();
    for args in [&["ingest", "mail.eml"] as &[&str], &["backup", "copy.db"]] {
        let mut command = Command::new("sh");
        command.args(["-c", "umask 0; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_caseway")]).args(args);
        let ran = command.current_dir(folder.path()).env_remove("CASEWAY_CONFIG").output().unwrap();
        assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
    }
    for ours in ["caseway.toml", "mail.eml"] {
        std::fs::remove_file(folder.path().join(ours)).unwrap();
    }
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(
        ["caseway.db", "caseway.db.lock", "copy.db"].iter().all(|name| names.contains(&(*name).into())),
        "{names:?}"
    );
    assert_eq!(open_to_others(folder.path()), NONE);
}

/// While the gateway runs: the write-ahead log, its index, and the mails of a folder.
#[cfg(unix)]
#[tokio::test]
async fn what_a_running_gateway_writes_is_its_users_alone() {
    use std::os::unix::fs::PermissionsExt;
    let post = Post::new().await;
    post.queue(&["alice@example.test", "bob@example.test"]).await;
    // What an attempt of an earlier version left half-done, for everybody to read.
    std::fs::create_dir(post.folder()).unwrap();
    std::fs::set_permissions(post.folder(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let half_done = post.folder().join(".0000000001-mail-1@example.test.eml.tmp");
    std::fs::write(&half_done, "half").unwrap();
    std::fs::set_permissions(&half_done, std::fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(post.send(&Transport::Folder { path: post.folder() }).await.sent, 2);
    let names: Vec<_> = std::fs::read_dir(post.dir.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(["caseway.db-wal", "caseway.db-shm"].iter().all(|name| names.contains(&(*name).into())), "{names:?}");
    assert_eq!(open_to_others(post.dir.path()), NONE);
    std::fs::remove_dir_all(post.folder()).unwrap();
    post.queue(&["carol@example.test"]).await;
    assert_eq!(post.send(&Transport::Folder { path: post.folder() }).await.sent, 1);
    assert_eq!(open_to_others(post.dir.path()), NONE, "a folder that the gateway makes");
}

/// How many of the database's files have these octets somewhere.
fn files_with(post: &Post, needle: &str) -> usize {
    let files =
        ["caseway.db", "caseway.db-wal"].map(|name| std::fs::read(post.dir.path().join(name)).unwrap_or_default());
    files.iter().filter(|bytes| bytes.windows(needle.len()).any(|octets| octets == needle.as_bytes())).count()
}

/// A link's token is gone from the file's octets once its letter is sent, however long the letter was.
#[tokio::test]
async fn a_sent_secret_is_in_no_octet_of_the_database() {
    for length in [0, 3_000, 200_000] {
        let post = Post::new().await;
        let token = "q7v2k9m4x1z8w3n6";
        post.queue_as(&["anna@customer.test"], |mail| {
            mail.notice = Notice::Activation;
            mail.bytes.extend("x".repeat(length).into_bytes());
            mail.bytes.extend(token.as_bytes());
        })
        .await;
        post.ctx.store.checkpoint().await.unwrap();
        assert_eq!(files_with(&post, token), 2, "in the file and in its log");
        assert_eq!(post.send(&Transport::Folder { path: post.folder() }).await.sent, 1);
        post.ctx.store.remove_traces().await.unwrap();
        assert_eq!(files_with(&post, token), 0, "{length} octets before it");
    }
}

/// Who reads just then keeps the log as it is; the next time it goes.
#[tokio::test]
async fn traces_wait_for_who_reads_and_go_then() {
    let post = Post::new().await;
    let token = "q7v2k9m4x1z8w3n6";
    post.queue_as(&["anna@customer.test"], |mail| {
        mail.notice = Notice::PasswordReset;
        mail.bytes.extend(token.as_bytes());
    })
    .await;
    let mut reading = post.ctx.store.reader().begin_with("BEGIN").await.unwrap();
    sqlx::query("SELECT COUNT(*) FROM outbox").fetch_one(&mut *reading).await.unwrap();
    assert_eq!(post.send(&Transport::Folder { path: post.folder() }).await.sent, 1);
    post.ctx.store.remove_traces().await.unwrap();
    assert!(files_with(&post, token) > 0, "the reader still sees the letter");
    reading.rollback().await.unwrap();
    post.ctx.store.remove_traces().await.unwrap();
    assert_eq!(files_with(&post, token), 0);
}

async fn ingest(world: &World, raw: Vec<u8>) -> anyhow::Result<()> {
    let input = Input::Stream { name: "a mail".to_owned(), read: Box::new(std::io::Cursor::new(raw)) };
    let ctx = world.app.intake(&CancellationToken::new());
    pipe::take(&ctx, "support", input, Format::Mail).await?;
    Ok(())
}

/// A large mail for which there may be no room.
fn large(id: &str) -> Vec<u8> {
    from(ANNA, id).text(&"A long log of the printer.\n".repeat(20_000)).bytes()
}

/// SQLite ends the transaction by itself when there is no room. Once there is some, all goes on as before.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_was_full_stops_nothing_for_good() {
    let mut world = World::new().await;
    for round in 0..3 {
        let mut tx = world.app.store.write().await.unwrap();
        sqlx::query("PRAGMA max_page_count = 1").execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        let refused = ingest(&world, large(&format!("l{round}@customer.test"))).await.unwrap_err();
        assert!(format!("{refused:#}").contains("full"), "{refused:#}");
        let small = from(ANNA, &format!("s{round}@customer.test"));
        assert_eq!(world.receive(&small).await.verdict, "opened");
        assert_eq!(world.notices().await, ["acknowledgement → anna@customer.test"]);
    }
    ingest(&world, large("l9@customer.test")).await.unwrap();
}

/// The same wherever the transaction is lost: while mails are taken, decided or sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_the_database_ended_is_not_missed() {
    let world = World::new().await;
    for (table, event) in [("raw", "INSERT"), ("ticket", "INSERT"), ("outbox", "INSERT"), ("ledger", "UPDATE")] {
        let trigger = format!(
            "CREATE TRIGGER lost BEFORE {event} ON {table} BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END"
        );
        let mut tx = world.app.store.write().await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(trigger)).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        let raw = from(ANNA, &format!("{table}@customer.test")).bytes();
        let taken = ingest(&world, raw.clone()).await;
        assert_eq!(taken.is_err(), table == "raw", "{table}");
        let _ = world.app.process.drain(&CancellationToken::new()).await;
        world.execute("DROP TRIGGER lost").await;
        // A second attempt would be read by a process of its own first.
        world.execute("UPDATE ledger SET attempts = 0").await;
        if taken.is_err() {
            ingest(&world, raw).await.unwrap();
        }
        world.process().await;
        assert_eq!(world.count("SELECT COUNT(*) FROM ledger WHERE state <> 'done'").await, 0, "{table}");
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 4);
}

/// A database that can be read and not be written takes no mail: that is no health.
#[tokio::test(flavor = "multi_thread")]
async fn health_is_that_something_can_be_written() {
    let world = World::with(|config| config.web = Some(web_config())).await;
    let site = Site::of(&world).await;
    assert_eq!(site.browser().get("/health").await.status, 200);
    world
        .execute("CREATE TRIGGER full BEFORE UPDATE ON counter BEGIN SELECT RAISE(ROLLBACK, 'disk is full'); END")
        .await;
    world.pass(SignedDuration::from_secs(3));
    assert_eq!(site.browser().get("/health").await.status, 503);
    world.execute("DROP TRIGGER full").await;
    assert_eq!(site.browser().get("/health").await.status, 503, "asking often does not write often");
    world.pass(SignedDuration::from_secs(3));
    assert_eq!(site.browser().get("/health").await.status, 200);
}
