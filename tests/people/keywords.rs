//! What phrases alone reach: the words, subjects and mailboxes of the example configuration.

use std::path::Path;

use caseway::config::{self, Secrets};
use caseway::desk::form::choose;
use caseway::intent::wish::Wish;
use caseway::mail;

use crate::rows::Mail;

/// The form that each mail leads to by phrases.
pub fn all(root: &Path, mails: &[Mail]) -> Vec<Option<Wish>> {
    let config = config::load(&root.join("deploy/example/caseway.toml"), Secrets::Leave).unwrap().config;
    let one = |mail: &Mail| {
        let body = mail.words.replace('\n', "\r\n");
        let head = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit";
        let raw = format!("From: a@b.test\r\nSubject: {}\r\n{head}\r\n\r\n{body}\r\n", mail.subject);
        mail.mailbox.or_else(|| choose::hinted(&config, &mail::read(raw.as_bytes()))?.0.wish)
    };
    mails.iter().map(one).collect()
}
