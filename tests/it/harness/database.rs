//! Where a test's database is: a file in the test's folder, or a database of its own on a PostgreSQL server.
//!
//! `CASEWAY_TEST_DATABASE=postgres://…` names the server; `tests/servers/postgres.py` starts one.

use std::path::Path;
use std::process::Command;

/// The server, where the environment names one.
fn server() -> Option<String> {
    std::env::var("CASEWAY_TEST_DATABASE").ok().filter(|url| !url.is_empty())
}

/// The url of the database that belongs to a folder, which is made the first time.
pub fn url(folder: &Path) -> String {
    match server() {
        Some(server) => on_server(&server, folder),
        None => format!("sqlite://{}", folder.join("caseway.db").display()),
    }
}

/// What stands below `[database]` in a configuration that lies in the folder.
pub fn section(folder: &Path) -> String {
    match server() {
        Some(server) => format!("url = {:?}", on_server(&server, folder)),
        None => "path = \"caseway.db\"".to_owned(),
    }
}

fn on_server(server: &str, folder: &Path) -> String {
    // Ours by process and folder, so that what tests leave behind can be told from what is in use.
    let folder: String = folder.to_string_lossy().bytes().map(|byte| format!("{byte:02x}")).collect();
    let tail: String = folder.chars().rev().take(24).collect();
    let name = format!("caseway_{}_{tail}", std::process::id());
    let known = psql(server, "SELECT datname FROM pg_database WHERE datname LIKE 'caseway\\_%'");
    let known: Vec<&str> = known.lines().collect();
    if !known.contains(&name.as_str()) {
        for old in known.iter().filter(|name| !is_running(name)) {
            // Another test may be at it as well.
            psql(server, &format!("DROP DATABASE IF EXISTS {old} WITH (FORCE)"));
        }
        psql(server, &format!("CREATE DATABASE {name}"));
    }
    let (before, _) = server.rsplit_once('/').expect("the url names a database");
    format!("{before}/{name}")
}

/// Whether the test that made a database still runs.
fn is_running(name: &str) -> bool {
    let process = name.split('_').nth(1).unwrap_or_default();
    Path::new("/proc").join(process).exists()
}

fn psql(server: &str, sql: &str) -> String {
    let output = Command::new("psql").args(["-X", "-q", "-A", "-t", "-c", sql, server]).output().expect("psql");
    String::from_utf8(output.stdout).expect("names are ASCII")
}
