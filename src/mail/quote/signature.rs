//! Where the words end and the signature begins.

use std::sync::LazyLock;

use regex::Regex;

use super::lines::Line;
use super::words;

/// Lines of a signature behind `--` without the space that RFC 3676 §4.3 asks for: many clients drop it, but two
/// dashes alone also stand in listings and SQL dumps.
const MAX_LOOSE_LINES: usize = 25;
/// Bytes of the longest line that a phone or an app signs with.
const MAX_APP_BYTES: usize = 160;

/// What phones and apps sign with in languages that put the verb last; each names a device or an app too.
const APP_SENTENCES: &[&str] = &[
    "vo[nm] .{1,60} (?:gesendet|verschickt|versendet)",
    "diese nachricht wurde (?:von|mit) .{1,80} (?:gesendet|verschickt|versendet)",
    "outlook (?:für|voor) .{1,30} (?:herunterladen|downloaden|holen)",
    ".{1,40}から送信(?:されました|しました)?",
    ".{1,30}を入手",
    ".{1,40} gönderildi",
    ".{0,30}outlook.{1,12}(?:edinin|alın|indirin)",
    ".{1,40} (?:küldve|elküldve)",
    ".{0,30}outlook.{0,20}(?:letöltése|beszerzése)",
    ".{1,40}에서 (?:보냄|보낸 메일|전송)",
    "[从從]我的.{1,30}(?:发送|傳送|发出)",
];

static APP_START: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let starts = words::alternatives(words::of(include_str!("words/app_starts.txt")).map(|word| word.text));
    Regex::new(&format!(r"(?i)^[(\[*_ ]*(?:{starts})")).ok()
});
static APP_SENTENCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"(?i)^(?:{})[.!)\]*_ ]*$", APP_SENTENCES.join("|"))).ok());
static APP_NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let names = words::alternatives(words::of(include_str!("words/app_names.txt")).map(|word| word.text));
    Regex::new(&format!("(?i){names}")).ok()
});

/// A line such as "Sent from my iPhone" or "Get Outlook for iOS<https://aka.ms/…>".
pub(super) fn is_app_line(body: &str) -> bool {
    if body.len() > MAX_APP_BYTES || body.is_empty() {
        return false;
    }
    let words = match body.find(['<', '(']).filter(|&at| at > 0) {
        Some(at) if body.get(at..).is_some_and(|rest| rest.contains("http")) => {
            body.get(..at).unwrap_or(body).trim_end()
        }
        _ => body,
    };
    let matches = |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(words));
    // Asked first, because hardly any line names a device or an app.
    if !matches(&APP_NAME) {
        return false;
    }
    // Longer sentences about sending are words of the mail.
    let most = if words.ends_with('.') { 6 } else { 10 };
    let starts =
        words.split_whitespace().count() <= most && !words.contains(['?', '=', ';', '`']) && matches(&APP_START);
    starts || matches(&APP_SENTENCE)
}

/// `-- ` alone on its line (RFC 3676 §4.3), or `--` where a client dropped the space.
fn is_delimiter(line: &Line<'_>) -> bool {
    line.depth == 0 && line.body == "--"
}

/// Where the signature of a run of lines starts, counted from the run's start.
pub(in crate::mail) fn start(lines: &[Line<'_>]) -> Option<usize> {
    let start = delimiter(lines).map_or(lines.len(), |at| app_lines(lines, at));
    let start = if start == lines.len() { app_lines(lines, start) } else { start };
    (start < lines.len()).then_some(start)
}

fn delimiter(lines: &[Line<'_>]) -> Option<usize> {
    let at = lines.iter().position(is_delimiter)?;
    let below = lines.get(at + 1..)?;
    // Comments of an SQL dump: dashes on their own line, and at the start of others.
    if below.iter().any(|line| line.body.starts_with("-- ") || line.body.starts_with("--\t")) {
        return None;
    }
    let exact = lines.get(at).is_some_and(|line| line.raw == "-- ");
    let length = below.iter().filter(|line| !line.is_blank()).count();
    (exact || length <= MAX_LOOSE_LINES).then_some(at)
}

/// Moves `end` up over the lines of phones and apps that stand directly above it.
fn app_lines(lines: &[Line<'_>], end: usize) -> usize {
    let mut start = end;
    for (index, line) in lines.iter().enumerate().take(end).rev() {
        if line.is_blank() || line.is_rule() && line.body.starts_with('_') {
            continue;
        }
        if !is_app_line(line.body) {
            break;
        }
        start = index;
    }
    start
}
