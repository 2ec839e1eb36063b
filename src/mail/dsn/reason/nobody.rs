//! "No such mailbox" in whatever order of words: who is spoken of, and what is said of them.

use std::sync::LazyLock;

use super::super::pairs::Pairs;

static PAIRS: LazyLock<Pairs> = LazyLock::new(|| Pairs::of(include_str!("../words/nobody.txt"), "who"));

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
        .any(|clause| PAIRS.are_in(clause))
}

/// The pieces between signs that end a thought.
fn clauses(plain: &str) -> impl Iterator<Item = &str> {
    plain.split([';', '|', '。', '!', '?', '\n']).flat_map(|piece| piece.split(". ")).filter(|piece| !piece.is_empty())
}
