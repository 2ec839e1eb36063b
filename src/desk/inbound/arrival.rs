//! A mail that has come in, as the rules see it.

use jiff::Timestamp;

use crate::desk::seal::secret::Shown;
use crate::mail::{Address, sender};

/// One ledger row, read.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The ledger's id.
    pub ledger: i64,
    /// The configured mailbox it came through.
    pub mailbox: String,
    /// The folder of it that the mail lay in, as it is configured; empty for sources that have none.
    pub folder: String,
    /// What was read.
    pub mail: Shown,
    /// Whose words it brings.
    pub author: Author,
    /// Without angle brackets; empty when the mail has none.
    pub message_id: String,
    /// Equal for the same mail through another mailbox.
    pub content_hash: [u8; 32],
    /// Of the body alone: a signed mail's stays the same whatever headers are added.
    pub body_hash: [u8; 32],
    /// The body was left at the source; octets it has there.
    pub oversize: Option<u64>,
    /// When we took it.
    pub received_at: Timestamp,
    /// Attempts at processing it, this one included.
    pub attempts: u32,
    /// Domains whose DKIM signature over all that we act on we verified ourselves.
    pub dkim_verified: Vec<String>,
    /// It is of the time before the gateway: it gets its place, and nobody hears of it.
    pub past: Option<Past>,
}

/// What is known of a mail of the time before the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// When it came.
    pub at: Timestamp,
    /// What came since then is not over: its ticket is open. `None` when all is over.
    pub open_since: Option<Timestamp>,
}

/// People whom one mail brings in; more of them are a mailing list.
const MAX_NAMED: usize = 100;

impl Arrival {
    /// The author's address, when the mail has one.
    pub fn from(&self) -> Option<&Address> {
        self.author.address.as_ref()
    }

    /// Whom To and Cc name, as far as one mail may bring people in: what answers nobody, or only by itself, takes part in no
    /// conversation.
    pub fn named(&self) -> impl Iterator<Item = &Address> {
        let all = self.mail.to.iter().chain(&self.mail.cc).take(MAX_NAMED);
        all.filter(|address| !sender::is_machine(&address.email))
    }
}

/// The author of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    /// Name and address; `None` when the mail has no sender.
    pub address: Option<Address>,
    /// Which header says so, and why not From, in words for administrators.
    pub reason: String,
    /// Another header than From names the author: nothing that is said about From says anything about them.
    pub is_named: bool,
}
