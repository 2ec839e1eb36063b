//! Links and codes in what people write: taken out by what is known, not by what they look like.
//!
//! The SHA-256 of every token that was ever sent is in the database. A mail is [`Unseen`] until its candidates (`scan`,
//! also below the `layers` that clients and gateways put around words) were looked up there; what is [`Shown`] of it holds
//! none of them. The rules, the pages and the records only ever see what is [`Shown`].

mod find;
pub mod known;
mod layers;
mod mask;
mod scan;

use std::collections::HashSet;
use std::ops::{Deref, Range};

use self::find::each;
use self::known::Known;
use super::link::{LinkHash, SentLink};
use crate::mail::{Address, Mail};

/// Candidates of one mail that are looked up; a mail with more is no ordinary one, and all of them are taken out.
const MAX_CANDIDATES: usize = 50_000;

/// A mail that was read and not yet looked through: nobody may be shown it.
#[derive(Debug)]
pub struct Unseen {
    mail: Mail,
    candidates: HashSet<LinkHash>,
}

impl Unseen {
    /// With its candidates, in time that grows with its length.
    pub fn of(mail: Mail) -> Self {
        let mut candidates = HashSet::new();
        let mut visit = |hash, _: Range<usize>| {
            if candidates.len() <= MAX_CANDIDATES {
                candidates.insert(hash);
            }
        };
        // The answer and what it quotes are both in the text.
        let texts = [&mail.text, &mail.subject].into_iter().chain(&mail.html).chain(names(&mail));
        texts.for_each(|text| each(text.as_bytes(), &mut visit));
        for file in &mail.attachments {
            each(file.filename.as_bytes(), &mut visit);
            each(&file.content, &mut visit);
        }
        for report in mail.bounce.iter().flat_map(|bounce| &bounce.reports) {
            each(report.diagnostic.as_bytes(), &mut visit);
        }
        Self { mail, candidates }
    }

    /// The Message-IDs of the mails that it answers.
    pub fn answers(&self) -> impl Iterator<Item = &str> {
        self.mail.in_reply_to.iter().chain(&self.mail.references).map(String::as_str)
    }

    /// What has to be looked up.
    pub fn candidates(&self) -> impl Iterator<Item = LinkHash> {
        let few = self.candidates.len() <= MAX_CANDIDATES;
        self.candidates.iter().copied().filter(move |_| few)
    }

    /// Without what is known.
    pub fn shown(self, known: &Known) -> Shown {
        let Self { mut mail, candidates } = self;
        let mut returned: Vec<SentLink> = candidates.iter().filter_map(|hash| known.links.get(hash)).cloned().collect();
        returned.sort_by_key(|link| (link.ticket, link.hash.0));
        let known = Known { all: candidates.len() > MAX_CANDIDATES, ..known.clone() };
        if known.all || !returned.is_empty() {
            mask::mail(&mut mail, &known);
        }
        Shown { mail, returned }
    }
}

fn names(mail: &Mail) -> impl Iterator<Item = &String> {
    let addresses = mail.from.iter().chain(&mail.reply_to).chain(&mail.to).chain(&mail.cc);
    addresses.map(|address: &Address| &address.name)
}

/// A mail whose words, names and files hold none of our links and codes.
#[derive(Debug, Clone)]
pub struct Shown {
    mail: Mail,
    returned: Vec<SentLink>,
}

impl Shown {
    /// The links and codes that were in it.
    pub fn returned(&self) -> &[SentLink] {
        &self.returned
    }

    /// Its parts, to be moved.
    pub fn into_mail(self) -> Mail {
        self.mail
    }
}

impl Deref for Shown {
    type Target = Mail;

    fn deref(&self) -> &Mail {
        &self.mail
    }
}
