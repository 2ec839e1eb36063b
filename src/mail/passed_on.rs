//! Whether a mail's own words hold another mail: by the lines that clients put there, not by the subject.

use super::quote::dividers::{self, Divider};
use super::quote::header_block::{self, HeaderBlock};
use super::quote::lines;
use super::{Headers, forward};

/// Lines looked at.
const MAX_LINES: usize = 5_000;

/// Whether a mail says that it passes another on: in its subject, or in the header in which Thunderbird names the other.
pub fn says_so(headers: &Headers, subject: &str) -> bool {
    forward::says_so(subject) || headers.first("X-Forwarded-Message-Id").is_some()
}

/// Whether another mail stands in what is not a quote of a mail's words.
pub fn holds_mail(words: &str) -> bool {
    let lines = lines::of(words);
    let mut at = 0;
    while at < lines.len().min(MAX_LINES) {
        let Some(line) = lines.get(at).filter(|line| line.depth == 0) else {
            at += 1;
            continue;
        };
        let block = header_block::starting_at(&lines, at);
        if dividers::of(line.body) == Some(Divider::Forward) || block.as_ref().is_some_and(HeaderBlock::is_convincing) {
            return true;
        }
        at = block.map_or(at + 1, |block| block.end.max(at + 1));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwards_and_answers() {
        let none = Headers::default();
        for (subject, words) in [
            ("Fwd: x", "Look."),
            ("[CASE-1] WG: x", "Look."),
            ("Re: x", "Look.\n\n---------- Forwarded message ---------\nFrom: Anna <anna@customer.test>\n\nHello"),
            ("x", "Anfang der weitergeleiteten Nachricht:\n\nHallo"),
            (
                "x",
                "Look.\n\nFrom: Anna <anna@customer.test>\nSent: Monday, 30 November 2026 10:00\nTo: Erkki\nSubject: x\n\nHello",
            ),
        ] {
            assert!((says_so(&none, subject) || holds_mail(words)), "{subject}: {words}");
        }
        for (subject, words) in [
            ("Re: Fwd: x", "Please restart it."),
            ("[CASE-1] x", "Please forward the log to us."),
            ("Re: x", "On Monday, Anna wrote:\n\n> Hello\n\nSince when?"),
        ] {
            assert!(!(says_so(&none, subject) || holds_mail(words)), "{subject}: {words}");
        }
    }
}
