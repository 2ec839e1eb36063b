//! `caseway mail inspect`, and what holds for every command: errors, exit codes, closed pipes.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::cli_program::{caseway, caseway_fed, steady};

const MAIL: &str = "From: Carla <carla@customer.example>\r\nTo: support@example.test\r\n\
    Subject: Re: [CASE-1042] Printer\r\nMessage-ID: <1@customer.example>\r\n\r\nIt still smokes.\r\n";

#[test]
fn one_unreadable_file_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("a.eml", MAIL), ("b.eml", "no mail at all"), ("c.eml", "")] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let ran = caseway(folder.path(), &["mail", "inspect", "--json", "a.eml", "missing.eml", ".", "b.eml", "c.eml"]);
    assert_eq!(ran.code, 1);
    let lines: Vec<serde_json::Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let files: Vec<_> = lines.iter().map(|line| line["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["a.eml", "b.eml", "c.eml"]);
    assert_eq!(lines[0]["case_ids"], serde_json::json!(["CASE-1042"]));
    let _steady = steady(folder.path(), &[]);
    insta::assert_snapshot!(ran.stderr, @r"
    caseway: missing.eml cannot be read
      because No such file or directory (os error 2)
    caseway: . cannot be read
      because Is a directory (os error 21)
    ");
}

#[test]
fn a_mail_on_standard_input_needs_no_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let mail = MAIL.replace("CASE-", "HELP-");
    let ran = caseway_fed(folder.path(), &["mail", "inspect", "--json", "--prefix", "HELP", "-"], mail.as_bytes());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let line: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(line["file"], "-");
    assert_eq!(line["case_ids"], serde_json::json!(["HELP-1042"]));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.eml"), MAIL.repeat(200)).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_caseway"))
        .args(["mail", "inspect", "--json"])
        .args(["a.eml"; 500])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("{\"file\":\"a.eml\""));
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}

/// `kind` is hard, soft or delay: what arrived is told in a warning.
#[test]
fn a_report_of_success_names_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let mail = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/bounce-rfc3464-success.eml");
    let ran = caseway(folder.path(), &["mail", "inspect", "--json", mail.to_str().unwrap()]);
    let line: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((line["origin"].as_str(), &line["bounce"]["reports"]), (Some("bounce"), &serde_json::json!([])));
    assert!(line["bounce"]["original_message_id"].is_string());
    let warning = "reports success for kim@example.test: delivered, 2.0.0";
    assert_eq!(line["warnings"], serde_json::json!([warning]));
}
