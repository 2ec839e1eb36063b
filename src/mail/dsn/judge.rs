//! From what a report states of one recipient to what that means.

use super::reason::{self, Stated};
use super::report::{BounceReport, Entry};
use crate::mail::{address, limits};

/// Turns what was stated into what it means. Where the words about one recipient hold no cause, those about all do.
pub(super) fn judge(entry: Entry, common: &str, delayed: bool) -> BounceReport {
    let alone = [entry.diagnostic.as_str(), &entry.said].join(" ");
    let alone = reason::tells(&alone) || (!alone.trim().is_empty() && !reason::tells(common));
    let said = if alone { &entry.said } else { common };
    let diagnostic = if alone { entry.diagnostic.as_str() } else { "" };
    let verdict = reason::judge(Stated { action: &entry.action, status: &entry.status, diagnostic, said, delayed });
    let shown = [diagnostic, said].into_iter().map(folded).filter(|words| !words.is_empty()).collect::<Vec<_>>();
    BounceReport {
        recipient: address::normalise(&entry.recipient),
        status: verdict.status,
        action: verdict.action.to_owned(),
        kind: verdict.kind,
        diagnostic: shown.join(" | ").chars().take(limits::MAX_DIAGNOSTIC_CHARS).collect(),
    }
}

/// White space as single spaces.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(4 * limits::MAX_DIAGNOSTIC_CHARS));
    for word in text.split_whitespace() {
        if out.len() > 4 * limits::MAX_DIAGNOSTIC_CHARS {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
