//! `caseway serve` as its supervisor sees it.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use sqlx::{Connection, SqliteConnection};

use crate::cli_program::caseway;

/// A secret that everybody can read is warned of: the last that is said before the database is opened.
const CONFIG: &str = r#"
[desk]
name = "Example Support"
[database]
path = "caseway.db"
[mailbox.support]
address = "support@example.test"
imap = { host = "127.0.0.1", port = 1, tls = "none", user = "support", password = "open to all" }
[transport.main]
folder = "out"
"#;

/// Told to stop while it waits for the database, it ends as it does at any other time.
#[tokio::test]
async fn a_signal_during_the_start_ends_it_cleanly() {
    let folder = tempfile::TempDir::new().unwrap();
    fs::write(folder.path().join("caseway.toml"), CONFIG).unwrap();
    let made = caseway(folder.path(), &["engineer", "list"]);
    assert_eq!(made.code, 0, "{made}");
    let url = format!("sqlite://{}", folder.path().join("caseway.db").display());
    let mut others = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut others).await.unwrap();

    let mut command = Command::new(env!("CARGO_BIN_EXE_caseway"));
    let command = command.arg("serve").current_dir(folder.path()).env_remove("CASEWAY_CONFIG").stderr(Stdio::piped());
    let mut gateway = command.spawn().unwrap();
    let mut log = BufReader::new(gateway.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("config.warning") {
        line.clear();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "the gateway ended by itself");
    }
    assert!(Command::new("kill").arg(gateway.id().to_string()).status().unwrap().success());
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    assert!(gateway.wait().unwrap().success(), "{rest}");
    assert!(rest.contains("stopped before it had started"), "{rest}");
}

/// A log that cannot be written, as on a full disk, stops nothing.
#[cfg(target_os = "linux")]
#[test]
fn a_log_that_takes_nothing_stops_nothing() {
    let folder = tempfile::TempDir::new().unwrap();
    fs::write(folder.path().join("caseway.toml"), CONFIG.replace("imap = {", "pipe = true\n# {")).unwrap();
    fs::write(folder.path().join("mail.eml"), "From: anna@customer.test\nSubject: Help\n\nHelp me.\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_caseway"));
    command.args(["--log", "debug", "ingest", "mail.eml"]).current_dir(folder.path()).env_remove("CASEWAY_CONFIG");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    assert!(command.stdout(Stdio::null()).stderr(full).status().unwrap().success());
    let listed = caseway(folder.path(), &["mail", "list", "--json"]);
    assert!(listed.stdout.contains("\"verdict\":\"opened\""), "{listed}");
}
