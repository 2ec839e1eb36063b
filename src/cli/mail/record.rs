//! Inbound mails as programs read them. Field names and their order are a promise to other programs.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::Serialize;

use crate::cli::records::Records;
use crate::store::view::mails::InboundMail;

/// One line of `mail export`.
#[derive(Debug, Serialize)]
pub struct MailLine {
    id: i64,
    /// `imap:support/INBOX/123`.
    source: String,
    message_id: Option<String>,
    /// Of the stored bytes.
    sha256: String,
    /// Octets at the source.
    size: i64,
    received_at: Timestamp,
    state: String,
    origin: Option<String>,
    verdict: Option<String>,
    reason: Option<String>,
    case_id: Option<String>,
    sender_proof: Option<String>,
    attempts: i64,
}

impl MailLine {
    /// Of a ledger row; what is not known (yet) is `None`.
    pub fn of(records: &Records, mail: &InboundMail) -> Self {
        Self {
            id: mail.id,
            source: mail.source_place(),
            message_id: known(&mail.message_id),
            sha256: HEXLOWER.encode(&mail.sha256),
            size: mail.size,
            received_at: mail.received_at,
            state: mail.state.clone(),
            origin: known(&mail.origin),
            verdict: known(&mail.verdict),
            reason: known(&mail.reason),
            case_id: mail.ticket.map(|ticket| records.case(ticket)),
            sender_proof: known(&mail.sender_proof),
            attempts: mail.attempts,
        }
    }
}

/// A text that is there.
pub fn known(text: &str) -> Option<String> {
    Some(text).filter(|text| !text.is_empty()).map(str::to_owned)
}
