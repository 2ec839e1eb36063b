//! A look at a way out: does it take us, and mails of our size.

use std::path::Path;

use tokio::time::timeout;

use super::finding::{Finding, LIMIT};
use crate::config::{Limits, Smtp, Transport};
use crate::oauth::Tokens;
use crate::send;

pub(super) async fn look(name: &str, transport: &Transport, limits: &Limits, tokens: Option<&Tokens>) -> Vec<Finding> {
    let check = format!("transport {name}");
    match transport {
        Transport::Smtp(smtp) => server(&check, smtp, limits, tokens).await,
        Transport::Folder { path } => vec![folder(&check, path)],
    }
}

async fn server(check: &str, smtp: &Smtp, limits: &Limits, tokens: Option<&Tokens>) -> Vec<Finding> {
    let report = match timeout(LIMIT, send::probe(smtp, tokens)).await {
        Ok(Ok(report)) => report,
        Ok(Err(fault)) => {
            return vec![Finding::wrong(check, format!("{}: {}", fault.place, fault.problem), fault.advice)];
        }
        Err(_) => {
            let found = format!("{}:{}: no answer within {} s", smtp.host, smtp.port, LIMIT.as_secs());
            return vec![Finding::wrong(check, found, "check `host` and `port`, and whether the server is overloaded")];
        }
    };
    let who = smtp.login.as_ref().map_or("no login", |(user, _)| user.as_str());
    let mut findings = vec![Finding::ok(check, format!("{}:{}: {who}", smtp.host, smtp.port))];
    // Base64 makes 4 octets of 3 and a line end of every 57 (RFC 2045 §6.8); the text needs some room, too.
    let largest = limits.attach_size.saturating_mul(78) / 57 + 100_000;
    if let Some(size) = report.size_limit.filter(|size| *size > 0 && *size < largest) {
        let fits = size.saturating_sub(100_000) * 57 / 78 / 1_000_000;
        findings.push(Finding::warning(
            check,
            format!("the server takes mails up to {} MB; ours may have {} MB", size / 1_000_000, largest / 1_000_000),
            format!("set limits.attach_size to \"{fits} MB\" or less"),
        ));
    }
    findings
}

fn folder(check: &str, path: &Path) -> Finding {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() && !found.permissions().readonly() => {
            Finding::ok(check, format!("{}: mails are written here and sent nowhere", path.display()))
        }
        Ok(found) if found.is_dir() => {
            Finding::wrong(check, format!("{} cannot be written to", path.display()), "change its permissions")
        }
        Ok(_) => Finding::wrong(check, format!("{} is no folder", path.display()), "name a folder"),
        Err(error) => Finding::wrong(check, format!("{}: {error}", path.display()), "create it"),
    }
}
