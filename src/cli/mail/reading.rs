//! Mails in files, and what can be told of them without a database.

use std::io::Read;
use std::path::Path;

use anyhow::Context;

use serde::{Deserialize, Serialize};

use crate::cli::words;
use crate::desk::inbound::verdict::origin_word;
use crate::desk::ticket::case_id;
use crate::mail::{Mail, subject};

/// Octets of a file that is still taken for a mail.
const MAX_FILE: u64 = 256 * 1024 * 1024;

/// The bytes of a file, or of standard input for `-`.
pub fn bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut raw = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(MAX_FILE + 1).read_to_end(&mut raw)
    } else {
        std::fs::File::open(file).and_then(|open| open.take(MAX_FILE + 1).read_to_end(&mut raw))
    };
    read.with_context(|| format!("{} cannot be read", file.display()))?;
    anyhow::ensure!(
        raw.len() as u64 <= MAX_FILE,
        "{} is larger than {} MB: not taken for a mail",
        file.display(),
        MAX_FILE / 1024 / 1024
    );
    Ok(raw)
}

/// One question and its answer.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Step {
    /// What was asked: `sender`, `thread.token`, …
    #[serde(default)]
    pub step: String,
    /// The answer: `match`, `miss`, …
    #[serde(default)]
    pub result: String,
    #[serde(default)]
    /// More about it, in words.
    pub detail: String,
}

/// What a mail tells of its sender, its origin, its thread and its words, in the order in which a decision asks.
pub fn steps(mail: &Mail, prefix: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut add = |step: &str, result: &str, detail: String| {
        steps.push(Step { step: step.to_owned(), result: result.to_owned(), detail });
    };
    match &mail.from {
        Some(from) => add("sender", "found", format!("{} ({})", words::person(from), mail.from_reason)),
        None => add("sender", "none", mail.from_reason.clone()),
    }
    add("origin", origin_word(mail.origin), mail.origin_reason.clone());
    if let Some(bounce) = &mail.bounce {
        let about = bounce.original_message_id.as_deref().unwrap_or("a mail it does not name");
        add("bounce", "of", about.to_owned());
        for report in &bounce.reports {
            let status = report.status.as_deref().unwrap_or("no status");
            add("bounce", &report.action, format!("{}: {status}, {}", report.recipient, report.diagnostic));
        }
    }
    add("recipients", "", mail.recipients().join(", "));
    add("thread.message-id", "", mail.message_id.clone().unwrap_or_else(|| "none".to_owned()));
    let mut answers: Vec<&str> = mail.in_reply_to.iter().map(String::as_str).collect();
    answers.extend(
        mail.references.iter().rev().map(String::as_str).filter(|id| !mail.in_reply_to.iter().any(|known| known == id)),
    );
    add("thread.references", "", if answers.is_empty() { "none".to_owned() } else { answers.join(" ") });
    let cases = subject::case_numbers(&mail.subject, prefix).into_iter().map(|number| case_id::format(prefix, number));
    let cases = cases.collect::<Vec<_>>().join(", ");
    add("thread.subject", "", if cases.is_empty() { format!("no [{prefix}-…]") } else { cases });
    add("language", mail.language.unwrap_or("unknown"), String::new());
    add("reply", "", split(mail));
    for warning in &mail.warnings {
        add("odd", "", warning.clone());
    }
    steps
}

/// How much of the text is the reply, and how it begins.
fn split(mail: &Mail) -> String {
    let lines = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count();
    let first = mail.reply_text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let own = words::count(lines(&mail.reply_text), "line", "lines");
    let quoted = words::count(lines(&mail.quoted_text), "line", "lines");
    let begins: String = first.trim().chars().take(60).collect();
    format!("{own} of the sender's own, {quoted} of quotes and signature; begins: {begins}")
}
