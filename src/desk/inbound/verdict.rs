//! What became of a mail, and how that was decided.

use serde::Serialize;

use crate::desk::id::TicketId;
use crate::mail::Origin;

words! {
    /// What became of an inbound mail.
    pub enum Verdict {
        /// It opened a ticket.
        Opened = "opened",
        /// It joined a ticket.
        Threaded = "threaded",
        /// It waits for an engineer's decision on a ticket of its own; an engineer's own mail that went to no customer waits on
        /// its case.
        Held = "held",
        /// Nothing came of it; its bytes are kept.
        Dropped = "dropped",
        /// The same mail was there before.
        Duplicate = "duplicate",
        /// A delivery report.
        Bounce = "bounce",
        /// An automatic reply, filed.
        AutoReply = "auto-reply",
        /// It was in the mailbox before the gateway: kept, and nothing came of it.
        History = "history",
    }
}

/// One step of the decision, kept for `mail explain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What was asked: `sender`, `origin`, `thread.token`, `proof`, …
    pub step: &'static str,
    /// `match`, `miss`, or the answer.
    pub result: String,
    /// In words.
    pub detail: String,
}

impl Step {
    /// One question and its answer.
    pub fn new(step: &'static str, result: &str, detail: String) -> Self {
        Self { step, result: result.to_owned(), detail }
    }
}

words! {
    /// What shows that the From address is genuine.
    pub enum Proof {
        /// A token that was given to this very address, and that nobody else saw.
        Token = "token",
        /// An aligned DMARC pass in our own server's `Authentication-Results`.
        Dmarc = "dmarc",
        /// A DKIM signature of the From domain over all that decides something, which we verified ourselves.
        Dkim = "dkim",
        /// Our own server, which the sender signed in to as one of the organisation's own.
        Internal = "internal",
        /// Nothing.
        None = "",
    }
}

impl Proof {
    /// Whether an engineer may give commands by it, and bring people into a case.
    pub fn is_of_sender(self) -> bool {
        matches!(self, Self::Dmarc | Self::Dkim | Self::Internal)
    }
}

/// An engineer's mail that is acted on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obeyed {
    /// Without angle brackets; empty when there is none.
    pub message_id: String,
    /// Of the body alone.
    pub body_hash: [u8; 32],
    /// The ledger row it is.
    pub ledger: i64,
}

/// The last word on a ledger row.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// The ledger row it is.
    pub ledger: i64,
    /// Without angle brackets; empty when there is none.
    pub message_id: String,
    /// Equal for the same mail through another mailbox.
    pub content_hash: [u8; 32],
    /// What sent it.
    pub origin: Origin,
    /// What became of it.
    pub verdict: Verdict,
    /// Why, in words.
    pub reason: String,
    /// What proved its sender.
    pub proof: Proof,
    /// The ticket.
    pub ticket: Option<TicketId>,
}

/// The stored word of an origin.
pub fn origin_word(origin: Origin) -> &'static str {
    match origin {
        Origin::Person => "person",
        Origin::AutoReply => "auto-reply",
        Origin::Bounce => "bounce",
        Origin::Bulk => "bulk",
        Origin::Own => "own",
        Origin::Feedback => "feedback",
    }
}
