//! `caseway mail inspect`: reads mails without a database.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::mail::{Address, Attachment, Bounce, BounceKind, BounceReport, Mail, Origin, html, subject};

/// One line of `mail inspect --json`; field names are a promise to other programs.
#[derive(Debug, Serialize)]
pub struct Inspected {
    file: String,
    sha256: String,
    size: usize,
    from: Option<Address>,
    reply_to: Vec<Address>,
    to: Vec<Address>,
    cc: Vec<Address>,
    subject: String,
    message_id: Option<String>,
    date: Option<String>,
    in_reply_to: Vec<String>,
    references: Vec<String>,
    text: String,
    reply_text: String,
    quoted_text: String,
    html: Option<String>,
    attachments: Vec<InspectedAttachment>,
    origin: Origin,
    origin_reason: String,
    language: Option<&'static str>,
    bounce: Option<InspectedBounce>,
    case_ids: Vec<String>,
    warnings: Vec<String>,
}

/// One attachment, as `inspect` and the exports show it.
#[derive(Debug, Default, Serialize)]
pub struct InspectedAttachment {
    /// A name that is safe on every file system.
    pub filename: String,
    /// `type/subtype`, lower case.
    pub content_type: String,
    /// Octets of the decoded content.
    pub size: usize,
    /// Lower-case hexadecimal SHA-256 of the decoded content.
    pub sha256: String,
    /// Shown within the HTML part.
    pub inline: bool,
}

impl InspectedAttachment {
    /// Of a file that came with a mail.
    pub fn of(attachment: &Attachment) -> Self {
        Self {
            filename: attachment.filename.clone(),
            content_type: attachment.content_type.clone(),
            size: attachment.content.len(),
            sha256: sha256_hex(&attachment.content),
            inline: attachment.inline,
        }
    }
}

/// What a delivery report says of mails that did not arrive.
#[derive(Debug, Serialize)]
struct InspectedBounce {
    /// Hard, soft or delayed; a report of success is a warning instead.
    reports: Vec<BounceReport>,
    original_message_id: Option<String>,
}

impl InspectedBounce {
    fn of(bounce: Bounce, warnings: &mut Vec<String>) -> Self {
        let (arrived, reports): (Vec<_>, Vec<_>) =
            bounce.reports.into_iter().partition(|report| report.kind == BounceKind::Delivered);
        warnings.extend(arrived.iter().map(|report| {
            let status = report.status.as_deref().unwrap_or("no status");
            format!("reports success for {}: {}, {status}", report.recipient, report.action)
        }));
        Self { reports, original_message_id: bounce.original_message_id }
    }
}

/// The lower-case hexadecimal SHA-256 of some bytes.
pub fn sha256_hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// What one mail is read as; `mail` is made of `raw`.
pub fn inspect(file: &str, raw: &[u8], mail: Mail, prefix: &str) -> Inspected {
    let mut warnings = mail.warnings;
    let bounce = mail.bounce.map(|bounce| InspectedBounce::of(bounce, &mut warnings));
    Inspected {
        file: file.to_owned(),
        sha256: sha256_hex(raw),
        size: raw.len(),
        case_ids: subject::case_numbers(&mail.subject, prefix)
            .into_iter()
            .map(|number| format!("{prefix}-{number}"))
            .collect(),
        from: mail.from,
        reply_to: mail.reply_to,
        to: mail.to,
        cc: mail.cc,
        subject: mail.subject,
        message_id: mail.message_id,
        date: mail.date.map(|date| date.to_string()),
        in_reply_to: mail.in_reply_to,
        references: mail.references,
        text: mail.text,
        reply_text: mail.reply_text,
        quoted_text: mail.quoted_text,
        html: mail.html.as_deref().map(html::sanitise),
        attachments: mail.attachments.iter().map(InspectedAttachment::of).collect(),
        origin: mail.origin,
        origin_reason: mail.origin_reason,
        language: mail.language,
        bounce,
        warnings,
    }
}
