//! The configuration: the example loads, every key is documented, and what is wrong is told well.

use std::collections::BTreeSet;
use std::path::Path;

use caseway::config::{self, Secrets};
use caseway::mail::language::Language;

const EXAMPLE: &str = include_str!("../../docs/caseway.example.toml");
const MANUAL: &str = include_str!("../../docs/CONFIGURATION.md");

/// The example with the lines behind `marker` made real.
fn uncommented(text: &str, marker: &str) -> String {
    text.lines()
        .map(|line| match line.strip_prefix(marker) {
            Some(rest) if rest.starts_with('[') || rest.split_once(" = ").is_some_and(|(key, _)| is_key(key)) => rest,
            _ => line,
        })
        .fold(String::new(), |text, line| text + line + "\n")
}

fn is_key(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

fn parse(text: &str) -> Result<config::Loaded, config::Invalid> {
    config::parse(text, Path::new("/etc/caseway/caseway.toml"), Secrets::Leave)
}

#[test]
fn the_example_loads_with_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("imap.password"), "quite secret\n").unwrap();
    std::fs::write(folder.path().join("smtp.password"), "also secret\r\n").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(folder.path().join("imap.password"), private).unwrap();
    }
    let file = folder.path().join("caseway.toml");
    std::fs::write(&file, EXAMPLE).unwrap();
    let loaded = config::load(&file, Secrets::Fetch).unwrap();
    assert_eq!(loaded.warnings, []);
    let config::Source::Imap(imap) = &loaded.config.mailboxes["support"].source else { panic!("no IMAP source") };
    assert_eq!(password(&imap.credential), "quite secret");
    let config::Transport::Smtp(smtp) = &loaded.config.transports["main"] else { panic!("no SMTP transport") };
    assert_eq!(smtp.login.as_ref().map(|(_, word)| password(word)), Some("also secret"));
    assert!(!format!("{loaded:?}").contains("secret\""), "a secret is shown by Debug");
}

#[test]
fn what_the_example_calls_a_default_is_the_default() {
    let bare = parse(EXAMPLE).unwrap().config;
    let spelled_out = parse(&uncommented(EXAMPLE, "# ")).unwrap().config;
    assert!(uncommented(EXAMPLE, "# ").contains("\nreopen_within"));
    assert_eq!(format!("{bare:#?}"), format!("{spelled_out:#?}"));
}

/// With every ancestor: `a.b.c` also gives `a.b` and `a`.
fn with_ancestors<'a>(keys: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for key in keys {
        let dots = key.match_indices('.').map(|(at, _)| at);
        all.extend(dots.chain([key.len()]).map(|end| key.split_at(end).0.to_owned()));
    }
    all
}

#[test]
fn every_key_is_documented_and_every_documented_key_exists() {
    let everything = uncommented(&uncommented(EXAMPLE, "# e.g. "), "# ");
    let read = parse(&everything).unwrap().keys;
    let mut documented = BTreeSet::new();
    let mut table = String::new();
    for line in MANUAL.lines() {
        if line.starts_with('#') {
            let name = line.split('`').nth(1).unwrap_or_default().trim_matches(['[', ']']);
            table = name.to_owned();
            documented.insert(table.clone());
        } else if let Some((key, _)) = line.strip_prefix("| `").and_then(|row| row.split_once('`')) {
            documented.insert(format!("{table}.{key}"));
        }
    }
    documented.remove("");
    assert_eq!(with_ancestors(documented.iter().map(String::as_str)), with_ancestors(read.iter().map(String::as_str)));
}

#[test]
fn paths_are_relative_to_the_file_and_encoded_for_the_database() {
    let text = EXAMPLE.replace("/var/lib/caseway/caseway.db", "data of 100%/caseway.db");
    let config = parse(&text).unwrap().config;
    assert_eq!(config.database.url, "sqlite:///etc/caseway/data%20of%20100%25/caseway.db");
    assert_eq!(config.database.file().as_deref(), Some(Path::new("/etc/caseway/data of 100%/caseway.db")));
    assert_eq!(config.desk.hours[&Language::De], "Mo–Fr 9:00–17:00 Uhr (Helsinki)");
}

/// Every file in tests/it/broken with the report that it gets.
#[test]
fn broken_configurations_are_reported_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/broken");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 13, "only {} broken configurations", files.len());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let report = match config::parse(&text, Path::new("caseway.toml"), Secrets::Fetch) {
            Ok(_) => panic!("{} is taken for a good configuration", file.display()),
            Err(invalid) => invalid.to_string(),
        };
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(format!("broken_{}", file.file_stem().unwrap().to_string_lossy()), report);
        });
    }
}

/// Whatever is cut out of a good file, the answer is a configuration or a report with something in it.
#[test]
fn a_refused_configuration_always_says_why() {
    let text = uncommented(&uncommented(EXAMPLE, "# e.g. "), "# ");
    let lines: Vec<&str> = text.lines().collect();
    let without = |cut: usize| -> String {
        lines.iter().enumerate().filter(|(at, _)| *at != cut).map(|(_, line)| format!("{line}\n")).collect()
    };
    let with_value = |at: usize, value: &str| -> String {
        let changed =
            |line: &str| line.split_once(" = ").map_or(line.to_owned(), |(key, _)| format!("{key} = {value}"));
        let pick = |(n, line): (usize, &&str)| if n == at { changed(line) } else { (*line).to_owned() };
        lines.iter().enumerate().map(pick).map(|line| line + "\n").collect()
    };
    let mut refused = 0;
    for at in 0..lines.len() {
        let values =
            ["0", "-1", "\"\"", "\"x\"", "true", "false", "[]", "{}", "[{}]", "1.5", "1979-05-27", "\"\\u0000\""];
        let texts = values.iter().map(|value| with_value(at, value)).chain([without(at), lines[..at].join("\n")]);
        for text in texts {
            if let Err(invalid) = parse(&text) {
                refused += 1;
                assert!(!invalid.problems.is_empty(), "refused without a word:\n{text}");
            }
        }
    }
    assert!(refused > 300, "only {refused} refused");
}

fn password(credential: &caseway::config::Credential) -> &str {
    match credential {
        caseway::config::Credential::Password(word) => secrecy::ExposeSecret::expose_secret(word),
        caseway::config::Credential::OAuth(provider) => panic!("a token of {provider}"),
    }
}
