//! "No such mailbox" in whatever order of words: who is spoken of, and what is said of them.

use std::sync::LazyLock;

use super::super::super::quote::words;

/// The words of one language.
#[derive(Default)]
struct Language {
    label: &'static str,
    who: Vec<&'static str>,
    unknown: Vec<&'static str>,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let mut all: Vec<Language> = Vec::new();
    for word in words::of(include_str!("../words/nobody.txt")) {
        let at = all.iter().position(|language| language.label == word.label).unwrap_or_else(|| {
            all.push(Language { label: word.label, ..Language::default() });
            all.len() - 1
        });
        let Some(language) = all.get_mut(at) else { continue };
        let list = if word.section == "who" { &mut language.who } else { &mut language.unknown };
        list.push(word.text);
    }
    all
});

/// Bytes between the two: further apart they belong to different thoughts.
const MAX_GAP: usize = 48;
/// Clauses looked at: a server's words are a line or two.
const MAX_CLAUSES: usize = 60;

/// Words in a clause that is about somebody or something else: the sender, the client, how to sign in.
const ABOUT_OTHERS: &[&str] = &[
    "sender",
    "your address",
    "your email address",
    "your account",
    "your domain",
    "client",
    "command",
    "argument",
    "credential",
    "password",
    "authenticat",
    "syntax",
    "header",
    "parameter",
    "certificate",
    "ip address",
    "from address",
    "reverse",
    "helo",
    "ehlo",
    "mail from",
    "address family",
    "absender",
    "expéditeur",
    "remitente",
    "mittente",
    "afzender",
    "nadawc",
    "lähettäj",
    "avsändar",
    "afsender",
    "avsender",
    "отправител",
    "发件人",
    "寄件者",
    "差出人",
    "送信者",
    "relay",
    "if the problem",
    "please contact",
    "access list",
    "blacklist",
    "dns",
];

/// Whether plain words (see [`super::plain`]) say that there is no such mailbox.
pub fn is_said(plain: &str) -> bool {
    clauses(plain)
        .take(MAX_CLAUSES)
        .filter(|clause| !ABOUT_OTHERS.iter().any(|words| clause.contains(words)))
        .any(|clause| LANGUAGES.iter().any(|language| language.says(clause)))
}

/// The pieces between signs that end a thought.
fn clauses(plain: &str) -> impl Iterator<Item = &str> {
    plain.split([';', '|', '。', '!', '?', '\n']).flat_map(|piece| piece.split(". ")).filter(|piece| !piece.is_empty())
}

impl Language {
    fn says(&self, clause: &str) -> bool {
        // What is said is rarer than who, so it is looked for first.
        self.unknown.iter().filter_map(|word| place(clause, word)).any(|said| {
            self.who.iter().filter_map(|word| place(clause, word)).any(|who| {
                let gap = who.0.saturating_sub(said.1).max(said.0.saturating_sub(who.1));
                gap <= MAX_GAP
            })
        })
    }
}

/// The bytes of a word in a clause, where it starts one.
fn place(clause: &str, word: &str) -> Option<(usize, usize)> {
    let joined = !word.is_ascii() && word.chars().any(|c| c as u32 >= 0x2e80);
    clause.match_indices(word).find_map(|(at, _)| {
        let before = clause.get(..at)?.chars().next_back();
        let starts = joined || before.is_none_or(|c| !c.is_alphanumeric() && c != '-');
        let short = word.len() <= 4 && clause.get(at + word.len()..)?.starts_with(char::is_alphanumeric);
        (starts && (joined || !short)).then_some((at, at + word.len()))
    })
}
