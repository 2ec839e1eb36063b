//! docs/JSON.md is what the commands print: each is run on a filled database.

use std::collections::BTreeSet;
use std::path::Path;

use clap::CommandFactory;
use serde_json::Value;
use tempfile::TempDir;

use crate::cli_program::caseway;
use crate::migrations::filled;

const PAGE: &str = include_str!("../../docs/JSON.md");

/// A section of the page.
struct Section {
    /// The first command of its heading.
    command: &'static str,
    /// Sections that it builds on.
    also: &'static [&'static str],
    /// Runs, each printing one line at least.
    runs: &'static [&'static [&'static str]],
}

const fn section_of(
    runs: &'static [&'static [&'static str]],
    command: &'static str,
    also: &'static [&'static str],
) -> Section {
    Section { command, also, runs }
}

#[rustfmt::skip]
const SECTIONS: &[Section] = &[
    section_of(&[&["check", "--json"]], "check", &[]),
    section_of(&[&["ticket", "list", "--json"]], "ticket list", &[]),
    section_of(&[&["search", "CASE-1", "--json"]], "search", &["ticket list"]),
    section_of(&[&["ticket", "show", "CASE-1", "--json"], &["ticket", "show", "FORM", "--json"], &["ticket", "export"]], "ticket show", &["ticket list"]),
    section_of(&[&["mail", "list", "--json"], &["mail", "show", "1", "--json"], &["mail", "explain", "1", "--json"], &["mail", "export"]], "mail list",
        &["mail inspect", "outbox list"]),
    section_of(&[&["mail", "explain", "bounce.eml", "--json"]], "mail explain FILE", &["mail list"]),
    section_of(&[&["mail", "inspect", "bounce.eml", "file.eml", "--json"]], "mail inspect", &["ticket show"]),
    section_of(&[&["outbox", "list", "--json"], &["outbox", "show", "1", "--json"]], "outbox list", &["mail inspect", "ticket show"]),
    section_of(&[&["engineer", "list", "--json"]], "engineer list", &[]),
    section_of(&[&["account", "list", "--json"], &["account", "show", "ACCOUNT", "--json"]], "account list", &["account person list"]),
    section_of(&[&["account", "person", "list", "--json"], &["account", "person", "show", "PERSON", "--json"]], "account person list", &[]),
    section_of(&[&["account", "import", "accounts.csv", "--dry-run", "--json"]], "account import", &[]),
    section_of(&[&["form", "try", "--text", "hello, I cannot sign in", "--json"]], "form try", &[]),
    section_of(&[&["template", "list", "--json"]], "template list", &[]),
    section_of(&[&["oauth", "status", "--json"]], "oauth status", &[]),
];

const CONFIG: &str = r#"
[desk]
name = "Example Support"

[database]
path = "caseway.db"

[mailbox.support]
address = "support@example.test"
plus_addressing = true
pipe = true

[transport.out]
folder = "out"

[oauth.microsoft]
provider = "microsoft"
tenant = "example.test"
client_id = "00000000-0000-0000-0000-000000000000"
"#;

const BOUNCE: &str = "From: MAILER-DAEMON@mx.example.test\nTo: support@example.test\nSubject: Undelivered Mail Returned to Sender\n\
    Message-ID: <b1@mx.example.test>\nMIME-Version: 1.0\n\
    Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
    --b\n\nYour mail could not be delivered.\n\n--b\nContent-Type: message/delivery-status\n\n\
    Reporting-MTA: dns; mx.example.test\n\nFinal-Recipient: rfc822; kim@customer.test\nAction: failed\nStatus: 5.1.1\n\
    Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n--b--\n";

const FILE: &str = "From: Anna <anna@customer.test>\nReply-To: anna@customer.test\nTo: support@example.test\nCc: bo@customer.test\n\
    Subject: Re: [CASE-1] Log\nMessage-ID: <f1@customer.test>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
    --b\n\nHere it is.\n\n--b\nContent-Type: text/plain; name=\"a.log\"\nContent-Disposition: attachment; filename=\"a.log\"\n\nx\n--b--\n";

