//! The outbox: every mail we send, one row a recipient.

mod attempt;
mod failure;

use jiff::Timestamp;

pub use attempt::{begin_anew, claim, give_up, load, next_due, record, release, release_expired, renew, resend};
pub use failure::{Failure, mark_failures_told, untold_failures};

use super::{Tx, insert_many, micros, sent_copy, take_ids};
use crate::desk::facts::FailureCause;
use crate::desk::notice::Notice;

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
    /// It was perhaps sent before: this attempt is the one resend, and [`resend`] comes before its text goes out.
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
    /// From [`new_ids`].
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

/// Takes `count` ids for new mails; the first of them, the others follow without a gap.
pub async fn new_ids(tx: &mut Tx, count: usize) -> anyhow::Result<i64> {
    take_ids(tx, "outbox", count).await
}

/// Writes mails to be sent. They go out once the transaction is committed and the sender was woken.
pub async fn insert(tx: &mut Tx, mails: &[NewMail]) -> anyhow::Result<()> {
    insert_many(
        tx,
        "INSERT INTO outbox (id, notice, transport, automatic, ticket_id, ledger_id, person_id, recipient, return_path,
         subject, message_id, state, created_at, next_attempt_at)",
        14,
        "",
        mails,
        |query, mail| {
            query
                .bind(mail.id)
                .bind(mail.notice.as_str())
                .bind(mail.transport.clone())
                .bind(i64::from(mail.automatic))
                .bind(mail.ticket_id)
                .bind(mail.ledger_id)
                .bind(mail.person_id)
                .bind(mail.recipient.clone())
                .bind(mail.return_path.clone())
                .bind(mail.subject.clone())
                .bind(mail.message_id.clone())
                .bind(State::Queued.as_str())
                .bind(micros(mail.created_at))
                .bind(micros(mail.next_attempt_at))
        },
    )
    .await?;
    insert_many(tx, "INSERT INTO outbox_bytes (outbox_id, bytes)", 2, "", mails, |query, mail| {
        query.bind(mail.id).bind(&mail.bytes)
    })
    .await?;
    let spares: Vec<(i64, &Vec<u8>)> = mails.iter().filter_map(|mail| Some((mail.id, mail.spare.as_ref()?))).collect();
    insert_many(tx, "INSERT INTO outbox_spare (outbox_id, bytes)", 2, "", &spares, |query, (id, bytes)| {
        query.bind(*id).bind(*bytes)
    })
    .await?;
    sent_copy::insert(tx, mails).await
}
