//! An outgoing mail and what becomes of it.

use jiff::Timestamp;

use crate::desk::inbound::sent::FailureCause;
use crate::desk::notice::kind::Notice;

/// What became of an outgoing mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Written, not tried yet.
    Queued,
    /// Claimed by a worker; the attempt is counted.
    Sending,
    /// Accepted by the server.
    Sent,
    /// Refused for now; tried again at `next_attempt_at`.
    Later,
    /// Refused for good, or given up.
    Failed,
    /// The connection broke after the final dot: perhaps sent. Resent once with the same bytes.
    Ambiguous,
    /// Withdrawn by a person.
    Cancelled,
}

impl State {
    /// The state that is stored by this word.
    pub fn parse(word: &str) -> Option<Self> {
        let all =
            [Self::Queued, Self::Sending, Self::Sent, Self::Later, Self::Failed, Self::Ambiguous, Self::Cancelled];
        all.into_iter().find(|state| state.as_str() == word)
    }

    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Later => "later",
            Self::Failed => "failed",
            Self::Ambiguous => "ambiguous",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A mail a worker holds; nobody else sends it before `leased_until`.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The row.
    pub id: i64,
    /// The address it goes to.
    pub recipient: String,
    /// Envelope sender; empty is the null return path.
    pub return_path: String,
    /// Without angle brackets; empty when there is none.
    pub message_id: String,
    /// The finished mail.
    pub bytes: Vec<u8>,
    /// This attempt included.
    pub attempts: u32,
    /// From when giving up is counted.
    pub first_attempt_at: Timestamp,
    /// It was perhaps sent before: this attempt is the one resend, and [`resend`](super::resend) comes before its text goes out.
    pub resent: bool,
    /// There is another text of it without files, for a server to which it is too large.
    pub has_spare: bool,
}

/// How one attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// 2xx to the final dot.
    Sent,
    /// 4xx, a time-out or a connection fault before the final dot.
    Later {
        /// When to try again.
        at: Timestamp,
        /// What the server said.
        error: String,
    },
    /// Too large for the server: its other text, without files, takes its place from here on.
    WithoutFiles {
        /// When to send that.
        at: Timestamp,
        /// What the server said.
        error: String,
    },
    /// 5xx, or given up.
    Failed {
        /// What the server said.
        error: String,
        /// Why it will not be delivered.
        cause: FailureCause,
    },
    /// The answer to the final dot was lost; `at` is when it is resent, `None` when it was resent already.
    Ambiguous {
        /// When to send it again.
        at: Option<Timestamp>,
        /// How the connection ended.
        error: String,
    },
    /// The server could not be reached at all, or the mail was handed back untouched: tried again at `at`, this
    /// attempt does not count. An empty `error` leaves the last one standing.
    NotTried {
        /// When to try.
        at: Timestamp,
        /// Why the server cannot be used.
        error: String,
    },
}

/// A finished mail to one recipient.
#[derive(Debug, Clone)]
pub struct NewMail {
    /// From [`new_ids`](super::new_ids).
    pub id: i64,
    /// The kind of mail.
    pub notice: Notice,
    /// Name of the transport it goes out by.
    pub transport: String,
    /// A machine decided to send it: counted by the caps.
    pub automatic: bool,
    /// The ticket it is about.
    pub ticket_id: Option<i64>,
    /// The ledger row that caused it.
    pub ledger_id: Option<i64>,
    /// Whom it goes to.
    pub person_id: Option<i64>,
    /// `local@domain`; the one envelope recipient.
    pub recipient: String,
    /// Envelope sender; empty is the null return path.
    pub return_path: String,
    /// As sent.
    pub subject: String,
    /// Without angle brackets; unique.
    pub message_id: String,
    /// The whole mail as it goes over the wire: CRLF line ends, not dot-stuffed.
    pub bytes: Vec<u8>,
    /// The same with its files left out and named, for a server to which it is too large; only where it has files.
    pub spare: Option<Vec<u8>>,
    /// When it was written.
    pub created_at: Timestamp,
    /// Not sent before.
    pub next_attempt_at: Timestamp,
    /// The mailbox in whose folder a copy of it is kept once it is sent.
    pub copy_to: Option<String>,
}
