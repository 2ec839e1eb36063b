//! A look at a mailbox: does it answer, and can it do what is configured.

use tokio::time::timeout;

use super::finding::{Finding, LIMIT};
use crate::config::{After, Imap, Junk, Mailbox, Source};
use crate::intake::{self, ProbeReport};
use crate::oauth::Tokens;

pub(super) async fn look(mailbox: &Mailbox, tokens: Option<&Tokens>) -> Vec<Finding> {
    let check = format!("mailbox {}", mailbox.name);
    if matches!(mailbox.source, Source::Pipe) {
        let found = format!("mails come through: caseway ingest --mailbox {}", mailbox.name);
        return vec![Finding::ok(&check, found)];
    }
    let report = match timeout(LIMIT, intake::probe(mailbox, tokens)).await {
        Ok(Ok(report)) => report,
        // The outermost words name the mailbox, which stands in a column of its own.
        Ok(Err(error)) => return vec![failed(&check, &error)],
        Err(_) => {
            let found = format!("no answer within {} s", LIMIT.as_secs());
            return vec![Finding::wrong(
                &check,
                found,
                "check `host` and `port`, and whether the server is overloaded",
            )];
        }
    };
    let mut findings = vec![Finding::ok(&check, found(mailbox, &report))];
    if let Source::Imap(imap) = &mailbox.source {
        findings.extend(wishes(&check, imap, &report));
    }
    findings
}

fn failed(check: &str, error: &anyhow::Error) -> Finding {
    let causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
    match causes.first().and_then(|cause| cause.rsplit_once("; ")) {
        Some((found, advice)) => Finding::wrong(check, found, advice),
        None => Finding::wrong(check, causes.join(": "), ""),
    }
}

fn found(mailbox: &Mailbox, report: &ProbeReport) -> String {
    let mails = report.messages;
    match &mailbox.source {
        Source::Imap(imap) => {
            let news = if imap.idle && report.supports_idle { "IDLE" } else { "polled" };
            let copies = match &imap.sent_folder {
                Some(folder) if report.sent_folder_made => {
                    format!(", copies of sent mails in {folder} (made just now)")
                }
                Some(folder) => format!(", copies of sent mails in {folder}"),
                None => String::new(),
            };
            let moved = match &imap.after {
                After::Move(folder) if report.move_folder_made => {
                    format!(", taken mails go to {folder} (made just now)")
                }
                After::Move(folder) => format!(", taken mails go to {folder}"),
                After::Keep | After::Seen | After::Delete => String::new(),
            };
            let further: String =
                report.further.iter().map(|(folder, mails)| format!(", {folder}: {mails} mails")).collect();
            let spam = match (&report.junk, imap.junk) {
                (Some(folder), Junk::Rescue) => format!(", of {folder} what belongs to cases"),
                (Some(folder), Junk::Take) => format!(", {folder} too"),
                _ => String::new(),
            };
            let folder = &imap.folder.name;
            format!("{}:{} {folder}: {mails} mails{further}{spam}, {news}{moved}{copies}", imap.host, imap.port)
        }
        Source::Maildir(maildir) => format!("{}: {mails} mails", maildir.path.display()),
        Source::Pipe => String::new(),
    }
}

/// What is configured and the server cannot do.
fn wishes(check: &str, imap: &Imap, report: &ProbeReport) -> Vec<Finding> {
    let mut findings = Vec::new();
    if imap.idle && !report.supports_idle {
        findings.push(Finding::warning(
            check,
            format!("the server has no IDLE: new mails are noticed within {:?} only", imap.poll),
            "set `poll` as low as the server's owner allows, and idle = false",
        ));
    }
    if imap.after == After::Delete && !report.supports_uidplus {
        findings.push(Finding::warning(
            check,
            "the server has no UIDPLUS: mails are marked as deleted, and not removed",
            "remove them with a mail client, or use after = { move = \"…\" }",
        ));
    }
    if imap.compress && !report.supports_compress {
        findings.push(Finding::warning(check, "the server has no COMPRESS=DEFLATE", "set compress = false"));
    }
    findings
}
