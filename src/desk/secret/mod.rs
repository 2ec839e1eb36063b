//! Links and codes in what people write: taken out by what is known, not by what they look like.
//!
//! The SHA-256 of every token that was ever sent is in the database. A mail is [`Unseen`] until its candidates (`scan`,
//! also below the `layers` that clients and gateways put around words) were looked up there; what is [`Shown`] of it holds
//! none of them. The rules, the pages and the records only ever see what is [`Shown`].

mod layers;
mod mask;
mod scan;

use std::collections::{HashMap, HashSet};
use std::ops::{Deref, Range};

use super::link::{LinkHash, SentLink};
use crate::mail::{Address, Mail};

/// Layers undone one below the other: a rewritten address in a quoted mail in an attached one.
const MAX_DEPTH: u32 = 5;
/// Octets read of one text with all its layers, as a multiple of its own, and at least.
const BUDGET: (usize, usize) = (12, 65_536);
/// Candidates of one mail that are looked up; a mail with more is no ordinary one, and all of them are taken out.
const MAX_CANDIDATES: usize = 50_000;

/// Hands out every candidate of a text, with the stretch that holds it.
fn each(text: &[u8], visit: &mut dyn FnMut(LinkHash, Range<usize>)) {
    let mut budget = text.len().saturating_mul(BUDGET.0).max(BUDGET.1);
    below(text, MAX_DEPTH, &mut budget, visit);
}

fn below(text: &[u8], depth: u32, budget: &mut usize, visit: &mut dyn FnMut(LinkHash, Range<usize>)) {
    let Some(left) = budget.checked_sub(text.len()) else { return };
    *budget = left;
    scan::each(text, visit);
    let Some(depth) = depth.checked_sub(1) else { return };
    for undone in [layers::unescaped(text), layers::untagged(text)].into_iter().flatten() {
        below(&undone.octets, depth, budget, &mut |hash, here| visit(hash, undone.source(&here)));
    }
    layers::each_encoded(text, &mut |encoded| {
        for decoded in encoded.decoded() {
            below(&decoded.octets, depth, budget, &mut |hash, here| visit(hash, encoded.source(&decoded, &here)));
        }
    });
}

/// The links and codes that a lookup found.
#[derive(Debug, Clone, Default)]
pub struct Known {
    links: HashMap<LinkHash, SentLink>,
    /// Too many candidates to look up.
    all: bool,
}

impl Known {
    /// What was found of some candidates.
    pub fn of(links: impl IntoIterator<Item = SentLink>) -> Self {
        Self { links: links.into_iter().map(|link| (link.hash, link)).collect(), all: false }
    }

    fn has(&self, hash: &LinkHash) -> bool {
        self.all || self.links.contains_key(hash)
    }
}

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
