//! A mail on its way into the ledger.

use jiff::Timestamp;

/// How a mail came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From an IMAP folder.
    Imap,
    /// From a Maildir.
    Maildir,
    /// From a file or standard input.
    Pipe,
}

impl Source {
    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Imap => "imap",
            Self::Maildir => "maildir",
            Self::Pipe => "pipe",
        }
    }
}

/// A mail on its way into the ledger.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// How it came in.
    pub source: Source,
    /// The configured mailbox's name.
    pub mailbox: String,
    /// IMAP folder; empty for other sources.
    pub folder: String,
    /// 0 for sources without.
    pub uidvalidity: u32,
    /// 0 for sources without.
    pub uid: u32,
    /// What names the mail at its source, for people: a UID, a file's name.
    pub place: String,
    /// The exact bytes; of an oversize mail its headers only.
    pub raw: Vec<u8>,
    /// Octets at the source.
    pub size: u64,
    /// The body was left at the source because it exceeds the limit.
    pub oversize: bool,
    /// SHA-256 of `raw`.
    pub sha256: [u8; 32],
    /// Equal for the same mail through another mailbox.
    pub content_hash: [u8; 32],
    /// Without angle brackets; empty when there is none.
    pub message_id: String,
    /// When we took it.
    pub received_at: Timestamp,
    /// The source needs no telling: it stays as it is, or there is none.
    pub told: bool,
    /// When its server or its file says that it arrived.
    pub arrived_at: Option<Timestamp>,
    /// It was there before the gateway: it is settled as it comes in, and nothing follows from it.
    pub history: bool,
}
