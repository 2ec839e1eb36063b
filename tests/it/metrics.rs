//! What monitors hear: figures that Prometheus reads, and in words what does not work.

use std::net::SocketAddr;

use caseway::config::Source;
use caseway::metrics::server::Watch;
use jiff::SignedDuration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::harness::mail::from;
use crate::harness::world::World;

const ANNA: &str = "Anna Schmidt <anna@customer.test>";

/// A desk that answers monitors until the end of the test.
#[expect(clippy::disallowed_methods, reason = "ends with the test")]
async fn desk() -> (World, SocketAddr, CancellationToken) {
    let world = World::new().await;
    let listener = Watch::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    tokio::spawn(watch(&world, |_| {}).serve(listener, stop.clone()));
    (world, address, stop)
}

fn watch(world: &World, change: impl FnOnce(&mut caseway::config::Config)) -> Watch {
    let app = &world.app;
    let mut config = (*app.config).clone();
    change(&mut config);
    Watch::new(&config, app.process.metrics.clone(), app.store.clone(), app.clock.clone())
}

async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes())
        .await
        .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_a_day() {
    let (world, address, stop) = desk().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world.receive(&from(ANNA, "m1@customer.test")).await;
    world.receive(&from(ANNA, "m2@customer.test").answering("m1@customer.test")).await;
    world.execute("UPDATE outbox SET state = 'failed' WHERE id = 1").await;
    world
        .execute(
            "INSERT INTO oauth_token (provider, subject, expires_at) VALUES ('microsoft', 'support@example.test', 0)",
        )
        .await;
    let answer = get(address, "/metrics").await;
    assert!(answer.contains("content-type: application/openmetrics-text; version=1.0.0"), "{answer}");
    assert!(!answer.contains("customer.test"), "an address: {answer}");
    let (_, text) = answer.split_once("\r\n\r\n").unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"(database_size_bytes) \d+", "$1 [OCTETS]");
    settings.add_filter(r"(token_life_seconds\S+) -\d+", "$1 [LONG AGO]");
    settings.add_filter(r#"version="[^"]+""#, "version=[VERSION]");
    // Figures of one name come in no order.
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    settings.bind(|| insta::assert_snapshot!("figures", lines.join("\n")));
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_names_everything_that_does_not_work() {
    let (world, address, stop) = desk().await;
    assert!(get(address, "/health/live").await.starts_with("HTTP/1.1 200"));
    assert!(get(address, "/health/ready").await.starts_with("HTTP/1.1 200"));
    world.store_raw(&from(ANNA, "m1@customer.test").bytes()).await;
    world.pass(SignedDuration::from_mins(11));
    world
        .execute("INSERT INTO oauth_token (provider, subject, stays, error) VALUES ('microsoft', '', 1, 'AADSTS7000222: the secret is expired')")
        .await;
    let answer = get(address, "/health/ready").await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("1 mails wait for their verdict, the oldest for more than 10 minutes\n"), "{answer}");
    assert!(answer.contains("[oauth.microsoft] is signed out: AADSTS7000222: the secret is expired\n"), "{answer}");
    // That helps nobody: a restart changes nothing of it.
    assert!(get(address, "/health/live").await.starts_with("HTTP/1.1 200"));
    world.process().await;
    world.execute("DELETE FROM oauth_token").await;
    assert!(get(address, "/health/ready").await.starts_with("HTTP/1.1 200"));
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_is_late_until_it_was_read() {
    let world = World::new().await;
    let maildir = |config: &mut caseway::config::Config| {
        let mut mailbox = config.mailboxes["support"].clone();
        let toml = "[desk]\nname = \"x\"\n[database]\npath = \"x.db\"\n[mailbox.inbox]\naddress = \"a@b.test\"\n[mailbox.inbox.maildir]\npath = \"in\"\nafter = \"keep\"\n[transport.t]\nfolder = \"out\"\n";
        let file = world.dir.path().join("maildir.toml");
        std::fs::write(&file, toml).unwrap();
        let read = caseway::config::load(&file, caseway::config::Secrets::Leave).unwrap().config;
        assert!(matches!(read.mailboxes["inbox"].source, Source::Maildir(_)));
        mailbox.source = read.mailboxes["inbox"].source.clone();
        config.mailboxes.insert("support".to_owned(), mailbox);
    };
    let watch = watch(&world, maildir);
    assert_eq!(watch.troubles().await, ["[mailbox.support] was not read yet"]);
    let metrics = &world.app.process.metrics;
    metrics.lost("support", "no connection");
    assert_eq!(watch.troubles().await, ["[mailbox.support] was not read yet"]);
    metrics.read("support");
    assert_eq!(watch.troubles().await, [] as [String; 0]);
}
