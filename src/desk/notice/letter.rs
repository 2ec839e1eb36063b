//! A mail of ours before it becomes bytes.

use jiff::Timestamp;

use super::kind::Notice;
use super::vars::Vars;
use crate::mail::language::Language;
use crate::mail::{Address, Attachment};

/// One mail to one recipient, before it becomes bytes.
#[derive(Debug, Clone)]
pub struct Letter {
    /// What it is about; chooses the template and the headers of automatic mail.
    pub notice: Notice,
    /// The recipient's; chooses the template.
    pub language: Language,
    /// The desk's address, with the desk's or the engineer's display name.
    pub from: Address,
    /// The desk's address, with the recipient's token where addresses can carry one.
    pub reply_to: Address,
    /// As shown; the envelope has the one recipient.
    pub to: Vec<Address>,
    /// As shown.
    pub cc: Vec<Address>,
    /// Without angle brackets; carries the recipient's token.
    pub message_id: String,
    /// The recipient's own thread.
    pub in_reply_to: Option<String>,
    /// The same thread, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// The sealed token of this delivery: what a report on it must return.
    pub delivery: String,
    /// Its reader's client is asked to offer no reactions.
    pub no_reactions: bool,
    /// When it was decided; the `Date` header.
    pub date: Timestamp,
    /// What the template fills in.
    pub vars: Vars,
    /// Passed on with the mail.
    pub files: Vec<Attachment>,
}

impl Letter {
    /// The same with its files left out, and named as left out; `None` where there are none, or none that its words list.
    pub fn without_files(&self) -> Option<Self> {
        if self.files.is_empty() || self.vars.files.is_empty() {
            return None;
        }
        let mut vars = self.vars.clone();
        vars.files.iter_mut().for_each(|file| file.attached = false);
        Some(Self {
            notice: self.notice,
            language: self.language,
            from: self.from.clone(),
            reply_to: self.reply_to.clone(),
            to: self.to.clone(),
            cc: self.cc.clone(),
            message_id: self.message_id.clone(),
            in_reply_to: self.in_reply_to.clone(),
            references: self.references.clone(),
            date: self.date,
            vars,
            files: Vec::new(),
            delivery: self.delivery.clone(),
            no_reactions: self.no_reactions,
        })
    }
}
