//! A mail as the lines that may answer a form.

use crate::mail::Mail;

/// One line of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Without quote marks and space at its ends.
    pub(super) text: String,
    /// It was in the mail that is answered.
    pub(super) quoted: bool,
}

/// The lines of a mail.
pub(super) struct Script {
    pub(super) lines: Vec<Line>,
}

/// Lines that are looked at: forms are short.
const MAX_LINES: usize = 2_000;

impl Script {
    pub(super) fn of(mail: &Mail) -> Self {
        let lines = mail.reply_text.lines().take(MAX_LINES).map(|line| line_of(line, false)).collect();
        Self { lines }
    }
}

fn line_of(text: &str, quoted: bool) -> Line {
    let bare = text.trim_start_matches(['>', ' ']);
    Line {
        text: tidy(bare),
        quoted: quoted || bare.len() < text.trim_start().len() && text.trim_start().starts_with('>'),
    }
}

/// With plain blanks, colons and marks, without those that emphasise.
pub(super) fn tidy(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|letter| !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}'))
        .map(|letter| match letter {
            '：' => ':',
            '＝' => '=',
            '\t' => '\t',
            letter if letter.is_whitespace() => ' ',
            letter => letter,
        })
        .collect();
    plain.trim().to_owned()
}
