//! What `ticket export` tells besides what people read, so that another desk can go on: `caseway import export` takes it.

use std::collections::HashMap;

use anyhow::Context;
use data_encoding::{BASE64, HEXLOWER};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cli::records::Records;
use crate::desk::form::state::FormData;
use crate::desk::notice::kind::Notice;
use crate::store::view::conversation::{Message, TicketForm};
use crate::store::view::moving;
use crate::store::view::tickets::Ticket;

/// Of a ticket.
#[derive(Debug, Serialize, Deserialize)]
pub struct Moving {
    pub mailbox: String,
    /// The alias that was written to; empty for the mailbox's own address.
    pub written_to: String,
    pub closed_at: Option<Timestamp>,
    /// Case IDs.
    pub linked_to: Option<String>,
    pub merged_into: Option<String>,
    pub flooded: i64,
    /// Every mail of the desk about it.
    pub letters: Vec<LetterLine>,
    /// Links and codes that were sent, by which they are known in words.
    pub links: Vec<LinkLine>,
    /// All that is kept of the form.
    pub form: Option<FormMoving>,
}

/// A mail of ours.
#[derive(Debug, Serialize, Deserialize)]
pub struct LetterLine {
    pub notice: String,
    pub automatic: bool,
    pub to: String,
    pub subject: String,
    pub message_id: String,
    pub state: String,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
}

/// A link or code.
#[derive(Debug, Serialize, Deserialize)]
pub struct LinkLine {
    /// SHA-256 of its token.
    pub sha256: String,
    pub purpose: String,
    pub email: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A form, whole.
#[derive(Debug, Serialize, Deserialize)]
pub struct FormMoving {
    pub about: String,
    /// Addresses of the engineers who approved it.
    pub approved_by: Vec<String>,
    /// [`FormData`] as JSON.
    pub data: String,
}

/// Of a message.
#[derive(Debug, Serialize, Deserialize)]
pub struct MessageMoving {
    pub at: Timestamp,
    /// The kind of mail, where the desk wrote it.
    pub notice: Option<String>,
    /// The mail as it is, in base64. `None` where there is none, or where it lets its reader into an account.
    pub mail: Option<String>,
}

impl MessageMoving {
    /// Of a stored message and its octets.
    pub fn of(message: &Message, raw: Option<&[u8]>) -> Self {
        let notice = Some(message.notice.clone()).filter(|notice| !notice.is_empty());
        let secret = notice.as_deref().and_then(notice_of).is_some_and(Notice::is_secret);
        Self { at: message.at, notice, mail: raw.filter(|_| !secret).map(|raw| BASE64.encode(raw)) }
    }
}

/// The kind of mail by its stored word.
pub fn notice_of(word: &str) -> Option<Notice> {
    Notice::ALL.into_iter().find(|notice| notice.as_str() == word)
}

/// What other tables hold of tickets `first` to `last`, by their numbers.
pub struct Around {
    origins: HashMap<i64, moving::Origin>,
    letters: HashMap<i64, Vec<LetterLine>>,
    links: HashMap<i64, Vec<LinkLine>>,
}

impl Around {
    /// Reads it.
    pub async fn read(records: &Records, first: i64, last: i64) -> anyhow::Result<Self> {
        let store = &records.store;
        let mut letters: HashMap<i64, Vec<LetterLine>> = HashMap::new();
        for letter in moving::letters(store, first, last).await? {
            letters.entry(letter.ticket).or_default().push(LetterLine {
                notice: letter.notice,
                automatic: letter.automatic,
                to: letter.recipient,
                subject: letter.subject,
                message_id: letter.message_id,
                state: letter.state,
                created_at: letter.created_at,
                sent_at: letter.sent_at,
            });
        }
        let mut links: HashMap<i64, Vec<LinkLine>> = HashMap::new();
        for link in moving::links(store, first, last).await? {
            links.entry(link.ticket).or_default().push(LinkLine {
                sha256: HEXLOWER.encode(&link.hash),
                purpose: link.purpose,
                email: link.email,
                created_at: link.created_at,
                expires_at: link.expires_at,
            });
        }
        let origins = moving::origins(store, first, last).await?;
        Ok(Self { origins: origins.into_iter().map(|origin| (origin.ticket, origin)).collect(), letters, links })
    }

    /// Of one ticket.
    pub async fn of(
        &mut self,
        records: &Records,
        ticket: &Ticket,
        form: Option<&TicketForm>,
    ) -> anyhow::Result<Option<Moving>> {
        // It was removed meanwhile, or never was.
        let Some(origin) = self.origins.remove(&ticket.id) else { return Ok(None) };
        let form = match form {
            Some(form) => Some(whole(records, form).await?),
            None => None,
        };
        Ok(Some(Moving {
            mailbox: origin.mailbox,
            written_to: origin.written_to,
            closed_at: ticket.closed_at,
            linked_to: ticket.linked_to.map(|id| records.case(id)),
            merged_into: ticket.merged_into.map(|id| records.case(id)),
            flooded: origin.flooded,
            letters: self.letters.remove(&ticket.id).unwrap_or_default(),
            links: self.links.remove(&ticket.id).unwrap_or_default(),
            form,
        }))
    }
}

/// People are named by their addresses; a question to the directory is not taken along.
async fn whole(records: &Records, form: &TicketForm) -> anyhow::Result<FormMoving> {
    let mut approved_by = Vec::new();
    for person in &form.data.approved_by {
        approved_by.extend(moving::address(&records.store, *person).await?);
    }
    let data = FormData { approved_by: Vec::new(), task: 0, ..form.data.clone() };
    let data = serde_json::to_string(&data).context("writing a form's data")?;
    Ok(FormMoving { about: form.about.clone(), approved_by, data })
}