/// The body of the section whose heading has this command.
fn section(command: &str) -> &'static str {
    let heading = format!("`caseway {command}");
    let (_, body) = PAGE
        .split("\n## ")
        .map(|section| section.split_once('\n').unwrap_or((section, "")))
        .find(|(title, _)| title.starts_with(&heading))
        .unwrap_or_else(|| panic!("docs/JSON.md has no section for {command}"));
    body
}

/// The words in backticks that may be keys.
fn words(text: &str) -> BTreeSet<&str> {
    let is_key = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    text.split('`').skip(1).step_by(2).filter(is_key).collect()
}

/// The keys that the tables of a section name: the words in their first columns.
fn tabled(body: &'static str) -> BTreeSet<&'static str> {
    let first = body.lines().filter_map(|line| line.strip_prefix("| `").and(line.split('|').nth(1)));
    first.flat_map(words).collect()
}

/// All keys of a value, however deep.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                found.insert(key.clone());
                keys(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

async fn folder() -> TempDir {
    let dir = TempDir::new().unwrap();
    filled(dir.path(), 1).await;
    for (name, content) in [
        ("caseway.toml", CONFIG),
        ("bounce.eml", BOUNCE),
        ("file.eml", FILE),
        ("accounts.csv", "account_id,company,domains\nac-1,Example Oy,example-oy.test\nac-2,,not a domain\n"),
    ] {
        std::fs::write(dir.path().join(name), content).unwrap();
    }
    dir
}

/// The lines of a run; a name in capitals stands for one that the database has.
fn printed(folder: &Path, run: &[&str]) -> Vec<Value> {
    let named = |word: &&str| match *word {
        "FORM" => first(folder, &["ticket", "export"], "case_id", |ticket| !ticket["form"].is_null()),
        "ACCOUNT" => first(folder, &["account", "list", "--json"], "account_id", |_| true),
        "PERSON" => first(folder, &["account", "person", "list", "--json"], "email", |_| true),
        word => word.to_owned(),
    };
    let words: Vec<String> = run.iter().map(named).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ran = caseway(folder, &words);
    let lines: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!lines.is_empty(), "{words:?}: {}", ran.stderr);
    lines
}

/// What the first line that fits has under a key.
fn first(folder: &Path, run: &[&str], key: &str, fits: impl Fn(&Value) -> bool) -> String {
    let line = printed(folder, run).into_iter().find(fits).unwrap_or_else(|| panic!("no line of {run:?} fits"));
    line[key].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_names_every_key_and_no_other() {
    let dir = folder().await;
    for Section { command, also, runs } in SECTIONS {
        let mut found = BTreeSet::new();
        for run in *runs {
            printed(dir.path(), run).iter().for_each(|line| keys(line, &mut found));
        }
        // Every address is an object of these two.
        let mut named: BTreeSet<&str> = ["name", "email"].into();
        named.extend([*command].iter().chain(*also).flat_map(|command| words(section(command))));
        let unnamed: Vec<_> = found.iter().filter(|key| !named.contains(key.as_str())).collect();
        assert!(unnamed.is_empty(), "the section {command} of docs/JSON.md does not name {unnamed:?}");
        let unprinted: Vec<_> = tabled(section(command)).into_iter().filter(|key| !found.contains(*key)).collect();
        assert!(
            unprinted.is_empty(),
            "the section {command} of docs/JSON.md names {unprinted:?}, which nothing prints"
        );
    }
}

/// Every command that knows `--json`, as it is typed.
fn commands(command: &clap::Command, words: &str, all: &mut Vec<String>) {
    if command.get_arguments().any(|argument| argument.get_long() == Some("json")) {
        all.push(words.trim().to_owned());
    }
    command.get_subcommands().for_each(|sub| commands(sub, &format!("{words} {}", sub.get_name()), all));
}

#[test]
fn the_page_has_every_command() {
    let mut all = Vec::new();
    commands(&caseway::cli::Cli::command(), "", &mut all);
    assert!(all.len() > 8, "{all:?}");
    let headings: String = PAGE.lines().filter(|line| line.starts_with("## ")).collect();
    let missing: Vec<_> = all.iter().filter(|words| !headings.contains(words.as_str())).collect();
    assert!(missing.is_empty(), "docs/JSON.md has no heading for {missing:?}");
}
