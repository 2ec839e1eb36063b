//! Outgoing mails as programs read them. Field names and their order are a promise to other programs.

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::records::Records;
use crate::cli::words;
use crate::store::view::outgoing::OutgoingMail;

/// One line of `outbox list --json`.
#[derive(Debug, Serialize)]
pub struct OutboxLine {
    id: i64,
    state: String,
    notice: String,
    to: String,
    subject: String,
    message_id: String,
    attempts: i64,
    next_attempt_at: Option<Timestamp>,
    last_error: Option<String>,
    case_id: Option<String>,
    #[serde(skip)]
    sent_at: Option<Timestamp>,
}

impl OutboxLine {
    /// Of an outbox row.
    pub fn of(records: &Records, mail: &OutgoingMail) -> Self {
        Self {
            id: mail.id,
            state: mail.state.clone(),
            notice: mail.notice.clone(),
            to: mail.recipient.clone(),
            subject: mail.subject.clone(),
            message_id: mail.message_id.clone(),
            attempts: mail.attempts,
            next_attempt_at: mail.next_attempt_at,
            last_error: Some(&mail.last_error).filter(|error| !error.is_empty()).cloned(),
            case_id: mail.ticket.map(|ticket| records.case(ticket)),
            sent_at: mail.sent_at,
        }
    }

    /// `31 acknowledgement to maija@customer.example: sent 2026-03-04 15:33`.
    pub fn in_words(&self) -> String {
        format!("{} {} to {}: {}", self.id, self.notice, self.to, self.fate())
    }

    /// What became of it, when, and why.
    pub fn fate(&self) -> String {
        let why = self.last_error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
        match (self.state.as_str(), self.next_attempt_at, self.sent_at) {
            ("sent", _, Some(at)) => format!("sent {}", words::local(at)),
            ("ambiguous", Some(at), _) => format!("perhaps sent, again {}{why}", words::local(at)),
            ("ambiguous", None, _) => format!("perhaps sent{why}"),
            (state, Some(at), _) => format!("{state}, due {}{why}", words::local(at)),
            (state, None, _) => format!("{state}{why}"),
        }
    }
}
