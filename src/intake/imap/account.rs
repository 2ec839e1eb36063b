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
        }
    }
}
