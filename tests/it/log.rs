//! The log says what docs/LOGGING.md promises, and not what it must not.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cli_program::caseway_fed;

const MANUAL: &str = include_str!("../../docs/LOGGING.md");

/// Every log statement of the program: where it is, its level, and the text up to its end.
fn statements() -> Vec<(String, &'static str, String)> {
    let mut all = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for level in ["error", "warn", "info", "debug", "trace"] {
                let call = format!("{level}!(");
                let mut parts = text.split(&call);
                let mut before = parts.next().unwrap_or_default();
                for rest in parts {
                    if !before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                        // A statement ends with `;`, an arm of a match with `,`: whichever comes first.
                        let ends = [");", "),"].iter().filter_map(|end| rest.split_once(end));
                        let statement = ends.map(|(statement, _)| statement).min_by_key(|text| text.len()).unwrap();
                        all.push((path.display().to_string(), level, statement.to_owned()));
                    }
                    before = rest;
                }
            }
        }
    }
    all
}

#[test]
fn every_event_is_documented_with_its_level_and_every_documented_event_exists() {
    let mut used = BTreeSet::new();
    for (file, level, statement) in statements() {
        let event = statement.split_once("event = \"").and_then(|(_, rest)| rest.split_once('"'));
        let (event, _) = event.unwrap_or_else(|| panic!("{file}: a log statement without an event: {statement}"));
        used.insert(format!("{event} {level}"));
    }
    let documented: BTreeSet<String> = MANUAL
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .map(|(event, rest)| format!("{event} {}", rest.split(' ').next().unwrap_or_default()))
        .collect();
    assert!(used.len() > 20, "the search found {used:?} only");
    assert_eq!(used, documented);
}

#[test]
fn the_log_tells_what_happens_and_hides_who_and_what() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("sent")).unwrap();
    std::fs::write(
        folder.path().join("caseway.toml"),
        "[desk]\nname = \"Example Support\"\n[database]\npath = \"caseway.db\"\n\
         [mailbox.support]\naddress = \"support@example.test\"\npipe = true\n[transport.main]\nfolder = \"sent\"\n",
    )
    .unwrap();
    let mail = "From: Carla Customer <carla@customer.example>\r\nTo: support@example.test\r\nSubject: Gearbox\r\n\
        Message-ID: <secret-id@customer.example>\r\n\r\nThe gearbox sings.\r\n";
    let ran = caseway_fed(folder.path(), &["--log", "trace", "ingest", "-"], mail.as_bytes());
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stderr.contains("event=\"mail.stored\""), "{ran}");
    assert!(ran.stderr.contains("event=\"mail.settled\""), "{ran}");
    for hidden in ["carla", "Carla", "earbox", "secret-id"] {
        assert!(!ran.stderr.contains(hidden), "the log has {hidden:?}: {ran}");
    }
}
