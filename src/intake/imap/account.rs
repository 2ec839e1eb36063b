//! The account and what is kept of it from one connection to the next.

use super::caution::{Caution, Later};
use crate::config::{Imap, Mailbox};
use crate::intake::{IntakeContext, Pace};

/// The account and what it is read with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account<'a> {
    pub(super) ctx: &'a IntakeContext,
    pub(super) mailbox: &'a Mailbox,
    pub(super) imap: &'a Imap,
    /// The folder that is read, as it is configured.
    pub(super) folder: &'a str,
    /// Its name for monitors and the log ([`Mailbox::reader`]).
    pub(super) reader: &'a str,
    /// What of the folder is taken.
    pub(super) part: Part,
}

/// What of a folder is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Everything. The account's first folder: its connection looks after sent mails and spam, too.
    First,
    /// Everything.
    All,
    /// What proves to belong to a case.
    OfCases,
}

impl<'a> Account<'a> {
    /// `folder` is one of those that are configured, and `reader` its [`Mailbox::reader`].
    pub(super) fn new(
        ctx: &'a IntakeContext,
        mailbox: &'a Mailbox,
        imap: &'a Imap,
        folder: &'a str,
        reader: &'a str,
    ) -> Self {
        let part = if folder == imap.folder.name { Part::First } else { Part::All };
        Self { ctx, mailbox, imap, folder, reader, part }
    }
}

/// What outlives a connection.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) caution: Caution,
    /// When the mails that the server would not hand out are asked for again.
    pub(super) owed: Later,
    /// When the server is told again after it refused.
    pub(super) tell: Later,
    /// When copies of sent mails are put into their folder after the server refused.
    pub(super) sent: Later,
    pub(super) stored: u64,
    /// It was said that the server lists fewer mails than it counts.
    pub(super) unlisted_told: bool,
    /// What is kept of the folder for spam.
    pub(super) spam: Spam,
}

impl Memory {
    pub(super) fn new(pace: &Pace) -> Self {
        Self {
            caution: Caution::default(),
            owed: Later::new(pace.owed_delay),
            tell: Later::new(pace.owed_delay),
            sent: Later::new(pace.owed_delay),
            stored: 0,
            unlisted_told: false,
            spam: Spam { name: None, later: Later::new(pace.owed_delay), memory: None },
        }
    }
}

/// What is kept of the folder for spam from one look to the next.
#[derive(Debug)]
pub(super) struct Spam {
    /// What the server calls it; `None` where it names none, or nobody is to look.
    pub(super) name: Option<String>,
    /// When it is looked at after that failed.
    pub(super) later: Later,
    pub(super) memory: Option<Box<Memory>>,
}
